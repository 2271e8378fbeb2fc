"""How the three bases and the lines between them are called."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from income.periods import YearMonth
from income.totals import NotConverted
from income.vocabulary import Kind, Reason
from interface.formatting import format_amount, joined
from reports.figures import agreement_lines as agreed
from reports.figures import settlement as settled

COLUMN_LABELS = {
    Kind.AGREEMENT: gettext_lazy("Agreed, at signature"),
    Kind.DUE: gettext_lazy("Due, by instalment"),
    Kind.RECEIPT: gettext_lazy("Received"),
    Kind.CONDITIONAL: gettext_lazy("Conditional, apart"),
    Kind.PLEDGE: gettext_lazy("Pledged, apart"),
}
LABELS = {
    Kind.AGREEMENT: gettext_lazy("Agreed in %(year)s"),
    Kind.DUE: gettext_lazy("Due in %(year)s"),
    Kind.RECEIPT: gettext_lazy("Received in %(year)s, up to %(month)s"),
    Kind.AUDITED_REVENUE: gettext_lazy("Audited revenue of %(year)s"),
    agreed.DUE_IN_LATER: gettext_lazy("Agreed in %(year)s, due in later years"),
    agreed.DUE_IN_EARLIER: gettext_lazy("Agreed in %(year)s, due in earlier years"),
    agreed.OF_EARLIER: gettext_lazy("Due in %(year)s from agreements of earlier years"),
    agreed.OF_LATER: gettext_lazy("Due in %(year)s from agreements of later years"),
    agreed.RESCHEDULED: gettext_lazy("Due in %(year)s by changes of schedule and reductions"),
    agreed.ROUNDING: gettext_lazy("Rounding of conversions, instalment by instalment"),
    agreed.UNSCHEDULED: gettext_lazy("Agreed without instalments of the same amount"),
    settled.NOT_RECEIVED: gettext_lazy("Due up to %(month)s and not received by then"),
    settled.DUE_LATER: gettext_lazy("Due after %(month)s in %(year)s and not received yet"),
    settled.BEFORE: gettext_lazy("Due in %(year)s and received before"),
    settled.EARLIER: gettext_lazy("Received in %(year)s for instalments due in earlier years"),
    settled.LATER: gettext_lazy("Received in %(year)s for instalments due in later years"),
    settled.MORE: gettext_lazy("Received in %(year)s, more than was due"),
    settled.WITHOUT: gettext_lazy("Received in %(year)s without an instalment"),
    settled.DUE_UNCONVERTED: gettext_lazy("Received for instalments that are not converted"),
    settled.PAID_UNCONVERTED: gettext_lazy("Settled by money that is not converted"),
    settled.EXCHANGE: gettext_lazy("Exchange differences between agreed and received"),
    settled.CHARGES: gettext_lazy("Bank charges"),
    agreed.IN_KIND: gettext_lazy("In kind and personnel, in %(year)s"),
    agreed.RECOGNISED_NOW: gettext_lazy("Agreed in %(year)s and not received in it"),
    agreed.RECOGNISED_BEFORE: gettext_lazy("Received in %(year)s, agreed in earlier years"),
    agreed.CONDITIONAL: gettext_lazy("Received in %(year)s under a condition still open"),
    agreed.REMAINDER: gettext_lazy(
        "What is left: revaluation and other differences, not explained by these books"
    ),
}


def line_label(code: str, year: int, month: YearMonth) -> str:
    """The name of a basis or line; one of returned money is called by its reason."""
    words = {"year": year, "month": month}
    if code in LABELS:
        return str(LABELS[code]) % words
    return _("%(reason)s, in %(year)s") % {"reason": Reason(code).label, **words}


def said_of(basis: str, year: int, amount: str) -> str:
    """A sentence with the basis in it, such as the headline's three."""
    sentences = {
        Kind.AGREEMENT: _("Agreed at signature in %(year)s: %(amount)s."),
        Kind.DUE: _("Due in %(year)s: %(amount)s."),
        Kind.RECEIPT: _("Received in %(year)s: %(amount)s."),
    }
    return sentences[Kind(basis)] % {"year": year, "amount": amount}


def not_converted(kind: str, cells: Sequence[NotConverted]) -> str:
    """How many records of a kind have no dollars, and how much they are in their currencies."""
    count = sum(cell.count for cell in cells)
    amounts = joined([format_amount(cell.amount, cell.currency) for cell in cells], ";")
    return ngettext(
        "%(kind)s, not converted for want of a rate: %(count)d record, %(amounts)s.",
        "%(kind)s, not converted for want of a rate: %(count)d records, %(amounts)s.",
        count,
    ) % {"kind": Kind(kind).label, "count": count, "amounts": amounts}
