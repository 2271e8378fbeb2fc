"""The reference tables of donors, and the reader of such tables."""

import csv
import shutil

import pytest
from django.core.management import CommandError, call_command

from donors import reference as tables
from donors.models import Area, Donor, DonorName, NameKind, Region
from donors.names import in_language
from donors.reference import FIXTURES, TableFileWrong, read_table
from income import reference as income_tables
from income.models import Currency, ExchangeRate, Fund, Ledger, Programme

SIX = {"en", "fr", "es", "ru", "ar", "zh-hans"}


@pytest.fixture
def folder(tmp_path):
    """A copy of the fixtures that a test may spoil."""
    return shutil.copytree(FIXTURES, tmp_path / "fixtures")


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def line_of(folder, name, start):
    lines = (folder / name).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


def sentence(load, folder):
    with pytest.raises(TableFileWrong) as refused:
        load(folder)
    return str(refused.value)


# What stands in the tables


def test_a_state_has_its_names_in_six_languages_and_a_reader_gets_theirs(reference):
    sweden = Donor.objects.get(code="SWE")
    assert set(sweden.names) == SIX
    shown = {code: in_language(sweden.names, code) for code in ("fr", "zh-hans", "ru", "de")}
    assert shown == {"fr": "Suède", "zh-hans": "瑞典", "ru": "Швеция", "de": "Sweden"}


def test_names_nobody_published_are_left_out_and_english_stands_in(reference):
    bank = Donor.objects.get(code="KFW")
    assert bank.names == {"en": "KfW", "zh-hans": "德国复兴信贷银行"}
    assert in_language(bank.names, "ru") == "KfW"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("suede", "SWE"),
        ("瑞典", "SWE"),
        ("السويد", "SWE"),
        ("the kingdom of sweden", "SWE"),
        ("SE", "SWE"),
        ("Turkey", "TUR"),
        ("Czech Republic", "CZE"),
        ("OCHA", "UN_OCHA"),
        ("Kreditanstalt fur Wiederaufbau", "KFW"),
        ("STATE OF PALESTINE", "PSE"),
    ],
)
def test_a_donor_is_found_by_any_name_alias_or_code(reference, text, code):
    assert [donor.code for donor in Donor.objects.called(text)] == [code]


def test_a_bank_is_a_part_of_its_country_but_not_found_by_the_names_of_the_country(reference):
    assert Donor.objects.get(code="KFW").parent.code == "DEU"
    assert [donor.code for donor in Donor.objects.called("Germany")] == ["DEU"]


def test_there_are_193_member_states_and_two_observers(reference):
    assert Donor.objects.filter(is_member_state=True).count() == 193
    assert Area.objects.filter(un_status="member").count() == 193
    assert sorted(
        Donor.objects.filter(area__un_status="observer").values_list("code", flat=True)
    ) == ["PSE", "VAT"]


def test_an_area_says_on_what_its_region_rests(reference):
    jordan, kenya, canada = (Area.objects.get(iso3=iso3) for iso3 in ("JOR", "KEN", "CAN"))
    assert (jordan.region_id, jordan.region_basis) == ("ARAB", "published")
    assert (kenya.region_id, kenya.region_basis) == ("AFRICA", "derived")
    assert (canada.region_id, canada.region_basis) == (None, "")
    assert Area.objects.get(iso2="NA").iso3 == "NAM"  # not taken for an empty cell


def test_regions_stand_in_the_order_of_the_report(reference):
    assert list(Region.objects.values_list("code", flat=True)) == [
        "AFRICA", "ARAB", "ASIA_PACIFIC", "GLOBAL", "LAC", "EUROPE",
    ]  # fmt: skip


def test_every_row_of_every_table_names_a_source_that_is_described():
    def rows(path):
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    described = {row["code"] for row in rows(FIXTURES / "sources.csv")}
    named = {
        (path.name, row.get("source", ""))
        for path in FIXTURES.glob("*.csv")
        if path.name != "sources.csv"
        for row in rows(path)
    }
    assert {(name, source) for name, source in named if source not in described} == set()


def test_funds_make_a_tree_and_programme_support_is_a_share(reference):
    assert dict(Fund.objects.values_list("code", "parent")) == {
        "CORE": None, "RB": "CORE", "FNE": "CORE", "EARMARKED": None, "FE": "EARMARKED",
        "TC": "EARMARKED", "PS": None, "OTHER": None,
    }  # fmt: skip
    assert [fund.code for fund in Fund.objects.filter(is_share=True)] == ["PS"]
    assert {fund.code for fund in Fund.objects.filter(is_core=True)} == {"RB", "FNE"}


