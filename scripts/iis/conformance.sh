#!/usr/bin/env bash
# A real IIS and isapi-host side by side: what an extension gets from each call of the ISAPI.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/built.sh
. "$top/scripts/lib/built.sh"
# shellcheck source=scripts/lib/server.sh
. "$top/scripts/lib/server.sh"
options "$@" <<'TEXT'
usage: scripts/iis/conformance.sh --target http://SERVER/repro [OPTION...]

The package of scripts/iis/package.sh has a conformance.dll. It makes each call of the ISAPI, right
and wrong, and answers with what it got. Starts isapi-host under Wine on a free port, asks each row
of the DLL there and at the target, and prints both answers. A row that differs is marked with *.

An answer here is the status, "kept" if the connection was, the Location of a redirect, and the
body. Most bodies are "ERROR VALUE...": the Win32 error of the call, 0 for none, and what it gave.
Of two servers some rows differ by nature: paths, names, versions.

The last rows are wrong uses, with null pointers too: what a real IIS makes of them nobody knows. So
ask a test server only.

  --target URL     where the DLL is: URL/conformance.dll
  --output FILE    CSV file with the columns row, isapi_host, target, differs
  --preset NAME    build preset (release)
  --no-build       take what is built

On a terminal, answers that are too long for a line are cut.

Exit code: 0 no row differs; 1 some do; 2 bad usage; 4 the target cannot be reached, there is no
conformance.dll, or isapi-host did not start.
TEXT
[ -n "$target" ] || fail "--target http://SERVER/repro is missing (see --help)"
# IIS 4 and 5 speak no TLS that today's libraries would.
[[ $target =~ ^http://(\[[0-9a-fA-F:.]+\]|[^][/:?#@]+)(:[0-9]+)?(/[^?#]*)?$ ]] ||
    fail "--target '$target' is not of the form http://SERVER[:PORT]/PATH"
[ -z "$output" ] || : >>"$output" || fail "cannot write '$output'"

conformance=windows-x86_64/tests/conformance/conformance.dll
built tests windows-x86_64/host/isapi-host.exe "$conformance"
log=$(mktemp)
clean_up() {
    kill_server
    rm -f "$log"
}
trap clean_up EXIT
windows_programs
start_server "${session[@]}" "${wine[@]}" "$tree/windows-x86_64/host/isapi-host.exe" \
    --root "$(dirname "$tree/$conformance")" --port 0 2>"$log" ||
    { cat "$log" >&2; fail "isapi-host did not start" 4; }
# Debian's, whatever else is installed.
python=/usr/bin/python3
[ -x "$python" ] || python=$(command -v python3 || command -v python) || fail "there is no Python 3"
code=0
"$python" -I "$top/scripts/lib/conformance.py" "http://$address/repro" "${target%/}" "$output" || code=$?
stop_server || { cat "$log" >&2; fail "isapi-host did not end well: $server_said" 4; }
exit "$code"
