"""How each indicator is answered: in words, and by which function where the books can."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from income.periods import YearMonth
from reports.figures.scorecard import delivery, money, programmes, shares
from reports.figures.scorecard.material import Material
from reports.figures.scorecard.readings import Part, Reading

MEASURED = _(
    "Not in the books: a dated measurement with its evidence, entered by one person and approved "
    "by another."
)
MILESTONE = _(
    "A thing done once: its state and day are entered with evidence by one person and approved by "
    "another."
)
ON_TIME = _(
    "Reports submitted on their due date or before ÷ (on time + late + missing), of the reports "
    "that fell due in the year up to the day. Quality is not computed: where the share on time is "
    "whole, the target is met only by an approved measurement of quality."
)


@dataclass(frozen=True)
class Formula:
    """The words, and the function over what was read; none where only measurements answer.

    `beside` gives computed amounts that stand beside a measured value; `needs_quality` says that
    a measurement has to confirm a computed value.
    """

    words: str | Promise
    compute: Callable[[Material, YearMonth], Reading] | None = None
    beside: Callable[[Material, YearMonth], tuple[Part, ...]] | None = None
    needs_quality: bool = False


FORMULAS: dict[str, Formula] = {
    "A1": Formula(
        _("Non-earmarked money since the first year of the period, against the target for all "
          "its years together."),
        money.non_earmarked,
    ),
    "A2": Formula(
        _("Member States whose non-earmarked money of the year so far, less what was paid back, "
          "is above zero."),
        money.core_governments,
    ),
    "B1": Formula(
        _("Flagship programmes for which an agreement was signed, or money came in since the "
          "period began, up to the day."),
        programmes.established,
    ),
    "B2": Formula(
        _("For each flagship programme with money: the donors whose money since the period began "
          "is above zero. The smallest of these numbers is the value."),
        programmes.partners,
    ),
    "B3": Formula(
        _("Investment mobilized by others is not in the books: the smallest of the programmes' "
          "investments is a dated measurement with its evidence. Beside it stands what came in for "
          "each programme, computed: income, not investment."),
        beside=programmes.income_beside,
    ),
    "C1": Formula(
        _("Technical cooperation income from pooled funds (instrument R03A) ÷ all technical "
          "cooperation income of the year so far. None where earmarked money is not split."),
        shares.pooled,
    ),
    "D1": Formula(
        _("Revenue from other activities (instruments R04), which service fees are part of ÷ all "
          "money of the year so far, that revenue included."),
        shares.service_fees,
    ),
    "E1": Formula(MEASURED),
    "E2": Formula(
        _("Money under agreements marked as paid by the country itself ÷ all voluntary money for "
          "the countries on the list of emerging economies in force, of the year so far."),
        shares.raised_within,
    ),
    "F1": Formula(ON_TIME, delivery.reports_on_time, needs_quality=True),
    "F2": Formula(MEASURED),
    "G1": Formula(
        _("Donors of the register that have a focal point in the portal."), delivery.focal_points
    ),
    "H1": Formula(
        _("Voluntary money of private sector donors since the first year of the period; named "
          "donors only."),
        money.corporate,
    ),
    "I1": Formula(
        _("Voluntary money of foundations since the first year of the period; named donors only. "
          "Individuals have no contributor type of their own and are not counted."),
        money.foundations,
    ),
    "J1": Formula(
        _("Not computed: individuals have no contributor type of their own in the books, so their "
          "giving cannot be told from that of others. A dated measurement with its evidence.")
    ),
    "K1": Formula(
        _("Voluntary money of academic donors since the first year of the period; named donors "
          "only. The text names no target."),
        money.academia,
    ),
    "L4": Formula(ON_TIME, delivery.reports_on_time, needs_quality=True),
}  # fmt: skip


def formula_of(code: str, unit: str) -> Formula:
    """That of the code; an indicator the portal does not know is measured."""
    if code in FORMULAS:
        return FORMULAS[code]
    return Formula(MILESTONE if unit == "milestone" else MEASURED)