def test_currencies_have_the_decimals_iso_gives_and_gold_is_none(reference):
    decimals = dict(Currency.objects.values_list("code", "decimals"))
    assert [decimals[code] for code in ("USD", "JPY", "KWD")] == [2, 0, 3]
    assert decimals.keys().isdisjoint({"XAU", "XXX", "XTS", "XDR"})


def test_the_real_books_are_there_and_are_no_demonstration(reference):
    books = Ledger.objects.get(code="UNH")
    assert (books.name, books.is_demonstration) == (
        "United Nations Human Settlements Programme (UN-Habitat)",
        False,
    )


# Loading again


def test_loading_again_gives_the_same_rows_with_the_same_identity(reference):
    def stored():
        return (
            dict(Donor.objects.values_list("code", "uuid")),
            set(DonorName.objects.values_list("pk", "name")),
            set(ExchangeRate.objects.values_list("pk", "units_per_usd")),
            set(Ledger.objects.values_list("pk", "code")),
        )

    before = stored()
    call_command("load_reference", verbosity=0)
    assert stored() == before


def test_loading_again_keeps_what_people_entered(reference, today):
    kfw, germany = Donor.objects.get(code="KFW"), Donor.objects.get(code="DEU")
    kfw.merged_into, kfw.merged_on = germany, today
    kfw.save()
    DonorName.of(kfw, "KfW Entwicklungsbank", kind=NameKind.ALIAS).save()
    own = Donor.objects.create(
        code="OWN", names={"en": "Own"}, contributor_type_id="C02", source="form"
    )
    Programme.objects.filter(code="RISE_UP").update(domain="CLIMATE_ACTION")
    tables.load()
    income_tables.load_programmes(FIXTURES)
    kfw.refresh_from_db()
    assert (kfw.merged_into, kfw.merged_on) == (germany, today)
    assert list(Donor.objects.called("KfW Entwicklungsbank").order_by("code")) == [germany, kfw]
    assert Donor.objects.get(code="OWN") == own
    assert Programme.objects.get(code="RISE_UP").domain_id == "CLIMATE_ACTION"


def test_loading_again_takes_over_a_corrected_name(reference, folder):
    spoil(folder, "donors.csv", "Sweden,Suède", "Sweden (corrected),Suède")
    uuid = Donor.objects.get(code="SWE").uuid
    tables.load_donors(folder)
    corrected = Donor.objects.get(code="SWE")
    assert (corrected.names["en"], corrected.uuid) == ("Sweden (corrected)", uuid)
    assert Donor.objects.called("sweden corrected").get() == corrected


def test_a_donor_may_be_part_of_one_that_stands_further_down(reference, folder):
    spoil(folder, "donors.csv", "UNDP_TRUST_FUNDS,C04C,,,", "UNDP_TRUST_FUNDS,C04C,,MDTF,")
    tables.load_donors(folder)
    assert Donor.objects.get(code="UNDP_TRUST_FUNDS").parent.code == "MDTF"


def test_a_rate_that_differs_from_the_books_is_refused_and_not_overwritten(reference, folder):
    spoil(folder, "exchange_rates.csv", "AED,2011-06-30,3.64,", "AED,2011-06-30,3.65,")
    assert sentence(income_tables.load_exchange_rates, folder) == (
        "fixtures/exchange_rates.csv, line 2: AED on 2011-06-30 is 3.65 here and 3.64 in the "
        "books. A rate is never overwritten."
    )
    rate = ExchangeRate.objects.get(currency="AED", effective_on="2011-06-30")
    assert str(rate.units_per_usd.normalize()) == "3.64"


# Bad tables


