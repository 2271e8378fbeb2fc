"""How many statements a posting takes, and that asking less often weakens no rule."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role
from income.acts import post_draft
from income.balances import instalment_states
from income.errors import MonthClosed, PostingWrong
from income.ledger.verification import problems
from income.models import Contribution, Entry, Fund, Ledger, Month, Posting
from income.prepared import Prepared
from income.services import (
    PromisedContribution,
    ReceivedMoney,
    approve_draft,
    record_gift,
    record_receipt,
    submit_draft,
)
from income.services.actors import SYSTEM, Actors
from income.settlement import rates_at_hand, rates_of
from income.vocabulary import Act
from tests import factories
from tests.income.payment_cases import JUNE_3, TODAY, agreement, currency, d, pay, receipts

pytestmark = pytest.mark.both_databases

ROLLUPS = 1 if connection.vendor == "postgresql" else 4  # one statement, or one for each


@pytest.fixture
def actors(officer, reviewer):
    return Actors(prepared_by=officer, approved_by=reviewer)


@pytest.fixture
def signed(ledger, actors):
    """An agreement as a request reads it: nothing that it names was read with it."""
    return Contribution.objects.get(pk=agreement(ledger, actors).pk)


@contextmanager
def counted(statements):
    with CaptureQueriesContext(connection) as asked:
        yield
    told = "\n".join(one["sql"][:120] for one in asked.captured_queries)
    assert len(asked) == statements, told


def money(contribution, amount="1,000,000", **changed):
    first = contribution.instalments.get(number=1)
    return ReceivedMoney(currency("SEK"), d(amount), JUNE_3, instalment=first, **changed)


def test_a_receipt_under_an_agreement_takes_fourteen_statements_at_most(ledger, signed, actors):
    paid = money(signed)
    with counted(10 + ROLLUPS):  # BEGIN and COMMIT, here a savepoint, are two of them
        posting = record_receipt(ledger, signed, paid, token="pay", today=TODAY, actors=actors)
    assert receipts(posting)[0].settled_usd == d("117,053.53")
    assert list(problems(ledger)) == []


def test_a_receipt_that_is_sent_again_takes_four(ledger, signed, actors):
    first, other = pay(signed, "1,000,000", actors), ReceivedMoney(currency("SEK"), d("5"), JUNE_3)
    with counted(4):  # the block, the agreement, the posting
        again = record_receipt(ledger, signed, other, token="pay", today=TODAY, actors=actors)
    assert again == first


def test_one_entry_takes_twelve_statements_at_most(ledger):
    entry = factories.entry("100.00")
    with counted(8 + ROLLUPS):
        factories.posting(ledger, entry)


def test_an_approval_takes_seventeen_more_than_its_receipt(ledger, signed, officer, reviewer):
    payload = {
        "contribution": str(signed.uuid), "amount": "3000000", "currency": "SEK",
        "received_on": "2021-06-03", "reference": "bank 7",
        "instalment": [str(signed.instalments.get(number=1).uuid)],
    }  # fmt: skip
    draft = submit_draft(
        ledger, act=Act.RECORD_RECEIPT, payload=payload, title="Pay", token="draft", by=officer
    )
    with counted(10 + ROLLUPS + 17):
        approve_draft(
            draft, version=1, by=reviewer, at=timezone.now(),
            post_it=lambda locked, actors: post_draft(locked, actors, TODAY),
        )  # fmt: skip


def test_instalments_come_with_the_rates_they_were_agreed_at(ledger, signed, actors):
    first = signed.instalments.get(number=1)
    pay(signed, "2,999,950", actors, instalment=first)  # what is left is within the tolerance
    states = instalment_states(signed, with_rates=True)
    assert [(s.due, s.credited) for s in states] == [
        (d("2,999,950"), d("2,999,950")), (d("4,000,000"), d("0")),
    ]  # fmt: skip
    assert rates_at_hand(states) == rates_of(signed)
    assert {rate.units_per_usd for rate in rates_of(signed).values()} == {d("8.5431")}


def test_what_was_posted_is_answered_although_the_month_was_closed_since(ledger, signed, actors):
    first = pay(signed, "1,000,000", actors)
    factories.month(ledger=ledger, month=202106)
    assert pay(signed, "1,000,000", actors) == first
    with pytest.raises(MonthClosed):
        pay(signed, "1,000,000", actors, token="another")


def test_a_token_of_another_act_is_refused(ledger, signed, actors):
    with pytest.raises(PostingWrong, match="sent before as something else: posting 1"):
        pay(signed, "1,000,000", actors, token="sign")


def test_a_prepared_query_refuses_a_value_it_does_not_ask_for(ledger):
    query = Prepared(
        lambda pk, code: Ledger.objects.filter(pk=pk).values_list("pk"), pk=int, code=str
    )
    with pytest.raises(ValueError, match="does not take pk, code"):
        query.rows(pk=ledger.pk, code="T")


def test_a_prepared_query_answers_what_the_query_answers(ledger, signed):
    def found(pk, day):
        rows = Contribution.objects.filter(pk=pk, signed_on__gte=day)
        return rows.values_list("uuid", "signed_on", "amount", "is_domestic", "created_at")

    query = Prepared(found, pk=int, day=datetime.date)
    for day, many in ((signed.signed_on, 1), (TODAY, 0)):
        rows = query.rows(pk=signed.pk, day=day)
        assert rows == list(found(signed.pk, day))
        assert len(rows) == many


# Several connections at once.


def _alone(do):
    """On a connection of its own: what it gives, or the error it raises."""
    try:
        return do()
    except MonthClosed as error:
        return error
    finally:
        connections.close_all()


def _waiting():
    """Whether somebody waits for a lock. SQLite does not say: a moment is enough there."""
    if connection.vendor != "postgresql":
        time.sleep(0.2)
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else it sees its first look again
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def _until_waiting():
    until = time.monotonic() + 10
    while not _waiting() and time.monotonic() < until:
        time.sleep(0.02)


def test_who_waits_for_the_head_sees_the_month_that_was_closed_meanwhile(committed):
    books = factories.ledger()
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Ledger.objects.select_for_update().get(pk=books.pk)
            late = threads.submit(_alone, lambda: factories.posting(books))
            _until_waiting()
            factories.month(ledger=books, month=202103)
        assert isinstance(late.result(30), MonthClosed)
    assert not Posting.objects.filter(ledger=books).exists()
    assert not Entry.objects.filter(ledger=books).exists()


def test_the_clock_is_read_once_the_head_is_locked(committed):
    books = factories.ledger()
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Ledger.objects.select_for_update().get(pk=books.pk)
            late = threads.submit(_alone, lambda: factories.posting(books))
            _until_waiting()
            released = timezone.now()
        assert late.result(30).posted_at >= released


def test_one_token_posts_once_for_eight_at_once_and_two_agreements(committed):
    books = factories.ledger()
    people = Actors(factories.user(), factories.user(role=Role.REVIEWER))
    both = [agreement(books, people, token=f"sign {n}") for n in range(2)]
    ready = [money(contribution) for contribution in both]

    def receive(number):
        one = number % 2
        return _alone(
            lambda: record_receipt(
                books, both[one], ready[one], token="same", today=TODAY, actors=people
            )
        )

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(receive, range(8)))
    assert len({posting.pk for posting in made}) == 1
    books.refresh_from_db()
    assert (books.sequence, list(problems(books))) == (3, [])
    assert Month.objects.filter(ledger=books).count() == 0


def test_a_gift_is_posted_within_the_same_number_of_statements_again(ledger):
    def give(token):
        promise = PromisedContribution(
            donor=factories.Donor.objects.get(code="SWE"), fund=Fund.objects.get(code="FNE"),
            title="Core", currency=currency("SEK"), amount=d("1000"), promised_on=JUNE_3,
        )  # fmt: skip
        paid = ReceivedMoney(currency("SEK"), d("1000"), JUNE_3)
        with CaptureQueriesContext(connection) as asked:
            record_gift(ledger, promise, paid, token=token, today=TODAY, actors=SYSTEM)
        return len(asked)

    assert give("one") == give("two")
