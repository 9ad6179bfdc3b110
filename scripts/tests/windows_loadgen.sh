#!/usr/bin/env bash
# loadgen for Windows, under Wine, as a user runs it: against a server without faults its counts are
# exact, and its files are those that the native one writes.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

exe=$tree/windows-x86_64/loadgen/loadgen.exe
wine=("$scripts/wine.sh" "$exe")
requests=2001

expect 0 loadgen "${wine[@]}" --version
# But for what it was built with: Windows has other engines, and no OpenSSL here.
expect_that 'the version is the native one' \
    cmp -s <(grep -Ev '^(engines|https): ' "$scratch/output") <("$loadgen" --version | grep -Ev '^(engines|https): ')
expect 0 '--keep-alive' "${wine[@]}" run --help
expect_one_line 2 'built without OpenSSL' "${wine[@]}" run -n 1 https://127.0.0.1/
expect_one_line 2 'not a URL' "${wine[@]}" run nonsense

# One class in two forms is undefined, and the linker says nothing of it (loadgen/CMakeLists.txt).
expect_that 'one kind of thread for Asio' test \
    "$(x86_64-w64-mingw32-nm -C "$exe" | grep -o -E 'asio::detail::(win|posix)_thread\b' | sort -u | wc -l)" -eq 1

start_fault_server
# shellcheck disable=SC2154 # url is set by start_fault_server
for mode in '' -k; do
    dir=$scratch/wine$mode
    # shellcheck disable=SC2086 # the mode is a word or none
    expect 0 'resets    0,' "${wine[@]}" run $mode -n $requests -c 16 -t 2 --output "$dir" "$url"
    expect_that "one warning that Wine hides resets (${mode:-a connection per request})" \
        test "$(grep -c 'Wine reports most resets' "$scratch/output")" -eq 1
    connections=$requests
    [ -z "$mode" ] || connections=16
    for count in attempts=$requests answers=$requests http_2xx=$requests requests_sent=$requests \
        established=$connections resets=0 closed=0 timeout=0 malformed=0 local=0; do
        expect_that "$count (${mode:-a connection per request})" \
            test "$(columns "$dir/runs.csv" values "${count%=*}")" = "${count#*=}"
    done
    "$loadgen" run -n 1 --quiet --output "$scratch/native$mode" "$url" >/dev/null
    for file in runs outcomes intervals events; do
        expect_that "$file.csv has the native header" \
            cmp -s <(head -n 1 "$dir/$file.csv") <(head -n 1 "$scratch/native$mode/$file.csv")
        expect_that "$file.csv has no carriage return" sh -c '! grep -q "$(printf "\r")" "$1"' sh "$dir/$file.csv"
    done
    expect_that 'no event' test "$(wc -l <"$dir/events.csv")" -eq 1
done
# Faults that are no resets are exact too, each in its cell; a time-out is our own close, which the
# system reports as an error of the connection.
while read -r fault cell options; do
    start_fault_server --every 3 "$fault"
    dir=$scratch/$fault
    # shellcheck disable=SC2086 # the options are words
    expect 0 attempts "${wine[@]}" run $options -n 300 -c 8 -t 2 --quiet --output "$dir" "$url"
    stop_fault_server
    # shellcheck disable=SC2154 # injected is set by stop_fault_server
    expect_that "$fault: $injected times $cell and nothing else" \
        test "$(columns "$dir/outcomes.csv" values cause phase count)" = "${cell/,/ } $injected"
    expect_that "$fault: 300 attempts" test "$(columns "$dir/runs.csv" values attempts)" = 300
done <<'TEXT'
close-after-request closed,await
close-in-head closed,receive
close-in-body closed,receive
garbage malformed,receive
content-length-too-small malformed,finish
silence-after-request timeout,await --timeout 500ms
silence-in-body timeout,receive --timeout 500ms
TEXT
start_fault_server
expect 0 '"attempts":50' "${wine[@]}" run -n 50 --json --quiet "$url"
stop_fault_server
expect 0 'no evidence of a difference' "${wine[@]}" compare "$scratch/wine" "$scratch/wine-k"
expect 4 'nothing listens' "${wine[@]}" run -n 4 "$url"
finish
