"""Makes a stack of the tests ready, in a process of the stack's own environment.

`python -m tests.stack.people`: tables, reference data, the audited revenue, files of the pages;
officers and reviewers (PEOPLE of each) who are signed in. Their sessions go to people.json.
"""

import json
import os

import django

ROLES = ("officer", "reviewer")


def prepare() -> None:
    """What `prepare_installation` does, without the fonts, which take longest and nobody needs."""
    from django.conf import settings
    from django.core.management import call_command

    from donors.models import Donor
    from habitat_portal.safety import Mode

    for command in ("migrate", "install_triggers"):
        call_command(command, verbosity=0)
    if not Donor.objects.exists():
        call_command("load_reference", verbosity=0)
    call_command("load_history", verbosity=0)
    if settings.PORTAL_MODE is Mode.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)


def sign_in(role: str, number: int) -> str:
    """Open an account, and the session of a person who has signed in: the cookie's value."""
    from django.conf import settings
    from django.test import Client

    from accounts.factors import mark_passed
    from accounts.services import open_account

    email = f"{role}.{number}@example.org"
    person = open_account(email=email, name=f"{role} {number}", role=role, password=None, by=None)
    client = Client()
    client.force_login(person, settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    mark_passed(session, person)
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


if __name__ == "__main__":
    django.setup()
    from django.conf import settings
    from django.db import transaction

    prepare()
    count = int(os.environ.get("PEOPLE", "4"))
    with transaction.atomic():
        people = {role: [sign_in(role, n) for n in range(count)] for role in ROLES}
    (settings.PORTAL_DATA_DIR / "people.json").write_text(json.dumps(people))
