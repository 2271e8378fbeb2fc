"""What the tests of the outbox share: a kind of mail, a mail server, a clock that can be put on."""

import datetime

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from jobs import letters, outbox
from jobs.models import OutgoingMail
from jobs.sending import send_due
from tests.jobs.mail_server import serving

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def written(mail, _now):
    return EmailMessage("A subject", f"About {mail.about}.")


@pytest.fixture
def kind(monkeypatch):
    """Registers a function for mail of the kind `test`, until the test ends."""
    monkeypatch.setattr(letters, "_letters", dict(letters._letters))

    def register(write):
        letters._letters["test"] = letters.Letter("A test", write)
        return write

    register(written)
    return register


@pytest.fixture
def server(settings):
    with serving() as running:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = running.port, 5
        yield running


@pytest.fixture
def mail(kind, officer):
    return outbox.put("test", "one", to=officer)


def row(mail):
    mail.refresh_from_db()
    return (mail.state, mail.reason, mail.attempts, mail.refusals)


def later(**passed):
    """The mail that is due once so much time has passed is sent."""
    return send_due(lambda: timezone.now() + datetime.timedelta(**passed))


def states():
    return sorted(OutgoingMail.objects.values_list("state", flat=True))
