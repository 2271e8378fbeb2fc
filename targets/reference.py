"""Loads documents, scopes, targets, indicators and published figures from fixtures/.

Every load may be repeated: rows are inserted or refreshed, never removed.
"""

import functools
import hashlib
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from donors.models import ContributorType, Region
from donors.reference import FIXTURES, Row, codes_of, read_rows, upsert
from income.models import Fund
from targets.models import (
    AnnualTarget,
    Document,
    Indicator,
    PublishedFigure,
    Scope,
    StrategyPeriod,
    TargetSet,
)

# The period of the strategic plan, as United Nations documents word it.
PERIOD = StrategyPeriod(
    code="2020-2023",
    from_year=2020,
    to_year=2023,
    names={
        "en": "Strategic plan 2020–2023",
        "fr": "Plan stratégique 2020-2023",
        "es": "Plan estratégico 2020-2023",
        "ru": "Стратегический план на 2020–2023 годы",
        "ar": "الخطة الاستراتيجية للفترة 2020-2023",
        "zh-hans": "2020–2023 年战略计划",
    },
)


@functools.cache
def reference_version(folder: Path = FIXTURES) -> str:
    """SHA-256 over the reference tables' names and bytes: part of every figure's version.

    Read once per process; new tables come with a new release, and so with a new process.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def load(folder: Path = FIXTURES) -> dict[str, int]:
    """Load everything of this floor; the number of rows by kind. Raises TableFileWrong."""
    return {
        "strategy periods": upsert(StrategyPeriod, [PERIOD]),
        "documents": load_documents(folder),
        "scopes": load_scopes(folder),
        "target sets": load_target_sets(folder),
        "targets": load_targets(folder),
        "indicators": load_indicators(folder),
        "published figures": load_published_figures(folder),
    }


def load_documents(folder: Path) -> int:
    rows = read_rows(folder, "documents.csv", unique=["code"])
    return upsert(
        Document,
        [
            row.checked(
                Document(
                    code=row.text("code"), names=row.names("title"), symbol=row.text("symbol"),
                    dated_on=row.day("dated_on") if row.text("dated_on") else None,
                    url=row.text("url"), note=row.text("note"),
                )
            )
            for row in rows
        ],
    )  # fmt: skip


def load_scopes(folder: Path) -> int:
    rows = read_rows(folder, "scopes.csv", unique=["code"])
    scopes = [
        row.checked(
            Scope(
                code=row.text("code"), names=row.names(), note=row.text("note"),
                order=row.whole("order"),
            )
        )
        for row in rows
    ]  # fmt: skip
    funds, types = codes_of(Fund), codes_of(ContributorType)
    with transaction.atomic():
        upsert(Scope, scopes)
        for row, scope in zip(rows, scopes, strict=True):
            scope.funds.set(Fund.objects.filter(pk__in=_several(row, "funds", funds)))
            scope.contributor_types.set(
                ContributorType.objects.filter(pk__in=_several(row, "contributor_types", types))
            )
    return len(rows)


def _several(row: Row, column: str, codes: set[str]) -> list[str]:
    """Known codes that stand in one cell, separated by a bar."""
    parts = [part for part in row.text(column).split("|") if part]
    for unknown in (part for part in parts if part not in codes):
        raise row.wrong(
            _("“%(value)s” in “%(column)s” is not known.") % {"value": unknown, "column": column}
        )
    return parts


def load_target_sets(folder: Path) -> int:
    documents = codes_of(Document)
    rows = read_rows(folder, "target_sets.csv", unique=["code"])
    return upsert(TargetSet, [row.checked(_target_set(row, documents)) for row in rows])


def _target_set(row: Row, documents: set[str]) -> TargetSet:
    return TargetSet(
        code=row.text("code"), document_id=row.known("document", documents), names=row.names(),
        kind=row.text("kind"), from_year=row.whole("from_year"), to_year=row.whole("to_year"),
        programme_support=row.text("programme_support"), covers=row.text("covers_en"),
        order=row.whole("order"),
    )  # fmt: skip


def load_targets(folder: Path) -> int:
    """Inserts what is not there yet. A target never changes: a revision is a new set.

    Raises TableFileWrong when a row says another amount than the one that is stored.
    """
    rows = read_rows(folder, "targets.csv", unique=["target_set", "scope", "from_year", "to_year"])
    sets, scopes = codes_of(TargetSet), codes_of(Scope)
    there = {_target_key(target): target for target in AnnualTarget.objects.all()}
    new = []
    for row in rows:
        target = row.checked(_target(row, sets, scopes))
        stored = there.get(_target_key(target))
        if stored is None:
            new.append(target)
        elif stored.amount_usd != target.amount_usd:
            raise row.wrong(
                _("The target stands already, with another amount. A revision is a new set.")
            )
    AnnualTarget.objects.bulk_create(new)
    return len(rows)


def _target(row: Row, sets: set[str], scopes: set[str]) -> AnnualTarget:
    return AnnualTarget(
        target_set_id=row.known("target_set", sets), scope_id=row.known("scope", scopes),
        from_year=row.whole("from_year"), to_year=row.whole("to_year"),
        amount_usd=row.decimal("amount_usd", places=2), paragraph=row.text("paragraph"),
        note=row.text("note"),
    )  # fmt: skip


def _target_key(target: AnnualTarget) -> tuple[str, str, int, int]:
    return target.target_set_id, target.scope_id, target.from_year, target.to_year


def load_indicators(folder: Path) -> int:
    rows = read_rows(folder, "indicators.csv", unique=["code"])
    return upsert(
        Indicator,
        [row.checked(_indicator(row, order)) for order, row in enumerate(rows, start=1)],
    )


def _indicator(row: Row, order: int) -> Indicator:
    """In the order of the file, which is that of the strategy's actions A to L."""
    return Indicator(
        code=row.text("code"), period_id=PERIOD.code, action=row.text("action"),
        action_names=row.names("action_name"), names=row.names(),
        target=row.decimal("target", places=2) if row.text("target") else None,
        comparison=row.text("comparison"), unit=row.text("unit"),
        due_year=row.whole("due_year") if row.text("due_year") else None,
        note=row.text("note"), order=order,
    )  # fmt: skip


def load_published_figures(folder: Path) -> int:
    documents, scopes, regions = codes_of(Document), codes_of(Scope), codes_of(Region)
    rows = read_rows(folder, "published_figures.csv", unique=["code"])
    return upsert(
        PublishedFigure,
        [row.checked(_published_figure(row, documents, scopes, regions)) for row in rows],
    )


def _published_figure(
    row: Row, documents: set[str], scopes: set[str], regions: set[str]
) -> PublishedFigure:
    return PublishedFigure(
        code=row.text("code"), document_id=row.known("document", documents),
        paragraph=row.text("paragraph"), measure=row.text("measure"),
        scope_id=row.known_or_none("scope", scopes),
        region_id=row.known_or_none("region", regions), year=row.whole("year"),
        as_at=row.day("as_at") if row.text("as_at") else None,
        value=row.decimal("value", places=2), unit=row.text("unit"), basis=row.text("basis"),
        note=row.text("note_en"),
    )  # fmt: skip
