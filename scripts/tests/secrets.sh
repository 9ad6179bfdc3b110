#!/usr/bin/env bash
# A secret in every spelling goes to the server, and into no file and onto no stream: through run,
# regress, report, compare and merge, with every kind of output, and through what is said of errors.
. "$(dirname "$0")/expect.sh"

secret=s3cr3tM4rk
web_token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx$secret.c2lnbmF0dXJl
start_server /usr/bin/python3 -I "$scripts/tests/recording_server.py" "$scratch/requests" || exit 1
base=http://$address
out=$scratch/out
mkdir "$out"

# in_file TEXT: a new file with that text, which is not among the output.
file_number=0
in_file() {
    file_number=$((file_number + 1))
    printf '%s\n' "$1" >"$scratch/file-$file_number"
    file=$scratch/file-$file_number
}

# call CODE COMMAND...: it exits so, and what it says is kept.
call_number=0
call() {
    local code=$1 actual=0
    shift
    call_number=$((call_number + 1))
    timeout 60 "$@" >"$out/$call_number.stdout" 2>"$out/$call_number.stderr" </dev/null || actual=$?
    expect_that "exit code $code, not $actual: $* ($(tail -n 1 "$out/$call_number.stderr"))" test "$actual" -eq "$code"
}

# anew: neither output nor requests so far.
anew() {
    rm -rf --one-file-system "${out:?}"
    mkdir "$out"
    : >"$scratch/requests"
}

received() { grep -q -a -F -- "$secret" "$scratch/requests"; }
kept() { ! grep -r -l -a -F -- "$secret" "$out"; }

# through_all WHAT QUERY OPTION...: every command with these options; QUERY is what follows the path.
through_all() {
    local what=$1 query=$2
    local reports=(--html "$out/page.html" --junit "$out/junit.xml" --markdown "$out/summary.md")
    shift 2
    anew
    local load=(-t 1 -c 2 --ramp 0s "$@" "${reports[@]}" --histogram "$out/histogram.csv")
    export GITHUB_STEP_SUMMARY=$out/step.md GITHUB_ACTIONS=true
    call 1 "$loadgen" run -n 8 "${load[@]}" --fail-on 'lost>0' --output "$out/run" "$base/bad$query"
    expect_that "$what: the server received it" received
    call 0 "$loadgen" run -n 4 "${load[@]}" --json --output "$out/other" --label "$base/other$query" "$base/good$query"
    call 3 "$loadgen" regress -n 8 "${load[@]}" --rounds 1 --settle 0s --output "$out/regress" \
        --faulty bad=/bad --fixed "good=/good?sig=$secret" "$base/all$query"
    call 3 "$loadgen" report "${reports[@]}" "$out/run" "$out/regress" # as regress itself
    call 0 "$loadgen" merge --output "$out/merged" "$out/run" "$out/other" "$out/regress"
    call 0 "$loadgen" report "${reports[@]}" "$out/merged"
    call 0 "$loadgen" compare "${reports[@]}" "$out/run" "$out/other"
    expect_that "$what: it is in no file and on no stream" kept
    expect_that "$what: the failures are there" test -s "$out/run/events.csv"
    unset GITHUB_STEP_SUMMARY GITHUB_ACTIONS
}

# said_of_errors WHAT QUERY OPTION...: what goes wrong with these options is said without it.
said_of_errors() {
    local what=$1 query=$2
    local reports=(--html "$out/page.html" --junit "$out/junit.xml" --markdown "$out/summary.md")
    shift 2
    anew
    local load=(-t 1 -n 4 "$@" "${reports[@]}")
    export GITHUB_STEP_SUMMARY=$out/step.md GITHUB_ACTIONS=true
    call 4 "$loadgen" run "${load[@]}" "http://127.0.0.1:1/bad$query"
    call 2 "$loadgen" run "${load[@]}" --seed x "$base/bad$query"
    call 2 "$loadgen" run "${load[@]}" "$base/bad$query" "$base/$query"
    call 2 "$loadgen" run "${load[@]}" "ftp://${base#*//}$query"
    call 2 "$loadgen" run "${load[@]}" "http://me:$secret@${base#*//}$query"
    call 2 "$loadgen" "http://me:$secret@${base#*//}$query"
    call 4 "$loadgen" regress "${load[@]}" --fixed good "$base$query"
    call 4 "$loadgen" regress "${load[@]}" --fixed "good=/good?sig=$secret" "http://127.0.0.1:1$query"
    call 2 "$loadgen" regress "${load[@]}" --fixed "/good?sig=$secret" "$base$query"
    call 2 "$loadgen" regress "${load[@]}" --fixed "good;jsessionid=$secret" "$base$query"
    expect_that "$what: it is in no sentence" kept
    unset GITHUB_STEP_SUMMARY GITHUB_ACTIONS
}

