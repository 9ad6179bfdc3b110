#!/usr/bin/env bash
# --junit, --markdown and --html: every verdict makes a valid file, which says what the exit code
# says; what `report` makes of the folder is the same to the byte. In GitHub Actions the summary and
# one annotation come by themselves.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

schema=$scripts/../loadgen/tests/junit.xsd
reports=(--junit "$scratch/junit.xml" --markdown "$scratch/summary.md" --html "$scratch/page.html")

valid() { xmllint --noout --schema "$schema" "$1" 2>"$scratch/xmllint" || { cat "$scratch/xmllint"; return 1; }; }

# reported TEXT: both files are there, the one valid, and it has this attribute or text.
reported() {
    expect_that "a valid file for: $1" valid "$scratch/junit.xml"
    expect_that "junit.xml has: $1" grep -q -F -- "$1" "$scratch/junit.xml"
    expect_that "the text begins with the message: $1" /usr/bin/python3 -I -c '
import sys, xml.etree.ElementTree as tree
for case in tree.parse(sys.argv[1]).iter("testcase"):
    assert "." not in case.get("classname")
    for trouble in case:
        assert trouble.text.startswith(trouble.get("message")), trouble.text' "$scratch/junit.xml"
    expect_that 'a summary of less than 64 KB' test "$(stat -c %s "$scratch/summary.md")" -lt 65536
    rm -f "$scratch/junit.xml"
}
# stored CODE DIR: from the files in the folder comes what came from the measurement itself, but that
# gates are not stored.
stored() {
    local again=$scratch/again
    expect "$1" '' "$loadgen" report --markdown "$again.md" --html "$again.html" --junit "$again.xml" "$2"
    shift
    sed -i -e '/^Gates (--fail-on) are not stored/d' "$again.md"
    sed -i -e '/^<p>Gates (--fail-on) are not stored/d' "$again.html"
    expect_that "the stored summary of $1 is the first" diff --ignore-blank-lines "$scratch/summary.md" "$again.md"
    expect_that "the stored page of $1 is the first" \
        diff <(grep -v 'class="name"' "$scratch/page.html") <(sed -e 's/ <span class="name">[^<]*<.span>//' "$again.html" | grep -v 'class="name"')
    expect_that "a valid file from $1" valid "$again.xml"
}
in_summary() { expect_that "summary.md has: $1" grep -q -F -- "$1" "$scratch/summary.md"; }

start_fault_server --every 10 close-after-request reset-in-body
load=("$loadgen" run -c 1 -n 1000 --quiet "${reports[@]}")
expect 0 attempts "${load[@]}" "$url"
reported 'tests="1" failures="0" errors="0"'
in_summary '| reset |'
expect 1 'lost>0' "${load[@]}" --fail-on 'lost>0,p99>1h' "$url"
reported 'tests="2" failures="1" errors="0"'
expect 1 'lost>0' "${load[@]}" --fail-on 'lost>0' "$url"
reported 'message="lost>0: 100 of 1,000 attempts (10 %): '

regress=("$loadgen" regress -c 1 -n 100 --settle 0s --quiet "${reports[@]}")
expect 1 'failed: good was expected not to reset' "${regress[@]}" --fixed good=/good --output "$scratch/failed" "${url%/}"
stored 1 "$scratch/failed"
reported 'failure type="gate"'
in_summary '## loadgen: failed'
expect 3 'inconclusive' "${regress[@]}" --fixed good=/good --rounds 1 --max-reset-rate 0.05 --output "$scratch/few" "${url%/}"
stored 3 "$scratch/few"
reported 'failure type="inconclusive"'
in_summary '## loadgen: inconclusive'
expect 0 'Stopped when every claim was decided' "${regress[@]}" --fixed good=/good --max-reset-rate 0.2 "${url%/}"
reported 'tests="1" failures="0" errors="0"'
in_summary '## loadgen: as expected'
expect 3 'Stopped when 200 attempts of a variant were spent' \
    "${regress[@]}" --faulty bad=/bad --fixed good=/good --max-reset-rate 0.2 --max-attempts 200 \
    --send-delay uniform:0ms..2ms --output "$scratch/spent" "${url%/}"
stored 3 "$scratch/spent"
reported "name=\"$url: bad resets connections\""
expect 0 attempts "${load[@]}" --output "$scratch/run" "$url"
stored 0 "$scratch/run"

