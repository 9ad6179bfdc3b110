#!/usr/bin/env bash
# A name with several addresses, several URLs from a file, and a server that does not close.
. "$(dirname "$0")/namespace.sh"
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

if ! unshare --mount true 2>/dev/null; then
    skip 'no mount namespace can be made here'
fi
printf '127.0.0.1 two.test\n127.0.0.2 two.test\n::1 two.test\n::1 six.test\n' >"$scratch/hosts"
with_hosts=(unshare --mount bash -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' hosts "$scratch/hosts")

# column NAME FILE: its values, each with how often it stands there
column() { columns "$2" rows by "$1" | paste -s -d ' '; }

start_fault_server --every 1000000
port=${address##*:}
load=("$loadgen" run -t 1 -c 4 -n 40 --quiet)
expect 0 'answers   20' "${with_hosts[@]}" "${load[@]}" --output "$scratch/two" "http://two.test:$port/"
expect_that 'every other connection went to the second IPv4 address, where nobody listens' \
    test "$(column remote_address "$scratch/two/events.csv")" = '127.0.0.2 20'
expect_one_line 4 "nothing listens at [::1]:$port" "${with_hosts[@]}" "${load[@]}" "http://six.test:$port/"
expect_one_line 4 'nothing listens at 127.0.0.1:1, 127.0.0.2:1' "${with_hosts[@]}" "${load[@]}" http://two.test:1/
stop_fault_server

# What listens at the address of the other family only is left out, and named.
start_fault_server --address ::1 --every 1000000
port=${address##*:}
expect_one_line 4 "nothing listens at 127.0.0.1:$port, 127.0.0.2:$port (connection refused): is the server up, or does it listen at [::1]:$port only, an address of 'two.test'" \
    "${with_hosts[@]}" "${load[@]}" "http://two.test:$port/"
expect_one_line 4 "does it listen at [::1]:$port only" \
    "${with_hosts[@]}" "$loadgen" regress -n 10 --quiet --fixed a "http://two.test:$port/"
expect 0 'answers   40' "${with_hosts[@]}" "${load[@]}" "http://[::1]:$port/"
stop_fault_server

start_fault_server --every 1 silence-after-answer
expect 0 'after 4 of 4 answers the server did not close the connection, although the request said Connection: close' \
    "$loadgen" run -t 1 -c 4 -n 4 --quiet --timeout 100ms "$url"
expect 0 'although it had said Connection: close' "$loadgen" run -k -t 1 -c 4 -n 4 --quiet --timeout 100ms "$url"
expect 0 'good: after 8 of 8 answers the server did not close' \
    "$loadgen" regress -c 8 -n 8 --rounds 1 --quiet --timeout 100ms --max-reset-rate 0.9 --fixed good=/good "${url%/}"
stop_fault_server

start_fault_server --every 1 reset-after-request
printf '# in turn\n\n  %sa\n%sb?x=1\n%sc\n' "$url" "$url" "$url" >"$scratch/urls"
expect 0 "${url}a and 2 more" "${load[@]}" --url-file "$scratch/urls" --output "$scratch/urls.d"
expect_that 'each URL has its share' test "$(column target "$scratch/urls.d/events.csv")" = '/a 14 /b?x=1 13 /c 13'
expect_that 'the label is the name of the file' test "$(column label "$scratch/urls.d/runs.csv")" = 'urls 1'
expect_one_line 2 'exclude each other' "${load[@]}" --url-file "$scratch/urls" "$url"
expect_one_line 2 "cannot read the URL file '$scratch/none'" "${load[@]}" --url-file "$scratch/none"
expect_one_line 2 "cannot read the URL file '$scratch'" "${load[@]}" --url-file "$scratch"
echo '# nothing' >"$scratch/empty"
expect_one_line 2 'has no URL in it' "${load[@]}" --url-file "$scratch/empty"
echo 'nonsense' >>"$scratch/urls"
expect_one_line 2 "--url-file '$scratch/urls', line 6: 'nonsense' is not a URL" "${load[@]}" --url-file "$scratch/urls"
printf '%s\nhttp://127.0.0.2/\n' "$url" >"$scratch/urls"
expect_one_line 2 "'http://127.0.0.2/' is not of that of" "${load[@]}" --url-file "$scratch/urls"
stop_fault_server
finish
