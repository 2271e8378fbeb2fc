"""The pack's sections in their order: the page and the PDF are both made from them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from interface.tables import Table
from reports.figures.dialogue import Dialogue
from reports.models import DialogueItem, DialogueKind
from reports.tables import dialogue as tables


@dataclass(frozen=True)
class PackItem:
    """One entered item as it is told; `about` names its programme, `url` where evidence stands."""

    title: str
    about: str
    text: str
    evidence: str
    url: str


@dataclass(frozen=True)
class Section:
    """A heading, its tables, the items entered; `empty` is said where a kind of item has none."""

    identifier: str
    title: str
    tables: tuple[Table, ...] = ()
    items: tuple[PackItem, ...] = ()
    lead: str = ""
    empty: str = ""


def sections_of(told: Dialogue) -> tuple[Section, ...]:
    """As paragraph 20 of the strategy lists them."""
    return (
        Section("income", _("Income against targets"), (tables.income_table(told),),
                lead=told.headline),
        _expenditure(told),
        _items(told, DialogueKind.RESULT, "results", _("Results achieved")),
        _items(told, DialogueKind.JOINT_PROGRAMME, "joint",
               _("Joint programmes with partners of the United Nations system")),
        _items(told, DialogueKind.COMPACT, "compact", _("Progress on the Funding Compact"),
               tables.compact_table(told)),
        _items(told, DialogueKind.MEASURE, "gaps", _("Funding gaps and measures on them"),
               tables.gap_table(told)),
    )  # fmt: skip


def _expenditure(told: Dialogue) -> Section:
    if told.is_demonstration and not told.spending.is_any:
        return Section(
            "expenditure", _("Expenditure"),
            empty=_("Real expenditure is not shown in the pack of demonstration books."),
        )  # fmt: skip
    shown = (tables.years_table(told), tables.regions_table(told))
    return Section("expenditure", _("Expenditure"), shown)


def _items(
    told: Dialogue, kind: DialogueKind, identifier: str, title: str, *shown: Table
) -> Section:
    items = tuple(_item(one) for one in told.of_kind(kind))
    return Section(identifier, title, shown, items, empty=told.missing.get(kind.value, ""))


def _item(item: DialogueItem) -> PackItem:
    domain = item.programme.domain if item.programme else None
    about = " · ".join(str(one) for one in (item.programme, domain) if one)
    return PackItem(item.title, about, item.text, item.evidence, item.evidence_url)
