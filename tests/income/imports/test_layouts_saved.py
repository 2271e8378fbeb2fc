"""Layouts: those that come with the portal, those that people save, and how each is recognised."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from accounts.models import AuditEvent
from income.errors import NotAllowed
from income.imports.columns.fields import FIELDS
from income.imports.columns.known_layouts import load_known_layouts
from income.imports.columns.layouts import (
    LayoutWrong,
    columns_of,
    layout_for,
    recognise,
    save_layout,
    signature_of,
    wrong_plan,
)
from income.imports.columns.plan import Plan, heading_keys
from income.imports.columns.proposing import propose
from income.imports.returned.template import COLUMNS
from income.models import ImportLayout
from income.vocabulary import Grade
from tests.income.imports.known_files import AGENCIES, CEB, FTS
from tests.income.imports.layout_sources import Source, table

HEADINGS = ["Who", "When", "How much", "Money", "Pot"]
PLAN = Plan(
    kind="receipt",
    columns={"donor": "who", "date": "when", "amount": "how much", "currency": "money",
             "fund": "pot"},
    values={"fund": {"green": "FNE"}}, decimal_sign=",", date_order="dmy",
)  # fmt: skip
ROWS = table("""
    Who|When|How much|Money|Pot
    Norway|1/2/2021|5|NOK|green
