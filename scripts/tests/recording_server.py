#!/usr/bin/env python3
"""usage: recording_server.py FILE

An HTTP server that appends every request to FILE as it came. One in two with "bad" in its path is reset; all others
are answered. It says where it listens, and ends when its stdin does.
"""
import os
import socket
import struct
import sys
import threading

requests = open(sys.argv[1], "ab", buffering=0)
lock = threading.Lock()
bad_ones = 0


def is_whole(request):
    head, end, body = request.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    return True


def serve(client):
    global bad_ones
    with client:
        request = b""
        while not is_whole(request):
            more = client.recv(65536)
            if not more:
                return
            request += more
        with lock:
            requests.write(request + b"\n")
            bad_ones += b"bad" in request.split(b"\r\n")[0]
            resets = b"bad" in request.split(b"\r\n")[0] and bad_ones % 2 == 1
        if resets:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


def accept(listener):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    sys.stdin.read()
    os._exit(0)
