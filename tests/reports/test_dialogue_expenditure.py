"""Audited expenditure: the years that come along, and years that two people bring in."""

import csv
import io
from collections import defaultdict
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from donors.reference import FIXTURES
from reports.dialogue import reference as loading
from reports.dialogue.deciding import DialogueWrong
from reports.dialogue.expenditure import decide_expenditure, submit_expenditure
from reports.dialogue.expenditure_files import ExpenditureFileWrong, read_expenditure
from reports.dialogue.lines import Spent
from reports.dialogue.selectors import loads_in_force
from reports.models import Expenditure, ExpenditureLoad
from tests import board_factories, factories

pytestmark = pytest.mark.django_db

D = Decimal
NAIROBI = Spent(2021, "Kenya", "KEN", "AFRICA", D("100.25"))
PRAGUE = Spent(2021, "Czechia", "CZE", "EUROPE", D("-0.25"))


def sums_of_the_file():
    """US dollars by year and region, added up here from the bytes of the file."""
    sums = defaultdict(Decimal)
    with (FIXTURES / "expenditure.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sums[int(row["year"]), row["region"]] += D(row["amount_usd"])
    return sums


def sums_of_the_portal():
    sums = defaultdict(Decimal)
    for load in loads_in_force(is_demonstration=False).values():
        for line in load.lines.all():
            sums[load.year, line.region_id or ""] += line.amount_usd
    return sums


def test_every_year_and_region_is_what_the_file_adds_up_to(reference):
    assert sums_of_the_portal() == sums_of_the_file()
    totals = defaultdict(Decimal)
    for (year, _region), usd in sums_of_the_file().items():
        totals[year] += usd
    # Two years as added up when the file was made.
    assert (totals[2013], totals[2021]) == (D("103165762"), D("110845941.84"))
    assert sorted(totals) == list(range(2013, 2022))


def test_what_was_taken_back_stays_below_zero(reference):
    chad = Expenditure.objects.get(load__year=2021, place="Chad")
    assert (chad.amount_usd, chad.area_id, chad.region_id) == (D("-1008978.25"), "TCD", "AFRICA")


def test_a_place_that_is_no_area_keeps_its_name_and_has_no_region(reference):
    kosovo = Expenditure.objects.get(load__year=2021, place="Kosovo")
    assert (kosovo.area_id, kosovo.region_id) == (None, None)


def test_loading_again_adds_nothing_and_a_changed_year_is_a_new_load(reference, tmp_path):
    before = list(ExpenditureLoad.objects.order_by("pk").values_list("pk", "year"))
    assert loading.load() == {"expenditure": 621}
    assert list(ExpenditureLoad.objects.order_by("pk").values_list("pk", "year")) == before
    (tmp_path / "sources.csv").write_bytes((FIXTURES / "sources.csv").read_bytes())
    (tmp_path / "expenditure.csv").write_text(
        "year,place,iso3,region,amount_usd,source\n2021,Kenya,KEN,AFRICA,7.50,ceb-expenses-2021\n"
    )
    loading.load(tmp_path)
    assert ExpenditureLoad.objects.filter(year=2021).count() == 2
    newest = loads_in_force(is_demonstration=False)
    assert [line.amount_usd for line in newest[2021].lines.all()] == [D("7.50")]
    assert newest[2020].lines.count() == 74


def file_of(text, name="spent.csv"):
    return SimpleUploadedFile(name, text.encode())


def workbook_of(*rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return SimpleUploadedFile("spent.xlsx", buffer.getvalue())


def problems_of(file, today, **more):
    with pytest.raises(ExpenditureFileWrong) as refused:
        read_expenditure(file, today=today, **more)
    return refused.value.problems


def test_a_file_names_places_by_name_or_code_and_takes_regions_from_them(reference, today):
    read = read_expenditure(
        file_of(
            "Year,Country,ISO3,Region,Amount USD\n2021,Kenya,,,100.25\n2021,,CZE,,-0.25\n"
            '2021,Headquarters,,Global,"1,000.00"\n2021,Somewhere,,,0\n'
        ),
        today=today,
    )
    assert read == [
        NAIROBI,
        PRAGUE,
        Spent(2021, "Headquarters", None, "GLOBAL", D("1000.00")),
        Spent(2021, "Somewhere", None, None, D(0)),
    ]


def test_a_workbook_is_read_as_a_text_file_is(reference, today):
    file = workbook_of(
        ["year", "place", "amount"], [2021, "Kenya", 100.25], [2021, "Czechia", -0.25]
    )
    assert read_expenditure(file, today=today) == [NAIROBI, PRAGUE]


def test_every_problem_names_its_row_and_column(reference, today):
    file = file_of(
        "place,iso3,year,region,amount_usd\n"
        "Kenya,,2023,,5\n"
        "Kenya,XYZ,2021,Atlantis,five\n"
        ",,2021,,1.2345\n"
        "Kenya,,2021,,1\n"
        "Kenya,,2021,,2\n"
    )
    assert problems_of(file, today) == [
        "Row 2, column 3: 2023 is not a year between 1978 and 2022.",
        "Row 3, column 5: “five” is no number. Write the number in digits.",
        "Row 3, column 2: “XYZ” is no code of an area.",
        "Row 3, column 4: “Atlantis” is no reporting region.",
        "Row 4, column 5: “1.2345” has too many decimals. Round it.",
        "Row 4, column 1: Name the place, or give its ISO3 code.",
        "Row 6, column 1: Kenya stands in row 5 already for 2021.",
    ]


def test_missing_columns_and_rows_are_told(reference, today):
    assert problems_of(file_of("year,amount\n2021,1\n"), today) == [
        "Row 1: the column “place” is missing."
    ]
    assert problems_of(file_of("place,year,amount\n"), today) == [
        "The file has no rows below its headings."
    ]


def test_an_amount_that_reads_two_ways_is_asked_about(reference, today):
    text = 'year;place;amount\n2021;Kenya;"1,250"\n'
    (told,) = problems_of(file_of(text), today)
    assert told == "Say whether the amounts are written with a decimal point or a comma."
    (line,) = read_expenditure(file_of(text), today=today, decimal_sign=".")
    assert line.amount_usd == D(1250)
    (line,) = read_expenditure(file_of(text), today=today, decimal_sign=",")
    assert line.amount_usd == D("1.25")


def submitted(by, *lines, source="Audited accounts 2021"):
    (load,) = submit_expenditure(
        lines or (NAIROBI, PRAGUE), source=source, file_name="x.csv", by=by
    )
    return load


def test_nothing_is_in_force_before_another_person_approves(reference, officer, reviewer):
    shipped = loads_in_force(is_demonstration=False)[2021]
    load = submitted(officer)
    assert loads_in_force(is_demonstration=False)[2021] == shipped
    decide_expenditure(load, approve=True, by=reviewer)
    assert loads_in_force(is_demonstration=False)[2021] == load
    acts = AuditEvent.objects.filter(subject_id=str(load.pk), subject="reports.expenditureload")
    assert list(acts.order_by("pk").values_list("act", flat=True)) == [
        "submit_expenditure", "decide_expenditure",
    ]  # fmt: skip


def test_nobody_decides_their_own_and_an_officer_decides_none(reference, officer, reviewer):
    own = submitted(reviewer)
    with pytest.raises(DialogueWrong, match="You entered this yourself"):
        decide_expenditure(own, approve=True, by=reviewer)
    with pytest.raises(PermissionDenied):
        decide_expenditure(own, approve=True, by=officer)
    own.refresh_from_db()
    assert own.state == "waiting"


def test_a_return_needs_a_reason_and_is_final(reference, officer, reviewer):
    load = submitted(officer)
    with pytest.raises(DialogueWrong, match="Say why"):
        decide_expenditure(load, approve=False, by=reviewer, because=" ")
    returned = decide_expenditure(load, approve=False, by=reviewer, because="Page 3 is missing")
    assert (returned.state, returned.because) == ("returned", "Page 3 is missing")
    with pytest.raises(DialogueWrong, match="decided already"):
        decide_expenditure(load, approve=True, by=reviewer)


def test_the_same_lines_of_a_source_are_kept_once_in_any_order(reference, officer):
    submitted(officer)
    with pytest.raises(DialogueWrong, match="loaded before"):
        submitted(officer, PRAGUE, NAIROBI)
    assert submitted(officer, PRAGUE, NAIROBI, source="Corrected accounts 2021").pk


def test_what_was_approved_last_is_in_force_whenever_it_was_entered(
    reference, officer, other_officer, reviewer
):
    first = submitted(officer)
    second = submitted(other_officer, NAIROBI)
    decide_expenditure(second, approve=True, by=reviewer)
    decide_expenditure(first, approve=True, by=reviewer)
    assert loads_in_force(is_demonstration=False, years=[2021]) == {2021: first}


def test_a_demonstrations_upload_never_replaces_what_is_real(reference):
    shipped = loads_in_force(is_demonstration=False)[2021]
    person = factories.user(is_demonstration=True)
    load = board_factories.expenditure_load(entered_by=person, **board_factories.decided())
    assert loads_in_force(is_demonstration=False)[2021] == shipped
    assert loads_in_force(is_demonstration=True) == {2021: load}


def sent(client, file, **more):
    data = {"source": "Audited accounts 2021", "file": file, "decimal_sign": "", **more}
    return client.post(reverse("expenditure_new"), data)


def test_an_officer_brings_a_year_in_and_a_reviewer_puts_it_into_force(
    reference, officer, reviewer, client_of
):
    text = "year,place,amount\n2022,Kenya,100.25\n2022,Czechia,-0.25\n"
    checked = sent(client_of(officer), file_of(text), check="1")
    assert "Expenditure of 2022 by region" in checked.content.decode()
    assert not ExpenditureLoad.objects.filter(year=2022).exists()
    response = sent(client_of(officer), file_of(text))
    load = ExpenditureLoad.objects.get(year=2022)
    assert response.url == reverse("expenditure", args=[load.uuid])
    page = client_of(officer).get(response.url).content.decode()
    assert "100.00" in page  # the total
    assert "Put it into force" not in page
    decide = reverse("expenditure_decide", args=[load.uuid])
    assert client_of(officer).post(decide, {"approve": "1"}).status_code == 403
    assert "Put it into force" in client_of(reviewer).get(response.url).content.decode()
    client_of(reviewer).post(decide, {"approve": "1"})
    load.refresh_from_db()
    assert load.state == "approved"


def test_a_wrong_file_is_told_on_the_page_and_nothing_is_kept(reference, officer, client_of):
    response = sent(client_of(officer), file_of("year,place,amount\n2021,Kenya,five\n"))
    assert response.status_code == 422
    assert "Row 2, column 3: “five” is no number" in response.content.decode()
    spoilt = sent(client_of(officer), SimpleUploadedFile("a.xlsx", b"PK\x03\x04"))
    assert "is damaged" in spoilt.content.decode()
    assert not ExpenditureLoad.objects.exclude(entered_by=None).exists()


def test_the_board_sees_what_is_in_force_and_not_what_waits(
    reference, officer, board_member, client_of
):
    waiting, browser = submitted(officer), client_of(board_member)
    shipped = loads_in_force(is_demonstration=False)[2021]
    assert browser.get(reverse("expenditure", args=[waiting.uuid])).status_code == 404
    page = browser.get(reverse("expenditure", args=[shipped.uuid])).content.decode()
    assert "110,845,941.84" in page
    listed = browser.get(reverse("expenditure_list")).content.decode()
    assert str(waiting.uuid) not in listed
    assert "110,845,941.84" in listed
