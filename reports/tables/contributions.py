"""A donor's contributions as a table, each with what is still to come of it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from income.vocabulary import ContributionState, Kind
from interface.formatting import NOT_APPLICABLE, format_number
from interface.tables import Cell, Column, Row, Table
from reports.figures.balances import Balance


def balance_table(balances: Iterable[Balance]) -> Table:
    """Contributions with what is still due, each in its own currency."""
    return Table(
        identifier="contributions",
        caption=_("Contributions, those with something still to come first"),
        unit_note=_("each in its own currency"),
        columns=(
            Column(_("Contribution")),
            Column(_("Purpose")),
            Column(_("Fund")),
            Column(_("Currency")),
            Column(_("Pledged or agreed"), is_numeric=True),
            Column(_("Due so far"), is_numeric=True),
            Column(_("Received"), is_numeric=True),
            Column(_("Outstanding"), is_numeric=True),
            Column(_("Falls due later"), is_numeric=True),
        ),
        rows=tuple(_balance_row(balance) for balance in balances),
        empty=_("No pledge or agreement is recorded in these books."),
        footnotes=(
            _(
                "Agreed = received + outstanding + falls due later, unless more arrived than was "
                "agreed. A pledge is not binding: nothing falls due under it."
            ),
        ),
    )


def _balance_row(balance: Balance) -> Row:
    one = balance.contribution
    promised = balance.pledged if balance.agreed is None else balance.agreed
    columns = [promised, balance.due_so_far, balance.received]
    columns += [balance.outstanding, balance.due_later]
    is_binding = balance.agreed is not None
    page, hrefs = reverse("contribution", args=[one.uuid]), balance.hrefs
    promise = Kind.AGREEMENT if is_binding else Kind.PLEDGE
    # What is due, outstanding and later follows from instalments, which stand on its own page.
    opens = [hrefs.get(promise, ""), page, hrefs.get(Kind.RECEIPT, ""), page, page]
    cells = [
        Cell(format_number(amount, digits=one.currency.decimals), href=opens[place])
        if place == 0 or is_binding
        else Cell(NOT_APPLICABLE, is_missing=True)
        for place, amount in enumerate(columns)
    ]
    number = Cell(one.number, href=page)
    is_usual = one.state == ContributionState.SIGNED
    purpose = one.title if is_usual else f"{one.title} · {one.get_state_display()}"
    return Row((number, Cell(purpose), Cell(str(one.fund)), Cell(one.currency_id), *cells))
