"""The pages of an import: bring in, say the columns, look, choose, submit, post, undo."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from donors.models import Donor
from income.models import Draft, Entry, Import, ImportLayout, Ledger, Posting
from income.vocabulary import Act, DraftState
from tests import factories, import_factories

FILE = (
    "Donor,Fund,Received on,Amount,Currency\n"
    'Sweden,FNE,2022-03-01,"1,000.50",USD\n'
    "Norway,FNE,2022-04-02,500,USD\n"
    "Friends of Quiet Harbours,FNE,2022-04-03,200,USD\n"
    "Sweden,FNE,sometime in spring,70,USD\n"
)


@pytest.fixture
def books(reference):
    return Ledger.objects.get(code="UNH")


@pytest.fixture
def hand(client_of, officer, django_capture_on_commit_callbacks):
    """The officer's browser; what a page asks a job for is done when the page is there."""
    return Hand(client_of(officer), django_capture_on_commit_callbacks)


@pytest.fixture
def other_hand(client_of, reviewer, django_capture_on_commit_callbacks):
    return Hand(client_of(reviewer), django_capture_on_commit_callbacks)


class Hand:
    def __init__(self, client, capture):
        self.client, self.capture = client, capture

    def get(self, name, *args, **query):
        return self.client.get(reverse(name, args=args), query)

    def post(self, name, *args, **typed):
        with self.capture(execute=True):
            return self.client.post(reverse(name, args=args), typed)

    def upload(self, content=FILE, name="receipts.csv"):
        """Bring a file in; the import."""
        data = content.encode() if isinstance(content, str) else content
        response = self.post("import_new", file=SimpleUploadedFile(name, data))
        assert response.status_code == 302, response.content.decode()
        return Import.objects.latest("pk")

    def confirm(self, found, **changed):
        """Send the page of columns as it is proposed, but for what is changed."""
        form = self.get("import_columns", found.uuid).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields}
        asked = {"asked": list(form.words)}
        return self.post("import_columns", found.uuid, **{**typed, **asked, **changed})

    def checked(self, content=FILE, **changed):
        found = self.upload(content)
        response = self.confirm(found, kind="receipt", **changed)
        assert response.status_code == 302, response.context["form"].errors
        found.refresh_from_db()
        return found

    def text(self, name, *args, **query):
        return self.get(name, *args, **query).content.decode()


def posted(hand, other_hand, content=FILE):
    """An import that another person approved."""
    found = hand.checked(content)
    hand.post("import_submit", found.uuid, version=found.version)
    found.refresh_from_db()
    response = other_hand.post("draft_approve", found.draft.uuid, version=found.draft.version)
    assert response.url == reverse("import", args=[found.uuid])
    found.refresh_from_db()
    assert found.is_posted, found.job.sentence
    return found


class TestBringingIn:
    def test_a_file_leads_to_its_columns(self, books, hand):
        found = hand.upload()
        assert (found.file_name, found.ledger.code) == ("receipts.csv", "UNH")
        response = hand.get("import_columns", found.uuid)
        headings = [row.column.heading for row in response.context["form"].column_rows()]
        assert headings == ["Donor", "Fund", "Received on", "Amount", "Currency"]
        assert b"Friends of Quiet Harbours" in response.content

    @pytest.mark.parametrize("content", ["", "\x01\x02\x03\x04" * 50, "PK\x03\x04 nothing"])
    def test_a_file_that_cannot_be_read_leaves_nothing_behind(self, books, hand, content):
        upload = SimpleUploadedFile("bad.xlsx", content.encode())
        response = hand.post("import_new", file=upload)
        assert response.status_code == 422
        assert response.context["form"].errors["file"]
        assert not Import.objects.exists()

    def test_no_file_is_asked_for(self, books, hand):
        assert hand.post("import_new").status_code == 422

    def test_a_pasted_block_is_a_file_of_its_own(self, books, hand):
        block = FILE.replace(",", "\t").replace('"1\t000.50"', "1000.50")
        assert hand.post("import_paste", rows=block).status_code == 302
        found = Import.objects.get()
        assert found.is_pasted
        seen = hand.get("import_columns", found.uuid).context["form"].seen
        assert [column.heading for column in seen.columns][:2] == ["Donor", "Fund"]

    def test_an_empty_block_is_refused(self, books, hand):
        response = hand.post("import_paste", rows="\n\n")
        assert response.status_code == 422
        assert not Import.objects.exists()

    def test_more_than_the_limit_is_answered_with_a_page(self, books, hand, settings):
        settings.MOST_BYTES_OF_A_FILE = 1 << 20
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
        response = hand.post("import_new", file=SimpleUploadedFile("big.csv", b"x" * (3 << 20)))
        assert response.status_code == 413
        assert b"A file may have 1 MB" in response.content
        block = hand.post("import_paste", rows="x" * (1 << 20) + "y")
        assert block.status_code == 413
        near = hand.post("import_new", file=SimpleUploadedFile("near.csv", b"x" * (3 << 19)))
        assert near.status_code == 422

    def test_the_list_tells_file_state_rows_and_sum(self, books, hand):
        hand.checked()
        text = hand.text("import_list")
        assert "receipts.csv" in text
        assert "Checked" in text
        assert "1,500.50" in text

    def test_the_template_is_a_workbook_with_the_columns(self, books, hand):
        response = hand.get("import_template")
        content = b"".join(response.streaming_content)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        assert "Donor" in rows.to_python()[0]


