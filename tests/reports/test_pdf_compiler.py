"""The donor statement as PDF: its structure, its bytes, and texts that could do harm."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from reports.pdf import fonts
from reports.pdf.compiler import PdfFailed, compile_pdf
from reports.pdf.fonts import FontMissing, prepare_fonts
from reports.pdf.statement import TableData, grouped_hash, render_statement
from tests.reports.pdf_reading import names, opened, tags, texts
from tests.reports.statement_documents import HASH, WORDS, chart, sample

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LANGUAGES = sorted(WORDS)
MARKUP = "#$*[]\\<>_@\"'`~=- //a #panic() #sys.inputs ${x} السويد 瑞典 "
MARKUP = (MARKUP * 4)[:200].strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_says_what_it_is_to_a_reading_program(language: str) -> None:
    pdf = opened(render_statement(sample(language), timestamp=AT))
    words = WORDS[language]
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == {"zh-hans": "zh-CN"}.get(language, language)
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == f"{words['title']} – {words['donor']}"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_have_headers_and_the_chart_has_its_text(language: str) -> None:
    pdf = opened(render_statement(sample(language), timestamp=AT))
    found = names(pdf)
    assert found.count("/H1") == 1
    assert found.count("/H2") == 5  # by fund, receipts, ten years, notes, state of the books
    assert found.count("/TH") == 5 + 6 + 4
    assert found.count("/TFoot") == 1
    assert [str(tag.Alt) for tag in tags(pdf) if "/Alt" in tag] == [WORDS[language]["alt"]]


def test_an_arabic_statement_is_laid_out_from_right_to_left() -> None:
    arabic = opened(render_statement(sample("ar"), timestamp=AT))
    assert str(arabic.Root.ViewerPreferences.get("/Direction")) == "/R2L"


def test_the_letters_of_an_arabic_text_stand_in_it_once() -> None:
    (first, *_others) = texts(opened(render_statement(sample("ar"), timestamp=AT)))
    painted = first.replace(" ", "")
    for word in ("السويد", "المتحدة", "التقني", "المستحق"):
        assert word[::-1] in painted  # from left to right on the page
    assert "تت"[::-1] not in painted


def test_an_arabic_letter_and_its_vowel_sign_stand_in_a_text_once() -> None:
    document = sample("ar", sentence="لم يُنشر", chart_svg=chart("غير مبلَّغ عنه"))
    painted = "".join(texts(opened(render_statement(document, timestamp=AT)))).replace(" ", "")
    # From left to right on the page; a letter with its signs is one glyph and keeps their order.
    assert "رشنيُمل" in painted
    assert "هنعغلَّبمريغ" in painted


def test_a_name_in_other_letters_keeps_its_order_among_arabic() -> None:
    painted = texts(opened(render_statement(sample("ar", donor_name="#1 Ab (c)"), timestamp=AT)))
    assert "#1 Ab (c)" in painted[0]
    assert "#1 Ab (c)" in painted[1]  # the running head


def test_no_sign_is_added_to_a_reference_where_a_line_ends() -> None:
    long = "demo-2021-FE-SWE-published-and-a-good-deal-longer-than-its-column"
    english = sample()
    receipts = dataclasses.replace(english.receipts, rows=[["1", "2", long, "4", "5", "6"]])
    spanish = dataclasses.replace(english, language="es", receipts=receipts)
    assert long in texts(opened(render_statement(spanish, timestamp=AT)))[0].replace(" ", "")


def test_an_arabic_chart_is_set_too() -> None:
    document = sample("en", chart_svg=chart("بيان المانح، التعاون التقني"))
    pages = texts(opened(render_statement(document, timestamp=AT)))
    assert "التقني"[::-1] in "".join(pages).replace(" ", "")


def test_the_same_document_gives_the_same_bytes() -> None:
    first = render_statement(sample("ar"), timestamp=AT)
    render_statement(sample("en"), timestamp=AT)
    assert render_statement(sample("ar"), timestamp=AT) == first


def test_threads_each_get_their_own_document() -> None:
    wanted = {name: render_statement(sample(donor_name=name), timestamp=AT) for name in "ABCDEF"}
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(
            lambda name: render_statement(sample(donor_name=name), timestamp=AT), wanted
        )
    assert list(made) == list(wanted.values())


def test_a_name_of_markup_is_printed_as_it_was_typed() -> None:
    document = sample(donor_name=MARKUP, sentence=MARKUP, notes=[MARKUP])
    document = dataclasses.replace(
        document, receipts=dataclasses.replace(document.receipts, rows=[[MARKUP] * 6])
    )
    pdf = opened(render_statement(document, timestamp=AT))
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == f"Donor statement 2021 – {MARKUP}"
    first = texts(pdf)[0]
    assert "#$*[]\\<>_@\"'`~=- //a #panic() #sys.inputs ${x}" in first
    assert "瑞典" in first


def test_a_name_of_two_hundred_signs_without_a_space_stays_on_the_page() -> None:
    pdf = opened(render_statement(sample(donor_name="Donor" * 40), timestamp=AT))
    assert "Donor" * 40 in texts(pdf)[0].replace("\u200b", "").replace(" ", "")


def test_a_sign_without_a_glyph_stops_the_document_and_is_named() -> None:
    with pytest.raises(PdfFailed, match=r"ไ \(U\+0E44\), ท \(U\+0E17\), ย \(U\+0E22\)"):
        render_statement(sample(donor_name="ไทย"), timestamp=AT)


@pytest.mark.parametrize(("sign", "said"), [("\0", "U+0000"), ("\x07", "U+0007")])
def test_a_control_sign_stops_the_document_and_is_named(sign: str, said: str) -> None:
    with pytest.raises(PdfFailed) as failure:
        render_statement(sample(donor_name=f"Sweden{sign}"), timestamp=AT)
    assert said in str(failure.value)


def test_data_that_does_not_fit_the_template_is_told_as_a_failure() -> None:
    with pytest.raises(PdfFailed, match="in the log"):
        compile_pdf("statement.typ", {"title": "Alone"}, language="en", timestamp=AT)


def test_a_timestamp_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        compile_pdf("statement.typ", {}, language="en", timestamp=AT.replace(tzinfo=None))


def test_a_year_without_receipts_says_so_and_shows_no_empty_table() -> None:
    pdf = opened(render_statement(sample(receipts=0), timestamp=AT))
    assert "No receipt is recorded for this year." in texts(pdf)[0]
    assert "Original amount" not in " ".join(texts(pdf))
    assert names(pdf).count("/TH") == 5 + 4


def test_two_hundred_receipts_repeat_their_headers_and_count_their_pages() -> None:
    pages = texts(opened(render_statement(sample(receipts=200), timestamp=AT)))
    receipts = [page for page in pages if "SWE-" in page]
    assert len(receipts) > 4
    assert all("Original amount" in page for page in receipts)
    assert [f"SWE-{at:03d}" in "".join(receipts) for at in (0, 100, 199)] == [True] * 3
    for at, page in enumerate(pages, start=1):
        assert f"Page {at} of {len(pages)}" in page


@pytest.mark.parametrize("receipts", range(9, 20))
def test_a_total_stands_on_a_page_with_the_last_row(receipts: int) -> None:
    document = sample(receipts=receipts)
    rows = dataclasses.replace(document.receipts, total_row=["Whole sum", "", "", "", "", "9.00"])
    pdf = opened(render_statement(dataclasses.replace(document, receipts=rows), timestamp=AT))
    (page,) = [page for page in texts(pdf) if "Whole sum" in page]
    assert f"SWE-{receipts - 1:03d}" in page


def test_every_page_of_a_demonstration_says_so_and_no_page_of_real_books() -> None:
    band = WORDS["en"]["demonstration"]
    pages = texts(opened(render_statement(sample(receipts=60), timestamp=AT)))
    assert [page.count(band) for page in pages] == [1] * len(pages)
    real = render_statement(sample(receipts=60, demonstration=None), timestamp=AT)
    assert "DEMONSTRATION" not in " ".join(texts(opened(real)))


@pytest.mark.parametrize("receipts", [3, 60])
def test_each_page_says_once_that_it_is_not_certified(receipts: int) -> None:
    pages = texts(opened(render_statement(sample(receipts=receipts), timestamp=AT)))
    assert len(pages) > 1
    assert [page.count(WORDS["en"]["disclaimer"]) for page in pages] == [1] * len(pages)


def test_the_parts_of_a_second_do_not_stand_in_a_document() -> None:
    precise = AT.replace(microsecond=123456)
    assert render_statement(sample(), timestamp=precise) == render_statement(sample(), timestamp=AT)


def test_the_statement_prints_its_seal_and_what_it_is_not() -> None:
    last = texts(opened(render_statement(sample(), timestamp=AT)))[-1]
    assert "9f86d081 884c7d65 9a2feaa0 c55ad015 a3bf4f1b 2b0b822c d15d6c15 b0f00a08" in last
    assert "This statement is not a certified financial statement." in last


def test_a_hash_is_grouped_by_eight() -> None:
    assert grouped_hash(HASH[:20]) == "9f86d081 884c7d65 9a2f"


def test_a_table_refuses_rows_that_do_not_fit_and_silence_in_place_of_rows() -> None:
    with pytest.raises(ValueError, match="has not 2 cells"):
        TableData("Receipts", ["Date", "Fund"], [["14 March 2021"]])
    with pytest.raises(ValueError, match="neither rows nor a sentence"):
        TableData("Receipts", ["Date", "Fund"], [])


def test_a_statement_refuses_a_missing_label_and_a_chart_without_text() -> None:
    with pytest.raises(ValueError, match="page_of, source"):
        sample(labels={"notes": "Notes"})
    with pytest.raises(ValueError, match="chart"):
        sample(chart_alt="")


def test_fonts_are_prepared_once_and_whole() -> None:
    target = settings.PORTAL_DATA_DIR / "fonts"
    list(prepare_fonts(target))
    assert list(prepare_fonts(target)) == []
    found = sorted(path.name for path in target.rglob("*") if path.is_file())
    assert found == ["NotoSansArabic-Bold.ttf", "NotoSansArabic-Regular.ttf"]


def test_the_command_says_that_the_fonts_are_ready() -> None:
    said = StringIO()
    call_command("prepare_fonts", stdout=said)
    assert said.getvalue().endswith("The fonts of the documents are ready.\n")


def test_a_font_that_is_not_installed_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "PACKAGED", (("no_such_package", "NotoSans.ttf"),))
    with pytest.raises(FontMissing, match="Install the portal's requirements again"):
        fonts.font_folders()


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "fonts").write_text("a file where a folder should be")
    with pytest.raises(FontMissing, match="could not be written"):
        list(prepare_fonts(tmp_path / "fonts"))
