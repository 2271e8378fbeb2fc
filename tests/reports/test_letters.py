"""Letters made from the books: what they say, in which language, and that they are filed once.

Sweden in the books T, all core money: US$ 1,000.00 in 2020, SEK 80,000 at 8 to the dollar
(US$ 10,000.00) on 4 March 2022, of 12,000 received from all. The budget of 2022 is 12 million.
"""

import datetime
import hashlib
import io
import uuid
import zipfile
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEvent
from donors.models import Donor, DonorDocument, Engagement
from income import ledger as door
from income.models import Approach, Currency, Fund
from income.periods import YearMonth
from income.services import PromisedContribution, ReceivedMoney, record_receipt, sign_agreement
from income.services.actors import SYSTEM
from jobs.models import Job
from jobs.services import run_due
from reports.letters import facts as of
from reports.letters.campaign_job import ask_for_letters
from reports.letters.filing import file_letter, set_letter
from reports.letters.texts import wording
from reports.letters.wording import WordingWrong
from reports.pdf.errors import PdfFailed
from tests import factories
from tests.reports import pdf_reading

pytestmark = pytest.mark.django_db

MARCH_2022 = datetime.date(2022, 3, 4)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def books(ledger, settings, sweden):
    settings.PORTAL_BOOKS = ledger.code
    factories.posting(ledger, factories.entry("1000.00", value_date=day("2020-05-05")))
    factories.posting(
        ledger,
        factories.entry("80000.00", units_per_usd="8", currency_id="SEK", value_date=MARCH_2022),
        reference="BANK-77",
    )
    norway = Donor.objects.get(code="NOR")
    factories.posting(ledger, factories.entry("2000.00", donor=norway, value_date=MARCH_2022))
    return ledger


def text_of(letter):
    """The text of all pages, with ordinary spaces and no breaks for long words."""
    pages = pdf_reading.texts(pdf_reading.opened(letter.content))
    return " ".join(pages).replace("\u00a0", " ").replace("\u200b", "")


def made(facts, language="en", **changed):
    return set_letter(facts, language=language, token=uuid.uuid4(), **changed)


def squeezed(text):
    return "".join(text.split())


def says(letter, *sentences):
    text = squeezed(text_of(letter))
    return [one for one in sentences if squeezed(one) not in text]


def test_a_call_names_what_was_given_the_budget_and_the_share(books, sweden, today):
    letter = made(of.core_call(books, sweden, today))
    assert says(
        letter,
        "United Nations Human Settlements Programme (UN-Habitat)", "15 December 2022",
        "Permanent Mission to UN-Habitat", "Sweden", "Excellency,", "I have the honour",
        "From 2018 to 2022 UN-Habitat received US$ 11,000.00", "US$ 12.0 million",
        "US$ 12,000.00 had been received from all contributors", "1,000.00", "10,000.00",
        "11,000.00", "Executive Director", "Books of a test",
    ) == []  # fmt: skip


def test_no_figure_of_another_donor_stands_in_a_letter(books, sweden, today):
    assert "2,000.00" not in text_of(made(of.core_call(books, sweden, today))).replace(
        "12,000.00", ""
    )
    nothing = made(of.core_call(books, Donor.objects.get(code="FRA"), today))
    assert says(nothing, "no core contribution by your Government from 2018 to 2022") == []
    for figure in ("11,000.00", "10,000.00", "2,000.00 ", "SEK"):
        assert figure not in text_of(nothing).replace("12,000.00", "")


def test_years_before_the_books_are_not_zero(books, sweden, today):
    facts = of.core_call(books, sweden, today)
    assert [(one.year, one.amount_usd) for one in facts.given] == [
        (2018, None), (2019, None), (2020, 1000), (2021, 0), (2022, 10000),
    ]  # fmt: skip
    assert (facts.goal.amount_usd, facts.goal.received_usd) == (12_000_000, 12_000)


def test_a_call_asks_for_the_amount_of_its_approach(books, sweden, today):
    approach = factories.approach(donor=sweden, amount=Decimal(750000), currency_id="SEK")
    facts = of.core_call(books, sweden, today, approach=approach)
    assert says(made(facts), "a core contribution of SEK 750,000.00 for 2022") == []


