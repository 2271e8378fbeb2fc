"""The words of the code stand in docs/vocabulary.md, and the permissions in docs/security.md."""

import re

import pytest
from django.db.models import TextChoices
from django.utils import translation

from accounts.models import Digest, Scope
from accounts.permissions import PERMISSIONS_OF, Permission, Role
from donors.invitation_states import InvitationState
from donors.models import ClearanceState, DocumentKind, EngagementKind, IdentifierScheme
from income import vocabulary
from reports.models import PublicationKind, PublicationState
from targets.models import SupportTreatment, TargetKind
from tests.house import project

DOCUMENT = project.ROOT / "docs" / "vocabulary.md"
SECURITY = project.ROOT / "docs" / "security.md"
HEADER = ["Term", "Meaning", "English", "French", "Spanish", "Russian", "Arabic", "Chinese"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENUMERATIONS = [
    *(
        found
        for found in vars(vocabulary).values()
        if isinstance(found, type) and issubclass(found, TextChoices) and found is not TextChoices
    ),
    Role,
    Digest,
    Scope,
    IdentifierScheme,
    DocumentKind,
    EngagementKind,
    ClearanceState,
    InvitationState,
    TargetKind,
    SupportTreatment,
    PublicationKind,
    PublicationState,
]


def tables(document):
    """Each table as its rows of cells, the header first."""
    blocks = re.findall(r"(?:^\|.*\n)+", document.read_text("utf-8"), re.M)
    return [
        [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in block.splitlines()
            if not re.fullmatch(r"[|\s:-]+", line)
        ]
        for block in blocks
    ]


def terms():
    return [row[0] for table in tables(DOCUMENT) for row in table[1:]]


def test_there_are_two_tables_the_first_in_six_languages():
    headers = [table[0] for table in tables(DOCUMENT)]
    assert headers == [HEADER, HEADER[:2]]


@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda found: found.__name__)
def test_every_label_of_the_code_is_a_term(enumeration):
    with translation.override("en"):
        labels = {str(label) for label in enumeration.labels}
    assert labels - set(terms()) == set()


def test_every_term_stands_once_and_has_a_meaning():
    rows = [row for table in tables(DOCUMENT) for row in table[1:]]
    assert sorted({term for term in terms() if terms().count(term) > 1}) == []
    assert [row[0] for row in rows if not row[1]] == []


def test_every_row_has_a_cell_for_every_language():
    table = tables(DOCUMENT)[0]
    assert [row[0] for row in table if len(row) != len(HEADER)] == []
    assert [row[0] for row in table if not row[2]] == []


def test_each_script_stands_in_its_own_column():
    scripts = {5: r"[\u0400-\u04ff]", 6: r"[\u0600-\u06ff]", 7: CHINESE.pattern}
    wrong = [
        (row[0], HEADER[column])
        for row in tables(DOCUMENT)[0][1:]
        for column, script in scripts.items()
        for place, cell in enumerate(row)
        if bool(re.search(script, cell)) != (place == column and bool(cell))
    ]
    assert wrong == []


def test_the_table_of_permissions_is_that_of_the_code():
    held = {
        value: {role for role in Role.values if value in PERMISSIONS_OF[role]}
        for name, value in vars(Permission).items()
        if name.isupper()
    }
    header, *rows = tables(SECURITY)[0]
    told = {
        row[0].split("`")[1]: {role for role, cell in zip(header[1:], row[1:], strict=True) if cell}
        for row in rows
    }
    assert told == held
