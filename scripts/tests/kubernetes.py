"""Prints a container's command and arguments, NUL after each, from a manifest, having checked what the API server would."""
import sys

import yaml

path, name = sys.argv[1:]
documents = list(yaml.safe_load_all(open(path)))
jobs = [document for document in documents if document["kind"] == "Job"]
assert [job["apiVersion"] for job in jobs] == ["batch/v1"], "one Job a file"
job = jobs[0]["spec"]
assert jobs[0]["metadata"]["name"] == name
pod = job["template"]["spec"]
assert pod["restartPolicy"] == "Never" and job["backoffLimit"] == 0, "no attempt is repeated in silence"
if name == "loadgen":
    assert job["completionMode"] == "Indexed" and job["completions"] == job["parallelism"], "all at the same time"
(container,) = pod["containers"]
volumes = {volume["name"]: volume["persistentVolumeClaim"]["claimName"] for volume in pod["volumes"]}
(mount,) = container["volumeMounts"]
assert volumes[mount["name"]] == "loadgen-results"
variables = {variable["name"]: variable["value"] for variable in container["env"]}
assert all(isinstance(value, str) for value in variables.values()), "env values are strings"
assert variables["RESULTS"] == mount["mountPath"] and variables["START"] == "START_EPOCH"
if name == "loadgen":
    (claim,) = [document for document in documents if document["kind"] == "PersistentVolumeClaim"]
    assert claim["metadata"]["name"] == "loadgen-results" and claim["spec"]["accessModes"] == ["ReadWriteMany"]
for word in container["command"] + container.get("args", []):
    assert isinstance(word, str), "words of a command are strings"
    sys.stdout.write(word + "\0")
