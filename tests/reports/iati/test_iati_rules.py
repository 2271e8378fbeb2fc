"""Each rule of the checks catches a file that breaks it, and says what is wrong and where.

The file is a sound one in which one thing is broken; that nothing else is found shows that the
rule is about that thing.
"""

import io
from decimal import Decimal

import pytest

from donors.models import Donor
from income.vocabulary import Kind
from reports.iati.checking import problems
from tests import factories
from tests.reports.iati.iati_cases import (
    activity_file,
    found_in,
    organisation_file,
    published_state,
    rules_broken,
)

D = Decimal


@pytest.fixture
def files(ledger):
    """The two files of books with one agreement of Sweden, one payment and one allotment."""
    made = factories.contribution(
        ledger=ledger, donor=Donor.objects.get(code="SWE"), state="signed", title="Cities",
        signed_on=factories.RECEIVED_ON, starts_on=factories.RECEIVED_ON, region_id="AFRICA",
        ends_on=factories.RECEIVED_ON.replace(year=2023), earmarking_id="earmarked",
    )  # fmt: skip
    of = {"contribution": made, "fund_id": "FE", "donor": made.donor}
    factories.posting(
        ledger, factories.entry("100.00", kind=Kind.AGREEMENT, **of),
        factories.entry("100.00", kind=Kind.DUE, **of), factories.entry("60.00", **of),
        factories.entry("9.00", kind=Kind.ALLOTMENT, fund_id="RB"),
    )  # fmt: skip
    state = published_state(ledger)
    return activity_file(state).decode(), organisation_file(state).decode()


