#!/usr/bin/python3 -I
"""Asks each row of conformance.dll at two places, and shows the answers side by side.

usage: conformance.py HOST_URL TARGET_URL [CSV_FILE]
"""
import csv
import http.client
import shutil
import sys
import urllib.parse

PATIENCE_S = 10
# More than the 48 KB that a server reads ahead of the extension.
BODY = b"0123456789" * 6000


class Server:
    def __init__(self, url):
        self.url = url
        parts = urllib.parse.urlsplit(url)
        self._address = parts.hostname, parts.port or 80
        self._path = f"{parts.path}/conformance.dll"

    def _request(self, connection, row):
        if not row.startswith("read"):
            connection.request("GET", f"{self._path}?{row}")
        elif row == "read-chunked":
            connection.request("POST", f"{self._path}?{row}", iter([BODY]), encode_chunked=True,
                               headers={"Transfer-Encoding": "chunked"})
        else:
            connection.request("POST", f"{self._path}?{row}", BODY)
        return connection.getresponse()

    def _kept(self, connection):
        try:
            self._request(connection, "connected").read()
            return True
        except (OSError, http.client.HTTPException):
            return False

    def rows(self):
        """The names of all rows; ends the program where there is no conformance.dll."""
        try:
            connection = http.client.HTTPConnection(*self._address, timeout=PATIENCE_S)
            response = self._request(connection, "list")
            names = response.read().decode("latin-1").split()
        except (OSError, http.client.HTTPException) as error:
            raise Invalid(f"{self.url}: no HTTP answer ({reason(error)}): is the server up?") from error
        if response.status != 200 or response.headers.get("X-Repro-Variant") != "conformance":
            raise Invalid(f"{self.url}/conformance.dll: status {response.status}, and not from that DLL: "
                          "is the package installed, and the DLL allowed to execute?")
        return names

    def answer(self, row):
        connection = http.client.HTTPConnection(*self._address, timeout=PATIENCE_S)
        try:
            response = self._request(connection, row)
            body = response.read().decode("latin-1")
            connection.auto_open = 0
            parts = [str(response.status)]
            if self._kept(connection):
                parts.append("kept")
            parts += [response.headers.get("Location"), visible(body)]
            return " ".join(part for part in parts if part)
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {reason(error)}"
        finally:
            connection.close()


class Invalid(Exception):
    pass


def reason(error):
    if isinstance(error, http.client.RemoteDisconnected): # which is a ConnectionResetError, too
        return "closed"
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "reset"
    if isinstance(error, TimeoutError):
        return f"none in {PATIENCE_S} s"
    if isinstance(error, http.client.IncompleteRead):
        return "closed before its end"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def visible(body):
    names = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "".join(letter if letter.isprintable() else names.get(letter, f"\\x{ord(letter):02x}")
                   for letter in body.strip("\r\n"))


def show(table, titles):
    """The columns are as wide as what is in them, and on a terminal no wider than its line."""
    name = max(len(row) for row, *_ in table)
    widest = max(len(mine) for _, mine, *_ in table)
    room = (shutil.get_terminal_size().columns - name - 7) // 2 if sys.stdout.isatty() else None

    def line(mark, row, mine, other):
        if room is not None:
            mine, other = (text if len(text) <= room else text[: max(room - 3, 0)] + "..." for text in (mine, other))
        print(f"{mark} {row:<{name}}  {mine:<{min(widest, room or 60)}}  {other}".rstrip())

    line(" ", "row", *titles)
    for row, mine, other, differs in table:
        line("*" if differs else " ", row, mine, other)


def write(output, table):
    with open(output, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("row", "isapi_host", "target", "differs"))
        writer.writerows((*texts, "yes" if differs else "no") for *texts, differs in table)


def main():
    host, target = Server(sys.argv[1]), Server(sys.argv[2])
    output = sys.argv[3] if len(sys.argv) > 3 else ""
    try:
        # What only one of the two knows is a row all the same.
        rows = list(dict.fromkeys(host.rows() + target.rows()))
    except Invalid as invalid:
        print(f"conformance.sh: {invalid}", file=sys.stderr)
        return 4
    table = []
    for row in rows:
        mine, other = host.answer(row), target.answer(row)
        table.append((row, mine, other, mine != other))
    show(table, ("isapi-host", target.url))
    try:
        if output:
            write(output, table)
    except OSError as error:
        print(f"conformance.sh: cannot write '{output}': {error.strerror}", file=sys.stderr)
        return 2
    differing = sum(differs for *_, differs in table)
    print(f"\n{len(table)} rows, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