class TestColumns:
    def test_what_is_confirmed_is_checked(self, books, hand):
        found = hand.checked()
        assert found.found["rows"] == 4
        assert found.found["accepted"] == 2
        assert found.found["failing"] == 2

    def test_the_files_own_amounts_are_shown_both_ways(self, books, hand):
        found = hand.upload(FILE.replace('"1,000.50"', '"19.234,56"'))
        text = hand.text("import_columns", found.uuid)
        assert "19.234,56" in text
        assert "cannot be read" in text

    def test_one_field_is_of_one_column(self, books, hand):
        found = hand.upload()
        response = hand.confirm(found, kind="receipt", column_1="amount")
        assert response.status_code == 422
        assert "column_4" in response.context["form"].errors

    def test_a_field_that_is_missing_is_asked_for(self, books, hand):
        found = hand.upload()
        response = hand.confirm(found, kind="receipt", column_3="")
        assert response.status_code == 422
        assert "constant_date" in response.context["form"].errors

    def test_what_no_column_says_can_be_said_for_all_rows(self, books, hand):
        content = "Donor,Amount\nSweden,100\nNorway,50\n"
        found = hand.checked(
            content, constant_fund="FNE", constant_currency="USD", constant_date="2022-03-01"
        )
        assert found.found["accepted"] == 2
        assert found.found["totals"][0]["fund"] == "FNE"

    def test_words_that_nobody_knows_get_a_meaning(self, books, hand):
        content = FILE.replace("Norway,FNE", "Norway,Blue pot")
        found = hand.upload(content)
        form = hand.get("import_columns", found.uuid).context["form"]
        number = [word.text for word in form.words["fund"]].index("Blue pot")
        hand.confirm(found, kind="receipt", **{f"word_fund_{number}": "FNE"})
        found.refresh_from_db()
        assert found.plan["values"]["fund"] == {"blue pot": "FNE"}
        assert found.found["accepted"] == 2

    def test_a_layout_is_kept_and_recognised_the_next_time(self, books, hand):
        hand.checked(layout_name="Cairo office")
        assert ImportLayout.objects.filter(name="Cairo office").exists()
        found = hand.upload(FILE.replace("Norway", "Denmark"))
        assert "Recognised: the layout “Cairo office”." in hand.text("import_columns", found.uuid)

    def test_another_row_of_headings_gives_other_columns(self, books, hand):
        found = hand.upload(f"Receipts of spring\n\n{FILE}")
        form = hand.get("import_columns", found.uuid, header_row=4).context["form"]
        assert form.seen.columns[0].heading == "Sweden"
        form = hand.get("import_columns", found.uuid, header_row=3).context["form"]
        assert form.seen.columns[0].heading == "Donor"
        assert form["column_4"].value() == "amount"

    def test_of_two_people_the_second_is_told(self, books, hand):
        found = hand.upload()
        form = hand.get("import_columns", found.uuid).context["form"]
        Import.objects.filter(pk=found.pk).update(version=7)
        response = hand.confirm(found, kind="receipt", version=form["version"].value())
        assert response.status_code == 422
        assert "Somebody" in str(response.context["form"].non_field_errors())


