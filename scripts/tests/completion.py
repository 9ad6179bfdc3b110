"""Types into a bash on a terminal, with the Tab key.

usage: completion.py COMPLETION_SCRIPT
"""
import os
import pty
import re
import select
import sys
import tempfile
import time

CASES = [
    ("loadgen reg\t", "loadgen regress "),
    ("loadgen run --engine=ep\t", "loadgen run --engine=epoll "),
    ("./build/loadgen run --arr\t p\t", "./build/loadgen run --arrivals  poisson "),
    ("loadgen run --html res\t", "loadgen run --html results\\ of\\ today.html "),
    ("loadgen run --html \"res\t", "loadgen run --html \"results of today.html\" "),
    ("loadgen report r\t", "loadgen report runs/"),
    ("loadgen reconcile --events runs/\t", "loadgen reconcile --events runs/events.csv "),
]


class Terminal:
    def __init__(self, folder):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="dumb", INPUTRC="/dev/null", PS1="$ ", COLUMNS="200")
            os.execlp("bash", "bash", "--norc", "--noprofile", "-i")

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def wait_for(self, pattern):
        seen, end = "", time.monotonic() + 20
        while not (found := re.search(pattern, seen)):
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"the terminal shows no {pattern!r}, but {seen!r}")
            seen += os.read(self.fd, 4096).decode()
        return found

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/runs")
        for name in ("results of today.html", "rest", "runs/events.csv"):
            open(f"{folder}/{name}", "w", encoding="ascii").close()
        os.remove(f"{folder}/rest")
        terminal = Terminal(folder)
        terminal.type(f". '{os.path.abspath(sys.argv[1])}'\n")
        # Ctrl-G shows the line as readline has it, and empties it.
        terminal.type("""bind -x '"\\C-g": printf "\\n<%s>\\n" "$READLINE_LINE"; READLINE_LINE=""'; echo rea''dy\n""")
        terminal.wait_for("ready")
        for keys, expected in CASES:
            terminal.type(keys + "\x07")
            line = terminal.wait_for(r"\n<([^\n]*)>\r?\n")[1]
            if line != expected:
                print(f"{keys!r} became {line!r}, not {expected!r}")
                failures += 1
        terminal.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
