#!/usr/bin/env bash
# Pages in headless Chromium: each verdict, several side by side, and a comparison. Nothing on the
# console, every figure drawn, contrast, no sideways scrolling, no words on words; and without a style
# sheet, as Jenkins shows it. Where PAGES names a folder, they are left there.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

if ! [ -x /usr/bin/chromium ] || ! /usr/bin/python3 -c 'import selenium' 2>/dev/null; then
    skip 'no Chromium and Selenium; ./scripts/setup.sh pages installs them'
fi
looks_right() { expect 0 '0 faults' env HOME="$scratch" /usr/bin/python3 "$scripts/tests/page.py" "$@"; }

start_fault_server --every 10 close-after-request reset-in-body
regress=("$loadgen" regress -c 4 -n 200 --settle 0s --quiet)
expect 1 '' "${regress[@]}" --faulty bad=/bad --fixed good=/good --max-attempts 2000 --output "$scratch/failed" --html "$scratch/failed.html" "${url%/}"
looks_right "$scratch/failed.html"
expect 3 '' "${regress[@]}" --faulty a-variant-with-a-name-that-is-rather-long=/bad --fixed good=/good --max-reset-rate 0.2 \
    --max-attempts 400 --html "$scratch/spent.html" "${url%/}"
looks_right "$scratch/spent.html"
expect 0 '' "$loadgen" run -c 4 -d 3s --send-delay 1ms --quiet --output "$scratch/run" --html "$scratch/run.html" "$url"
looks_right "$scratch/run.html"
expect 1 '' "$loadgen" report --html "$scratch/all.html" "$scratch/failed" "$scratch/run"
looks_right "$scratch/all.html"
expect 0 '' "$loadgen" compare --html "$scratch/compare.html" "$scratch/failed" "$scratch/run"
looks_right "$scratch/compare.html"
expect 4 '' "$loadgen" run -n 1 --quiet --html "$scratch/invalid.html" http://127.0.0.1:1/
looks_right "$scratch/invalid.html"
[ -z "${PAGES-}" ] || cp "$scratch"/*.html "$PAGES"
finish
