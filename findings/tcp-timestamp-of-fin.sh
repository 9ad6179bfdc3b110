#!/usr/bin/env bash
# A TCP socket has SO_TIMESTAMPNS: recvmsg() says when the bytes that it reads were received.
#
# Version: Linux 6.18.44, x86_64, over loopback. It is the kernel that runs; none is installed.
# Guess: bytes that came at T carry T, whenever they are read.
# Behaviour: bytes that are read before the peer's FIN comes carry T. Bytes that are read after it
# carry the time of the FIN; so they do after more data, with the time of those. The kernel joins
# what comes to the segment that waits, and keeps the later time.
# Over loopback, this is so only where the bytes were acknowledged before the FIN was sent: to a
# segment that the sender still holds for a repetition, the kernel joins nothing. A new connection
# acknowledges at once; one that goes back and forth does so some 40 ms later. No other link was
# tried.
# Seen:
#   read before the FIN, acknowledged: their own time
#   read after the FIN, acknowledged: the time of the FIN
#   read after the FIN, not acknowledged: their own time
#   read before more data, acknowledged: their own time
#   read after more data, acknowledged: the time of the more data
#   read after more data, not acknowledged: their own time
set -euo pipefail

self=$(realpath "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
if [ "$(uname -s)" != Linux ] || ! command -v python3 >/dev/null; then
    echo 'tcp-timestamp-of-fin.sh: it needs Linux and python3' >&2
    exit 2
fi
cat >timestamps.py <<'PYTHON'
import fcntl
import socket
import struct
import sys
import termios
import time

SO_TIMESTAMPNS = 35  # asm-generic/socket.h; Python 3.11 has no name for it


def connection(used):
    """A client and a server; once they have gone back and forth, acknowledgements are delayed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        client = socket.create_connection(listener.getsockname())
        server = listener.accept()[0]
    server.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(50 if used else 0):
        client.sendall(b"ping")
        server.recv(4)
        server.sendall(b"pong")
        client.recv(4)
    time.sleep(0.05)
    return client, server


def unacknowledged(client):
    return struct.unpack("i", fcntl.ioctl(client, termios.TIOCOUTQ, b"\0" * 4))[0]


def read(server):
    data, ancillary, _, _ = server.recvmsg(5, 256)
    assert data == b"first"
    for level, kind, value in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack("qq", value[:16])
            return seconds * 1_000_000_000 + nanoseconds
    raise AssertionError("the bytes have no time")


def case(when, what, acknowledged):
    client, server = connection(used=not acknowledged)
    with client, server:
        sent = time.time_ns()
        client.sendall(b"first")
        time.sleep(0.005)
        if (unacknowledged(client) == 0) != acknowledged:
            return None
        if when == "before":
            stamp = read(server)
        later = time.time_ns()
        if what == "FIN":
            client.shutdown(socket.SHUT_WR)
        else:
            client.sendall(b"second")
        time.sleep(0.05)
        if when == "after":
            stamp = read(server)
    print(f"{when} {what}: {(stamp - sent) / 1e6:.1f} ms after the send", file=sys.stderr)
    return "their own time" if stamp < later else f"the time of the {what}"


for what in ("FIN", "more data"):
    for when, acknowledged in (("before", True), ("after", True), ("after", False)):
        tries = (case(when, what, acknowledged) for _ in range(20))
        time_of = next(filter(None, tries), "the acknowledgement was never as wanted")
        article = "the " if what == "FIN" else ""
        state = "acknowledged" if acknowledged else "not acknowledged"
        print(f"read {when} {article}{what}, {state}: {time_of}")
PYTHON
uname -srm
python3 timestamps.py >seen || true
cat seen
if ! diff <(sed -n 's/^#   //p' "$self") seen >&2; then
    echo 'changed: another time stands at bytes that are read after what came behind them'
    exit 1
fi