""")
CEB_COLUMNS = {
    "year": "year", "donor": "donor", "iso3": "iso3", "fund": "fund", "amount_usd": "amount_usd",
    "contributor_type": "contributor_type", "instrument": "ceb_code",
}  # fmt: skip


# Those that come with the portal


def test_a_file_of_fts_is_read_so(reference):
    proposal = propose(Source(FTS))
    assert proposal.layout == ImportLayout.objects.get(name="OCHA FTS flows")
    assert proposal.plan == Plan(
        kind="",
        columns={
            "row_id": "id", "date": "date", "kind": "status", "instrument": "contributiontype",
            "donor": "srcorganization", "contributor_type": "srcorganizationtypes",
            "area": "destlocations", "year_for": "budgetyear", "title": "description",
            "amount_usd": "amountusd", "amount": "originalamount",
            "currency": "originalcurrency", "exchange_rate": "exchangerate",
            "reference": "refcode",
        },
        constants={"fund": "TC"},
        values={"instrument": {"financial": "", "in kind": "R03F"}},
        decimal_sign=".", date_order="ymd",
    )  # fmt: skip
    assert [(d.field, d.code) for d in proposal.doubts] == [("fund", "assumed")]


def test_a_file_of_ceb_is_read_so(reference):
    proposal = propose(Source(CEB))
    assert str(proposal.layout) == "UN CEB revenue by donor"
    assert proposal.plan == Plan(
        kind="audited", columns=CEB_COLUMNS, decimal_sign=".", date_order="ymd"
    )
    assert proposal.doubts == []


def test_a_file_of_several_agencies_is_read_so(reference):
    proposal = propose(Source(AGENCIES))
    assert str(proposal.layout) == "UN CEB revenue by donor, several agencies"
    assert proposal.plan == Plan(
        kind="audited", columns={"entity": "entity", **CEB_COLUMNS}, decimal_sign=".",
        date_order="ymd",
    )  # fmt: skip
    assert proposal.doubts == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_portal_s_own_template_is_recognised_in_each_language(reference, language):
    with translation.override(language):
        labels = [str(FIELDS[name].label) for name in COLUMNS]
    proposal = propose(Source([labels, ["x"]]))
    assert str(proposal.layout).startswith("Portal template")
    assert proposal.plan.columns == dict(zip(COLUMNS, heading_keys(labels), strict=True))


def test_loading_again_changes_nothing_and_leaves_what_a_person_saved(reference, officer):
    before = list(ImportLayout.objects.values_list("name", "version", "signature"))
    call_command("load_reference", verbosity=0)
    assert list(ImportLayout.objects.values_list("name", "version", "signature")) == before
    theirs = save_layout("OCHA FTS flows", PLAN, by=officer, headings=HEADINGS)
    load_known_layouts()
    theirs.refresh_from_db()
    assert (theirs.plan, theirs.made_by) == (PLAN.as_json(), officer)


def test_a_built_in_layout_that_changed_is_refreshed(reference):
    ImportLayout.objects.filter(name="OCHA FTS flows").update(plan={"kind": "pledge"})
    load_known_layouts()
    layout = ImportLayout.objects.get(name="OCHA FTS flows")
    assert (layout.version, layout.plan["constants"]) == (2, {"fund": "TC"})


# Those that people save


@pytest.mark.both_databases
def test_a_layout_is_saved_with_its_versions_and_audited(reference, officer):
    first = save_layout("  Office \n of Nairobi ", PLAN, by=officer, headings=HEADINGS)
    again = save_layout("Office of Nairobi", PLAN, by=officer, headings=HEADINGS)
    changed = save_layout(
        "Office of Nairobi", PLAN.with_(kind="pledge"), by=officer, headings=HEADINGS
    )
    assert (first.name, first.version) == ("Office of Nairobi", 1)
    assert (again.pk, again.version) == (first.pk, 1)
    assert (changed.pk, changed.version, changed.plan["kind"]) == (first.pk, 2, "pledge")
    events = AuditEvent.objects.filter(act="save_layout").order_by("pk")
    assert [(e.by, e.after["version"], e.before.get("version")) for e in events] == [
        (officer.uuid, 1, None), (officer.uuid, 2, 1),
    ]  # fmt: skip


def test_only_who_enters_income_saves_a_layout(reference, board_member):
    with pytest.raises(NotAllowed, match="you do not enter income"):
        save_layout("Mine", PLAN, by=board_member, headings=HEADINGS)
    assert not ImportLayout.objects.filter(name="Mine").exists()


@pytest.mark.parametrize(("name", "sentence"), [("  ", "Give the layout"), ("x" * 81, "80")])
def test_a_layout_needs_a_name_that_fits(reference, officer, name, sentence):
    with pytest.raises(LayoutWrong, match=sentence):
        save_layout(name, PLAN, by=officer, headings=HEADINGS)


# Recognised


def test_the_same_headings_in_another_order_and_row_are_recognised(reference, officer):
    layout = save_layout("Office", PLAN, by=officer, headings=HEADINGS)
    turned = [["Payments of the month"], [], *[row[::-1] for row in ROWS]]
    proposal = propose(Source(turned))
    assert proposal.layout == layout
    assert proposal.plan == PLAN.with_(header_row=3)
    assert proposal.doubts == []


def test_more_columns_are_almost_the_same(reference, officer):
    layout = save_layout("Office", PLAN, by=officer, headings=HEADINGS)
    found = recognise([*HEADINGS, "Weather"])
    assert (found.layout, found.is_exact) == (layout, False)
    proposal = propose(Source([[*row, "fine"] for row in ROWS]))
    assert proposal.layout == layout
    assert [d.sentence for d in proposal.doubts] == [
        "Read as “Office”, though some headings are others. Check the columns."
    ]


def test_a_missing_column_is_another_layout(reference, officer):
    save_layout("Office", PLAN, by=officer, headings=HEADINGS)
    assert layout_for(HEADINGS[:-1]) is None


def test_a_small_layout_does_not_take_over_a_large_file(reference, officer):
    small = Plan(kind="receipt", columns={"donor": "donor", "date": "date", "amount": "amount"})
    save_layout("Small", small, by=officer)
    source = Source(table("""
        Donor|Date|Amount|Currency|Fund|Purpose|Agreement number
        Norway|2021-03-31|5.50|NOK|FNE|Core|A-1
    """))  # fmt: skip
    proposal = propose(source)
    assert (proposal.layout, len(proposal.plan.columns)) == (None, 7)


def test_what_people_saved_stands_before_what_came_with_the_portal(reference, officer):
    theirs = save_layout("Our CEB", Plan(kind="audited"), by=officer, headings=CEB[0])
    assert layout_for(CEB[0]) == theirs


def test_a_layout_s_conventions_hold_unless_the_file_shows_others(reference, officer):
    save_layout("Office", PLAN, by=officer, headings=HEADINGS)
    rows = [ROWS[0], ["Norway", "3/31/2021", "19,234.56", "NOK", "green"]]
    plan = propose(Source(rows)).plan
    assert (plan.decimal_sign, plan.date_order) == (".", "mdy")


def test_words_that_a_layout_does_not_know_are_asked(reference, officer):
    save_layout("Office", PLAN, by=officer, headings=HEADINGS)
    doubts = propose(Source([*ROWS, ["Chad", "1/2/2021", "5", "XAF", "blue"]])).doubts
    assert [(d.field, d.sentence) for d in doubts] == [
        ("fund", "Say what these stand for: “blue”.")
    ]


def test_the_signature_does_not_depend_on_order_case_or_spaces():
    assert signature_of(["Donor", "Amount"]) == signature_of(["AMOUNT ", " donor"])
    assert signature_of(["Donor", "Amount"]) != signature_of(["Donor", "Amount", None])


# Plans that do not fit


def codes(plan, headings=HEADINGS):
    problems = wrong_plan(plan, headings)
    assert {problem.grade for problem in problems} <= {Grade.FILE}
    return [(problem.code, problem.field) for problem in problems]


def test_a_plan_that_fits_has_no_problems_and_names_its_columns():
    assert codes(PLAN) == []
    assert columns_of(PLAN, HEADINGS[::-1]) == {
        "fund": 0, "currency": 1, "amount": 2, "date": 3, "donor": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"kind": ""}, [("no_kind", "kind")]),
        ({"kind": "due"}, [("wrong_kind", "kind")]),
        ({"columns": {**PLAN.columns, "fund": "who"}},
         [("column_twice", "donor"), ("column_twice", "fund")]),
        ({"columns": {**PLAN.columns, "fund": "gone"}}, [("missing_column", "fund")]),
        ({"columns": {**PLAN.columns, "colour": "pot"}},
         [("column_twice", "fund"), ("no_such_field", "colour")]),
        ({"columns": {"donor": "who"}},
         [("no_fund", "fund"), ("no_date", "date"), ("no_amount", "amount")]),
        ({"columns": {k: v for k, v in PLAN.columns.items() if k != "fund"},
          "constants": {"fund": "FNE"}}, []),
        ({"kind": "audited"}, []),
        ({"kind": "", "columns": {**PLAN.columns, "kind": "pot"}, "constants": {"fund": "FE"}},
         [("column_twice", "fund"), ("column_twice", "kind")]),
    ],
)  # fmt: skip
def test_a_plan_that_does_not_fit_is_told(changes, problems):
    assert codes(PLAN.with_(**changes)) == problems


@pytest.mark.parametrize(
    "heading",
    ["Amount (USD '000)", "US$ millions", "Сумма, тыс. долл.", "金额（万美元）", "Monto (miles)"],
)
def test_amounts_in_thousands_are_never_taken_as_they_stand(heading):
    headings = ["Who", "When", heading, "Pot"]
    key = heading_keys(headings)[2]
    columns = {"donor": "who", "date": "when", "amount_usd": key, "fund": "pot"}
    assert codes(Plan(kind="receipt", columns=columns), headings) == [
        ("in_thousands", "amount_usd")
    ]


def test_a_problem_says_what_is_missing():
    problem = wrong_plan(Plan(kind="receipt", columns={"donor": "who"}), HEADINGS)[-1]
    assert problem.sentence == (
        "No column says this: one of: Amount + Currency; Amount in US dollars. Choose one, or "
        "say what holds for all rows."
    )
