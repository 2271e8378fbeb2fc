"""A rate that entries stand in the way of: by the form, a file, the command and the feed."""

import datetime
import re
from decimal import Decimal
from html import unescape
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from income import ledger as door
from income.models import ExchangeRate, RateCorrection
from income.rates import RateInForce
from income.rates.fetching import load_feed
from income.vocabulary import RateType
from tests import factories
from tests.income.rates.feeds import body, entry, feed, serving
from tests.income.rates.test_rate_pages import HEADER, text_of, typed

pytestmark = pytest.mark.django_db
D = Decimal
LINES = HEADER + "KES,2021-03-15,125\nKES,2021-04-01,130\n"
STANDS = (
    "1 entry of the days from then on stands in the books at another rate. Ask for a correction, "
    "which lists it."
)


@pytest.fixture(autouse=True)
def books(ledger, settings, tmp_path):
    """A receipt of 20 March at the only rate of the shilling: 122 from 1 March 2021 on."""
    settings.MEDIA_ROOT = tmp_path
    ExchangeRate.objects.filter(currency="KES").delete()
    first = datetime.date(2021, 3, 1)
    factories.exchange_rate(currency_id="KES", effective_on=first, units_per_usd=D(122))
    made = factories.entry("1220.00", currency_id="KES", value_date=datetime.date(2021, 3, 20))
    found = RateInForce("KES", D(122), first, RateType.UN_OPERATIONAL)
    factories.posting(ledger, door.convert(made, found))


@pytest.fixture
def page(client_of, reviewer):
    return client_of(reviewer)


def held() -> list[str]:
    rates = ExchangeRate.objects.filter(currency="KES").order_by("effective_on")
    return [f"{rate.effective_on} {rate.units_per_usd.normalize():f}" for rate in rates]


def test_the_form_leads_to_a_correction_that_lists_the_entry(page, client_of, administrator):
    """1,220 shillings at 122 are 10 dollars; at 125 they are 9.76."""
    sent = typed(units_per_usd="125")
    response = page.post(reverse("rate_new"), sent)
    assert response.status_code == 422
    assert STANDS in text_of(response)
    link = re.search(r'href="(/income/rates/corrections/new/[^"]+)"', response.content.decode())[1]
    form = page.get(unescape(link))
    assert form.context["form"].initial == sent
    assert (
        "No rate of that day. In force on it: 122.00, of 1 March 2021, UN operational rate."
        in text_of(form)
    )
    told = text_of(
        page.post(reverse("rate_correction_new"), {**sent, "because": "Late."}, follow=True)
    )
    assert "There was no rate; entries stand in the books at what was in force." in told
    assert "T Receipt 1 10.00 9.76 −0.24" in told
    correction = RateCorrection.objects.get()
    address = reverse("rate_correction_decide", args=[correction.pk])
    told = text_of(client_of(administrator).post(address, {"approve": "1"}, follow=True))
    assert "These entries still stand at the old rate." in told
    assert held() == ["2021-03-01 122", "2021-03-15 125"]


def test_a_file_shows_it_beside_its_correction_and_saves_the_rest(page):
    file = SimpleUploadedFile("rates.csv", LINES.encode())
    preview = page.post(reverse("rate_load"), {"file": file, "rate_type": "un_operational"})
    told = text_of(preview)
    assert "New 1 There already 0 Other than in the books 1" in told
    assert "KES 15 Mar 2021 122.00 125.00 Ask for a correction 1 entry at another rate" in told
    sent = {name: preview.context[name] for name in ("token", "name", "rate_type")}
    assert "1 rate saved." in text_of(page.post(reverse("rate_load_save"), sent, follow=True))
    assert held() == ["2021-03-01 122", "2021-04-01 130"]


def test_the_command_names_the_line_and_saves_nothing(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text(LINES)
    with pytest.raises(CommandError) as refused:
        call_command("load_rates", str(path), type="un_operational", stdout=StringIO())
    assert str(refused.value).splitlines() == [
        "Nothing was saved.", f"Line 2: KES 2021-03-15: {STANDS}",
    ]  # fmt: skip
    assert held() == ["2021-03-01 122"]


def test_the_feed_leaves_it_out_and_says_so(settings, today):
    content = feed(
        entry("KEN", "Kenya", "KES", "15 Mar 2021", "125"),
        entry("KEN", "Kenya", "KES", "01 Apr 2021", "130"),
        entry("KEN", "Kenya", "KES", "01 Mar 2021", "121"),
    )
    with serving({"/rates.xml": body(content)}) as address:
        settings.RATES_FEED_URL = f"{address}/rates.xml"
        load = load_feed(today)
    assert (load.has_succeeded, load.added) == (True, 1)
    assert load.sentence == (
        "1 rate differs from the books and was left; ask for its correction: KES 2021-03-01. "
        "1 rate is of past days in which entries stand at another and was left; ask for its "
        "correction: KES 2021-03-15."
    )
    assert held() == ["2021-03-01 122", "2021-04-01 130"]
