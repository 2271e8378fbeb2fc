"""Targets, indicators and published figures as the documents print them."""

import shutil
from decimal import Decimal

import pytest

from donors.reference import FIXTURES, TableFileWrong
from targets import reference as tables
from targets.models import (
    AnnualTarget,
    Document,
    Indicator,
    PublishedFigure,
    Scope,
    StrategyPeriod,
    TargetSet,
)


@pytest.fixture
def folder(tmp_path):
    """A copy of the fixtures that a test may spoil."""
    return shutil.copytree(FIXTURES, tmp_path / "fixtures")


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def sentence(folder):
    with pytest.raises(TableFileWrong) as refused:
        tables.load(folder)
    return str(refused.value)


def targets_of(code):
    rows = AnnualTarget.objects.filter(target_set=code)
    return {row.scope_id: row.amount_usd for row in rows}


def test_the_strategy_period_has_four_years(reference):
    period = StrategyPeriod.objects.get(code="2020-2023")
    assert list(period.years) == [2020, 2021, 2022, 2023]
    assert period.names["zh-hans"] == "2020–2023 年战略计划"


def test_documents_that_contradict_each_other_keep_a_set_each(reference):
    assert targets_of("STRATEGY-2020-2023")["FNE"] == Decimal("109200000")
    assert targets_of("RESTATED-2022") == {
        "RB": 60_000_000, "FNE": 41_000_000, "FE": 262_000_000, "TC": 607_000_000,
        "TOTAL": 970_000_000,
    }  # fmt: skip
    assert targets_of("PROGRESS-2021") == {
        "RB": 14_500_000, "FNE": 10_000_000, "FE": 43_300_000, "TC": 152_600_000,
    }  # fmt: skip


def test_a_set_says_what_it_is_and_where_programme_support_stands(reference):
    strategy = TargetSet.objects.get(code="STRATEGY-2020-2023")
    assert (strategy.kind, strategy.programme_support) == ("target", "on_top")
    restated = TargetSet.objects.get(code="RESTATED-2022")
    assert (restated.kind, restated.programme_support) == ("restated_target", "not_stated")
    assert restated.document.names["zh-hans"].startswith("根据联合国人类住区规划署")


def test_a_scope_names_its_funds_and_contributor_types(reference):
    def scope(code):
        row = Scope.objects.get(code=code)
        return (
            set(row.funds.values_list("pk", flat=True)),
            set(row.contributor_types.values_list("pk", flat=True)),
        )

    assert scope("TOTAL") == ({"RB", "FNE", "EARMARKED", "FE", "TC"}, set())
    assert scope("FE_TC") == ({"EARMARKED", "FE", "TC"}, set())
    assert scope("CORPORATE") == ({"FNE", "EARMARKED", "FE", "TC"}, {"C06"})
    assert scope("FNE_RESERVE") == (set(), set())


def test_an_indicator_without_a_target_has_none(reference):
    core, individual = Indicator.objects.get(code="A2"), Indicator.objects.get(code="J1")
    assert (core.target, core.comparison, core.due_year) == (Decimal(100), "exactly", None)
    assert (individual.target, individual.comparison) == (None, "none")
    actions = list(Indicator.objects.values_list("action", flat=True))
    assert actions == sorted(actions)


def test_a_published_figure_says_where_it_is_printed_and_on_what_basis(reference):
    figure = PublishedFigure.objects.get(code="progress-2022-para6-tc-2021")
    assert (figure.value, figure.scope_id, figure.paragraph, figure.basis) == (
        Decimal("131100000"), "TC", "para. 6", "provisional receipts (text)",
    )  # fmt: skip
    assert figure.as_at.isoformat() == "2021-12-31"
    regions = PublishedFigure.objects.filter(measure="allocated_to_region", unit="usd")
    assert {row.region_id: row.value for row in regions} == {
        "AFRICA": 24_900_000, "ARAB": 54_200_000, "ASIA_PACIFIC": 17_700_000,
        "GLOBAL": 24_300_000, "LAC": 800_000, "EUROPE": 680_000,
    }  # fmt: skip


def test_loading_again_gives_the_same_rows(reference):
    def stored():
        return (
            set(AnnualTarget.objects.values_list("pk", "target_set", "scope", "amount_usd")),
            set(Scope.funds.through.objects.values_list("scope", "fund")),
            set(Document.objects.values_list("pk", "note")),
            set(Indicator.objects.values_list("pk", "order")),
        )

    before = stored()
    tables.load()
    assert stored() == before


def test_a_target_that_stands_never_changes(reference, folder):
    spoil(folder, "targets.csv", "2021,2021,5580000,", "2021,2021,5580000.50,")
    with pytest.raises(TableFileWrong, match=r"A revision is a new set\."):
        tables.load(folder)
    assert AnnualTarget.objects.get(target_set="RANGE-2021").amount_usd == Decimal(5580000)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("targets.csv", "STRATEGY-2020-2023,TOTAL,", "STRATEGY-2020-2023,ALL,",
         "line 2: “ALL” in “scope” is not known."),
        ("targets.csv", "STRATEGY-2020-2023,FNE,", "STRATEGY-2020-2023,TOTAL,",
         "line 3: STRATEGY-2020-2023, TOTAL, 2020, 2023 stands on line 2 already."),
        ("targets.csv", ",1100000000,", ",1.1 billion,", "line 2: “1.1 billion” is not a number."),
        ("target_sets.csv", "STRATEGY-2020-2023,strategy-2020-2023,target,",
         "STRATEGY-2020-2023,strategy-2020,target,",
         "line 2: “strategy-2020” in “document” is not known."),
        ("target_sets.csv", ",on_top,", ",above,",
         "line 2: programme_support: Value 'above' is not a valid choice."),
        ("scopes.csv", ",EARMARKED|FE|TC,", ",EARMARKED|FX|TC,",
         "line 7: “FX” in “funds” is not known."),
        ("scopes.csv", ",C06,", ",C66,", "line 10: “C66” in “contributor_types” is not known."),
        ("indicators.csv", "109200000,exactly", "109200000.005,exactly",
         "line 2: 109200000.005 has more than 2 decimals."),
        ("documents.csv", ",2019-09-06,", ",6 September 2019,",
         "line 4: “6 September 2019” is not a date. Dates are written like 2021-12-31."),
        ("published_figures.csv", ",FNE,,2007,", ",FNE,MOON,2007,",
         "line 2: “MOON” in “region” is not known."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_file_and_line(reference, folder, name, old, new, said):
    spoil(folder, name, old, new)
    assert sentence(folder) == f"fixtures/{name}, {said}"


def test_the_version_is_that_of_the_tables_and_changes_with_any_of_them(folder):
    before = tables.reference_version()
    assert tables.reference_version(folder) == before
    assert len(before) == 64
    spoil(folder, "regions.csv", "Arab States", "Arab states")
    tables.reference_version.cache_clear()
    assert tables.reference_version(folder) != before
    tables.reference_version.cache_clear()
    assert tables.reference_version() == before