class TestReport:
    def test_it_says_what_would_be_posted_and_what_is_wrong_where(self, books, hand):
        found = hand.checked()
        response = hand.get("import", found.uuid)
        text = response.content.decode()
        assert "1,000.50" not in [one.amount for one in response.context["totals"]]
        assert response.context["totals"][0].amount == Decimal("1500.50")
        [wrong] = [g for g in response.context["groups"] if g.problems[0].get("field") == "date"]
        assert (wrong.problems[0]["row"], wrong.problems[0]["letter"]) == (5, "C")
        assert "sometime in spring" in text
        assert "rows are left out</strong>" in text

    def test_its_errors_come_back_in_a_workbook(self, books, hand):
        found = hand.checked()
        response = hand.get("import_errors", found.uuid)
        content = io.BytesIO(b"".join(response.streaming_content))
        rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
        assert rows[4][2] == "sometime in spring"
        assert "receipts-errors.xlsx" in response["Content-Disposition"]

    def test_the_file_is_downloaded_and_never_opened(self, books, hand):
        found = hand.upload()
        response = hand.get("import_file", found.uuid)
        assert b"".join(response.streaming_content) == FILE.encode()
        assert response["Content-Disposition"] == 'attachment; filename="receipts.csv"'
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_a_donor_is_chosen_for_a_name_and_the_file_checked_again(self, books, hand):
        found = hand.checked()
        [one] = found.found["unknown_donors"]
        assert one["text"] == "Friends of Quiet Harbours"
        assert "1 name has no donor" in hand.text("import", found.uuid)
        hand.post("import_names", found.uuid, version=found.version, who_0="other", other_0="Spain")
        found.refresh_from_db()
        assert found.choices["donors"] == {
            "friends of quiet harbours": {"donor": "ESP", "text": "Friends of Quiet Harbours"}
        }
        assert found.found["accepted"] == 3

    def test_a_choice_is_told_and_changed_as_long_as_nothing_is_submitted(
        self, books, hand, other_hand
    ):
        found = hand.checked()
        hand.post("import_names", found.uuid, version=found.version, who_0="other", other_0="Spain")
        assert "Each name has its choice" in hand.text("import", found.uuid)
        page = hand.get("import_names", found.uuid)
        assert page.context["form"]["who_0"].value() == "other"
        assert page.context["form"]["other_0"].value() == "ESP"
        found.refresh_from_db()
        hand.post("import_names", found.uuid, version=found.version, who_0="other", other_0="Kenya")
        found.refresh_from_db()
        assert found.choices["donors"]["friends of quiet harbours"]["donor"] == "KEN"
        hand.post("import_submit", found.uuid, version=found.version)
        found.refresh_from_db()
        text = other_hand.text("draft", found.draft.uuid)
        assert "Friends of Quiet Harbours" in text
        assert reverse("import_names", args=[found.uuid]) not in text

    def test_a_column_said_to_be_the_amount_shows_its_decimal_sign(self, books, hand):
        found = hand.upload("Donor;Fund;Day;Betrag\nSweden;FNE;2022-03-01;1.234,50\n"
                            "Norway;FNE;2022-03-02;12.500\n")  # fmt: skip
        form = hand.get("import_columns", found.uuid).context["form"]
        assert form.base.columns["amount"] == "betrag"  # the only column of numbers
        hand.confirm(found, kind="receipt", column_3="date", column_4="amount_usd")
        found.refresh_from_db()
        assert found.plan["decimal_sign"] == ","
        assert [one["amount"] for one in found.found["samples"]] == ["1234.50", "12500"]

    def test_a_new_donor_is_made_only_when_the_file_is_posted(self, books, hand):
        found = hand.checked()
        hand.post(
            "import_names", found.uuid, version=found.version, who_0="new",
            name_0="Friends of Quiet Harbours", type_0="C02", country_0="",
        )  # fmt: skip
        found.refresh_from_db()
        assert found.found["new_donors"][0]["name"] == "Friends of Quiet Harbours"
        assert not Donor.objects.filter(names__en="Friends of Quiet Harbours").exists()

    def test_a_donor_that_nobody_knows_is_told_on_the_form(self, books, hand):
        found = hand.checked()
        response = hand.post(
            "import_names", found.uuid, version=found.version, who_0="other", other_0="Atlantis"
        )
        assert response.status_code == 422
        assert "other_0" in response.context["form"].errors
        nobody = hand.post("import_names", found.uuid, version=found.version, who_0="other")
        assert "who_0" in nobody.context["form"].errors

    def test_all_names_are_left_out_at_once(self, books, hand):
        found = hand.checked()
        hand.post("import_names_all", found.uuid, version=found.version, how="leave_out")
        found.refresh_from_db()
        assert found.found["left_out"] == 1
        assert "row is left out, as chosen for its donor" in hand.text("import", found.uuid)

    def test_similar_rows_are_posted_by_choice(self, books, hand):
        found = hand.checked()
        hand.post("import_repeats", found.uuid, version=found.version, similar="post")
        found.refresh_from_db()
        assert found.choices["similar"] == "post"
        assert hand.post("import_repeats", found.uuid, similar="x").status_code == 302

    def test_a_late_reason_is_kept(self, books, hand):
        found = hand.checked()
        hand.post("import_late", found.uuid, version=found.version, because="Found in June")
        found.refresh_from_db()
        assert found.choices["because"] == "Found in June"

    def test_htmx_is_told_to_load_the_page_when_the_work_is_over(self, books, hand, officer):
        found = hand.checked()
        response = hand.client.get(
            reverse("import", args=[found.uuid]), headers={"HX-Request": "true"}
        )
        assert response["HX-Refresh"] == "true"
        found.job = factories.job(asked_by=officer, kind="check_import", state="running")
        found.save()
        part = hand.client.get(reverse("import", args=[found.uuid]), headers={"HX-Request": "true"})
        assert f'hx-get="{reverse("import", args=[found.uuid])}"' in part.content.decode()
        assert "The work is going on" in hand.text("import", found.uuid)

    def test_who_brought_it_in_discards_it(self, books, hand, other_hand):
        found = hand.checked()
        other_hand.post("import_discard", found.uuid, version=found.version)
        assert Import.objects.filter(pk=found.pk).exists()
        hand.post("import_discard", found.uuid, version=found.version)
        assert not Import.objects.filter(pk=found.pk).exists()


