#!/usr/bin/env bash
# Headers that the user gives: what node's parser makes of the request, and which are refused.
. "$(dirname "$0")/expect.sh"

command -v node >/dev/null || skip 'no node; ./scripts/setup.sh readers installs it'
start_server node "$scripts/tests/requests_server.js" "$scratch/log" || exit 1
load=("$loadgen" run -t 1 -c 1 -n 3 --quiet --timeout 2s)
nobody=http://127.0.0.1:1/

# understood TEXT... -- OPTION...: three requests with these options are answered, and the parser found each TEXT.
understood() {
    local texts=() text
    while [ "$1" != -- ]; do texts+=("$1"); shift; done
    shift
    : >"$scratch/log"
    expect 0 '2xx 3' "${load[@]}" "$@" "http://$address/"
    for text in "${texts[@]}"; do
        expect_that "three with $text: $*" test "$(grep -c -F -- "$text" "$scratch/log")" -eq 3
    done
    expect_that "no more than three requests: $*" test "$(wc -l <"$scratch/log")" -eq 3
    expect_that "not both lengths: $*" \
        test "$(grep '"transfer-encoding"' "$scratch/log" | grep -c '"content-length"')" -eq 0
}

chunked=(-H 'Transfer-Encoding: chunked')
understood '"transfer-encoding":"chunked"' '"body":"hello"' -- -m POST --body hello "${chunked[@]}"
understood '"transfer-encoding":"chunked"' '"body":"hello"' -- -k -m POST --body hello "${chunked[@]}"
understood '"body":""' -- -k -m POST "${chunked[@]}"
head -c 100000 /dev/zero | tr '\0' x >"$scratch/body"
understood "\"body\":\"$(cat "$scratch/body")\"" -- -k -m PUT --body-file "$scratch/body" "${chunked[@]}"
understood '"content-length":"5"' '"body":"hello"' -- -k -m POST --body hello -H 'Content-Length: 5'
understood '"body":"hello"' '"expect":"100-continue"' -- -k -m POST --body hello -H 'Expect: 100-continue'
understood '"connection":"TE, close"' '"te":"trailers"' -- -H 'TE: trailers' -H 'Connection: TE'
understood '"connection":"TE"' -- -k -H 'TE: trailers' -H 'Connection: TE'
understood '"host":"example.org"' -- -H 'Host: example.org'
stalled=("$loadgen" run -t 1 -c 1 -n 1 --quiet --timeout 100ms -m POST -H 'Content-Length: 9' "http://$address/")
expect 0 'timeout' "${stalled[@]}"
expect 0 'length is 0: a server that waits for the rest waits until --timeout' "${stalled[@]}"
stop_server

expect_one_line 2 'leave out Content-Length' "${load[@]}" "${chunked[@]}" -H 'Content-Length: 5' --body hello "$nobody"
expect_one_line 2 'last coding must be chunked' "${load[@]}" -H 'Transfer-Encoding: gzip' --body hello "$nobody"
expect_one_line 2 'length, 5: the server would take' "${load[@]}" -H 'Content-Length: 4' --body hello "$nobody"
expect_one_line 2 'give that option instead' "${load[@]}" -H 'Connection: keep-alive' "$nobody"
expect_one_line 2 'contradict each other' "${load[@]}" -k -H 'Connection: close' "$nobody"
expect_one_line 2 'only once' "${load[@]}" -H 'Host: a' -H 'host: b' "$nobody"
expect_one_line 2 'HTTP/1.1 only' "${load[@]}" -H 'Upgrade: websocket' "$nobody"
expect_one_line 2 'needs a body' "${load[@]}" -H 'Expect: 100-continue' "$nobody"
expect_one_line 2 '--method CONNECT' "${load[@]}" -m CONNECT "$nobody"
expect_one_line 2 'contradict each other' "$loadgen" regress --fixed a,keep-alive -H 'Connection: close' "$nobody"
finish
