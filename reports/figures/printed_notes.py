"""The notes on printed figures: generated from the comparison, never written by hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from interface.formatting import joined
from reports.figures.printed import Measure, Printed, Unit, last_place, rounds_to
from reports.figures.sums import ZERO
from reports.figures.words import dollars, on_day, per_cent


@dataclass(frozen=True)
class DocumentNotes:
    """What one document prints and the books do not give, or what it contradicts itself in."""

    document: str
    sentences: tuple[str, ...]


def printed_notes(printed: Iterable[Printed]) -> tuple[DocumentNotes, ...]:
    """Per document a sentence for each figure the books do not give, then contradictions."""
    by_document: dict[str, list[Printed]] = defaultdict(list)
    for one in printed:
        by_document[one.document].append(one)
    found = [
        DocumentNotes(
            document, (*_differences(listed), *_wrong_shares(listed), *_conflicts(listed))
        )
        for document, listed in by_document.items()
    ]
    between = DocumentNotes(_("Between documents"), tuple(_between(by_document.values())))
    return tuple(one for one in (*found, between) if one.sentences)


def _differences(listed: Iterable[Printed]) -> list[str]:
    return [
        _(
            "%(paragraph)s prints %(printed)s for %(subject)s (%(basis)s); these books give "
            "%(books)s."
        )
        % {
            "paragraph": capfirst(one.paragraph or _("the document")),
            "printed": one.printed_text,
            "subject": one.subject,
            "basis": _with_day(one),
            "books": one.books_text,
        }
        for one in listed
        if one.agrees is False
    ]


def _with_day(one: Printed) -> str:
    if one.as_at is None:
        return one.basis
    return _("%(basis)s, as at %(day)s") % {"basis": one.basis, "day": on_day(one.as_at)}


def _wrong_shares(listed: Sequence[Printed]) -> list[str]:
    """Percentages that the paragraph's own amount and the document's own target do not make."""
    amounts = {
        (one.paragraph, one.subject, one.as_at): one
        for one in listed
        if one.measure_code == Measure.RECEIVED and one.unit == Unit.USD
    }
    sentences = []
    for share in listed:
        amount = amounts.get((share.paragraph, share.subject, share.as_at))
        if share.measure_code != Measure.SHARE_OF_TARGET or amount is None or not share.target_usd:
            continue
        right = amount.value * 100 / share.target_usd
        if not rounds_to(right, share.value, last_place(share.value)):
            sentences.append(_wrong_share(share, amount, right))
    return sentences


def _wrong_share(share: Printed, amount: Printed, right: Decimal) -> str:
    return _(
        "%(paragraph)s calls %(amount)s for %(subject)s %(printed)s of the target; of the "
        "document's own target of %(target)s it is %(right)s."
    ) % {
        "paragraph": capfirst(share.paragraph),
        "amount": amount.printed_text,
        "subject": share.subject,
        "printed": share.printed_text,
        "target": dollars(share.target_usd or ZERO),
        "right": per_cent(right, 1),
    }


def _about_the_same(listed: Iterable[Printed]) -> list[list[Printed]]:
    """Figures of one thing that have different values, thing by thing."""
    groups: dict[tuple[object, ...], list[Printed]] = defaultdict(list)
    for one in listed:
        groups[one.measure, one.unit, one.subject, one.year, one.as_at].append(one)
    return [group for group in groups.values() if len({one.value for one in group}) > 1]


def _between(documents: Iterable[Sequence[Printed]]) -> list[str]:
    """Where two documents print different values for the same thing."""
    every = [one for listed in documents for one in listed]
    return [
        _("For %(subject)s in %(year)s different values are printed (%(measure)s): %(values)s.")
        % {
            "subject": group[0].subject or _("all funds"),
            "year": group[0].year,
            "measure": group[0].measure,
            "values": joined([f"{one.printed_text} ({one.place})" for one in group], ";"),
        }
        for group in _about_the_same(every)
        if len({one.document for one in group}) > 1
    ]


def _conflicts(listed: Iterable[Printed]) -> list[str]:
    """Where the document prints different values for the same thing."""
    return [
        _("For %(subject)s in %(year)s it prints different values (%(measure)s): %(values)s.")
        % {
            "subject": group[0].subject or _("all funds"),
            "year": group[0].year,
            "measure": group[0].measure,
            "values": joined(
                [f"{one.printed_text} ({one.paragraph or one.basis})" for one in group], ";"
            ),
        }
        for group in _about_the_same(listed)
    ]
