"""Every page of the portal, from its own list of addresses, and who opens it in the demonstration.

An address that test_every_address declares is a page here, unless it is named in NO_PAGE: a new
page is visited without anybody thinking of it. `python -m tests.browser.addresses`, run on a
demonstration that is not served yet, adds the rows that it has none of and prints what there is to
visit.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from accounts.permissions import Role

# A route that ends like a file's name is one.
FILE = re.compile(r"\.\w+$")
# Other files, parts of pages, and answers to programs: nothing that a person reads in a browser.
NO_PAGE = {
    "account_login", "mfa_authenticate", "mfa_login_webauthn",
    # They lead on who has no factor.
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "conversion", "donor_document", "donor_similar", "healthz", "import_file", "my_document",
    "metrics", "readyz", "report_file", "session", "update_file", "publication_file",
}  # fmt: skip
# What no role of the demonstration may open, or only in the middle of something.
NOT_IN_THE_DEMONSTRATION = {
    "password": "the passwords of a demonstration are public and stay as they are",
    "mfa_generate_recovery_codes": "its accounts have no factor; tests/accounts looks at the rest",
    "import_undo": "no import of it is posted; test_journeys_imports posts one",
    "invitation_accept": "leads on to a form once, with the secret of an e-mail",
}
WITH_LANGUAGE = {"open_donors", "open_updates"}
ORDER = (Role.BOARD, Role.OFFICER, Role.REVIEWER, Role.REPRESENTATIVE, Role.ADMINISTRATOR)
# Pages that differ by who opens them, or by what is asked: name -> (role, address).
MORE: dict[str, tuple[str, str]] = {
    **{f"home of {role}": (role, "/") for role in (*ORDER[1:],)},
    "dashboard of 2021": (Role.BOARD, "/board/?books=DEMO&as_at=2021-12"),
    "dashboard of the audited books": (Role.BOARD, "/board/?books=UNH"),
    "dialogue of 2021": (Role.BOARD, "/dialogue/?books=DEMO&as_at=2021-12"),
    "entries behind a figure": (
        Role.BOARD, "/income/entries/?books=DEMO&kind=receipt&fund=FNE&from=2021-01&to=2021-12",
    ),
    "donor of its own": (Role.REPRESENTATIVE, "/donors/SWE/"),
    "reports of one's own donor": (Role.REPRESENTATIVE, "/reports/donors/SWE/"),
    "receipt of a donor": (Role.OFFICER, "/income/receipts/new/?donor=SWE"),
    "public page of a donor": ("", "/en/donors/SWE/"),
    "public income of an earlier year": ("", "/en/income/?year=2020"),
    "nothing found": (Role.OFFICER, "/donors/?q=zzzz"),
    "month to close": (Role.REVIEWER, "/income/months/DEMO/2022-12/"),
    "calendar of a full month": (Role.OFFICER, "/income/calendar/?month=2022-12"),
    "page of the API": (Role.BOARD, "/api/v1/docs/"),
}  # fmt: skip


class Visit(NamedTuple):
    """A page, who opens it (empty: nobody signed in), and where."""

    name: str
    role: str
    address: str


def pages() -> dict[str, tuple[str, str]]:
    """Name -> (who opens it first, route) of every page."""
    from tests.pages.test_every_address import ADDRESSES, MAY_GET, SIGNED_OUT

    found = {}
    for name, route in ADDRESSES:
        who = MAY_GET[name]
        if not who or FILE.search(route) or name in {*NO_PAGE, *NOT_IN_THE_DEMONSTRATION}:
            continue
        first = "" if SIGNED_OUT in who else next(role for role in ORDER if role in who)
        # Public pages: the address without a language leads to the visitor's, unless another page
        # has it.
        kept = route if name in WITH_LANGUAGE else route.removeprefix("en/")
        found[name] = (first, f"/{kept}")
    return found


def visits() -> Iterator[Visit]:
    """Every page with its address in this demonstration; raises KeyError for one without rows."""
    from tests.browser.rows import fillings

    rows = fillings()
    for name, (role, route) in pages().items():
        filled = re.sub(r"<\w+:(\w+)>", lambda part, n=name: _value(rows, n, part[1]), route)
        yield Visit(name, role, filled)
    for name, (role, address) in MORE.items():
        yield Visit(name, role, address)


def _value(rows: dict[str, dict[str, str]], name: str, part: str) -> str:
    common = {"books": "DEMO", "month": "2022-01", "code": "SWE", "year": "2022"}
    return rows.get(name, {}).get(part) or common[part]


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(list(visits())))
