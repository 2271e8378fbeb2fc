"""Feeds as the treasury writes them, and a server on this machine that hands them out."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


def entry(short: str, name: str, currency: str, day: str, rate: str) -> str:
    return (
        f"<UN_OPERATIONAL_RATES><abbrv_name>{short}</abbrv_name><name>{name}</name>"
        f"<f_curr_code>{currency}</f_curr_code><eff_date>{day}</eff_date><rate>{rate}</rate>"
        "</UN_OPERATIONAL_RATES>"
    )


def feed(*entries: str) -> bytes:
    text = "".join(entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<UN_OPERATIONAL_RATES_DATASET>'
        f"{text}</UN_OPERATIONAL_RATES_DATASET>"
    ).encode()


def body(content: bytes, status: int = 200) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def to(address: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.end_headers()

    return answer


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[str]:
    """The address of a server that answers these paths, and 404 to others."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.get(self.path, body(b"", 404))(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