def test_an_organization_is_not_called_excellency(books, today):
    letter = made(of.core_call(books, Donor.objects.get(code="KFW"), today))
    assert says(letter, "Dear Sir or Madam,", "your organization") == []
    assert "Excellency" not in text_of(letter)


def test_the_letter_goes_to_the_contact_that_is_named_for_letters(books, sweden, today):
    factories.contact(donor=sweden, title="Somebody else")
    factories.contact(
        donor=sweden, title="Head, Multilateral Department", is_addressee=True,
        address="First street 1\nStockholm",
    )  # fmt: skip
    letter = made(of.core_call(books, sweden, today))
    assert list(letter.printed.addressee) == [
        "Head, Multilateral Department", "Sweden", "First street 1", "Stockholm",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "zh-hans", "fr", "ru", "es"])
def test_every_language_sets_the_donors_name_and_the_figures(books, sweden, today, language):
    with translation.override(language):
        facts = of.core_call(books, sweden, today)
    letter = made(facts, language)
    assert sweden.names[language] in letter.printed.addressee
    assert letter.printed.direction == ("rtl" if language == "ar" else "ltr")
    digits = "".join(one for one in text_of(letter) if one.isdigit())
    assert "1100000" in digits
    pdf = pdf_reading.opened(letter.content)
    assert str(pdf.Root.Lang) == {"zh-hans": "zh-CN"}.get(language, language)
    assert len(pdf.pages) == 1


def test_arabic_reads_in_its_order(books, sweden, today):
    with translation.override("ar"):
        facts = of.core_call(books, sweden, today)
    body = "السلام عليكم\n\nيبلغ المجموع {given} حتى اليوم"
    letter = made(facts, "ar", subject="رسالة شكر", body=body)
    painted = squeezed(text_of(letter))  # from left to right on the page
    for words in ("السلام عليكم", "رسالة شكر", "يبلغ المجموع"):
        assert squeezed(words)[::-1] in painted
    pdf = pdf_reading.opened(letter.content)
    assert str(pdf.Root.ViewerPreferences.get("/Direction")) == "/R2L"
    assert "/Table" in pdf_reading.names(pdf)


def test_a_sign_without_a_glyph_stops_the_file(books, sweden, today):
    with pytest.raises(PdfFailed, match="U\\+1F600"):
        made(of.core_call(books, sweden, today), body="Thanks \U0001f600")


def test_the_same_letter_has_the_same_bytes(books, sweden, today):
    facts, token = of.core_call(books, sweden, today), uuid.uuid4()
    first, second = (set_letter(facts, language="en", token=token) for _time in range(2))
    assert first.content == second.content


def test_a_receipt_is_acknowledged_with_its_rate(books, today):
    facts = of.thanks(books.postings.get(sequence=2), today)
    assert says(
        made(facts), "acknowledge receipt of SEK 80,000.00", "4 March 2022", "BANK-77",
        "US$ 10,000.00", "at the rate of 8.00 SEK to the United States dollar of 1 March 2021",
        "monthly average (not a UN rate)", "Foundation non-earmarked",
    ) == []  # fmt: skip


def test_a_receipt_without_a_rate_says_so(books, today):
    posting = factories.posting(books, factories.entry("5.00", currency_id="SEK"))
    letter = made(of.thanks(posting, today))
    assert says(letter, "as soon as the rate of exchange", "not converted") == []


def test_what_is_no_receipt_is_not_acknowledged(books, today):
    wrong = factories.posting(books, factories.entry("999.00"))
    door.reverse(
        wrong, booked_month=YearMonth(2021, 4), note="Wrong", token="undo", prepared_by=None,
        approved_by=None,
    )  # fmt: skip
    with pytest.raises(of.LetterImpossible, match="was reversed"):
        of.thanks(wrong, today)
    norway = factories.entry("1.00", donor=Donor.objects.get(code="NOR"))
    two = factories.posting(books, factories.entry("1.00"), norway)
    with pytest.raises(of.LetterImpossible, match="not one donor's"):
        of.thanks(two, today)


