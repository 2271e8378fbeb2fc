"""The units of the strategy's indicators in words, and which of them people measure."""

from decimal import Decimal

from django.utils.translation import gettext_lazy, ngettext

from interface.formatting import format_number

UNITS = {
    "usd": gettext_lazy("US$"),
    "percent": gettext_lazy("per cent"),
    "member_states": gettext_lazy("Member States"),
    "programmes": gettext_lazy("programmes"),
    "partners": gettext_lazy("partners"),
    "countries": gettext_lazy("countries"),
    "followers": gettext_lazy("followers"),
    "focal_points": gettext_lazy("focal points"),
    "milestone": gettext_lazy("milestone"),
}
# What the books and registers answer: computed, never typed (reports/figures/scorecard).
COMPUTED = frozenset({"A1", "A2", "B1", "B2", "C1", "D1", "E2", "G1", "H1", "I1", "K1"})


def unit_label(unit: str) -> str:
    """In the reader's language."""
    return str(UNITS.get(unit, unit.replace("_", " ")))


def counted(value: Decimal, unit: str) -> str:
    """A number of `unit` in words, in the plural that the reader's language has for it.

    Each is a sentence of its own: the noun's form follows the number in Russian and Arabic.
    """
    number = round(value)  # counted things are whole
    match unit:
        case "member_states":
            text = ngettext("%(number)s Member State", "%(number)s Member States", number)
        case "programmes":
            text = ngettext("%(number)s programme", "%(number)s programmes", number)
        case "partners":
            text = ngettext("%(number)s partner", "%(number)s partners", number)
        case "countries":
            text = ngettext("%(number)s country", "%(number)s countries", number)
        case "followers":
            text = ngettext("%(number)s follower", "%(number)s followers", number)
        case "focal_points":
            text = ngettext("%(number)s focal point", "%(number)s focal points", number)
        case _:
            return f"{format_number(value)} {unit_label(unit)}"
    return text % {"number": format_number(value)}


def is_measured(code: str) -> bool:
    """Whether people enter measurements of the indicator."""
    return code not in COMPUTED
