"""A mail server on a local socket that does what a test tells it to, and keeps what it accepted."""

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Where a server may refuse or fall silent, with what it says then; "" hangs up without a word.
# Before the message:
GREETING, LOGIN, SENDER, RECIPIENT, DATA = "greeting", "EHLO", "MAIL", "RCPT", "DATA"
# The whole message is there:
CONTENT = "content"
ACCEPTED = (CONTENT, "250 accepted")
LOST = (CONTENT, "")  # accepted, and the answer is lost
LATE = (CONTENT, "late")  # accepted, and the answer waits until `answer` is set


class MailServer(socketserver.ThreadingTCPServer):
    """One step of `course` for each connection, in turn; ACCEPTED when there is none left."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.port = self.server_address[1]
        self.course: list[tuple[str, str]] = []
        self.arrived: list[str] = []
        self.has_arrived, self.answer = threading.Event(), threading.Event()
        self.lock = threading.Lock()

    def next_step(self) -> tuple[str, str]:
        with self.lock:
            return self.course.pop(0) if self.course else ACCEPTED

    def count(self, expected: int) -> int:
        """How many have arrived; waits for the last of those that are expected."""
        until = time.monotonic() + 5
        while len(self.arrived) < expected and time.monotonic() < until:
            time.sleep(0.005)
        return len(self.arrived)

    def keys(self) -> list[str]:
        """The Message-ID of each mail that was accepted."""
        return [re.search(r"^Message-ID: (\S+)", text, re.M)[1] for text in self.arrived]  # type: ignore[index]


class _Dialogue(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        where, words = self.server.next_step()
        answers = {GREETING: "220 ready", "EHLO": "250 hello", "MAIL": "250 yes", "RCPT": "250 yes",
                   DATA: "354 go on", "RSET": "250 yes", "QUIT": "221 bye"}  # fmt: skip
        answers |= {where: words}
        if self._said(answers[GREETING]):
            for line in iter(self.rfile.readline, b""):
                verb = line[:4].decode().upper().strip()
                if not self._said(answers.get(verb, "502 what?")):
                    return
                if verb == DATA and answers[DATA].startswith("354") and not self._taken(answers):
                    return

    def _said(self, words: str) -> bool:
        if words:
            self.wfile.write(f"{words}\r\n".encode())
        return bool(words)

    def _taken(self, answers: dict[str, str]) -> bool:
        """Read the message; refused ones are not kept. Whether the dialogue goes on."""
        text = b"".join(iter(self.rfile.readline, b".\r\n"))
        words = answers.get(CONTENT, ACCEPTED[1])
        if words[:1] not in ("4", "5"):
            with self.server.lock:
                self.server.arrived.append(text.decode())
            self.server.has_arrived.set()
        if words == LATE[1]:
            self.server.answer.wait(30)
            words = ACCEPTED[1]
        return self._said(words)


@contextmanager
def serving() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.answer.set()
            server.shutdown()
            thread.join()
