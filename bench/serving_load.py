"""Asks one address again and again over connections that are kept open; prints what came of it.

    python -P bench/serving_load.py PORT ADDRESS SECONDS CONNECTIONS [name:value ...]

`{n}` in the address is another number each time. A process of its own, so that every server is
asked by the same; one thread, sockets and no library.
"""

import itertools
import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

HOST = "127.0.0.1"
WAITS = 30.0  # seconds for an answer that is under way at the end
LEAST = 8  # answers, however long they take


@dataclass
class Asker:
    """One connection and the answer that is under way on it."""

    port: int
    address: str
    numbers: "itertools.count[int]"
    headers: str
    buffer: bytearray = field(default_factory=bytearray)
    begun: float = 0.0
    link: socket.socket | None = None

    def ask(self, selector: selectors.BaseSelector) -> None:
        """Send the request, over a new connection where the server has closed the old one."""
        if self.link is None:
            self.link = socket.create_connection((HOST, self.port), timeout=WAITS)
            self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(self.link, selectors.EVENT_READ, self)
        address = self.address.replace("{n}", str(next(self.numbers)))
        self.buffer.clear()
        self.begun = time.perf_counter()
        head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.headers}\r\n"
        self.link.sendall(head.encode())

    def close(self, selector: selectors.BaseSelector) -> None:
        if self.link is not None:
            selector.unregister(self.link)
            self.link.close()
            self.link = None

    def read(self, selector: selectors.BaseSelector) -> int:
        """The status when the answer is whole, else 0."""
        assert self.link is not None  # noqa: S101  it was readable
        got = self.link.recv(1 << 18)
        self.buffer += got
        head, mark, body = bytes(self.buffer).partition(b"\r\n\r\n") if got else (b"", b"", b"")
        if not mark:
            if not got:
                raise SystemExit("A server closed a connection in the middle of an answer.")
            return 0
        lines = head.decode("latin-1").lower().split("\r\n")
        said = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        status = int(lines[0].split()[1])
        if len(body) < (0 if status == 304 else int(said.get("content-length", "0"))):
            return 0
        if said.get("connection") == "close":
            self.close(selector)
        return status


def main(port: int, address: str, seconds: float, connections: int, headers: list[str]) -> None:
    selector, numbers = selectors.DefaultSelector(), itertools.count(int(time.time() * 1000))
    sent = "".join(f"{one.replace(':', ': ', 1)}\r\n" for one in headers)
    askers = [Asker(port, address, numbers, sent) for _one in range(connections)]
    for one in askers:
        one.ask(selector)
    taken: list[float] = []
    statuses: dict[int, int] = {}
    begun = time.perf_counter()
    under_way = connections
    ended = 0.0
    while under_way:
        for key, _events in selector.select(timeout=WAITS):
            asker: Asker = key.data
            if not (status := asker.read(selector)):
                continue
            now = time.perf_counter()
            if now - begun < seconds or len(taken) < LEAST:
                taken.append(now - asker.begun)
                statuses[status] = statuses.get(status, 0) + 1
                ended = now - begun
                asker.ask(selector)
            else:  # answered, as those that were under way; not counted
                asker.close(selector)
                under_way -= 1
    told = {"seconds": max(ended, seconds), "statuses": statuses, "taken": sorted(taken)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
