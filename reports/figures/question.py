"""What a reader may ask: everything stands in the address, so that it can be shared."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from donors.models import ContributorType, Region
from income.models import Ledger, Programme
from income.narrow import NONE, Narrow
from income.periods import YearMonth
from income.totals import Span, reach
from interface.formatting import Units
from reports.figures.known import known_of
from reports.figures.levels import Level
from reports.figures.provenance import Basis, Known
from reports.figures.refusals import NoBooks, QuestionWrong, ToldElsewhere
from reports.figures.sums import EARMARKED_FUNDS, NON_EARMARKED, REGULAR_BUDGET, kinds_of, months

TOTAL = "TOTAL"
LINES = (TOTAL, REGULAR_BUDGET, NON_EARMARKED, *EARMARKED_FUNDS)
UNITS: tuple[Units, ...] = ("millions", "exact")
__all__ = ["LINES", "TOTAL", "UNITS", "NoBooks", "Question", "QuestionWrong", "parse"]


@dataclass(frozen=True)
class Question:
    """One question to the books. `target_set` is a code, empty for the page's own choice.

    `fund` is the fund of the cumulative line, or TOTAL; `level` that of the donors' rankings.
    `knows_unnamed` is the reader's, not the address's: whether the rankings may name donors that
    wish to stay unnamed; it is part of the question, so an answer is never another reader's.
    `known` is the state of the books that is asked for, None for the present one. `region`,
    `programme` and `group` (a contributor type) are codes of the only money asked for; `years` is
    how many earlier years stand beside.
    `is_kept` says that the answer is stored beside those of other months, as an update's is.
    `span` is what the books hold on this basis, None when they hold nothing; `all_books` are the
    books a reader may choose.
    """

    ledger: Ledger
    basis: Basis
    as_at: YearMonth
    target_set: str = ""
    units: Units = "millions"
    fund: str = TOTAL
    span: Span | None = None
    all_books: tuple[Ledger, ...] = ()
    level: Level = Level.REPORTED
    knows_unnamed: bool = False
    known: Known | None = None
    region: str = ""
    programme: str = ""
    group: str = ""
    years: int = 1
    is_kept: bool = False

    @property
    def narrow(self) -> Narrow:
        """The part of the books that is asked for, and the state they are told in."""
        until = self.known.sequence if self.known else None
        return Narrow(self.region, self.programme, self.group, until)

    @property
    def january(self) -> YearMonth:
        """The first month of the year that the question is about."""
        return YearMonth(self.as_at.year, 1)

    @property
    def choices(self) -> tuple[YearMonth, ...]:
        """The months that can be asked for, newest first; Decembers for audited revenue."""
        if self.span is None:
            return (self.as_at,)
        every = months(YearMonth(self.span[0].year, 1), self.span[1])
        wanted = [m for m in every if m.month == 12 or self.basis is not Basis.AUDITED]
        return tuple(reversed(wanted))

    def query(self, **changes: Any) -> str:
        """The question as the part of an address after `?`, with some parts changed."""
        asked = replace(self, **changes)
        parts = {
            "books": asked.ledger.code,
            "basis": asked.basis.value,
            "as_at": asked.as_at.slug,
            "targets": asked.target_set,
            "units": asked.units,
            "fund": asked.fund if asked.fund != TOTAL else "",
            "level": asked.level.value if asked.level is not Level.REPORTED else "",
            "known": asked.known.asked if asked.known else "",
            "region": asked.region,
            "programme": asked.programme,
            "group": asked.group,
            "years": str(asked.years) if asked.years != 1 else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})


def parse(
    query: Mapping[str, str], *, default_books: str, today: datetime.date,
    knows_unnamed: bool = False,
) -> Question:  # fmt: skip
    """The question in an address. Raises QuestionWrong with a sentence, NoBooks without books.

    Left out: the books of the installation, the basis they hold, their latest month, millions.
    """
    all_books = tuple(Ledger.objects.order_by("code"))
    ledger = _books(query.get("books", ""), all_books, default_books)
    spans = reach(ledger)
    basis = _basis(query.get("basis", ""), spans)
    span = _span(basis, spans)
    if basis.is_promise and not knows_unnamed:
        raise ToldElsewhere(ledger.code, query.get("as_at", "")[:4])
    return Question(
        ledger=ledger,
        basis=basis,
        as_at=_as_at(query.get("as_at", ""), basis, span, today),
        target_set=query.get("targets", ""),
        units=_one_of(query.get("units", ""), UNITS, "units"),
        fund=_one_of(query.get("fund", ""), LINES, "fund"),
        span=span,
        all_books=all_books,
        knows_unnamed=knows_unnamed,
        level=Level(_one_of(query.get("level", ""), tuple(one.value for one in Level), "level")),
        known=known_of(ledger, query.get("known", ""), today),
        region=_code(query, "region", Region.objects.values_list("code", flat=True)),
        programme=_code(query, "programme", Programme.objects.values_list("code", flat=True)),
        group=_code(query, "group", ContributorType.objects.values_list("code", flat=True)),
        years=int(_one_of(query.get("years", ""), tuple("1234"), "years")),
    )


def _code(query: Mapping[str, str], name: str, known: Iterable[str]) -> str:
    """A code that is there, or `none`; nothing is asked of the database for nothing."""
    text = query.get(name, "")
    if text and text != NONE and text not in set(known):
        raise QuestionWrong(
            _("“%(text)s” is not known here. Choose one from the list.") % {"text": text[:40]},
            field=name,
        )
    return text


def _books(code: str, all_books: tuple[Ledger, ...], default: str) -> Ledger:
    if not all_books:
        raise NoBooks()
    by_code = {ledger.code: ledger for ledger in all_books}
    if not code:
        return by_code.get(default) or _first_of(all_books)
    if code not in by_code:
        raise QuestionWrong(
            _("There are no books called “%(code)s”. There are: %(codes)s.")
            % {"code": code[:40], "codes": ", ".join(by_code)},
            field="books",
        )
    return by_code[code]


def _first_of(all_books: tuple[Ledger, ...]) -> Ledger:
    """Those that entries go to where the installation names none that are there: the oldest own."""
    return min(all_books, key=lambda books: (books.is_demonstration, books.pk))


def _basis(text: str, spans: Mapping[str, Span]) -> Basis:
    if text:
        return Basis(_one_of(text, tuple(basis.value for basis in Basis), "basis"))
    has_received = any(kind in spans for kind in kinds_of(Basis.RECEIVED))
    has_audited = any(kind in spans for kind in kinds_of(Basis.AUDITED))
    return Basis.AUDITED if has_audited and not has_received else Basis.RECEIVED


def _span(basis: Basis, spans: Mapping[str, Span]) -> Span | None:
    held = [spans[kind] for kind in kinds_of(basis) if kind in spans]
    if not held:
        return None
    first, last = min(span[0] for span in held), max(span[1] for span in held)
    if basis is Basis.AUDITED:  # known by year: the last month stands for the year
        return YearMonth(first.year, 1), YearMonth(last.year, 12)
    return first, last


def _as_at(text: str, basis: Basis, span: Span | None, today: datetime.date) -> YearMonth:
    if span is None:  # empty books answer every month alike
        return _month_or(text, YearMonth.of(today))
    if not text:  # what falls due can lie ahead
        return min(span[1], max(YearMonth.of(today), span[0])) if basis.is_promise else span[1]
    try:
        asked = YearMonth.parse(text)
    except ValueError:
        raise QuestionWrong(
            _("“%(text)s” is not a month. Write the year and the month, such as 2021-12.")
            % {"text": text[:20]},
            field="as_at",
        ) from None
    if not YearMonth(span[0].year, 1) <= asked <= span[1]:
        raise QuestionWrong(
            _("These books hold %(first)s to %(last)s. Ask for a month between the two.")
            % {"first": span[0], "last": span[1]},
            field="as_at",
        )
    if basis is Basis.AUDITED and asked.month != 12:
        raise QuestionWrong(
            _("Audited revenue is known by year. Ask for December of the year."), field="as_at"
        )
    return asked


def _month_or(text: str, otherwise: YearMonth) -> YearMonth:
    try:
        return YearMonth.parse(text)
    except ValueError:
        return otherwise


def _one_of(text: str, allowed: tuple[Any, ...], field: str) -> Any:
    if not text:
        return allowed[0]
    if text not in allowed:
        raise QuestionWrong(
            _("“%(text)s” cannot be asked here. Choose one of: %(allowed)s.")
            % {"text": text[:20], "allowed": ", ".join(allowed)},
            field=field,
        )
    return text
