"""Who opens every address: each role, and of officers and representatives also the stranger."""

import datetime
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from tests import factories
from tests.pages.matrix.table import DONOR, SIGNED_OUT, WRITER, Row, Who

ENDED = datetime.date(2021, 1, 1)
STRANGER, FORMER, ANOTHER_OFFICER = "for Norway", "formerly for Sweden", "another officer"
SHUT_OUT = "shut out"
READERS = (
    *map(str, Role), ANOTHER_OFFICER, STRANGER, FORMER, SHUT_OUT, SIGNED_OUT,
)  # fmt: skip
# Of what is Sweden's alone, nothing is theirs.
OUTSIDERS = (STRANGER, FORMER, SHUT_OUT, SIGNED_OUT)


class Reader(NamedTuple):
    """Somebody at a browser. Sweden's things are `own` to its representative, and what an officer
    wrote to that officer; to everybody of another role own and foreign make no difference."""

    name: str
    role: object
    browser: Client
    is_own: bool = True

    def may(self, who: Who, row: Row) -> bool:
        """Whether one of `who`, and if a relation is asked for, in it."""
        related = {DONOR: Role.REPRESENTATIVE, WRITER: Role.OFFICER}.get(row.of)
        return self.role in who and (self.is_own or self.role != related)


@pytest.fixture
def reader_of(
    cast: dict[str, User], client_of: Callable[[User], Client]
) -> Callable[[str], Reader]:
    """The reader of that name."""

    def made(name: str) -> Reader:
        if name in cast:
            return Reader(name, Role(name), client_of(cast[name]))
        if name == SIGNED_OUT:
            return Reader(name, SIGNED_OUT, Client())
        role = Role.OFFICER if name in (ANOTHER_OFFICER, SHUT_OUT) else Role.REPRESENTATIVE
        user = factories.user(role=role)
        browser = client_of(user)
        if name == SHUT_OUT:  # in an open session
            User.objects.filter(pk=user.pk).update(is_active=False)
            return Reader(name, SIGNED_OUT, browser)
        if name == STRANGER:
            factories.representation(user=user, donor=Donor.objects.get(code="NOR"))
        if name == FORMER:
            own = cast[Role.REPRESENTATIVE].representations.get(donor__code="SWE")
            dates = {"starts_on": own.starts_on, "ends_on": ENDED}
            factories.representation(user=user, donor=own.donor, **dates)
        return Reader(name, role, browser, is_own=False)

    return made
