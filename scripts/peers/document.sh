# shellcheck shell=bash
# The verdicts, and the Markdown document with them. Sourced by scripts/peers.sh, whose fresh,
# reused, ended, report and verdict are keyed by TOOL/MODE/FAULT.
# shellcheck disable=SC2086,SC2154 # lists of words; these and the settings are set there

title_of() { if [ "$1" = close ]; then echo 'A connection per request'; else echo 'Kept connections'; fi; }
row_name() { echo "${1/-/ -}"; }

version_of() {
    local package
    case $1 in
        loadgen) "$loadgen" --version | head -n 1 ;;
        autocannon) "$autocannon" --version | paste -sd ' ' ;;
        *)
            package=${package_of[${1%%-*}]}
            echo "${1%%-*}: $(dpkg-query --show --showformat='Debian package ${Package} ${Version}' "$package" 2>/dev/null ||
                echo 'version unknown')" ;;
    esac
}

# The command as a user would type it.
command_line() {
    local word line=
    for word in "${command[@]}"; do
        word=${word##*/}
        [[ $word = *' '* ]] && word="'$word'"
        line+=" $word"
    done
    echo "${line# }"
}

# The cell of a table: what was injected -> what was reported, kinds that are 0 left out.
cell() {
    local injected=$((${fresh[$1]:-0} + ${reused[$1]:-0}))
    [[ $1 != */keep-alive/* ]] || injected="${fresh[$1]:-0}+${reused[$1]:-0}"
    case ${ended[$1]} in
        without) echo - ;;
        hung) echo "$injected -> hung, killed after $limit s" ;;
        stopped) echo "$injected -> stopped: ${report[$1]}" ;;
        reported)
            awk -F'\t' -v "injected=$injected" '
                $2 ~ /^=/ { total = substr($2, 2) " " $1; next }
                $1 > 0 { kinds = kinds (kinds ? ", " : "") $2 " " $1 }
                END { print injected " -> " (!total ? (kinds ? kinds : "0 errors") : total (kinds ? " (" kinds ")" : "")) }
            ' <<<"${report[$1]}" ;;
    esac
}

# The verdict on a cell, by its numbers alone; the document says what each means.
judge() {
    local tool mode fault other others=
    IFS=/ read -r tool mode fault <<<"$1"
    if [ "${ended[$1]}" != reported ]; then
        echo "${ended[$1]}"
        return
    fi
    for other in ${faults[$mode]}; do # of the other kind: closes for a reset, resets for a close
        if [ "${other%%-*}" != "${fault%%-*}" ] && [ "${ended[$tool/$mode/$other]}" = reported ]; then
            others+=${report[$tool/$mode/$other]}$'\n'
        fi
    done
    awk -F'\t' -v "injected=$((fresh[$1] + reused[$1]))" '
        FNR == NR { if ($1 > 0) elsewhere[$2] = 1; next }
        $2 ~ /^=/ { total = $1; has_total = 1; next }
        { sum += $1; if (!($2 in elsewhere)) telling += $1 }
        END {
            if (!has_total) total = sum
            if (total + sum == 0) print "silent"
            else if (total != injected) print "miscounted"
            else print telling == injected ? "exact" : "not told apart"
        }' <(echo "$others") <(echo "${report[$1]}")
}

# Stricter, for loadgen: each fault in the very cell of cause and phase that fault-server asks for.
loadgen_in_its_cells() {
    local cell expected
    cell=$("$fault_server" --help | awk -v "fault=${1##*/}" '$1 == fault { print $2 " in " $4 }')
    expected=$(printf '%s\t%s\n' "${fresh[$1]}" "$cell" "${reused[$1]}" "${cell/await/reuse}" |
        awk -F'\t' '{ sum[$2] += $1 } END { for (cell in sum) if (sum[cell] > 0) print sum[cell] "\t" cell }' | sort)
    [ -n "$expected" ] && [ "$(grep -v $'^0\t' <<<"${report[$1]}" | sort)" = "$expected" ]
}

# `VERDICT COUNT` for the cells of a row, or the word alone when it is the same in all.
verdicts_of_row() {
    for fault in ${faults[$2]}; do echo "${verdict[$1/$2/$fault]}"; done | awk '
        $0 == "without" { next }
        !n[$0]++ { order[++kinds] = $0 }
        END { for (i = 1; i <= kinds; i++) printf "%s%s", (i > 1 ? ", " : ""), order[i] (kinds > 1 ? " " n[order[i]] : "")
              print kinds ? "" : "-" }'
}

table() {
    local mode=$1 fault
    printf '## %s\n\n| tool |' "$(title_of "$mode")"
    printf ' %s |' ${faults[$mode]} verdict
    printf '\n|---|'
    printf -- '---|%.0s' ${faults[$mode]} verdict
    echo
    for tool in "${chosen[@]}"; do
        printf '| %s |' "$(row_name "$tool")"
        for fault in ${faults[$mode]}; do printf ' %s |' "$(cell "$tool/$mode/$fault")"; done
        printf ' %s |\n' "$(verdicts_of_row "$tool" "$mode")"
    done
    echo
}

# A line per tool: which verdict in which scenarios.
in_words() {
    local mode fault
    for mode in "${modes[@]}"; do
        for fault in ${faults[$mode]}; do
            printf '%s\t%s\t%s\n' "$(title_of "$mode")" "${verdict[$1/$mode/$fault]}" "$fault"
        done
    done | awk -F'\t' -v "line=- $(row_name "$1")." '
        function flush(i) {
            for (i = 1; i <= kinds; i++)
                line = line (i > 1 ? ";" : " " mode ":") " " order[i] " in " (kinds > 1 ? list[order[i]] : "all " n)
            if (kinds) line = line "."
            kinds = n = 0; delete list
        }
        $1 != mode { flush(); mode = $1 }
        $2 == "without" { next }
        { if (!($2 in list)) order[++kinds] = $2
          list[$2] = list[$2] (list[$2] ? ", " : "") $3; n++ }
        END { flush(); print line }'
}

document() {
    local tool mode command
    cat <<TEXT
# What load generators report when a server fails them

Made by \`scripts/peers.sh\` on $(date -u '+%Y-%m-%d'): $(. /etc/os-release; echo "$PRETTY_NAME"), $(nproc) cores,
loopback, one tool at a time. Every run had a fault-server of its own, which failed every ${every}th of its
first $requests requests in the way that heads the column; $connections connections.

A cell is injected -> reported, in the tool's own words and numbers. Kinds of failure that it counted 0
times are left out. On kept connections the injected ones are given as new+reused: on a connection's
first request, and on later ones. Fewer than $((requests / every)) are injected where the tool sent fewer
requests. Exit codes are given where there was no report. What depends on timing differs from run to run.

| verdict | it means |
|---|---|
| exact | the failures add up to the number injected, and so do those under names that the tool gives to resets only (in a close's column: to closes only) |
| not told apart | the failures add up to the number injected; by their names they may be resets or closes |
| miscounted | failures are reported, but more or fewer than were injected |
| silent | no failure is reported |
| stopped | the tool ended without a report |
| hung | the tool still ran after $limit s and was killed |

A total such as \`failed\` counts as the sum, not as a name.

TEXT
    for mode in "${modes[@]}"; do table "$mode"; done
    printf '## By tool\n\n'
    for tool in "${chosen[@]}"; do in_words "$tool"; done
    [ ${#missing[@]} -eq 0 ] || printf '\nNot installed: %s.\n' "${missing[*]}"
    printf '\n## Versions and command lines\n\n'
    for tool in "${chosen[@]}"; do version_of "$tool"; done | sort -u | sed 's/^/- /'
    printf '\n```\n'
    for tool in "${chosen[@]}"; do
        for mode in "${modes[@]}"; do
            if command_of "$tool" "$mode"; then command_line; fi
        done
    done
    echo '```'
    [[ " ${chosen[*]} " != *' siege '* ]] || printf '\nThe siegerc files say connection = close and connection = keep-alive.\n'
}