class TestReviewAndUndoing:
    def test_the_reviewer_sees_the_sums_and_what_is_left_out(self, books, hand, other_hand):
        found = hand.checked()
        response = hand.post("import_submit", found.uuid, version=found.version)
        found.refresh_from_db()
        assert response.url == reverse("draft", args=[found.draft.uuid])
        text = other_hand.text("draft", found.draft.uuid)
        assert "1,500.50" in text
        assert "Rows that are not posted" in text
        assert reverse("import_file", args=[found.uuid]) in text
        assert Entry.objects.count() == 0

    def test_it_goes_back_with_a_reason_and_is_submitted_again(self, books, hand, other_hand):
        found = hand.checked()
        hand.post("import_submit", found.uuid, version=found.version)
        found.refresh_from_db()
        other_hand.post(
            "draft_return", found.draft.uuid, version=found.draft.version, because="Wrong fund"
        )
        assert "Wrong fund" in hand.text("import", found.uuid)
        edit = hand.get("draft_edit", found.draft.uuid)
        assert edit.url == reverse("import", args=[found.uuid])
        found.refresh_from_db()
        hand.post("import_submit", found.uuid, version=found.version)
        assert Draft.objects.get().state == DraftState.SUBMITTED

    def test_approved_it_is_posted_and_its_entries_name_their_rows(self, books, hand, other_hand):
        found = posted(hand, other_hand)
        months = {one.booked_month: one for one in Posting.objects.all()}
        assert set(months) == {202203, 202204}
        assert "Its postings" in other_hand.text("import", found.uuid)
        text = hand.text("posting", "UNH", months[202204].sequence)
        assert "It comes from the import" in text
        assert "row 3" in text
        assert "Undo it: ask for its reversal" not in text

    def test_posted_it_cannot_be_changed(self, books, hand, other_hand):
        found = posted(hand, other_hand)
        assert hand.get("import_columns", found.uuid).status_code == 302
        hand.post("import_discard", found.uuid, version=found.version)
        assert Import.objects.filter(pk=found.pk).exists()

    def test_it_is_undone_as_a_whole(self, books, hand, other_hand):
        found = posted(hand, other_hand)
        assert hand.post("import_undo", found.uuid, version=found.version).status_code == 422
        hand.post("import_undo", found.uuid, version=found.version, because="Wrong year")
        found.refresh_from_db()
        assert "Posted; undoing waits for review" in hand.text("import_list")
        text = other_hand.text("draft", found.undo_draft.uuid)
        assert "would be reversed" in text
        other_hand.post("draft_approve", found.undo_draft.uuid, version=found.undo_draft.version)
        found.refresh_from_db()
        assert found.undone_at, found.job.sentence
        assert "Undone" in hand.text("import", found.uuid)
        assert sum(entry.amount for entry in Entry.objects.all()) == 0
        reversal = Posting.objects.filter(act=Act.REVERSE).first()
        if reversal:
            assert "It undoes the import" in hand.text("posting", "UNH", reversal.sequence)

    def test_a_long_posting_is_paged(self, books, hand, other_hand, monkeypatch):
        monkeypatch.setattr("income.views.books.ROWS_OF_A_POSTING", 1)
        content = FILE.replace("2022-03-01", "2022-04-01")
        posted(hand, other_hand, content)
        last = Entry.objects.count()
        first = hand.text("posting", "UNH", 1)
        assert "All its entries, with their number and sum" in first
        assert ("Sweden" in first, "Norway" in first) == (True, False)
        assert "Norway" in hand.text("posting", "UNH", 1, page=last)
        assert hand.get("posting", "UNH", 1, page=last + 1).status_code == 404


