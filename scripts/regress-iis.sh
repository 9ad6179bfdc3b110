#!/usr/bin/env bash
# The regression against an IIS that has the package of scripts/iis: is it there, what is it, and
# does it do what that version should?
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/built.sh
. "$top/scripts/lib/built.sh"
# shellcheck source=scripts/lib/results.sh
. "$top/scripts/lib/results.sh"
# shellcheck source=scripts/lib/confounder.sh
. "$top/scripts/lib/confounder.sh"
# shellcheck source=scripts/lib/variants.sh
. "$top/scripts/lib/variants.sh"
options "$@" <<'TEXT'
usage: scripts/regress-iis.sh --target http://SERVER/repro [OPTION...] [-- LOADGEN-OPTION...]

Asks the server what it is, and which variant answers at the URL of each DLL. Then it runs loadgen
regress against it. The CSV files, report.html, junit.xml, summary.md, and target.txt with what was
found, are left in a new folder under results/. Only the wait is ever repeated, never a measurement.

  --target URL        where the DLLs are: URL/NAME.dll
  --expect WHAT       fault: thread-per-request resets connections, and the others do not.
                      none: a negative control, no variant resets.
                      auto: by the Server header. IIS 4.0 and 5.0 have the fault, 5.1 likely has it.
                      6.0 and later do not: they accept connections in the kernel. For a server that
                      is no IIS, or hides it, say fault or none (auto)
  --wait T            how long to wait for a server that is booting: 90s, 5m; 0s: it must be up (0s)
  --connections N     connections open at once (64)
  --send-delay D      how long clients wait between connect and first byte (50ms)
  --rounds N          so many rounds, each with a block of every variant, fixed beforehand; without
                      it, rounds go on until every claim is decided
  --requests N        attempts in a block (2000)
  --block T           length of a block, instead of a number of attempts
  --query Q           goes to every variant: work=MS, linger=MS, bytes=N, joined by &
  --output DIR        results folder; without it, results/ and the UTC time
  --dry-run           ask the server, and only say what would be run
  --preset NAME       build preset that loadgen is from (release)
  --no-build          take what is built

What comes after -- goes to loadgen regress.

IIS 4 and 5 have another cause of resets (Q229814): they run out of sockets and backlog. What the run
says of it is printed after the verdict.

It cannot see over HTTP whether IIS 4 or 5 runs the DLLs in its own process. In another process
there may be no fault to show.

Exit code: that of the regression. With --expect fault: 0 reproduced, 1 a fixed variant resets, 3
the fault was not shown. With --expect none: 0 no variant resets, 1 one does, 3 too few attempts to
say so. Both: 2 bad usage, 4 invalid (no answer in time, wrong DLL, local faults), 130 interrupted.
TEXT
[ -n "$target" ] || fail "--target http://SERVER/repro is missing (see --help)"
# IIS 4 and 5 speak no TLS that today's libraries would.
[[ $target =~ ^http://(\[[0-9a-fA-F:.]+\]|[^][/:?#@]+)(:([0-9]+))?(/[^?#]*)?$ ]] ||
    fail "--target '$target' is not of the form http://SERVER[:PORT]/PATH"
host=${BASH_REMATCH[1]}
port=${BASH_REMATCH[3]:-80}
authority=$host${BASH_REMATCH[2]}
path=${BASH_REMATCH[4]%/}
target=http://$authority$path
[[ $expect =~ ^(fault|none|auto)$ ]] || fail "--expect is fault, none or auto, not '$expect'"
[[ $wait =~ ^([0-9]{1,6})(s|m)$ ]] || fail "--wait '$wait' is not a time such as 90s or 5m"
wait_s=$((10#${BASH_REMATCH[1]}))
[ "${BASH_REMATCH[2]}" = s ] || wait_s=$((wait_s * 60))

built loadgen loadgen/loadgen

# ask PATH: one request; sets status (000: no HTTP answer in five seconds), server and variant.
ask() {
    local head line
    # HTTP/1.0 has every server close the connection, and -k keeps what hangs from staying.
    # shellcheck disable=SC2016 # expanded by the inner shell
    head=$(timeout -k 1 5 bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" "$3" "$4" >&3 && cat <&3' \
        ask "${host//[][]/}" "$port" "$1" "$authority" 2>/dev/null | tr -d '\0' | sed '/^\r*$/q') || true
    status=000 server='' variant=''
    while IFS= read -r line; do
        line=${line%$'\r'}
        case ${line,,} in
            http/1.[01]\ [0-9][0-9][0-9]*) [ "$status" != 000 ] || status=${line:9:3} ;;
            server:*) server=$(sed 's/^[^:]*:[ \t]*//; s/[ \t]*$//' <<<"$line") ;;
            x-repro-variant:*) variant=$(sed 's/^[^:]*:[ \t]*//; s/[ \t]*$//' <<<"$line") ;;
        esac
    done <<<"$head"
}

# A forwarded port is open before the machine behind it is up, and IIS says 503 until its worker
# process is.
SECONDS=0
while ask "$path/synchronous.dll"; [ "$status" = 000 ] || [ "$status" = 503 ]; do
    said="no HTTP answer"
    [ "$status" = 000 ] || said="status $status"
    [ "$wait_s" -gt 0 ] || fail "$target: $said: is the server up? (--wait 5m waits for one that is booting)" 4
    [ "$SECONDS" -lt "$wait_s" ] || fail "$target: $said within $wait" 4
    [ -n "${waiting-}" ] || echo "regress-iis.sh: waiting for $target, at most $wait" >&2
    waiting=true
    sleep 1
done

answering=$server
case $answering in
    Microsoft-IIS/4.0 | Microsoft-IIS/5.0) known=fault ;;
    Microsoft-IIS/5.1) known=fault ;; # built like 5.0, so likely
    Microsoft-IIS/[6-9].* | Microsoft-IIS/[1-9][0-9].*) known=none ;;
    *) known='' ;;