@pytest.mark.parametrize(
    ("name", "old", "new", "load", "start", "said"),
    [
        ("areas.csv", "SWE,SE,752,", "SWE,,752,", tables.load_areas, "SWE", "“iso2” is empty."),
        ("areas.csv", "SWE,SE,752,Sweden,", "SWE,SE,752,,", tables.load_areas, "SWE",
         "“name_en” is empty."),
        ("regions.csv", "ARAB,Arab States,", "AFRICA,Arab States,", tables.load_regions,
         "AFRICA,Arab", "AFRICA stands on line 2 already."),
        ("donors.csv", "SWE,C01,SWE,", "SWE,C99,SWE,", tables.load_donors, "SWE",
         "“C99” in “contributor_type” is not known."),
        ("donors.csv", "SWE,C01,SWE,", "SWE,C01,SVE,", tables.load_donors, "SWE",
         "“SVE” in “iso3” is not known."),
        ("donors.csv", "SWE,C01,SWE,,", "SWE,C01,SWE,NOBODY,", tables.load_donors, "SWE",
         "“NOBODY” in “parent” is not known."),
        ("funds.csv", "RB,CORE,", "RB,KORE,", income_tables.load_funds, "RB",
         "“KORE” in “parent” is not known."),
        ("funds.csv", ",1,0,0,2,", ",yes,0,0,2,", income_tables.load_funds, "RB",
         "“is_core” is neither 1 nor 0."),
        ("currencies.csv", "AED,784,UAE Dirham,2", "AED,784,UAE Dirham,two",
         income_tables.load_currencies, "AED", "“two” is not a number."),
        ("exchange_rates.csv", "AED,2011-06-30,3.64", "AED,2011-06-30,-3.64",
         income_tables.load_exchange_rates, "AED", "a rate is above zero, not -3.64."),
        ("exchange_rates.csv", "AED,2011-06-30,3.64", "AED,2011-06-31,3.64",
         income_tables.load_exchange_rates, "AED",
         "“2011-06-31” is not a date. Dates are written like 2021-12-31."),
        ("exchange_rates.csv", "AED,2011-06-30,3.64", "AED,2011-06-30,3.64000000001",
         income_tables.load_exchange_rates, "AED", "3.64000000001 has more than 10 decimals."),
        ("instruments.csv", "assessed,0,0", "assessment,0,0", income_tables.load_instruments,
         "R01", "category: Value 'assessment' is not a valid choice."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_file_and_line(
    reference, folder, name, old, new, load, start, said
):
    spoil(folder, name, old, new)
    line = line_of(folder, name, start)
    assert sentence(load, folder) == f"fixtures/{name}, line {line}: {said}"


def test_a_name_longer_than_its_column_is_named_before_the_database_meets_it(reference, folder):
    spoil(folder, "currencies.csv", "UAE Dirham", "D" * 81)
    said = sentence(income_tables.load_currencies, folder)
    assert said.startswith(
        "fixtures/currencies.csv, line 2: name: Ensure this value has at most 80"
    )


def test_a_missing_table_is_named(reference, folder):
    (folder / "regions.csv").unlink()
    assert sentence(tables.load, folder) == (
        "fixtures/regions.csv: the file is missing or cannot be read."
    )


def test_a_missing_column_is_named(reference, folder):
    spoil(folder, "regions.csv", ",order,", ",position,")
    assert sentence(tables.load, folder) == (
        "fixtures/regions.csv, line 2: the column “order” is missing."
    )


def test_a_line_cut_short_or_too_long_is_named(reference, folder):
    spoil(folder, "regions.csv", "ARAB,Arab States,", "ARAB,Arab,States,")
    assert sentence(tables.load, folder) == (
        "fixtures/regions.csv, line 3: 10 cells; the header has 9."
    )
    spoil(folder, "regions.csv", "ARAB,Arab,States,", "ARAB,")
    assert sentence(tables.load, folder).startswith("fixtures/regions.csv, line 3: ")


def test_a_table_with_more_cells_than_headings_throughout_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("code,name\n1,2,3\n4,5,6\n")
    with pytest.raises(TableFileWrong, match="the lines have more cells than the header"):
        read_table(path)


def test_line_numbers_count_blank_lines(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("code,name\nA,one\n\nNA,two\n")
    assert [(row.line, row.text("code")) for row in read_table(path)] == [(2, "A"), (4, "NA")]


def test_the_command_says_what_is_wrong_and_saves_nothing(reference, monkeypatch, folder):
    # The last table is wrong; the first must not be half loaded.
    spoil(folder, "regions.csv", "ARAB,Arab States,", "ARAB,Arab world,")
    spoil(folder, "published_figures.csv", ",usd,", ",dollars,")
    for loader in ("donors", "income", "targets"):
        module = f"reports.management.commands.load_reference.{loader}.load"
        monkeypatch.setattr(f"{module}.__defaults__", (folder,))
    with pytest.raises(
        CommandError, match=r"published_figures\.csv, line 2: unit: Value 'dollars'"
    ):
        call_command("load_reference", verbosity=0)
    assert Region.objects.get(code="ARAB").names["en"] == "Arab States"
