"""A server that gives up on silent clients, as HAProxy and node do: status 408, and a close.

unasked.py FIRST REST CLOSE: gives up FIRST ms after the connect and REST ms after a response (0: never);
CLOSE is `close` or `stay`. Says where it listens; ends when its standard input does.
"""

import asyncio
import sys

first, rest = (int(milliseconds) / 1000 for milliseconds in sys.argv[1:3])
closes = sys.argv[3] == "close"
GIVES_UP = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 7\r\n\r\ntoo bad"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def serve(reader, writer):
    patience = first
    try:
        while True:
            try:
                await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), patience or None)
            except asyncio.TimeoutError:
                writer.write(GIVES_UP)
                await writer.drain()
                if not closes:
                    await reader.read()  # until the client closes
                return
            writer.write(ANSWER)
            patience = rest
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("listening on 127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