# Several folders on one page; each suite and case has its own name.
expect 1 '' "$loadgen" report --html "$scratch/all.html" --junit "$scratch/all.xml" "$scratch/failed" "$scratch/spent" "$scratch/run"
expect_that 'three chapters' test "$(grep -c 'class="chapter"' "$scratch/all.html")" -eq 3
expect_that 'a valid file of three suites' valid "$scratch/all.xml"
expect_that 'three suites' test "$(grep -c '<testsuite ' "$scratch/all.xml")" -eq 3
expect_that 'no name twice' test -z "$(grep -o 'classname="[^"]*" name="[^"]*"' "$scratch/all.xml" | sort | uniq -d)"
# Nor have the files of two jobs: by label or, without one, by URL.
names() { grep -h -o 'testcase classname="[^"]*" name="[^"]*"' "$@"; }
for number in 1 2 3 4; do
    label=(); other=$url
    [ "$number" -gt 2 ] || label=(--label "build $number.$number")
    [ "$number" -ne 4 ] || other=${url/127.0.0.1/localhost}
    expect 0 attempts "$loadgen" run -c 1 -n 10 --quiet --fail-on 'lost>90%' "${label[@]}" --junit "$scratch/job$number.xml" "$other"
done
expect_that 'four jobs, four names' test "$(names "$scratch"/job?.xml | sort -u | wc -l)" -eq 4
expect_that 'a label is in the name' grep -q -F 'name="build 1.1: not lost>90%"' "$scratch/job1.xml"
expect_that 'and in the suite' grep -q -F '<testsuite name="loadgen run build 1.1"' "$scratch/job1.xml"
expect_that 'a URL is, without a label' grep -q -F "name=\"$url: not lost>90%\"" "$scratch/job3.xml"
expect 0 "$scratch/run/report.html" "$loadgen" report "$scratch/run"
expect_that 'report.html is there' test -s "$scratch/run/report.html"
expect 2 'is no folder' "$loadgen" report "$scratch/nowhere"
expect 4 'cannot write' "$loadgen" report --html "$scratch/no/such/page.html" "$scratch/run"
# Different send delays and engines are a list to show, and no option to read.
for delay in 10ms uniform:0ms..4ms; do
    expect 0 attempts "$loadgen" run -c 4 -n 20 --quiet --label x --engine "$([ "$delay" = 10ms ] && echo asio || echo epoll)" \
        --send-delay "$delay" --output "$scratch/delay-$delay" "$url"
done
expect 0 'send delay 10ms uniform:0s..4ms' "$loadgen" merge --output "$scratch/delays" "$scratch/delay-10ms" "$scratch/delay-uniform:0ms..4ms"
expect 0 '' "$loadgen" report --html "$scratch/delays.html" --junit "$scratch/delays.xml" --markdown "$scratch/delays.md" "$scratch/delays"
expect_that 'both are shown' grep -q 'on asio epoll, .*send delay 10ms uniform:0s..4ms' "$scratch/delays.md"
expect 0 'x' "$loadgen" compare "$scratch/delays" "$scratch/run"
mkdir -p "$scratch/merged"
expect 0 'added' "$loadgen" merge --output "$scratch/merged" "$scratch/failed"
expect 0 '' "$loadgen" report --html "$scratch/merged.html" "$scratch/merged"
expect_that 'merged runs have no verdict' grep -q 'class="badge open">merged' "$scratch/merged.html"
expect_that 'merged runs say so' grep -q 'Added up from several machines' "$scratch/merged.html"

# Last week's build against today's.
expect 0 'good' "$loadgen" compare --baseline "/" --html "$scratch/compare.html" --markdown "$scratch/compare.md" \
    --junit "$scratch/compare.xml" "$scratch/run" "$scratch/failed"
expect_that 'a valid file of the comparison' valid "$scratch/compare.xml"
expect_that 'the comparison as a table' grep -q '^| good |' "$scratch/compare.md"
expect_that 'the comparison as a page' grep -q 'Attempts that were reset' "$scratch/compare.html"

summary=$scratch/step-summary.md
export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$summary
"${load[@]}" --fail-on 'lost>0' "$url" >/dev/null 2>"$scratch/errors"
expect_that 'one annotation' test "$(grep -c '^::' "$scratch/errors")" -eq 1
expect_that 'it is the gate' grep -q -F '::error title=loadgen::lost>0: 100 of 1,000 attempts (10 %25)' "$scratch/errors"
expect_that 'the summary is the file' diff <(cat "$scratch/summary.md"; echo) "$summary"
stop_fault_server
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY

expect 4 'nothing listens' "$loadgen" run -c 1 -n 10 --quiet "${reports[@]}" http://127.0.0.1:1/
reported 'error type="invalid" message="nothing listens at 127.0.0.1:1'
in_summary '## loadgen: invalid'
expect 4 'cannot write' "$loadgen" run -c 1 -n 10 --quiet --junit "$scratch/no/such/folder" http://127.0.0.1:1/
finish