through_all '-H' '' -H "X-Api-Key: $secret"
through_all '-Hvalue' '' "-HX-Api-Key:$secret"
through_all '--header' '' --header "Authorization: Bearer $secret"
through_all '--header=' '' "--header=AUTHORIZATION: Basic $secret"
through_all '-kHvalue' '' "-kHcookie: sid=$secret"
through_all '-kH' '' -kH "Proxy-Authorization:$secret"
through_all 'a harmless one' '' -H 'Accept: text/html' -H "Referer: $base/?token=$secret"
in_file "header = X-Api-Key: $secret"
through_all 'a header in a config file' '' --config "$file"
in_file "body = $secret"
through_all 'a body in a config file' '' --config "$file"
through_all '--body' '' -m POST --body "$secret"
through_all '--body=' '' "--body={\"password\":\"$secret\"}"
in_file "$secret"
through_all '--body-file' '' --body-file "$file"
through_all 'api_key' "?api_key=$secret"
through_all 'TOKEN' "?TOKEN=$secret"
through_all 'access_token' "?a=1&access_token=$secret&b=2"
through_all 'X-Amz-Signature' "?X-Amz-Signature=$secret"
through_all 'an encoded name' "?%74oken=$secret"
through_all 'semicolons' "?a=1;sig=$secret"
through_all 'jsessionid' ";jsessionid=$secret"
through_all 'a URL in a URL' "?to=https%3A%2F%2Fx%2F%3Ftoken%3D$secret"
through_all 'JSON' "?q=%7B%22password%22:%22$secret%22%7D"
through_all 'a web token' "/$web_token"
through_all 'a fragment besides' "?key=$secret#access_token=$secret"

said_of_errors '-H' '' -H "X-Api-Key: $secret"
said_of_errors 'a query' "?a=1&access_token=$secret" --body "$secret"
said_of_errors 'a web token' "/$web_token" "--header=Cookie: a=$secret"

# A file of URLs, and what is said of a line that is none.
anew
in_file "$base/bad?token=$secret"$'\n'"$base/bad?token=other$secret"
call 0 "$loadgen" run -t 1 -c 1 -n 8 --url-file "$file" --output "$out/run" --html "$out/page.html"
expect_that 'a file of URLs: the server received it' received
in_file "$base/bad"$'\n'"http://me:$secret@h/"
call 2 "$loadgen" run --url-file "$file"
in_file "token $secret"
call 2 "$loadgen" run --config "$file" "$base/"
call 2 "$loadgen" run -H Authorization: "$secret" "$base/"
call 2 "$loadgen" run -d "$secret" "$base/"
call 2 "$loadgen" run "-u$secret" "$base/"
call 2 "$loadgen" run "--headers=X: $secret" "$base/"
expect_that 'a file of URLs, and errors: it is in no file and on no stream' kept
# URLs that differ only in what is hidden look alike, and count as one where URLs are told apart.
expect_that 'both URLs look alike' test "$(columns "$out/run/events.csv" values target | sort -u)" = '/bad?token=<hidden>'

# Files of an older loadgen have what is hidden today: what is made of them has not.
anew
call 0 "$loadgen" run -t 1 -c 1 -n 8 -H "X-Api-Key: $secret" --output "$scratch/old" "$base/bad?token=$secret"
for name in runs events invocations; do sed -i "s/<hidden>/$secret/g" "$scratch/old/$name.csv"; done
expect_that 'an older file has it' grep -q -F "$secret" "$scratch/old/invocations.csv"
call 0 "$loadgen" report --html "$out/page.html" --markdown "$out/summary.md" --junit "$out/junit.xml" "$scratch/old"
call 0 "$loadgen" merge --output "$out/merged" "$scratch/old"
expect_that 'older files: it is in no file and on no stream' kept
stop_server
finish
