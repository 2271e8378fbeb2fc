"""The sentences that public pages open with, made of their own figures."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.figures.dashboard import Dashboard
from reports.figures.words import dollars, per_cent
from reports.open.giving import GivenList


def income_sentence(answer: Dashboard) -> str:
    """What came, of what was hoped for; nothing of what is expected."""
    progress = answer.funds.total.progress
    if progress.actual_usd is None:
        return _("These books report no total for %(year)s.") % {"year": answer.question.as_at.year}
    words = {"month": answer.question.as_at, "actual": dollars(progress.actual_usd)}
    if progress.percent is None or progress.target_usd is None:
        return _("From January to %(month)s, %(actual)s was received or allotted.") % words
    return _(
        "From January to %(month)s, %(actual)s was received or allotted, %(percent)s of the "
        "%(target)s hoped for."
    ) % {**words, "percent": per_cent(progress.percent), "target": dollars(progress.target_usd)}


def list_sentence(given: GivenList) -> str:
    """How many donors gave, and how much."""
    words = {
        "count": len(given.donors), "year": given.first_year, "amount": dollars(given.all_usd),
    }  # fmt: skip
    return (
        ngettext(
            "Since %(year)s UN-Habitat has received %(amount)s; %(count)d donor is named here.",
            "Since %(year)s UN-Habitat has received %(amount)s; %(count)d donors are named here.",
            len(given.donors),
        )
        % words
    )
