"""How verdicts on the pace were come to, in sentences."""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from interface.formatting import joined
from reports.figures.pace import Method, Pace


def methods(paces: Mapping[str, Pace]) -> tuple[str, ...]:
    """How the verdicts were come to, by the rows' names: a sentence for each way that was gone."""
    rows: dict[str, list[str]] = {}
    for name, one in paces.items():
        rows.setdefault(_sentence(one), []).append(name)
    said = [
        _("%(rows)s: %(method)s") % {"rows": joined(names, ";"), "method": sentence}
        if len(names) < len(paces)
        else capfirst(sentence)  # true of every row: none is named
        for sentence, names in rows.items()
    ]
    if any(one.method is not Method.NONE for one in paces.values()):
        said.append(
            _(
                "“On schedule” and “near target” are within 10 per cent of what was expected, or "
                "within what earlier years had by the same month."
            )
        )
    return tuple(said)


def _sentence(pace: Pace) -> str:
    if pace.method is Method.SEASON:
        return _(
            "expected by now are the instalments that fell due and, of the rest of the target, "
            "the part of a year’s money that earlier years had by the same month (%(years)s)."
        ) % {"years": joined(str(year) for year in pace.years)}
    if pace.method is Method.PATH:
        return _("expected by now is what the approved monthly path of the target holds.")
    if pace.method is Method.INSTALMENTS:
        sentence = _(
            "expected by now are the instalments that fell due, and the target is not divided by "
            "months."
        )
        return f"{sentence} {pace.why_not}" if pace.why_not else sentence
    if pace.method is Method.YEAR_OVER:
        return _("the year is over, so all of its target was expected by now.")
    return _("cannot be said. %(why)s") % {"why": pace.said}
