# shellcheck shell=bash
# Another cause of resets on IIS 4 and 5 than the thread's exit. To be sourced.

# cells FILE LABEL 1|0 CAUSE...: how many attempts of that label (1), or of all others (0), ended by one
# of the causes, by an outcomes.csv. No field of these columns has a comma.
cells() {
    awk -F, -v label="$2" -v equal="$3" -v causes=" ${*:4} " '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        (($at["label"] == label) == equal) && index(causes, " " $at["cause"] " ") { sum += $at["count"] }
        END { print sum + 0 }' "$1"
}

# tell_confounder FOLDER FAULTY: what a run against a faulty IIS says of Q229814, if it says anything.
# Running out of sockets and backlog is no affair of the extension's, so it hits the fixed variants too.
tell_confounder() {
    local outcomes=$1/outcomes.csv faulty fixed refused
    [ -s "$outcomes" ] || return 0
    faulty=$(cells "$outcomes" "$2" 1 reset broken_pipe aborted)
    fixed=$(cells "$outcomes" "$2" 0 reset broken_pipe aborted)
    refused=$(($(cells "$outcomes" "$2" 1 refused) + $(cells "$outcomes" "$2" 0 refused)))
    [ $((faulty + fixed + refused)) -gt 0 ] || return 0
    echo
    echo "IIS 4 and 5 also reset clients at once when they run out of pending sockets and backlog (Q229814), whatever the extension."
    if [ $((fixed + refused)) -eq 0 ]; then
        echo "Not seen here: under the same load the fixed variants had no reset, and nobody was refused. It could still be behind"
        echo "some of the $faulty resets of $2; install-iis5.cmd --listen-backlog 500 rules it out."
    else
        echo "It may be so here: the fixed variants had $fixed resets, and $refused connections were refused. Before the thread is blamed,"
        echo "install with install-iis5.cmd --listen-backlog 500, and run this again."
    fi
}
