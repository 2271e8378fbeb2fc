"""The pages of the publications: what each role finds, does and is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.permissions import Role
from income.periods import YearMonth
from jobs.models import Job
from jobs.services import run_due
from reports.models import Publication
from reports.publications.asking import Asked
from reports.publications.checks import Check
from reports.publications.preparing import prepare
from reports.publications.publishing import publish
from reports.publications.stored import of_plain, plain
from tests import board_factories, factories
from tests.reports import update_cases as cases
from tests.reports.ceb.test_revenue_files import audited


@pytest.fixture
def made(ledger, officer):
    """Prepared UN CEB files of 2021: Sweden, 100.00."""
    audited(ledger, "100.00")
    ledger.refresh_from_db()
    return prepare(Asked(ledger, "ceb", YearMonth(2021, 12)), by=officer)


def page_of(publication):
    return reverse("publication", args=[publication.uuid])


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_staff_read_what_was_compared_and_who_prepared_it(client_of, reviewer, made):
    said = text(client_of(reviewer).get(page_of(made)))
    assert "All 13 comparisons with the books are equal, to the cent." in said
    assert "ceb-2021-by-contributor.csv: SWE" in said
    assert "Audited revenue of 2021" in said
    assert made.hash in said
    assert all(file.sha256 in said for file in made.files.all())
    assert "Publish them" in said
    assert "Function and goal are not reported" in said


def test_who_had_it_prepared_is_not_offered_to_publish_it(client_of, officer, made):
    said = text(client_of(officer).get(page_of(made)))
    assert "Publish them" not in said
    assert "Discard them" in said


def test_to_the_board_a_prepared_publication_is_not_there(client_of, board_member, reviewer, made):
    client = client_of(board_member)
    file = reverse("publication_file", args=[made.uuid, "ceb-2021-columns.csv"])
    assert client.get(page_of(made)).status_code == 404
    assert client.get(file).status_code == 404
    assert "No file is published yet." in text(client.get("/publications/?books=T"))
    publish(made, by=reviewer, at=cases.ON_15_APRIL)
    said = text(client.get(page_of(made)))
    assert "Every comparison" not in said
    assert client.get(file).status_code == 200
    assert "UN CEB revenue files" in text(client.get("/publications/?books=T"))


def test_a_representative_finds_no_publication(client_of, representative, reviewer, made):
    publish(made, by=reviewer, at=cases.ON_15_APRIL)
    assert client_of(representative).get(page_of(made)).status_code == 403


def test_a_file_is_handed_out_byte_for_byte(client_of, reviewer, made):
    row = made.files.get(name="ceb-2021-by-instrument.csv")
    answer = client_of(reviewer).get(reverse("publication_file", args=[made.uuid, row.name]))
    with row.file.open("rb") as source:
        assert b"".join(answer.streaming_content) == source.read()
    assert answer["Content-Disposition"] == (
        'attachment; filename="T-2021-12-ceb-2021-by-instrument.csv"'
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_the_reviewer_publishes_with_one_button(client_of, reviewer, made):
    client = client_of(reviewer)
    said = text(client.post(reverse("publication_publish", args=[made.uuid]), follow=True))
    assert "The files are published." in said
    assert Publication.objects.get().published_by == reviewer


@pytest.mark.parametrize("role", [Role.OFFICER, Role.BOARD, Role.ADMINISTRATOR])
def test_others_do_not_publish(client_of, made, role):
    client = client_of(factories.user(role=role))
    answer = client.post(reverse("publication_publish", args=[made.uuid]))
    assert answer.status_code == 403
    assert Publication.objects.get().state == "prepared"


def test_a_refusal_is_a_sentence_on_the_page(client_of, reviewer, made):
    publish(made, by=reviewer, at=cases.ON_15_APRIL)
    client = client_of(reviewer)
    said = text(client.post(reverse("publication_publish", args=[made.uuid]), follow=True))
    assert "These files are published already, and stay as they are." in said
    said = text(client.post(reverse("publication_discard", args=[made.uuid]), follow=True))
    assert "These files are not waiting to be published." in said


def test_rows_that_differ_are_listed_with_their_entries_and_there_is_no_button(
    client_of, reviewer, made
):
    casting = of_plain(made.casting)
    link = casting.checks[0].link
    wrong = Check("ceb_total", Decimal("100.00"), Decimal("99.99"), year=2021, link=link)
    held = plain(type(casting)((*casting.checks, wrong), casting.bridge))
    Publication.objects.filter(pk=made.pk).update(casting=held, is_cast=False)
    said = text(client_of(reviewer).get(page_of(made)))
    assert "1 of 14 comparisons with the books differ: see below." in said
    assert "What differs" in said
    assert "USD\N{NO-BREAK SPACE}0.01" in said
    assert link.replace("&", "&amp;") in said
    assert "Publish them" not in said
    assert "They cannot be published while they do not agree with the books." in said


def test_the_officer_has_the_files_of_a_year_made_in_the_background(
    client_of, officer, ledger, django_capture_on_commit_callbacks
):
    audited(ledger, "100.00")
    client = client_of(officer)
    assert "UN CEB files of 2021" in text(client.get("/publications/?books=T"))
    client.post(reverse("publication_prepare"), {"books": "T", "what": "2021-12|ceb"})
    run_due()
    job = Job.objects.get()
    assert job.sentence == (
        "The files are prepared and agree with the books. Another person publishes them."
    )
    made = Publication.objects.get()
    assert (str(made.uuid), made.prepared_by) == (job.result["publication"], officer)
    assert "prepared, not published" in text(client.get("/publications/?books=T"))


def test_nonsense_is_answered_with_a_sentence(client_of, officer, ledger):
    client = client_of(officer)
    for what in ("", "2021-12|sdmx", "often|ceb"):
        answer = client.post(
            reverse("publication_prepare"), {"books": "T", "what": what}, follow=True
        )
        assert "Choose what is to be prepared." in text(answer)
    assert not Job.objects.exists()


def test_the_bridge_of_a_year_that_is_not_there_is_that_of_the_publication(
    client_of, reviewer, made
):
    client = client_of(reviewer)
    for year in ("", "1066", "x", "٢٠٢١"):
        assert "From pledged to audited in 2021" in text(client.get(page_of(made), {"year": year}))


def test_a_publication_without_a_stored_casting_opens_and_claims_nothing(client_of, reviewer):
    made = board_factories.publication()
    board_factories.publication_file(publication=made)
    said = text(client_of(reviewer).get(page_of(made)))
    assert "Nothing was compared with the books." in said
    assert "Publish them" not in said
