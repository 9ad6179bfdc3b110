#!/usr/bin/env bash
# The workflows are YAML, and every script and option that they call is there.
. "$(dirname "$0")/expect.sh"

top=$(cd "$scripts/.." && pwd)
python=/usr/bin/python3 # Debian's, which has the package python3-yaml
for workflow in "$top"/.github/workflows/*.yml; do
    name=${workflow##*/}
    "$python" - "$workflow" >"$scratch/commands" 2>"$scratch/errors" <<'TEXT' || { sed 's/^/    /' "$scratch/errors"; false; }
import re, sys, yaml
for job in yaml.safe_load(open(sys.argv[1]))["jobs"].values():
    for values in job.get("strategy", {}).get("matrix", {}).get("include", [{}]):
        for step in job["steps"]:
            if ("uses" in step) == ("run" in step):
                sys.exit(f"a step must have one of uses and run: {step}")
            run = re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda name: values[name[1]], step.get("run", ""))
            print(run.replace(" && ", "\n"))
TEXT
    expect_that "$name is a workflow" test $? -eq 0
    expect_that "$name runs something of ours" grep -q '[^ ]*/' "$scratch/commands"
    while read -r script arguments; do
        [ -n "$script" ] || continue
        expect_that "$name: $script is there" test -x "$top/$script"
        for option in $(grep -o -E -e '--[a-z-]+' <<<"$arguments"); do
            expect_that "$name: $script knows $option" grep -q -F -e "$option" <("$top/$script" --help)
        done
    done <"$scratch/commands"
done
expect_that 'what is uploaded is where the results are' grep -q -x -F '/results/2*/' "$top/.gitignore"
finish
