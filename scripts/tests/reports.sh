#!/usr/bin/env bash
# --junit and --markdown: every verdict makes a valid file, which says what the exit code says; in
# GitHub Actions the summary and one annotation come by themselves.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
schema=$scripts/../loadgen/tests/junit.xsd
reports=(--junit "$scratch/junit.xml" --markdown "$scratch/summary.md")

valid() { xmllint --noout --schema "$schema" "$1" 2>"$scratch/xmllint" || { cat "$scratch/xmllint"; return 1; }; }

# reported TEXT: both files are there, the one valid, and it has this attribute or text.
reported() {
    expect_that "a valid file for: $1" valid "$scratch/junit.xml"
    expect_that "junit.xml has: $1" grep -q -F -- "$1" "$scratch/junit.xml"
    expect_that 'a summary of less than 64 KB' test "$(stat -c %s "$scratch/summary.md")" -lt 65536
    rm -f "$scratch/junit.xml"
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
reported 'message="lost&gt;0: 100 of 1,000 attempts (10 %): '

regress=("$loadgen" regress -c 1 -n 100 --settle 0s --quiet "${reports[@]}")
expect 1 'failed: good was expected not to reset' "${regress[@]}" --fixed good=/good "${url%/}"
reported 'failure type="gate"'
in_summary '## loadgen: failed'
expect 3 'inconclusive' "${regress[@]}" --fixed good=/good --rounds 1 --max-reset-rate 0.05 "${url%/}"
reported 'failure type="inconclusive"'
in_summary '## loadgen: inconclusive'
expect 0 'Stopped when every claim was decided' "${regress[@]}" --fixed good=/good --max-reset-rate 0.2 "${url%/}"
reported 'tests="1" failures="0" errors="0"'
in_summary '## loadgen: as expected'
expect 3 'Stopped when 200 attempts of a variant were spent' \
    "${regress[@]}" --faulty bad=/bad --fixed good=/good --max-reset-rate 0.2 --max-attempts 200 "${url%/}"
reported 'name="bad resets connections"'

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
