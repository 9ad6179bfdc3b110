#!/usr/bin/env bash
# A JUnit file has XML references in its attributes and texts, as `<`, `&` and `"` require.
#
# Version: npm allure 3.18.0.
# Guess: an XML reader resolves the five named references and the numbers, so `&gt;` is shown as >.
# Behaviour: Allure shows each reference as it is written: in the names of suite, class and case, in
# the failure's message and text, and in the captured output. Only a text in CDATA is shown as it is
# meant, and an attribute cannot be in CDATA.
# Seen:
#   printed: lost&gt;0 in 1 &lt; 2
#   printed: say &quot;A&#66;C&quot;
#   name: lost&gt;0 in 1 &lt; 2
#   full name: a&amp;b.lost&gt;0 in 1 &lt; 2
#   suite: x&#45;y
#   message: say &quot;A&#66;C&quot;
#   text: c &amp; d; e & f
#   output: out &amp; err
set -euo pipefail

self=$(realpath "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
if ! npm install --cache npm --no-audit --no-fund --ignore-scripts allure@3.18.0 >npm.log 2>&1; then
    echo "allure-entities.sh: npm could not install allure: $(tail -n 1 npm.log)" >&2
    exit 2
fi
mkdir results
cat >results/TEST.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="x&#45;y" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="a&amp;b" name="lost&gt;0 in 1 &lt; 2" time="1">
      <failure message="say &quot;A&#66;C&quot;" type="gate">c &amp; d;<![CDATA[ e & f]]></failure>
      <system-out>out &amp; err</system-out>
    </testcase>
  </testsuite>
</testsuites>
XML
NO_COLOR=1 node node_modules/.bin/allure log results >printed || true
node node_modules/.bin/allure generate results --output report >&2 || true
node - <<'JS' >seen || true
const fs = require("fs");
const printed = fs.readFileSync("printed", "utf8").split("\n");
for (const line of printed.filter((one) => /lost|say/.test(one)))
    console.log(`printed: ${line.replace(/^\W+/, "").replace(/ \d+ms$/, "")}`);
const data = "report/data/test-results/";
const one = JSON.parse(fs.readFileSync(data + fs.readdirSync(data)[0], "utf8"));
console.log(`name: ${one.name}\nfull name: ${one.fullName}`);
console.log(`suite: ${one.labels.find((label) => label.name === "suite").value}`);
console.log(`message: ${one.error.message}\ntext: ${one.error.trace}`);
const attachments = "report/data/attachments/";
const output = fs.readFileSync(attachments + fs.readdirSync(attachments)[0], "utf8");
console.log(`output: ${output.trim()}`);
JS
cat seen
if ! diff <(sed -n 's/^#   //p' "$self") seen >&2; then
    echo 'changed: Allure does not show all references as they are written'
    exit 1
fi
