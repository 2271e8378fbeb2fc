"""How checks, lines and publications are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from income.periods import YearMonth
from income.vocabulary import Kind
from interface.formatting import format_number
from reports.figures.base_cells import TO_AUDITED, TO_DUE, TO_RECEIVED
from reports.figures.base_words import line_label
from reports.publications import covering, pledges
from reports.publications.casting import Casting

Said = str | Promise
# What is compared, in the order of the page; every code of a check is one of them.
CHECKS: dict[str, Said] = {
    "board_table": gettext_lazy("The Board's table, received and allotted"),
    "iati_pledge": gettext_lazy("IATI file: pledged (13)"),
    "iati_agreement": gettext_lazy("IATI file: committed (11)"),
    "iati_receipt": gettext_lazy("IATI file: received (1)"),
    "table_to_file": gettext_lazy("From the Board's table to the IATI file"),
    "identifiers": gettext_lazy("Activities that were published before are still there"),
    "ceb_total": gettext_lazy("UN CEB files: total"),
    "ceb_by_contributor": gettext_lazy("UN CEB files: by contributor"),
    "ceb_by_instrument": gettext_lazy("UN CEB files: by grant financing instrument"),
    "ceb_bridge": gettext_lazy("From the bridge to the UN CEB file"),
    "bridge_pledge_agreement": gettext_lazy("Bridge: from pledged to agreed"),
    "bridge_agreement_due": gettext_lazy("Bridge: from agreed to due"),
    "bridge_due_receipt": gettext_lazy("Bridge: from due to received"),
    "bridge_receipt_audited": gettext_lazy("Bridge: from received to audited"),
}
LINES: dict[str, Said] = {
    Kind.PLEDGE: gettext_lazy("Pledged in %(year)s"),
    pledges.NOT_AGREED: gettext_lazy("Pledged in %(year)s and not agreed"),
    pledges.AGREED_LATER: gettext_lazy("Pledged in %(year)s, agreed in later years"),
    pledges.AGREED_BEFORE: gettext_lazy("Pledged in %(year)s, agreed in earlier years"),
    pledges.OTHER_AMOUNT: gettext_lazy("Agreed in %(year)s at another amount than pledged"),
    pledges.OF_EARLIER: gettext_lazy("Agreed in %(year)s, pledged in earlier years"),
    pledges.WITHOUT: gettext_lazy("Agreed in %(year)s without a pledge"),
    covering.TABLE: gettext_lazy("The Board's table: January to %(month)s, in cash"),
    covering.ALLOTTED: gettext_lazy("Allotted from the regular budget, not from donors"),
    covering.NOT_CASH: gettext_lazy("In kind and personnel, January to %(month)s"),
    covering.EARLIER: gettext_lazy("Received before %(year)s"),
    covering.FILE: gettext_lazy("The IATI file: received (1), at the books' rates"),
}


def check_label(code: str) -> str:
    """What a check compares."""
    return str(CHECKS.get(code, code))


def label(code: str, year: int, month: YearMonth) -> str:
    """A basis or line of the bridge, or of the way from table to file."""
    if code in LINES:
        return str(LINES[code]) % {"year": year, "month": month}
    return line_label(code, year, month)


def order() -> tuple[str, ...]:
    """The codes of the bridge, bases and lines, in the order of the table."""
    return (
        Kind.PLEDGE, *pledges.LINES, Kind.AGREEMENT, *TO_DUE, Kind.DUE, *TO_RECEIVED, Kind.RECEIPT,
        *TO_AUDITED, Kind.AUDITED_REVENUE,
    )  # fmt: skip


def headline(casting: Casting) -> str:
    """Whether it casts, in a sentence."""
    count, failing = len(casting.checks), len(casting.failing)
    if casting.problem_count:
        return ngettext(
            "The files break %(count)s rule of the standard: they cannot be published.",
            "The files break %(count)s rules of the standard: they cannot be published.",
            casting.problem_count,
        ) % {"count": format_number(casting.problem_count)}
    if failing:
        return _("%(failing)s of %(count)s comparisons with the books differ: see below.") % {
            "failing": format_number(failing), "count": format_number(count),
        }  # fmt: skip
    if not count:
        return _("Nothing was compared with the books.")
    return _("All %(count)s comparisons with the books are equal, to the cent.") % {
        "count": format_number(count)
    }
