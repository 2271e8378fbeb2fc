"""A person's browser, as far as these tests need one: cookies, forms, what the page says."""

import http.client
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

CSRF = "c" * 32  # the cookie's secret is the form's token, too
AWAY = (502, 503, 504)
ANSWERS = (200, 302, 409, 422)  # anything else has surfaced
PATIENCE = 180.0  # seconds that somebody tries again while the portal is away


class Away(Exception):
    """The portal did not answer."""


@dataclass
class Answer:
    status: int
    location: str
    text: str
    headers: Mapping[str, str]

    def forms(self, ending: str) -> list[Any]:
        """The forms of the page that are sent to an address with that ending."""
        forms = html.fromstring(self.text).forms if self.text else []
        return [one for one in forms if (one.action or "").split("?")[0].endswith(ending)]

    def form_with(self, name: str) -> Any:
        """The form of the page that has a field of that name; None without one."""
        forms = html.fromstring(self.text).forms if self.text else []
        return next((one for one in forms if name in one.fields), None)

    @property
    def sentence(self) -> str:
        """What the page tells of what went wrong: its notices, or the errors of its form."""
        page = html.fromstring(self.text or "<p></p>")
        told = page.xpath("//*[contains(@class,'notice')]//p | //*[contains(@class,'error')]")
        told = told or page.xpath("//p[@class='lead']")
        return " ".join(" ".join(one.text_content().split()) for one in told)


@dataclass
class Person:
    """Signed in by the session; who is `patient` tries again until the portal answers."""

    base: str
    session: str
    is_patient: bool = False
    language: str = "en"
    surfaced: list[tuple[int, str, str]] = field(default_factory=list)
    tried_again: int = 0

    def __post_init__(self) -> None:
        self.cookies = {"sessionid": self.session, "csrftoken": CSRF}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(lambda: self._send("GET", path, None, headers))

    def post(self, path: str, fields: Any = (), file: tuple[str, bytes] | None = None) -> Answer:
        """Send a form; a file goes by its field `file`."""
        pairs = [*(fields.items() if isinstance(fields, dict) else fields)]
        pairs = [(n, v) for n, v in pairs if n != "csrfmiddlewaretoken"]
        pairs.append(("csrfmiddlewaretoken", CSRF))
        body, kind = _multipart(pairs, file) if file else (urlencode(pairs).encode(), FORM)
        return self._ask(lambda: self._send("POST", path, body, {"Content-Type": kind}))

    def _ask(self, send: Callable[[], Answer]) -> Answer:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = send()
            except (OSError, http.client.HTTPException) as error:
                problem = Away(repr(error))
            else:
                if not (self.is_patient and answer.status in AWAY):
                    return answer
                problem = Away(f"{answer.status} {answer.sentence}")
            if not self.is_patient or time.monotonic() > until:
                raise problem
            self.tried_again += 1
            time.sleep(0.3)

    def _send(self, method: str, path: str, body: bytes | None, more: Mapping[str, str]) -> Answer:
        where = urlsplit(self.base)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Language": self.language, **more}
        try:
            connection.request(method, path, body, headers)
            got = connection.getresponse()
            text = got.read().decode(errors="replace")
        finally:
            connection.close()
        for line in got.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.coded_value
        self.cookies["csrftoken"] = CSRF
        location = got.headers.get("Location", "").removeprefix(self.base)
        answer = Answer(got.status, location, text, dict(got.headers))
        if got.status not in ANSWERS:
            self.surfaced.append((got.status, f"{method} {path}", answer.sentence))
        return answer


FORM = "application/x-www-form-urlencoded"


def _multipart(pairs: list[tuple[str, str]], file: tuple[str, bytes]) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    head = 'Content-Disposition: form-data; name="%s"'
    parts = [f"--{mark}\r\n{head % name}\r\n\r\n{value}\r\n".encode() for name, value in pairs]
    name, content = file
    opening = f'--{mark}\r\n{head % "file"}; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*parts, opening, content, f"\r\n--{mark}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={mark}"


def found(pattern: str, text: str) -> str:
    """The first group of the pattern, or nothing."""
    match = re.search(pattern, text)
    return match[1] if match else ""
