#!/usr/bin/python3 -I
"""Holds a workflow against what GitHub's "Workflow syntax" document has, and writes its commands.

usage: workflow_steps.py WORKFLOW FOLDER

Not a schema: the keys of a workflow, a job and a step, and that names are of something. Each step with
a command becomes FOLDER/JOB.NN.SHELL, a combination of the matrix at a time. On stdout: a line for
each of them, and for what a step uses.
"""
import itertools
import pathlib
import re
import sys

import yaml

KEYS = {
    "workflow": "name run-name on permissions env defaults concurrency jobs",
    "job": "name permissions needs if runs-on environment concurrency outputs env defaults steps timeout-minutes strategy "
           "continue-on-error container services uses with secrets",
    "step": "id if name uses run working-directory shell with env continue-on-error timeout-minutes",
    "strategy": "matrix fail-fast max-parallel",
    "upload-artifact": "name path if-no-files-found retention-days compression-level overwrite include-hidden-files",
    "download-artifact": "name path pattern merge-multiple artifact-ids github-token repository run-id",
    "cache": "path key restore-keys",
    "checkout": "fetch-depth ref",
}


def known(kind, values, where):
    for key in values:
        # YAML 1.1 takes the key "on" for a truth value.
        if (key if isinstance(key, str) else "on") not in KEYS[kind].split():
            sys.exit(f"{where}: a {kind} has no '{key}'")


def combinations(matrix):
    """Each set of values that a job runs with."""
    lists = {key: values for key, values in matrix.items() if key not in ("include", "exclude")}
    products = [dict(zip(lists, values)) for values in itertools.product(*lists.values())] if lists else []
    return products + matrix.get("include", []) or [{}]


def filled(text, matrix, where):
    def value(found):
        if found[1] not in matrix:
            sys.exit(f"{where}: the matrix has no '{found[1]}'")
        return str(matrix[found[1]])
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", value, text)


def main():
    workflow, folder = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    known("workflow", workflow, "the file")
    jobs, uploads = workflow["jobs"], {}
    for name, job in jobs.items():
        known("job", job, name)
        known("strategy", job.get("strategy", {}), name)
        needs = job.get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        if set(needs) - set(jobs):
            sys.exit(f"{name}: needs {needs}")
        ids = []
        for number, step in enumerate(job["steps"]):
            where = f"{name}, step {number}"
            known("step", step, where)
            if ("uses" in step) == ("run" in step):
                sys.exit(f"{where}: a step must have one of uses and run")
            for asked in re.findall(r"steps\.(\w+)\.", str(step.get("if", ""))):
                if asked not in ids:
                    sys.exit(f"{where}: there is no step '{asked}' before it")
            ids.append(step.get("id"))
            if "uses" in step:
                action, values = step["uses"].split("@")[0].split("/")[-1], step.get("with", {})
                known(action, values, where)
                if action == "upload-artifact":
                    uploads.setdefault(values["name"], name)
                if action == "download-artifact" and uploads.get(values["name"]) not in needs:
                    sys.exit(f"{where}: no job that it needs uploads '{values['name']}'")
                print(f"{name}.{number:02} uses {step['uses']}")
                continue
            shell = step.get("shell", job.get("defaults", {}).get("run", {}).get("shell", "sh"))
            commands = dict.fromkeys(filled(step["run"], matrix, where)
                                     for matrix in combinations(job.get("strategy", {}).get("matrix", {})))
            for which, command in enumerate(commands):
                file = folder / f"{name}.{number:02}{chr(ord('a') + which) if len(commands) > 1 else ''}.{shell}"
                # The shells of Windows want its ends of lines.
                file.write_text(command.rstrip("\n") + "\n", newline="\r\n" if shell == "cmd" else "\n")
                print(f"{file.name} {step.get('name', '')}".rstrip())


if __name__ == "__main__":
    main()
