#!/usr/bin/env python3
"""usage: resetting_clients.py ADDRESS:PORT TARGET COUNT

Clients one after the other that read the first byte of an answer and then end the connection with RST.
"""
import socket
import struct
import sys

address, target, count = sys.argv[1:]
host, port = address.split(":")
for _ in range(int(count)):
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
        client.recv(1)
