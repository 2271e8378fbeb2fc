"""The units of the strategy's indicators in words, and which of them people measure."""

from django.utils.translation import gettext_lazy

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


def is_measured(code: str) -> bool:
    """Whether people enter measurements of the indicator."""
    return code not in COMPUTED
