#!/usr/bin/env python3
"""The clients of accept-probe.exe outside of Wine, which tells its programs of most resets as of an
ordinary close.

usage: clients.py PROGRAM [ARGUMENT...]

Runs `PROGRAM ARGUMENT... --clients 127.0.0.1:PORT`, does what it asks for at that port, and ends with
its exit code. For example, from the top of the checkout:

    repro-extension/tests/accept_probe/clients.py scripts/wine.sh \\
        build/release/windows-x86_64/tests/accept_probe/accept-probe.exe --json wine.json
"""
import socket
import subprocess
import sys
import threading


def see(client, milliseconds):
    client.settimeout(int(milliseconds) / 1000)
    try:
        return "data" if client.recv(1) else "FIN"
    except TimeoutError:
        return "nothing"
    except ConnectionResetError:
        return "RST"


def answer(words, clients):
    """What a line asks for is done with the one client there is."""
    what, *rest = words
    if what == "connect":
        close(clients)
        clients.append(socket.create_connection(("127.0.0.1", int(rest[0])), timeout=20))
        return clients[0].getsockname()[1]
    if what == "send":
        return clients[0].send(b"ping")
    if what == "see":
        return see(clients[0], rest[0])
    close(clients)
    return "closed"


def close(clients):
    while clients:
        clients.pop().close()


def serve(server):
    clients = []
    connection, _ = server.accept()
    with connection, connection.makefile("rw", encoding="ascii", newline="\n") as lines:
        for line in lines:
            try:
                said = answer(line.split(), clients)
            except OSError as error:
                said = f"error {error.errno}"
            print(said, file=lines, flush=True)
    close(clients)


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        return 0 if len(sys.argv) == 2 else 2
    with socket.create_server(("127.0.0.1", 0)) as server:
        # The program may end without a question, so nothing waits for this.
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        return subprocess.run([*sys.argv[1:], "--clients", address], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
