#!/usr/bin/env bash
# Two test cases of a JUnit file have the same suite, class and name. One fails, the other passes.
#
# Version: npm allure 3.18.0 and xunit-viewer 10.6.1; Debian 12's python3-junitparser 2.8.0-1.
# Guess: two cases stand in the file, so each reader shows two, and one of them is red.
# Behaviour: only junitparser does. Allure takes the first case for a try that was repeated: the
# report counts one test, with the verdict of the last case. xunit-viewer folds both into one case,
# with the mark of the last and the messages of both. So a failure before a success is no failure.
# Seen:
#   red, then green
#   allure: 1 passed, 1 retries, 1 total
#   xunit-viewer: ✓ case time=2 - sentence - gate | 1 passed
#   junitparser: case Failure, case passed
#   green, then red
#   allure: 1 failed, 1 retries, 1 total
#   xunit-viewer: ✗ case time=2 - sentence - gate | 1 failure
#   junitparser: case passed, case Failure
set -euo pipefail

self=$(realpath "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cannot() {
    echo "junit-equal-names.sh: $1" >&2
    exit 2
}
npm install --cache npm --no-audit --no-fund --ignore-scripts allure@3.18.0 xunit-viewer@10.6.1 \
    >npm.log 2>&1 || cannot "npm could not install the readers: $(tail -n 1 npm.log)"
for package in python3-junitparser=2.8.0-1 python3-future=0.18.2-6; do
    apt-get -qq -o APT::Sandbox::User=root download "$package" || cannot "there is no $package"
done
for package in *.deb; do dpkg -x "$package" debian; done

file() {
    mkdir "$1"
    cat >"$1/TEST.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="suite" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="class" name="case" time="1">$2</testcase>
    <testcase classname="class" name="case" time="2">$3</testcase>
  </testsuite>
</testsuites>
XML
}
by_allure() {
    node node_modules/.bin/allure generate "$1" --output "$1-allure" >&2
    node - "$1-allure/widgets/statistic.json" <<'JS'
const counts = Object.entries(JSON.parse(require("fs").readFileSync(process.argv[2], "utf8")));
console.log(counts.map(([what, count]) => `${count} ${what}`).sort().join(", "));
JS
}
by_xunit_viewer() {
    node node_modules/.bin/xunit-viewer --results "$1" --console --no-color --clear=false \
        --output "$1.html" | awk '/^ +[^ a-z]/ { sub(/^ +/, ""); line = line $0 " " }
            /^[0-9]/ { print line "| " $0 }'
}
by_junitparser() {
    PYTHONPATH=debian/usr/lib/python3/dist-packages /usr/bin/python3 - "$1/TEST.xml" <<'PYTHON'
import sys
import junitparser

print(", ".join(f"{case.name} {type(case.result[0]).__name__ if case.result else 'passed'}"
                for suite in junitparser.JUnitXml.fromfile(sys.argv[1]) for case in suite))
PYTHON
}
failure='<failure message="sentence" type="gate"/>'
file red-green "$failure" ''
file green-red '' "$failure"
for order in red-green green-red; do
    echo "${order%-*}, then ${order#*-}"
    echo "allure: $(by_allure $order)"
    echo "xunit-viewer: $(by_xunit_viewer $order)"
    echo "junitparser: $(by_junitparser $order)"
done >seen
cat seen
if ! diff <(sed -n 's/^#   //p' "$self") seen >&2; then
    echo 'changed: not each of the three readers shows two equal cases as it did'
    exit 1
fi