@pytest.fixture
def agreement(books, sweden, today):
    """SEK 300 in three instalments; 40 of the first came, the third is still to come."""
    promise = PromisedContribution(
        donor=sweden, fund=Fund.objects.get(code="FE"), title="Three years",
        currency=Currency.objects.get(code="SEK"), amount=Decimal(300),
        promised_on=day("2021-01-10"), reference="AGR-5",
        schedule=[(day(f"{year}-02-01"), Decimal(100)) for year in (2021, 2022, 2023)],
    )  # fmt: skip
    posting = sign_agreement(books, promise, token="signed", today=today, actors=SYSTEM)
    signed = posting.entries.first().contribution
    paid = ReceivedMoney(
        currency=signed.currency, amount=Decimal(40), received_on=day("2021-03-01"),
        instalment=signed.instalments.get(number=1),
    )  # fmt: skip
    record_receipt(books, signed, paid, token="paid", today=today, actors=SYSTEM)
    return signed


def test_a_reminder_names_what_is_outstanding_and_how_it_was_agreed(agreement, today):
    letter = made(of.reminder(agreement.instalments.get(number=1), today))
    assert says(
        letter, "agreement AGR-5", "signed on 10 January 2021", "Three years",
        "instalment 1 of 3 fell due on 1 February 2021",
        "Of SEK 100.00, SEK 40.00 has been received; SEK 60.00 was outstanding",
    ) == []  # fmt: skip
    second = made(of.reminder(agreement.instalments.get(number=2), today))
    assert says(second, "It has not been received: SEK 100.00 was outstanding") == []
    third = made(of.reminder(agreement.instalments.get(number=3), today))
    assert says(third, "instalment 3 of 3 falls due on 1 February 2023") == []


def test_nobody_is_reminded_of_what_was_paid(agreement, today):
    first = agreement.instalments.get(number=1)
    paid = ReceivedMoney(
        currency=agreement.currency, amount=Decimal(60), received_on=today, instalment=first
    )
    record_receipt(agreement.ledger, agreement, paid, token="rest", today=today, actors=SYSTEM)
    with pytest.raises(of.LetterImpossible, match="Nothing of this instalment"):
        of.reminder(first, today)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("You gave US$ 11,000.", "looks like a figure"),
        ("You gave 11000.", "looks like a figure"),
        ("You gave {everything}.", "no placeholder"),
        ("You gave {given.", "no placeholder"),
    ],
)
def test_a_figure_cannot_be_typed_over(books, sweden, today, body, sentence):
    with pytest.raises(WordingWrong, match=sentence):
        made(of.core_call(books, sweden, today), body=body)


def test_the_letters_own_words_hold_no_typed_figure(books, sweden, agreement, today):
    for facts in (
        of.core_call(books, sweden, today),
        of.thanks(books.postings.get(sequence=2), today),
        of.reminder(agreement.instalments.get(number=1), today),
    ):
        own = wording(facts)
        assert made(facts, subject=own.subject, body=own.body).content[:5] == b"%PDF-"


def sent(client, address, **changed):
    """The letter's page as it opens, sent with what was changed."""
    form = client.get(address).context["form"]
    return client.post(address, {**form.initial, **changed})


def test_a_letter_is_made_filed_and_noted_once(books, sweden, officer, client_of):
    approach = factories.approach(donor=sweden)
    address = reverse("letter_core", args=["SWE"]) + f"?approach={approach.uuid}"
    client, token = client_of(officer), str(uuid.uuid4())
    body = "Excellency,\n\nI thank you for {given}.\n\nWith my highest consideration."
    first = sent(client, address, token=token, body=body)
    again = client.post(address, {"token": token, "subject": "Another", "body": "x"})
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    kept, told = DonorDocument.objects.get(), Engagement.objects.get()
    assert (kept.donor, kept.kind, str(kept.uuid)) == (sweden, "letter", token)
    content = kept.file.read()
    assert hashlib.sha256(content).hexdigest() == kept.sha256
    assert "I thank you for US$\u00a011,000.00." in told.summary
    approach.refresh_from_db()
    assert (approach.letter, approach.asked_on, approach.version) == (told, kept.dated_on, 2)
    event = AuditEvent.objects.get(act="make_letter")
    assert (event.subject, event.subject_id) == ("donors.donor", str(sweden.pk))
    assert event.after["sha256"] == kept.sha256
    assert client.get(first["Location"]).status_code == 200
    file = client.get(reverse("letter_file", args=[kept.uuid]))
    assert b"".join(file.streaming_content) == content


