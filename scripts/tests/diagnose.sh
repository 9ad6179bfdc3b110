#!/usr/bin/env bash
# diagnose.sh: an extension's own fault is found in 20 requests and put down to it, whoever began the
# thread; clean ones are called clean; what is no extension ends with a sentence.
. "$(dirname "$0")/expect.sh"

dlls=$tree/windows-x86_64/tests/host
variants=$tree/windows-x86_64/extension
diagnose=("$scripts/diagnose.sh")
# What is claimed is 1 %, so that some hundred attempts decide it.
options=(--preset "$(basename "$tree")" --no-build --max-attempts 1500 --max-reset-rate 0.01)

# found CODE TEXT DLL [OPTION...]
found() {
    local code=$1 text=$2 dll=$3
    shift 3
    rm -rf "$scratch/out"
    expect "$code" "$text" "${diagnose[@]}" "$dll" "${options[@]}" --output "$scratch/out" "$@"
}
probes() { /usr/bin/python3 -I "$scripts/lib/exposures.py" "$scratch/out/exposures-probes.csv" "$@"; }

# 64 clients, silent for 200 ms: by the model 225 of 500 attempts are reset where the host answers 300 a
# second, and with the 50 ms of the default it takes 1,000 (loadgen predict --capacity).
found 1 'Faulty: std-thread.dll resets connections.' "$dlls/std-thread.dll" --send-delay 200ms
expect_that 'each of 20 requests is an exposure' test "$(probes std-thread.dll exposures)" -eq 20
expect_that 'by its own name' grep -q '^std-thread.dll,20,std-thread.dll+0x' "$scratch/out/exposures-probes.csv"
expect_that 'with a page' test -s "$scratch/out/report.html"
expect_that 'and victims of its own' test "$(columns "$scratch/out/victims.csv" rows where extension=std-thread.dll)" \
    -eq "$(columns "$scratch/out/victims.csv" rows)"

found 1 'In 20 of 20 requests' "$variants/thread-per-request.dll" --query linger=50
expect_that 'the model is given how long its threads live' grep -q -E '^5[0-9]{4} us after DONE_WITH_SESSION' "$scratch/output"
found 1 'In 20 of 20 requests' "$variants/keep-alive.dll" # its clients do not keep
for variant in thread-pool keep-alive-pool synchronous; do
    found 0 "Clean: $variant.dll leaves no AcceptEx" "$variants/$variant.dll"
    expect_that "$variant has no exposure" test "$(probes "$variant.dll" exposures)" -eq 0
done

# A thread that only begins what a callback ends may exit; one that waits for its client's bytes may not.
found 0 'Clean: client-io.dll' "$dlls/client-io.dll" --query 'async-write&thread'

found 4 'not-isapi.dll gave no good answer' "$dlls/not-isapi.dll"
expect_that 'the log says why' grep -q 'is not an ISAPI extension' "$scratch/out/host.log"
found 4 'broken.dll called DONE_WITH_SESSION for GET /repro/broken.dll, which was completed already' "$dlls/broken.dll" \
    --query twice
found 4 'broken.dll crashed in HttpExtensionProc for GET /repro/broken.dll: access violation' "$dlls/broken.dll" --query crash
expect_one_line 2 'there is no file' "${diagnose[@]}" "$scratch/none.dll"
expect_one_line 2 'a DLL is missing' "${diagnose[@]}"
cp "$variants/synchronous.dll" "$scratch/a b.dll"
expect_one_line 2 'is not a name that the host serves' "${diagnose[@]}" "$scratch/a b.dll" --no-build
finish
