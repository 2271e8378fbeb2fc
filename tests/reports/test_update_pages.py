"""The pages of the monthly updates: who finds what, the stored files, and the acts."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from jobs.models import Job
from jobs.services import run_due
from reports.models import MonthlyUpdate, UpdateState
from reports.updates.publishing import publish_update
from tests.reports.update_cases import (
    APRIL,
    FEBRUARY,
    ON_15_APRIL,
    clock,
    close,
    paid,
    prepared,
    stored,
    three_months,
    without_documents,
)


@pytest.fixture
def books(ledger, monkeypatch, settings):
    settings.PORTAL_BOOKS = ledger.code
    three_months(monkeypatch, ledger)
    without_documents(monkeypatch)
    return ledger


@pytest.fixture
def update(books, officer):
    return prepared(books, by=officer)


@pytest.fixture
def published(update, reviewer):
    return publish_update(update, by=reviewer, at=ON_15_APRIL, announces=False)


EXPLAINED = r'<button [^>]*class="term-mark".*?</button>|<span popover.*?</span>'


def text(response):
    """What the page says, in one line; the meanings of terms open only when they are asked for."""
    html = re.sub(EXPLAINED, "", response.content.decode())
    html = re.sub(r"<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", html.replace("\u00a0", " "))


def addresses(update):
    names = [("update_file", file.name) for file in update.files.all()]
    return [reverse("update", args=[update.uuid])] + [
        reverse(name, args=[update.uuid, file]) for name, file in names
    ]


def test_what_is_not_published_is_not_there_for_the_board(update, board_member, client_of):
    client = client_of(board_member)
    assert {client.get(address).status_code for address in addresses(update)} == {404}
    listed = text(client.get(reverse("update_list")))
    assert "March 2021" not in listed
    assert "No update is published yet." in listed


def test_what_is_published_is_there_for_the_board_and_for_no_representative(
    published, board_member, representative, client_of
):
    client = client_of(board_member)
    assert {client.get(address).status_code for address in addresses(published)} == {200}
    listed = text(client.get(reverse("update_list")))
    assert "March 2021" in listed
    # That February has no update, staff know and the Board does not.
    assert "without their update" not in listed
    assert "February 2021" not in listed
    stranger = client_of(representative)
    assert {stranger.get(address).status_code for address in addresses(published)} == {403}


def test_staff_see_what_is_prepared_and_what_is_missing(update, administrator, officer, client_of):
    listed = text(client_of(administrator).get(reverse("update_list")))
    assert "prepared, not published" in listed
    assert "Prepare the update" not in listed  # an administrator has none made
    offered = text(client_of(officer).get(reverse("update_list")))
    assert "Prepare the update of February 2021" in offered
    assert "January 2021" in offered


def test_a_published_month_offers_its_final_update(published, officer, client_of):
    offered = text(client_of(officer).get(reverse("update_list")))
    assert "Prepare the final update of March 2021" in offered


def test_a_file_comes_as_the_bytes_that_were_stored(published, board_member, client_of):
    client = client_of(board_member)
    for name, content in stored(published).items():
        response = client.get(reverse("update_file", args=[published.uuid, name]))
        assert response.content == content
        assert response["Cache-Control"] == "private, no-store"
        assert response["Content-Disposition"] == (
            f'attachment; filename="T-2021-03-provisional-{name}"'
        )
    assert client.get(reverse("update_file", args=[published.uuid, "x.pdf"])).status_code == 404


def test_a_demonstrations_file_says_so_in_its_name(published, board_member, client_of):
    published.ledger.is_demonstration = True
    published.ledger.save()
    response = client_of(board_member).get(
        reverse("update_file", args=[published.uuid, "data.csv"])
    )
    assert 'filename="DEMONSTRATION-T-2021-03' in response["Content-Disposition"]


def test_its_page_shows_what_became_of_it(
    published, books, board_member, client_of, monkeypatch, django_assert_max_num_queries
):
    clock(monkeypatch, 2021, 5, 18)
    paid(books, "1000.25", "2021-03-30", booked=APRIL)
    client = client_of(board_member)
    with django_assert_max_num_queries(40):
        page = text(client.get(reverse("update", args=[published.uuid])))
    assert "US$ 1,000.25 more than the update of March 2021" in page
    assert "Regular budget 0.00 0.00 0.00 0.00" in page
    assert "Foundation non-earmarked 350,000.00 350,000.00 351,000.25 1,000.25" in page
    assert "Total received and allotted 850,000.00 850,000.00 851,000.25 1,000.25" in page
    assert "give the published amounts" in page
    assert "Fund by fund, these changes add up to the difference." in page
    assert "UN-Habitat thanks those whose contributions came in March 2021" in page
    assert "European Union, Kenya." in page
    assert "Prepared by Officer" in page
    assert "Published by Reviewer" in page
    assert published.hash in page
    assert all(file.sha256 in page for file in published.files.all())


def test_the_officer_has_it_prepared_and_the_reviewer_publishes_it(
    books, officer, reviewer, client_of, django_capture_on_commit_callbacks
):
    client = client_of(officer)
    response = client.post(
        reverse("update_prepare"), {"books": books.code, "what": "2021-03|provisional"}
    )
    assert response.status_code == 302
    run_due()
    made = MonthlyUpdate.objects.get()
    assert "is prepared" in text(client.get(reverse("update_list")))
    page = text(client.get(reverse("update", args=[made.uuid])))
    assert "Publish it" not in page
    assert "Discard it" in page
    assert client.post(reverse("update_publish", args=[made.uuid])).status_code == 403

    other = client_of(reviewer)
    assert "Publish it" in text(other.get(reverse("update", args=[made.uuid])))
    other.post(reverse("update_publish", args=[made.uuid]))
    made.refresh_from_db()
    assert (made.state, made.published_by) == (UpdateState.PUBLISHED, reviewer)
    acts = AuditEvent.objects.filter(act__endswith="_update").order_by("pk")
    assert [event.act for event in acts] == ["prepare_update", "publish_update"]


def test_the_reviewer_does_not_publish_what_they_had_prepared(books, reviewer, client_of):
    own = prepared(books, by=reviewer)
    client = client_of(reviewer)
    assert "Publish it" not in text(client.get(reverse("update", args=[own.uuid])))
    answer = client.post(reverse("update_publish", args=[own.uuid]), follow=True)
    assert "another person has to publish it" in text(answer)
    own.refresh_from_db()
    assert own.state == UpdateState.PREPARED


def test_a_prepared_update_is_discarded(update, officer, client_of):
    answer = client_of(officer).post(reverse("update_discard", args=[update.uuid]), follow=True)
    assert "is discarded" in text(answer)
    assert "Prepare the update of March 2021" in text(answer)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("", "Choose the month"),
        ("x|final", "Choose the month"),
        ("2021-13|final", "Choose the month"),
        ("2021-04|provisional", "April 2021 is not closed"),
        ("2021-03|final", "Publish the provisional update of March 2021 first"),
        ("2021-03|other", "provisional or final"),
    ],
)
def test_what_cannot_be_prepared_is_refused_with_a_sentence(books, officer, client_of, what, said):
    answer = client_of(officer).post(
        reverse("update_prepare"), {"books": books.code, "what": what}, follow=True
    )
    assert said in text(answer)
    assert not Job.objects.exists()


def test_the_page_says_which_update_stood_before(
    books, officer, reviewer, board_member, client_of, monkeypatch
):
    publish_update(prepared(books, FEBRUARY, by=officer), by=reviewer, at=ON_15_APRIL,
                   announces=False)  # fmt: skip
    march = publish_update(prepared(books, by=officer), by=reviewer, at=ON_15_APRIL,
                           announces=False)  # fmt: skip
    page = text(client_of(board_member).get(reverse("update", args=[march.uuid])))
    assert "The update before was that of February 2021 (Provisional)." in page
    assert "Foundation non-earmarked 300,000.00 0.00 50,000.00 350,000.00" in page


def test_a_closed_month_is_offered_as_soon_as_it_is_closed(books, officer, client_of):
    close(books, APRIL, at=ON_15_APRIL.replace(month=5))
    assert "Prepare the update of April 2021" in text(
        client_of(officer).get(reverse("update_list"))
    )
