"""The scheduled fetch: off by default, one host alone, and a failure leaves the last rates."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from income.models import ExchangeRate, RateLoad
from income.rates import fetching
from income.rates.fetching import FeedNotSet, FeedUnreachable, feed_host, fetch_feed, load_feed
from income.tasks import fetch_rates
from income.vocabulary import RateType
from tests.income.rates.feeds import body, entry, feed, serving, to

UN = RateType.UN_OPERATIONAL
WHOLE = feed(
    entry("KEN", "Kenya", "KES", "01 Dec 2022", "122.45"),
    entry("BEN", "Benin", "XOF", "01 Dec 2022", "620"),
    entry("TGO", "Togo", "XOF", "01 Dec 2022", "620"),
)


@pytest.fixture
def no_rates(reference):
    ExchangeRate.objects.all().delete()


@pytest.fixture
def load_from(settings, today):
    """Load what a server on this machine answers."""

    def load(answer, path="/rates.xml", more=()):
        with serving({"/rates.xml": answer, **dict(more)}) as address:
            settings.RATES_FEED_URL = address + path
            return load_feed(today)

    return load


def test_it_is_off_by_default(settings, db, today):
    assert settings.RATES_FEED_URL == ""
    assert "fetch rates" not in settings.CELERY_BEAT_SCHEDULE
    with pytest.raises(FeedNotSet, match="No feed is set"):
        load_feed(today)
    assert not RateLoad.objects.exists()


def test_a_feed_is_loaded_once_and_noted(no_rates, load_from):
    first, second = load_from(body(WHOLE)), load_from(body(WHOLE))
    assert (first.has_succeeded, first.added, str(first.newest_on)) == (True, 2, "2022-12-01")
    assert (first.way, first.origin, first.by) == ("feed", "127.0.0.1", None)
    assert (second.has_succeeded, second.added, second.sentence) == (True, 0, "")
    assert sorted(
        (rate.currency_id, str(rate.units_per_usd.normalize()), rate.source)
        for rate in ExchangeRate.objects.all()
    ) == [("KES", "122.45", "127.0.0.1"), ("XOF", "6.2E+2", "127.0.0.1")]
    assert AuditEvent.objects.filter(act="load_rates").count() == 2


def test_what_differs_is_left_and_told_and_the_rest_is_taken(no_rates, load_from):
    load_from(body(WHOLE))
    load = load_from(
        body(
            feed(
                entry("KEN", "Kenya", "KES", "01 Dec 2022", "123"),
                entry("XXX", "Nowhere", "ZZZ", "01 Dec 2022", "5"),
                entry("KEN", "Kenya", "KES", "15 Dec 2022", "124"),
            )
        )
    )
    assert (load.has_succeeded, load.added) == (True, 1)
    assert load.sentence == (
        "1 rate differs from the books and was left; ask for its correction: KES 2022-12-01. "
        "Left out: the currency “ZZZ” is not known."
    )
    kept = ExchangeRate.objects.get(currency="KES", effective_on="2022-12-01")
    assert str(kept.units_per_usd.normalize()) == "122.45"


def test_a_gap_is_told_and_does_not_stop_a_feed(no_rates, load_from):
    load = load_from(
        body(
            feed(
                entry("KEN", "Kenya", "KES", "01 Sep 2022", "120"),
                entry("KEN", "Kenya", "KES", "01 Dec 2022", "122"),
            )
        )
    )
    assert (load.added, load.sentence) == (
        2, "Left out: Entry 2: KES 2022-12-01: no rate is in force from 2022-10-17 to 2022-11-30."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (body(b"", 404), "127.0.0.1 answered 404 instead of the feed."),
        (body(b"", 500), "127.0.0.1 answered 500 instead of the feed."),
        (body(WHOLE[:-9]), "The feed is no complete XML file: it is cut off, or something else "
                           "altogether."),
        (body(b"<html>Sign in</html>"),
         "This is no feed of UN operational rates: it begins with “html”."),
        (body(WHOLE.replace(b"122.45", b"-1")),
         "Entry 1: KES 2022-12-01: a rate is above zero, not -1."),
        (to("https://elsewhere.example.org/rates.xml"),
         "The feed sends on to another address. Set RATES_FEED_URL to where it is now."),
        (to("file:///etc/passwd"), "127.0.0.1 answered 302 instead of the feed."),
        (to("/rates.xml"), "127.0.0.1 answered 302 instead of the feed."),
        (lambda handler: handler.connection.close(), "127.0.0.1 could not be reached."),
    ],
)  # fmt: skip
def test_a_failure_is_noted_with_a_sentence_and_leaves_the_last_rates(
    no_rates, load_from, answer, sentence
):
    load_from(body(WHOLE))
    load = load_from(answer)
    assert (load.has_succeeded, load.added, load.sentence) == (False, 0, sentence)
    assert ExchangeRate.objects.count() == 2


def test_a_redirection_on_the_same_host_is_followed(no_rates, load_from):
    load = load_from(to("/new.xml"), more={"/new.xml": body(WHOLE)})
    assert (load.has_succeeded, load.added) == (True, 2)


def test_more_bytes_than_the_limit_are_not_read(no_rates, load_from, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 1024 * 1024)
    load = load_from(body(b"<" + b" " * 2 * 1024 * 1024))
    assert load.sentence == "The feed is larger than 1 MB, which no feed of rates is."


def test_an_answer_that_trickles_is_given_up(no_rates, load_from, monkeypatch):
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", -1.0)
    assert load_from(body(WHOLE)).sentence == "The feed took longer than -1 seconds."


def test_a_server_that_says_nothing_is_given_up(no_rates, load_from, monkeypatch):
    monkeypatch.setattr(fetching, "SILENCE_SECONDS", 0.05)

    def silent(handler):
        handler.rfile.read(1)  # until the other side hangs up

    assert load_from(silent).sentence == "127.0.0.1 could not be reached."


@pytest.mark.parametrize(
    "address",
    ["http://treasury.example.org/rates.xml", "ftp://treasury.example.org/x", "file:///etc/passwd",
     "https://user:secret@treasury.example.org/x", "treasury.example.org", "https://",
     "https://[::1", "http://127.0.0.1.example.org/"],
)  # fmt: skip
def test_other_addresses_than_https_are_refused_unless_they_are_near(address):
    with pytest.raises(FeedUnreachable, match="must begin with https://"):
        fetch_feed(address)


def test_https_and_this_machine_may_be_asked():
    assert feed_host("https://treasury.example.org/rates.xml") == "treasury.example.org"
    assert feed_host("http://[::1]:8000/x") == "::1"


def test_the_command_says_what_came_and_ends_with_1_when_nothing_did(no_rates, settings):
    out = StringIO()
    with serving({"/rates.xml": body(WHOLE)}) as address:
        settings.RATES_FEED_URL = f"{address}/rates.xml"
        call_command("fetch_rates", stdout=out)
        assert out.getvalue() == "Rates saved: 2.\n"
        settings.RATES_FEED_URL = f"{address}/gone.xml"
        with pytest.raises(CommandError) as failed:
            call_command("fetch_rates")
    assert str(failed.value) == "Nothing was saved. 127.0.0.1 answered 404 instead of the feed."
    assert failed.value.returncode == 1
    settings.RATES_FEED_URL = ""
    with pytest.raises(CommandError, match="Give RATES_FEED_URL the address"):
        call_command("fetch_rates")


def test_the_clocks_task_fetches(no_rates, settings):
    with serving({"/rates.xml": body(WHOLE)}) as address:
        settings.RATES_FEED_URL = f"{address}/rates.xml"
        assert fetch_rates() is True
        settings.RATES_FEED_URL = f"{address}/gone.xml"
        assert fetch_rates() is False
