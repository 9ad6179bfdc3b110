# shellcheck shell=bash
# Which Wine runs our Windows programs, and whether it can. To be sourced.

# The first whose threads take their AcceptEx calls along as they exit (May 2022). With an older one
# nothing is ever reset.
wine_needed=7.10

# find_wine: sets $wine to the 64-bit Wine of this system; fails if there is none.
find_wine() {
    local candidate
    for candidate in /usr/lib/wine/wine64 wine64 wine; do
        if wine=$(command -v "$candidate"); then return; fi
    done
    return 1
}

# wine_too_old: whether $wine is older than that; sets $wine_version, such as 8.0.
wine_too_old() {
    wine_version=$("$wine" --version 2>/dev/null) || true
    wine_version=${wine_version#wine-}
    wine_version=${wine_version%%[!0-9.]*}
    [ "$(printf '%s\n' "$wine_needed" "${wine_version:-0}" | sort -V | head -n 1)" != "$wine_needed" ]
}

why_wine_is_too_old() {
    echo "Wine ${wine_version:-without a version} is too old: it does not cancel the calls of a thread that exits, as" \
        "$wine_needed and later do"
}