DONOR = '<participating-org ref="XM-DAC-10" type="10" role="1">'
VALUE = '<value currency="USD" value-date="2021-03-04">60</value>'
REGION = '<recipient-region code="298" vocabulary="1" percentage="100"/>'
SECTOR = '<sector code="43030" vocabulary="1" percentage="100"/>'
PROVIDER = '<provider-org ref="XM-DAC-10" type="10">'
BROKEN = {
    "dates": ("2023-03-04", "2021-03-01"),
    "start": ('type="1"/>\n<activity-date iso-date="2021-03-04" type="2"/>', 'type="3"/>'),
    "status": ('<activity-date iso-date="2021-03-04" type="2"/>\n', ""),
    "future": ('<activity-date iso-date="2021-03-04" type="2"/>',
               '<activity-date iso-date="2022-03-04" type="2"/>'),
    "percentages": ('vocabulary="1" percentage="100"/>\n<sector',
                    'vocabulary="1" percentage="98"/>\n<sector'),
    "places": (REGION + "\n", ""),
    "places twice": ("</transaction>", '<recipient-country code="KE"/></transaction>'),
    "sectors": (SECTOR + "\n", ""),
    "sectors twice": ("</transaction>", '<sector code="43030"/></transaction>'),
    "own vocabulary": (SECTOR, SECTOR + '<sector code="X" vocabulary="99" percentage="100"/>'),
    "currency": (VALUE, '<value value-date="2021-03-04">60</value>'),
    "identifier": ("<iati-identifier>XM-DAC-41120-", "<iati-identifier>XM-DAC-41121-"),
    "provider": (
        PROVIDER + '<narrative xml:lang="en">Sweden</narrative>'
        '<narrative xml:lang="fr">Suède</narrative></provider-org>', "",
    ),
    "organisation": (DONOR + '<narrative xml:lang="en">Sweden</narrative>'
                     '<narrative xml:lang="fr">Suède</narrative>',
                     DONOR.replace(' ref="XM-DAC-10"', "")),
    "reporting organisation": ('<reporting-org ref="XM-DAC-41120"', '<reporting-org ref="X-1"'),
    "narrative": ('<narrative xml:lang="en">Cities</narrative>', '<narrative xml:lang="en"/>'),
    "budget period": ('<period-end iso-date="2021-12-31"/>', '<period-end iso-date="2022-12-31"/>'),
    "earmarking": ('code="H" vocabulary="3"', 'code="A" vocabulary="3"'),
    "made at": (' generated-datetime="2022-01-15T09:00:00Z"', ""),
    "version": ('version="2.03"', 'version="2.02"'),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_a_rule_catches_the_file_that_breaks_it(files, rule):
    sound, _organisation = files
    before, after = BROKEN[rule]
    assert before in sound
    assert rules_broken(sound.encode()) == set()
    broken = rules_broken(sound.replace(before, after, 1).encode())
    assert broken == {rule, *FOLLOWS.get(rule, ())}


# What one broken thing breaks besides.
FOLLOWS = {"reporting organisation": {"identifier"}, "start": {"status"}}


CODES = {
    "TransactionType": ('<transaction-type code="11"/>', '<transaction-type code="99"/>'),
    "OrganisationRole": ('role="1"', 'role="7"'),
    "OrganisationType": ('type="10" role', 'type="11111" role'),
    "ActivityStatus": ('<activity-status code="2"/>', '<activity-status code="8"/>'),
    "Region": ('code="298"', 'code="2"'),
    "RegionVocabulary": ('code="298" vocabulary="1"', 'code="298" vocabulary="7"'),
    "Sector": ('code="43030"', 'code="43031"'),
    "Currency": (
        'currency="USD" value-date="2021-03-04">60',
        'currency="XXX" value-date="2021-03-04">60',
    ),
    "FlowType": ('<default-flow-type code="10"/>', '<default-flow-type code="11"/>'),
    "FinanceType": ('<default-finance-type code="110"/>', '<default-finance-type code="5"/>'),
    "AidType": ('code="B033"', 'code="Z01"'),
    "EarmarkingCategory": ('code="3" vocabulary="2"', 'code="9" vocabulary="2"'),
    "EarmarkingModality": ('code="H" vocabulary="3"', 'code="Z" vocabulary="3"'),
    "BudgetStatus": ('status="2"', 'status="3"'),
    "BudgetType": ('<budget type="1"', '<budget type="3"'),
    "OtherIdentifierType": ('type="A1"', 'type="C1"'),
    "DescriptionType": ('<description type="4"', '<description type="9"'),
    "CRSChannelCode": ('crs-channel-code="41120"', 'crs-channel-code="1"'),
    "Country": (REGION, '<recipient-country code="XY" percentage="100"/>'),
    "DisbursementChannel": ("</transaction>", '<disbursement-channel code="9"/></transaction>'),
}


@pytest.mark.parametrize("codelist", CODES)
def test_a_code_that_its_list_has_not_is_caught(files, codelist):
    before, after = CODES[codelist]
    assert before in files[0]
    found = found_in(files[0].replace(before, after, 1).encode())
    assert f"is no code of {codelist}." in " ".join(one.sentence for one in found)


def test_a_problem_says_where_it_is_and_what(files):
    [problem] = found_in(files[0].replace(VALUE, VALUE.replace("USD", "XXX")).encode())
    assert problem.rule == "codelist"
    assert problem.where.startswith("XM-DAC-41120-")
    assert problem.where.endswith(", transaction 1/3")
    assert problem.sentence == "value: “XXX” is no code of Currency."


def test_two_activities_with_one_identifier_are_caught(files):
    start, end = files[0].index("<iati-activity>"), files[0].index("</iati-activities>")
    twice = files[0][:end] + files[0][start:end] + files[0][end:]
    assert rules_broken(twice.encode()) == {"identifier twice"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (' value-date="2021-03-04">60<', ">60<"),  # the schema itself asks for it
        ("60</value>", "sixty</value>"),
        ("<title>", "<titel>"),
        ('iso-date="2021-03-04"', 'iso-date="4 March 2021"'),
        ("<channel-code>", "<channel-code/><channel-code>"),
    ],
)
def test_a_file_that_breaks_the_schema_is_caught(files, before, after):
    assert before in files[0]
    text = files[0].replace(before, after).replace("</title>", after.replace("<", "</", 1)
                                                   if "titel" in after else "</title>")  # fmt: skip
    assert rules_broken(text.encode()) == {"schema"}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "xml"),
        (b"<iati-activities>", "schema"),
        (b"<html/>", "root"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><iati-activities>&a;</iati-activities>', "doctype"),
    ],
)
def test_what_is_no_such_file_is_caught(content, rule):
    assert {one.rule for one in problems(io.BytesIO(content))} == {rule}


ORGANISATION = {
    "identifier": (">XM-DAC-41120</organisation-identifier>", ">X-1</organisation-identifier>"),
    "codelist": ('total-budget status="2"', 'total-budget status="9"'),
    "budget period": ("2021-12-31", "2020-12-31"),
    "currency": ('<value currency="USD" ', "<value "),
    "reporting organisation": ('<reporting-org ref="XM-DAC-41120"', '<reporting-org ref="X-1"'),
}


@pytest.mark.parametrize("rule", ORGANISATION)
def test_the_organisation_file_is_looked_at_as_well(files, rule):
    sound = files[1]
    before, after = ORGANISATION[rule]
    assert before in sound
    assert found_in(sound.encode()) == []
    assert rules_broken(sound.replace(before, after, 1).encode()) == {rule}