def test_a_wrong_wording_is_shown_again_as_it_was_typed(books, officer, client_of):
    address = reverse("letter_core", args=["SWE"])
    response = sent(client_of(officer), address, body="You gave 11,000,000.")
    assert response.status_code == 422
    assert "You gave 11,000,000." in response.content.decode()
    assert not DonorDocument.objects.exists()


def test_the_letter_is_in_the_donors_language_unless_another_is_chosen(
    books, sweden, officer, client_of
):
    Donor.objects.filter(pk=sweden.pk).update(language="fr")
    client, address = client_of(officer), reverse("letter_core", args=["SWE"])
    assert client.get(address).context["letter_language"] == "fr"
    assert "Suède" in client.get(address).content.decode()
    page = client.get(address, {"language": "ar"})
    assert 'dir="rtl"' in page.content.decode()
    assert client.get(address, {"language": "xx"}).context["letter_language"] == "en"


def test_the_demonstration_is_marked_in_text_name_and_title(settings, officer, sweden, today):
    demo = factories.ledger(is_demonstration=True)
    letter = made(of.core_call(demo, sweden, today))
    assert says(letter, "DEMONSTRATION BOOKS") == []
    assert letter.file_name == "DEMONSTRATION-letter-core-SWE-2022-12-15-en.pdf"
    kept = file_letter(letter, token=uuid.uuid4(), by=officer)
    assert kept.title.startswith("DEMONSTRATION: ")


def test_an_approach_of_another_donor_is_not_found(books, officer, client_of):
    approach = factories.approach(donor=Donor.objects.get(code="NOR"))
    address = reverse("letter_core", args=["SWE"]) + f"?approach={approach.uuid}"
    assert client_of(officer).get(address).status_code == 404


@pytest.mark.parametrize("person", ["board_member", "representative"])
def test_who_is_not_staff_opens_no_letter(person, books, sweden, client_of, request):
    client = client_of(request.getfixturevalue(person))
    kept = factories.donor_document(donor=sweden)
    for name, argument in [
        ("letter_core", "SWE"),
        ("letter", kept.uuid),
        ("letter_file", kept.uuid),
    ]:
        assert client.get(reverse(name, args=[argument])).status_code == 403


def test_an_administrator_files_no_letter(books, sweden, administrator, today):
    letter = made(of.core_call(books, sweden, today))
    with pytest.raises(PermissionDenied):
        file_letter(letter, token=uuid.uuid4(), by=administrator)


@pytest.fixture
def campaign(books, sweden):
    campaign = factories.campaign()
    Donor.objects.filter(code="FRA").update(language="fr")
    for code in ("SWE", "FRA"):
        factories.approach(campaign=campaign, donor=Donor.objects.get(code=code))
    return campaign


def worked(campaign, books, officer, today, *, again=False):
    ask_for_letters(campaign, books, language="es", again=again, today=today, by=officer)
    run_due()
    return Job.objects.order_by("-pk").first()


@pytest.mark.django_db(transaction=True)
def test_a_campaign_makes_one_letter_for_each_donor(
    committed, campaign, books, officer, today, client_of
):
    job = worked(campaign, books, officer, today)
    assert job.sentence == "2 letters were made and filed with their donors."
    letters = dict(DonorDocument.objects.values_list("donor__code", "file_name"))
    assert letters == {
        "SWE": "letter-core-SWE-2022-12-15-es.pdf", "FRA": "letter-core-FRA-2022-12-15-fr.pdf",
    }  # fmt: skip
    assert set(Approach.objects.values_list("asked_on", flat=True)) == {today}
    job = worked(campaign, books, officer, today)
    assert job.sentence == "Every donor of the campaign has its letter already."
    assert DonorDocument.objects.count() == 2
    assert worked(campaign, books, officer, today, again=True).result["made"] == 2
    assert DonorDocument.objects.count() == 4
    answer = client_of(officer).get(reverse("letter_zip", args=[campaign.uuid]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as file:
        assert sorted(file.namelist()) == sorted(letters.values())


@pytest.mark.django_db(transaction=True)
def test_work_that_broke_off_goes_on_where_it_was(committed, campaign, books, officer, today):
    job = worked(campaign, books, officer, today, again=True)
    Job.objects.filter(pk=job.pk).update(state="waiting")
    run_due()
    assert DonorDocument.objects.count() == 2
    assert Job.objects.get(pk=job.pk).result == {"made": 0, "problems": []}
