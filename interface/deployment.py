"""What `manage.py check --deploy` warns of, beyond what Django does."""

from typing import Any

from django.conf import settings
from django.core import checks

# Django's other backends write to the console, a file or the memory, or throw away.
DJANGOS, SENDS = "django.core.mail.backends.", "django.core.mail.backends.smtp.EmailBackend"


@checks.register(checks.Tags.security, deploy=True)
def mail_goes_out(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A portal may be tried without a mail server; invitations and reminders then reach nobody."""
    if settings.EMAIL_BACKEND == SENDS or not settings.EMAIL_BACKEND.startswith(DJANGOS):
        return []
    return [
        checks.Warning(
            "E-mail reaches nobody: it is written where the portal writes its log, or thrown away.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587",
            id="interface.W001",
        )
    ]