def test_an_import_of_other_books_is_not_found(books, hand):
    other = import_factories.import_(ledger=factories.ledger(code="DEMO2"))
    for name in ("import", "import_columns", "import_file", "import_undo"):
        assert hand.get(name, other.uuid).status_code == 404


def test_a_long_file_is_marked_by_a_job_and_says_so_on_its_columns(books, hand):
    rows = "".join(f"Sweden,FNE,2022-03-01,{n}.50,USD\n" for n in range(1, 5_001))
    found = hand.checked("Donor,Fund,Received on,Amount,Currency\n" + rows + "Sweden,FNE,x,1,USD\n")
    assert "Counted in the first" in hand.text("import_columns", found.uuid)
    assert "Make the file with its errors marked" in hand.text("import", found.uuid)
    assert hand.get("import_errors", found.uuid).url == reverse("import", args=[found.uuid])
    hand.post("import_mark", found.uuid)
    response = hand.get("import_errors", found.uuid)
    content = io.BytesIO(b"".join(response.streaming_content))
    sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert sheet[5_001][2] == "x"
    assert sheet[5_001][5] != ""
    storage, name = found.file.storage, f"{found.file.name}-marked"
    assert storage.exists(name)
    hand.post("import_discard", found.uuid, version=found.version)
    assert not storage.exists(name)


def test_a_donor_that_is_typed_is_chosen_without_a_mark(books, hand):
    found = hand.checked()
    hand.post("import_names", found.uuid, version=found.version, other_0="Spain")
    found.refresh_from_db()
    assert found.found["accepted"] == 3


def test_a_core_gift_is_told_as_the_receipt_that_it_is(books, hand):
    found = hand.checked()
    assert found.found["kinds"] == {"receipt": 2}
    assert {one["kind"] for one in found.found["samples"]} == {"receipt"}
    context = hand.get("import", found.uuid).context
    assert [one.kind for one in context["sums"]] == ["Receipt"]
    assert [one.total.kind for one in context["totals"]] == ["receipt"]
    assert {one.total.kind for one in context["beside"]} == {"agreement", "due"}
