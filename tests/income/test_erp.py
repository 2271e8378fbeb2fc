"""The ERP beside the books: files read without guessing, matches, differences per fund."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from income.erp.amounts import amount_of, decimal_signs
from income.erp.matching import reconciliation
from income.erp.reading import COLUMNS, read_export, template
from income.erp.references import find_by_reference
from income.errors import ErpFileWrong, NotAllowed, PostingWrong
from income.models import ErpExport, ErpLine, Ledger, Posting
from income.periods import YearMonth
from income.services.erp import (
    add_reference,
    load_export,
    match_export,
    match_line,
    remove_reference,
    unmatch_line,
)
from income.vocabulary import ErpScheme, Kind
from reports.figures.erp import erp_standing
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MARCH = YearMonth(2021, 3)
HEADER = "posting_date,document,grant,fund,text,currency,amount,amount_usd\n"


@pytest.fixture
def books(reference: None) -> Ledger:
    return Ledger.objects.get(code="UNH")


def load(ledger: Ledger, by: User, *rows: str) -> ErpExport:
    content = (HEADER + "\n".join(rows)).encode()
    read = read_export(content, MARCH, decimal_sign=".")
    return load_export(ledger, MARCH, read, file_name="march.csv", content=content, by=by)


def problems(text: str | bytes, **how: str) -> list[str]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ErpFileWrong) as refused:
        read_export(content, MARCH, **how)
    return refused.value.problems


@pytest.mark.parametrize(
    ("cells", "signs"),
    [
        (["1,250.50", "3"], {"."}), (["1.250,50", "3"], {","}), (["1.250", "2,5"], {","}),
        (["1,250"], {".", ","}), (["1.250"], {".", ","}), (["100", "7"], {"."}),
        (["1.5", "1,5"], set()), (["1.250.000"], {","}), (["1.2345"], {"."}), ([], {"."}),
    ],
)  # fmt: skip
def test_the_decimal_sign_is_taken_only_where_it_is_clear(
    cells: list[str], signs: set[str]
) -> None:
    assert decimal_signs(cells) == signs


@pytest.mark.parametrize(
    ("typed", "sign", "value"),
    [
        ("1 250,50", ",", "1250.50"), ("-7.00", ".", "-7.00"), ("7.00-", ".", "-7.00"),
        ("1,25,0", ".", None), ("--7", ".", None), ("", ".", None), ("1e5", ".", None),
        ("١", ".", None), ("-7-", ".", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_with_its_sign_or_not_at_all(
    typed: str, sign: str, value: str | None
) -> None:
    assert amount_of(typed, sign) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_file_is_read_whatever_parts_its_cells_and_encodes_it(
    reference: None, delimiter: str, encoding: str
) -> None:
    rows = ["Posting Date|Text|Currency|Amount", "04.03.2021|Genève|sek|1250.50"]
    content = "\r\n".join(rows).replace("|", delimiter).encode(encoding)
    read = read_export(content, MARCH)
    [line] = read.lines
    assert (line.posted_on, line.text, line.currency_id) == (
        datetime.date(2021, 3, 4), "Genève", "SEK",
    )  # fmt: skip
    assert (line.amount, line.amount_usd, line.row) == (Decimal("1250.50"), None, 2)
    assert read.encoding == ("Latin-1" if encoding == "latin-1" else "UTF-8")


def test_who_loads_says_the_sign_where_the_file_leaves_it_open(reference: None) -> None:
    text = 'posting_date,currency,amount\n2021-03-04,USD,"1,250"\n'
    [problem] = problems(text)
    assert "Say which of them" in problem
    [line] = read_export(text.encode(), MARCH, decimal_sign=".").lines
    assert (line.amount, line.amount_usd) == (Decimal(1250), Decimal(1250))
    assert read_export(text.encode(), MARCH, decimal_sign=",").lines[0].amount == Decimal("1.250")


def test_every_wrong_row_is_named(reference: None) -> None:
    rows = [
        "posting_date,currency,amount", "2021-04-01,USD,5", "03/04/2021,USD,5", "2021-03-04,XXX,5",
        "2021-03-04,USD,0", "2021-03-04,JPY,5.5", "2021-03-04,USD,five",
    ]  # fmt: skip
    assert problems("\n".join(rows), decimal_sign=".") == [
        "Row 2: 2021-04-01 is not in March 2021.",
        "Row 3: “03/04/2021” is no date. Write it as 2021-06-15 or 15.06.2021.",
        "Row 4: The currency “XXX” is not known.",
        "Row 5: 0 cannot be right: an amount is not zero and not absurd.",
        "Row 6: 5.5 has more than 0 decimals.",
        "Row 7: “five” is no amount with the decimal sign “.”.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must name the columns"), ("a,b\n1,2", "must name the columns"),
        ("posting_date,currency,amount\n", "holds no rows"),
        ("posting_date,currency,amount,colour\n2021-03-04,USD,5,red", "“colour” is not known"),
        ("posting_date,currency,amount,amount\n2021-03-04,USD,5,5", "“amount” stands twice"),
        ("posting_date,currency,amount\n2021-03-04,USD,5,6", "more cells"),
        (b"PK\x03\x04\x00", "no CSV file"),
        ('posting_date,currency,amount\n2021-03-04,USD,"' + "x" * 200_000, "no CSV file"),
        ("posting_date,currency,amount," + "y" * 200_000 + "\n1", "no CSV file"),
        ("posting_date,currency,amount\n2021-03-04,USD," + "9" * 500 + ".50", "cannot be right"),
    ],
)  # fmt: skip
def test_a_file_of_another_shape_is_refused(reference: None, text: str | bytes, said: str) -> None:
    assert said in " ".join(problems(text))


def test_the_template_is_a_file_that_can_be_loaded(reference: None) -> None:
    read = read_export(template(), YearMonth(2021, 6))
    assert tuple(template().decode("utf-8-sig").splitlines()[0].split(",")) == COLUMNS
    assert read.lines[0].amount_usd == Decimal("351162.43")


@pytest.fixture
def agreed(ledger: Ledger) -> Posting:
    """USD 100 on 4 March 2021 under an agreement with a grant, of Foundation earmarked."""
    contribution = factories.contribution(ledger=ledger)
    factories.erp_reference(contribution=contribution, value="S1-GRANT")
    return factories.posting(
        ledger, factories.entry(contribution=contribution, fund_id="FE"), reference="BANK-4711"
    )


def line_of(export: ErpExport) -> ErpLine:
    return export.lines.get()


def test_a_document_number_is_the_surest_match_and_names_the_difference(
    ledger: Ledger, agreed: Posting, officer: User
) -> None:
    add_reference(ledger, scheme=ErpScheme.DOCUMENT, value="5100", by=officer, posting=agreed)
    export = load(ledger, officer, "2021-03-30,5100,,,,USD,90,90")
    assert line_of(export).posting == agreed
    found = reconciliation(ledger, MARCH)
    assert [one.sequence for one in found.different] == [agreed.sequence]
    [row] = found.funds
    assert (row.fund, row.lines, row.postings, row.different) == ("FE", 0, 0, 1)
    assert row.difference_usd == Decimal(-10)


def test_several_lines_of_one_document_are_compared_together(
    ledger: Ledger, agreed: Posting, officer: User
) -> None:
    add_reference(ledger, scheme=ErpScheme.DOCUMENT, value="5100", by=officer, posting=agreed)
    load(ledger, officer, "2021-03-04,5100,,,,USD,60,60", "2021-03-04,5100,,,,USD,40,40")
    found = reconciliation(ledger, MARCH)
    assert (found.different, found.unmatched_lines, found.funds) == ((), (), ())


@pytest.mark.parametrize(
    ("row", "is_matched"),
    [
        ("2021-03-09,,s1-grant,,,USD,100,100", True),
        ("2021-03-10,,S1-GRANT,,,USD,100,100", False),  # six days
        ("2021-03-09,,S1-GRANT,,,USD,101,101", False),
        ("2021-03-09,,S1-GRANT,,,EUR,100,", False),
        ("2021-03-30,,,,paid BANK-4711 thanks,USD,55,55", True),
        ("2021-03-30,bank-4711,,,,USD,55,55", True),
        ("2021-03-30,,,,BANK-47112,USD,100,100", False),
    ],
)
def test_else_grant_amount_and_date_match_or_the_banks_reference(
    ledger: Ledger, agreed: Posting, officer: User, row: str, is_matched: bool
) -> None:
    assert (line_of(load(ledger, officer, row)).posting == agreed) is is_matched


def test_two_receipts_that_fit_are_not_guessed_between(
    ledger: Ledger, agreed: Posting, officer: User
) -> None:
    contribution = agreed.entries.get().contribution
    factories.posting(ledger, factories.entry(contribution=contribution, fund_id="FE"))
    export = load(ledger, officer, "2021-03-04,,S1-GRANT,,,USD,100,100")
    assert line_of(export).posting is None


def test_what_does_not_match_is_listed_in_both_directions_per_fund(
    ledger: Ledger, agreed: Posting, officer: User
) -> None:
    factories.posting(ledger, factories.entry("7.00", value_date=datetime.date(2021, 4, 1)))
    factories.erp_reference(
        contribution=factories.contribution(ledger=ledger, fund_id="TC"), scheme=ErpScheme.FUND,
        value="64TCO",
    )  # fmt: skip
    load(
        ledger, officer, "2021-03-04,1,,64TCO,,USD,30,30", "2021-03-04,2,,,,USD,5,5",
        "2021-03-04,3,,64TCO,,SEK,80,",
    )  # fmt: skip
    found = reconciliation(ledger, MARCH)
    rows = [(r.name, r.lines, r.postings, r.difference_usd, r.without_usd) for r in found.funds]
    assert rows == [
        ("Foundation earmarked", 0, 1, Decimal(-100), 0),
        ("Technical cooperation", 2, 0, Decimal(30), 1),
        ("fund not known", 1, 0, Decimal(5), 0),
    ]
    told = erp_standing(ledger, YearMonth(2021, 12))
    assert told is not None
    assert told.sentence.replace("\u00a0", " ") == (
        "Receipts of March 2021 without a match: 3 of the ERP, 1 of the books. ERP less books: "
        "Foundation earmarked US$ −100.00; Technical cooperation US$ 30.00; "
        "fund not known US$ 5.00."
    )
    assert erp_standing(ledger, YearMonth(2021, 2)) is None


def test_what_was_reversed_matches_nothing_any_more_and_the_match_is_old(
    ledger: Ledger, agreed: Posting, officer: User
) -> None:
    from income import ledger as door

    export = load(ledger, officer, "2021-03-04,,S1-GRANT,,,USD,100,100")
    assert not reconciliation(ledger, MARCH).is_stale
    door.reverse(
        agreed, booked_month=MARCH, note="x", token="x", prepared_by=None, approved_by=None
    )
    found = reconciliation(ledger, MARCH)
    assert found.is_stale
    assert [line.row for line in found.unmatched_lines] == [2]
    match_export(export, by=officer)
    assert line_of(export).posting is None
    assert not reconciliation(ledger, MARCH).is_stale


def test_loading_again_replaces_the_export_and_keeps_the_old_one(
    ledger: Ledger, officer: User
) -> None:
    first = load(ledger, officer, "2021-03-04,,,,,USD,100,100")
    second = load(ledger, officer, "2021-03-04,,,,,USD,200,200")
    first.refresh_from_db()
    assert (first.is_current, second.is_current) == (False, True)
    assert line_of(first).amount == Decimal(100)
    assert [line.amount for line in reconciliation(ledger, MARCH).lines] == [Decimal(200)]


def test_what_a_person_matched_or_took_apart_stays_so(
    ledger: Ledger, agreed: Posting, officer: User
) -> None:
    other = factories.posting(ledger, factories.entry("3.00"))
    factories.posting(ledger, factories.entry("3.00", kind=Kind.PLEDGE))
    export = load(ledger, officer, "2021-03-04,,S1-GRANT,,,USD,100,100")
    unmatch_line(line_of(export), by=officer)
    match_export(export, by=officer)
    assert line_of(export).posting is None
    match_line(line_of(export), other.sequence, by=officer)
    match_export(export, by=officer)
    assert line_of(export).posting == other
    assert AuditEvent.objects.get(act="match_erp_line").after == {"sequence": other.sequence}
    for sequence in (99, 3):
        with pytest.raises(PostingWrong):
            match_line(line_of(export), sequence, by=officer)


def test_identifiers_are_added_found_and_removed_with_audit(
    ledger: Ledger, agreed: Posting, officer: User, board_member: User
) -> None:
    reference = add_reference(
        ledger, scheme=ErpScheme.DOCUMENT, value="  5100  0012 ", by=officer, posting=agreed
    )
    assert reference.value == "5100 0012"
    assert find_by_reference(ledger, "5100").postings == (agreed,)
    assert find_by_reference(ledger, "s1-g").contributions[0].title == "A purpose"
    assert not find_by_reference(ledger, " ")
    with pytest.raises(NotAllowed):
        add_reference(ledger, scheme=ErpScheme.WBS, value="x", by=board_member, posting=agreed)
    with pytest.raises(PostingWrong):
        add_reference(ledger, scheme=ErpScheme.WBS, value=" ", by=officer, posting=agreed)
    remove_reference(reference, by=officer)
    assert not find_by_reference(ledger, "5100")
    acts = AuditEvent.objects.filter(subject="income.posting").order_by("pk")
    assert [event.act for event in acts] == ["add_erp_reference", "remove_erp_reference"]


@pytest.mark.parametrize("name", ["document", "partner", "grant", "fund", "wbs"])
def test_a_line_of_the_erp_is_found_by_each_of_its_identifiers(ledger: Ledger, name: str) -> None:
    row = {"export": factories.erp_export(ledger=ledger), "document": "51", name: "SB-0077.1"}
    line = factories.erp_line(**row)
    assert find_by_reference(ledger, "sb-0077").lines == (line,)
    assert find_by_reference(ledger, "sb-0078").lines == ()


def test_an_export_is_loaded_on_the_page_whole_or_not_at_all(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    factories.posting(books, reference="BANK-4711")

    def sent(text: str) -> object:
        file = SimpleUploadedFile("march.csv", text.encode())
        return client_of(officer).post(reverse("erp_load"), {"month": "2021-03", "file": file})

    refused = sent("posting_date,currency,amount\n2021-03-04,USD,5\n2021-04-04,USD,5\n")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "Row 3" in refused.content.decode()  # type: ignore[attr-defined]
    assert not ErpExport.objects.exists()
    loaded = sent("posting_date,document,currency,amount\n2021-03-04,BANK-4711,USD,100.00\n")
    assert loaded["Location"] == "/income/erp/UNH/2021-03/"  # type: ignore[index]
    page = client_of(reviewer).get("/income/erp/UNH/2021-03/").content.decode()
    assert "ERP and books match." in page
    client_of(officer).post(f"/income/erp/lines/{ErpLine.objects.get().pk}/", {"apart": "1"})
    page = client_of(officer).get("/income/erp/UNH/2021-03/").content.decode()
    assert "Without a match: 1 of the ERP, 1 of the books." in page


def test_the_board_sees_counts_and_sums_and_no_way_to_the_lines(
    books: Ledger, officer: User, board_member: User, client_of: ClientOf
) -> None:
    factories.posting(books)
    load(books, officer, "2021-03-04,5100,,,,USD,40,40")
    for who, is_linked in ((board_member, False), (officer, True)):
        page = client_of(who).get("/board/?books=UNH&basis=received&as_at=2021-03")
        text = page.content.decode()
        assert "without a match: 1 of the ERP, 1 of the books" in text
        assert ("/income/erp/UNH/2021-03/" in text) is is_linked
    assert client_of(board_member).get("/income/erp/UNH/2021-03/").status_code == 403
