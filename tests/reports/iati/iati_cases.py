"""Published states of books, and the files made from them, for the tests of IATI."""

import datetime
import io

from lxml import etree

from income.periods import YearMonth
from reports.iati.checking import problems
from reports.iati.ledger_sums import ledger_sums
from reports.iati.reading import read_back
from reports.iati.writing import write_activities, write_organisation
from reports.models import MonthlyUpdate, UpdateState
from reports.open.state import Published

DECEMBER = YearMonth(2021, 12)
ON_15_JANUARY = datetime.datetime(2022, 1, 15, 9, tzinfo=datetime.UTC)


def published_state(books, month=DECEMBER, *, at=ON_15_JANUARY, sequence=None) -> Published:
    """The books as they stand, as an update of the month would publish them."""
    books.refresh_from_db()
    known = books.sequence if sequence is None else sequence
    update = MonthlyUpdate(
        ledger=books, month=month.key, sequence=known, state=UpdateState.PUBLISHED, published_at=at
    )
    return Published(update)


def activity_file(published) -> bytes:
    file = io.BytesIO()
    write_activities(published, file)
    return file.getvalue()


def organisation_file(published) -> bytes:
    file = io.BytesIO()
    write_organisation(published, file)
    return file.getvalue()


def root_of(content: bytes):
    return etree.fromstring(content)


def activities(published) -> list:
    return root_of(activity_file(published)).findall("iati-activity")


def found_in(content: bytes):
    """The problems of a file."""
    return problems(io.BytesIO(content))


def rules_broken(content: bytes) -> set[str]:
    return {problem.rule for problem in found_in(content)}


def reads_back(published) -> bytes:
    """The file, which is in order and has the ledger's sums."""
    content = activity_file(published)
    assert found_in(content) == []
    assert read_back(io.BytesIO(content)) == ledger_sums(published)
    return content


def attributes(activity, tag, *names):
    """The attributes of each element with the tag, one tuple per element."""
    return [tuple(one.get(name) for name in names) for one in activity.findall(tag)]


def narrative(element, language="en") -> str:
    [text] = [
        one.text
        for one in element.findall("narrative")
        if one.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    ]
    return text