esac
reason="as --expect says"
if [ "$expect" = auto ]; then
    [ -n "$known" ] || fail "$target: ${answering:-a server that sends no Server header} is no IIS whose behaviour is known; \
say --expect fault or --expect none"
    expect=$known
    reason="by its version"
fi

report=("$target: ${answering:-no Server header}; expected: $expect, $reason")
[ -z "$known" ] || [ "$known" = "$expect" ] || report+=("  (of $answering one expects: $known)")
wrong=''
for name in "${variants[@]}"; do
    ask "$path/$name.dll"
    report+=("$(printf '  %-18s  status %s, variant %s' "$name" "$status" "${variant:-none}")")
    [ -n "$wrong" ] || case $status/$variant in
        2??/"$name") ;;
        2??/) wrong="$name.dll: the answer has no X-Repro-Variant, so it is not the DLL" ;;
        2??/*) wrong="$name.dll: the variant '$variant' answers there" ;;
        *) wrong="$name.dll: status $status: is the package installed, and the DLL allowed to execute?" ;;
    esac
done
printf '%s\n' "${report[@]}"
[ -z "$wrong" ] || fail "$target/$wrong" 4

# In a negative control no variant may reset. If one does all the same, resets of its last threads
# may fall to the next variant, since --settle is a pause after faulty ones only. The exit code is 1
# either way.
claims_of "$([ "$expect" = fault ] && echo faulty || echo fixed)"
length=(--requests "$requests")
[ -z "$block" ] || length=(--block "$block")
[ -z "$rounds" ] || length+=(--rounds "$rounds")
if $dry_run; then output=${output:-results/TIME}; else new_results; fi
command=("$loadgen" regress "${claims[@]}" --connections "$connections" --send-delay "$send_delay"
    "${length[@]}" --output "$output" --junit "$output/junit.xml" --markdown "$output/summary.md" \
    --html "$output/report.html" "${rest[@]}" "$target${query:+?$query}")
if $dry_run; then
    echo "would run: ${command[*]}"
    exit 0
fi
echo
printf '%s\n' "${report[@]}" "  ${command[*]}" >>"$output/target.txt"
code=0
"${command[@]}" || code=$?
[ "$expect" != fault ] || tell_confounder "$output" "${variants[0]}"
if [ "$code" -eq 3 ] && [ "$expect" = fault ]; then
    cat >&2 <<TEXT
regress-iis.sh: if the fault was not shown: on the server, is Application Protection Low (IIS Process)?
  Otherwise the DLLs run in another process, which cannot be seen from here. Then a longer
  --send-delay, more --connections, and install-iis5.cmd --accept-outstanding 4 make it more frequent.
TEXT
fi
echo "files in ${output#"$top/"}"
exit "$code"
