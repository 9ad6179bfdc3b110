#!/usr/bin/env python3
"""Which tests were skipped and why, by the file that ctest writes with --output-junit.

A test that leaves out all or some of what it does prints a line `skipped: REASON`. One that was
skipped and gave no reason is a fault: exit code 1.
"""
import re
import sys
import xml.etree.ElementTree

REASON = re.compile(r"^(?:.* MESSAGE: )?skipped: (.+)$", re.MULTILINE)  # MESSAGE: a unit test's
code = 0
for test in xml.etree.ElementTree.parse(sys.argv[1]).iter("testcase"):
    skipped = test.find("skipped[@message]")
    whole = skipped is not None and skipped.get("message").startswith("SKIP_")
    reasons = REASON.findall(test.findtext("system-out") or "")
    if whole and not reasons:
        reasons = ["without a reason; it has to print 'skipped: REASON'"]
        code = 1
    if whole or test.get("status") == "run":
        for reason in reasons:
            print(f"  {test.get('name')}{'' if whole else ', in part'}: {reason}")
sys.exit(code)
