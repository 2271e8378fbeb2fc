"""A server on loopback that gives files from the memory, packed as they were put there."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class File:
    """What is sent: its type, and its bytes packed with gzip."""

    content_type: str
    packed: bytes


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: Mapping[str, File] = {}

    def do_GET(self) -> None:
        file = self.files.get(self.path.partition("?")[0])
        if file is None:
            self.send_response(HTTPStatus.NOT_FOUND)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", file.content_type)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(file.packed)))
        self.end_headers()
        self.wfile.write(file.packed)

    def log_message(self, *_words: object) -> None:
        """Nothing: a bench tells what it measured."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a window that closes breaks its connections off."""


@contextmanager
def served(files: Mapping[str, File]) -> Iterator[str]:
    """The address of the server, which ends with the block."""
    handler = type("Handler", (_Handler,), {"files": dict(files)})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
