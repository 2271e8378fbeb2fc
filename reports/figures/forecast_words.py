"""What a forecast says of itself: why there is none, how it was made, and what is not in it."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interface.formatting import joined
from reports.figures.coming import Coming
from reports.figures.provenance import Basis
from reports.figures.question import Question
from reports.figures.words import per_cent


def why_not(question: Question) -> str:
    """Why nothing is forecast; empty where something is."""
    if question.basis is Basis.AUDITED:
        return _("Nothing is forecast of audited revenue, which is known when a year is over.")
    if question.basis.is_promise:
        return _("A forecast is of money that comes in; promises are a part of it, not its end.")
    if question.narrow.is_part:
        return _(
            "A forecast is made of all the money: for one region, programme or kind of donor too "
            "little is known ahead."
        )
    if question.known is not None:
        return _(
            "No forecast is made of an earlier state of the books: what was expected then is not "
            "kept."
        )
    if question.span is None:
        return _("The books are empty: there is nothing to make a forecast from.")
    if question.as_at.month == 12:
        return _("The year is over: what it brought stands beside what was forecast at mid-year.")
    return ""


def notes(
    coming: Coming, left_out: Iterable[str], seasons: Mapping[str, str], bare: Sequence[str]
) -> tuple[str, ...]:
    """How the band was made, and what is not in it; `bare` names the funds with nothing ahead."""
    return tuple(
        filter(
            None,
            [
                _(
                    "What is known: received so far, and the instalments of signed agreements that "
                    "are overdue or still to fall due; the middle adds prospects by their "
                    "probability, the high adds all of them, the low adds none."
                ),
                _punctual(coming),
                *_by_season(coming, seasons),
                _prospects(coming),
                _bare(bare),
                _left_out(left_out),
                _("The total adds up the funds: low to low, middle to middle, high to high."),
            ],
        )
    )


def _punctual(coming: Coming) -> str:
    if coming.punctual is None:
        return _(
            "How much of the money due comes in time is not known from these books, so the low "
            "counts all instalments."
        )
    return _(
        "The low counts %(percent)s of the instalments: so much of the money due in earlier years "
        "came by the end of its year."
    ) % {"percent": per_cent(coming.punctual * 100)}


def _by_season(coming: Coming, seasons: Mapping[str, str]) -> Iterable[str]:
    funds = {fund for fund, _month in coming.past.by_fund} - set(seasons)
    if funds:
        yield _(
            "By season: received so far, divided by the part of a year’s money that earlier years "
            "had by the same month. Where both ways can be gone, the low is the lower, the high "
            "the higher, and the middle lies half-way between."
        )
    yield from dict.fromkeys(seasons.values())


def _prospects(coming: Coming) -> str:
    if coming.is_hindsight:
        return _(
            "The books go on after this month. What was hoped for then is not known any more, so "
            "no prospect is counted."
        )
    if not (coming.unconverted and coming.sees_promises):  # the Board is told of no prospect
        return ""
    return ngettext(
        "%(count)d prospect is in a currency without a rate in force and is not counted.",
        "%(count)d prospects are in currencies without a rate in force and are not counted.",
        coming.unconverted,
    ) % {"count": coming.unconverted}


def _bare(names: Sequence[str]) -> str:
    if not names:
        return ""
    funds = joined(names, ";")
    return _("Nothing but what has come is known of: %(funds)s.") % {"funds": funds}


def _left_out(funds: Iterable[str]) -> str:
    if not set(funds):
        return ""
    return _(
        "Of some funds, instalments or prospects are left out: their sum could give away what a "
        "single donor promised."
    )
