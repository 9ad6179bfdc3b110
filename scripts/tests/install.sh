#!/usr/bin/env bash
# What cmake --install puts where, and that man and bash find it there.
. "$(dirname "$0")/expect.sh"

root=$scratch/root
share=$root/usr/share
expect 0 'Installing' env DESTDIR="$root" cmake --install "$tree" --prefix /usr
expect_that 'these files are installed, and no others' diff - <(cd "$root" && find . -type f | LC_ALL=C sort) <<'TEXT'
./usr/bin/loadgen
./usr/share/bash-completion/completions/loadgen
./usr/share/doc/loadgen/LICENSE
./usr/share/doc/loadgen/loadgen/README.md
./usr/share/doc/loadgen/results/README.md
./usr/share/man/man1/loadgen.1
TEXT
expect 0 'loadgen 0.' "$root/usr/bin/loadgen" --version
expect_that 'the manual page is that of this program' diff <("$loadgen" --help=man) "$share/man/man1/loadgen.1"
expect_that 'so is the completion' diff <("$loadgen" --help=bash) "$share/bash-completion/completions/loadgen"

if command -v man >/dev/null; then
    expect 0 "$share/man/man1/loadgen.1" man -M "$share/man" -w loadgen
else
    echo 'skipped: no man; the package man-db has it'
fi
if [ -r /usr/share/bash-completion/bash_completion ]; then
    # shellcheck disable=SC2016
    expect 0 'complete -F _loadgen loadgen' env XDG_DATA_DIRS="$share" bash --norc -c '
        . /usr/share/bash-completion/bash_completion; _completion_loader loadgen; complete -p loadgen'
else
    echo 'skipped: no bash-completion; the package of that name has it'
fi

finish
