"""The pages of exchange rates: one rate, a file with its preview, a correction, the honest date."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from income import ledger as door
from income.models import ExchangeRate, Ledger, RateCorrection, RateLoad
from income.rates import RateInForce
from income.rates.as_of import rates_as_of
from income.vocabulary import RateType
from tests import factories, import_factories
from tests.income.rates.feeds import entry, feed

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
D = Decimal
HEADER = "currency,effective_on,units_per_usd\n"


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kes(reference: None) -> ExchangeRate:
    """The only rate of the shilling: 122 from the first of last month on."""
    ExchangeRate.objects.filter(currency="KES").delete()
    return factories.exchange_rate(
        currency_id="KES", effective_on=datetime.date(2021, 3, 1), units_per_usd=D(122)
    )


@pytest.fixture
def page(client_of: ClientOf, reviewer: User) -> Client:
    return client_of(reviewer)


def text_of(response) -> str:
    text = re.sub(r"</?(time|bdi|strong)[^>]*>", "", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def typed(**changed: str) -> dict[str, str]:
    row = {
        "currency": "KES", "effective_on": "2021-03-15", "units_per_usd": "123.5",
        "rate_type": "un_operational", "source": "Circular 4",
    }  # fmt: skip
    return {**row, **changed}


def uploaded(*lines: str, content: bytes = b"", name: str = "rates.csv") -> dict[str, object]:
    content = content or (HEADER + "\n".join(lines)).encode()
    return {"file": SimpleUploadedFile(name, content), "rate_type": "un_operational"}


def test_one_rate_is_saved_and_noted(page, kes, reviewer):
    response = page.post(reverse("rate_new"), typed())
    assert response["Location"] == reverse("rate_list") + "?currency=KES"
    made = ExchangeRate.objects.get(currency="KES", effective_on="2021-03-15")
    assert (made.units_per_usd, made.rate_type, made.source) == (
        D("123.5"), "un_operational", "Circular 4",
    )  # fmt: skip
    load = RateLoad.objects.get()
    assert (load.way, load.by, load.added, load.has_succeeded) == ("form", reviewer, 1, True)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"units_per_usd": "0,844"}, "“0,844” is not a rate."),
        ({"units_per_usd": "1,234"}, "“1,234” is not a rate."),
        ({"units_per_usd": "0"}, "A rate is above zero, not 0."),
        ({"units_per_usd": "NaN"}, "“NaN” is not a rate."),
        ({"units_per_usd": "1.12345678901"}, "A rate has at most 10 decimals."),
        ({"effective_on": "1066-10-14"}, "The date is before 1945-01-01."),
        ({"effective_on": "9999-01-01"}, "The date is more than 45 days in the future"),
        ({"currency": "USD"}, "“USD” is not known here."),
        ({"rate_type": "demonstration"}, "Select a valid choice."),
        ({"source": ""}, "This field is required."),
        ({"effective_on": "2021-03-01", "units_per_usd": "122.0"},
         "The books hold this very rate already."),
    ],
)  # fmt: skip
def test_a_rate_that_is_none_is_refused_beside_its_field(page, kes, changed, sentence):
    response = page.post(reverse("rate_new"), typed(**changed))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert ExchangeRate.objects.filter(currency="KES").count() == 1


def test_another_rate_for_the_day_leads_to_a_correction_filled_in(page, kes):
    response = page.post(reverse("rate_new"), typed(effective_on="2021-03-01"))
    assert "The books hold 122 for the day. A rate is never overwritten" in text_of(response)
    link = re.search(r'href="(/income/rates/corrections/new/[^"]+)"', response.content.decode())[1]
    form = page.get(unescape(link)).context["form"]
    assert form.initial == typed(effective_on="2021-03-01")


def test_a_file_is_shown_first_and_saved_only_when_told(page, kes, reviewer):
    lines = ("KES,2021-03-01,122", "KES,2021-03-15,123.5", "SEK,2021-03-15,8.5")
    preview = page.post(reverse("rate_load"), uploaded(*lines))
    told = text_of(preview)
    assert "New 2 There already 1 Other than in the books 0" in told
    assert ExchangeRate.objects.filter(currency="KES").count() == 1
    sent = {name: preview.context[name] for name in ("token", "name", "rate_type")}
    response = page.post(reverse("rate_load_save"), sent, follow=True)
    assert "2 rates saved." in text_of(response)
    assert ExchangeRate.objects.get(currency="SEK", effective_on="2021-03-15").units_per_usd == D(
        "8.5"
    )
    load = RateLoad.objects.get()
    assert (load.way, load.origin, load.added, load.by) == ("file", "rates.csv", 2, reviewer)
    assert default_storage.listdir("rates")[1] == []
    again = page.post(reverse("rate_load_save"), sent, follow=True)
    assert "The file is not here any more." in text_of(again)
    assert "The file brings nothing new." in text_of(
        page.post(reverse("rate_load"), uploaded(*lines))
    )


def test_what_differs_is_shown_beside_the_books_and_never_saved(page, kes):
    preview = page.post(
        reverse("rate_load"), uploaded("KES,2021-03-01,125", "KES,2021-03-15,123.5")
    )
    assert "KES 1 Mar 2021 122.00 125.00 Ask for a correction" in text_of(preview)
    sent = {name: preview.context[name] for name in ("token", "name", "rate_type")}
    page.post(reverse("rate_load_save"), sent)
    kes.refresh_from_db()
    assert kes.units_per_usd == D(122)
    assert RateLoad.objects.get().sentence == (
        "1 rate differs from the books and was left; ask for its correction: KES 2021-03-01."
    )


def test_the_treasurys_xml_goes_in_by_the_same_page(page, kes):
    content = feed(
        entry("KEN", "Kenya", "KES", "15 Mar 2021", "123.5"),
        entry("XXX", "Nowhere", "ZZZ", "15 Mar 2021", "5"),
    )
    told = text_of(page.post(reverse("rate_load"), uploaded(content=content, name="un.xml")))
    assert "New 1" in told
    assert "the currency “ZZZ” is not known." in told


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x", "The file holds no rates."),
        (b"<html></html>", "it begins with “html”"),
        (
            HEADER.encode() + b"KES,2021-03-15,zero",
            "Line 2: KES 2021-03-15: “zero” is not a number.",
        ),
        (b"\xff\xfe\x00x", "the file is not a comma-separated UTF-8 table"),
    ],
)
def test_a_file_that_is_none_says_why_and_is_not_kept(page, kes, content, sentence):
    response = page.post(reverse("rate_load"), uploaded(content=content))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not default_storage.exists("rates")


def test_anothers_file_cannot_be_saved(page, kes, client_of, administrator):
    preview = page.post(reverse("rate_load"), uploaded("KES,2021-03-15,123.5"))
    sent = {name: preview.context[name] for name in ("token", "name", "rate_type")}
    for token in (sent["token"], "../../secret", ""):
        response = client_of(administrator).post(
            reverse("rate_load_save"), {**sent, "token": token}, follow=True
        )
        assert "The file is not here any more." in text_of(response)
    assert ExchangeRate.objects.filter(currency="KES").count() == 1


def concerned_entry(ledger: Ledger, rate: ExchangeRate) -> None:
    in_force = RateInForce("KES", rate.units_per_usd, rate.effective_on, RateType.UN_OPERATIONAL)
    made = factories.entry("1220.00", currency_id="KES", donor=Donor.objects.get(code="SWE"))
    factories.posting(ledger, door.convert(made, in_force))


def test_a_correction_goes_from_asking_to_the_list_of_what_still_stands(
    page, kes, ledger, client_of, administrator, officer
):
    """1,220 shillings at 122 are 10 dollars; at 125 they are 9.76."""
    concerned_entry(ledger, kes)
    sent = typed(effective_on="2021-03-01", units_per_usd="125") | {"because": "Misread."}
    response = page.post(reverse("rate_correction_new"), sent, follow=True)
    assert "Another person decides: nobody decides their own." in text_of(response)
    address = reverse("rate_correction", args=[RateCorrection.objects.get().pk])
    decider = client_of(administrator)
    assert "T Receipt 1 10.00 9.76 −0.24" in text_of(decider.get(address))
    assert "Corrections that wait for a decision KES" in text_of(decider.get(reverse("rate_list")))
    decider.post(f"{address}decide/", {"approve": "1"})
    told = text_of(client_of(officer).get(address))
    assert "These entries still stand at the old rate." in told
    assert "T 1" in told
    rows = decider.get(f"{address}records.csv").content.decode("utf-8-sig").splitlines()
    assert rows[1:] == [
        "T,1,1,receipt,FNE,SWE,Sweden,2021-03-04,KES,1220.0000,122.0000000000,10.00,"
        "125.0000000000,9.76,-0.24"
    ]
    listed = text_of(decider.get(reverse("rate_list") + "?currency=KES"))
    assert "125.00 UN operational rate Circular 4 its correction" in listed
    assert "122.00 UN operational rate test corrected since" in listed


def test_a_refusal_is_shown_with_its_reason(page, kes, client_of, administrator):
    correction = import_factories.rate_correction(currency_id="KES", was=D(122))
    address = reverse("rate_correction", args=[correction.pk])
    client = client_of(administrator)
    assert "why the rate stays" in text_of(
        client.post(f"{address}decide/", {"refuse": "1"}, follow=True)
    )
    told = text_of(
        client.post(f"{address}decide/", {"refuse": "1", "because": "Circular 4."}, follow=True)
    )
    assert "Refused because Circular 4." in told


def test_the_correct_link_leads_to_the_posting_that_an_officer_entered(
    page, kes, client_of, officer, reviewer, settings
):
    settings.PORTAL_BOOKS = "T"
    books = factories.ledger(code="T")
    concerned_entry(books, kes)
    draft = factories.draft(
        ledger=books, written_by=officer, posting=books.postings.get(), state="posted",
        reviewed_by=reviewer, reviewed_at=timezone.now(),
    )  # fmt: skip
    made = factories.exchange_rate(
        currency_id="KES", effective_on=kes.effective_on, units_per_usd=D(125), revision=2
    )
    correction = import_factories.rate_correction(
        currency_id="KES", effective_on=kes.effective_on, was=D(122), units_per_usd=D(125),
        state="approved", decided_by=reviewer, decided_at=timezone.now(), rate=made,
    )  # fmt: skip
    content = client_of(officer).get(reverse("rate_correction", args=[correction.pk])).content
    assert reverse("correction_new", args=["T", draft.posting.sequence]) in content.decode()


def test_the_honest_date_says_what_is_newest_and_what_failed(reference, today):
    RateLoad.objects.all().delete()
    found = rates_as_of(today, with_demonstration=False)
    assert {str(kind): str(on) for kind, on in found.newest.items()} == {
        "un_operational": "2016-12-31", "monthly_average": "2022-12-01",
    }  # fmt: skip
    assert (found.is_old, found.has_failed) == (True, False)
    factories.exchange_rate(effective_on=today - datetime.timedelta(days=45))
    factories.exchange_rate(effective_on=today + datetime.timedelta(days=1))
    found = rates_as_of(today, with_demonstration=False)
    assert (found.newest_un_on, found.is_old) == (datetime.date(2022, 10, 31), False)
    assert rates_as_of(today + datetime.timedelta(days=47), with_demonstration=False).is_old
    import_factories.rate_load(has_succeeded=False, added=0)
    assert rates_as_of(today, with_demonstration=False).has_failed


@pytest.mark.parametrize(
    "name", ["contribution_new", "receipt_new", "gift_new", "online_gifts_new", "rate_list",
             "return_new", "transfer_new", "outstanding", "prospect_list", "dashboard"],
)  # fmt: skip
def test_every_page_that_converts_says_how_old_the_rates_are(page, reference, name):
    import_factories.rate_load(has_succeeded=False, added=0, sentence="zq.example.org is away.")
    told = text_of(page.get(reverse(name)))
    assert "the newest UN operational rate, of 31 December 2016, is too old" in told
    assert "failed; the rates before it stay in use." in told
    assert "zq.example.org is away." in told
    factories.exchange_rate(effective_on=timezone.localdate())
    import_factories.rate_load()
    told = text_of(page.get(reverse(name)))
    assert "Last loaded on" in told
    assert "failed; the rates before it" not in told


def test_the_board_reads_the_date_and_not_the_reason(reference, client_of, board_member):
    import_factories.rate_load(has_succeeded=False, added=0, sentence="zq.example.org is away.")
    for name in ("rate_list", "dashboard"):
        told = text_of(client_of(board_member).get(reverse(name)))
        assert "failed; the rates before it stay in use." in told
        assert "zq.example.org" not in told


def test_demonstration_books_name_the_newest_demonstration_rate(reference, settings, client_of):
    settings.PORTAL_BOOKS = "DEMO"
    factories.ledger(code="DEMO", is_demonstration=True)
    factories.exchange_rate(rate_type="demonstration", effective_on=datetime.date(2022, 12, 1))
    user = factories.user(role=Role.OFFICER)
    told = text_of(client_of(user).get(reverse("contribution_new")))
    assert "Newest demonstration rate (not a UN rate): 1 December 2022." in told
