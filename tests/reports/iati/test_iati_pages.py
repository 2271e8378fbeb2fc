"""The identifier on the contribution's page, and the command that writes the files."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from income.models import Ledger
from tests import board_factories, factories
from tests.reports.iati.iati_cases import found_in, root_of

PROJECT = "XM-DAC-41120-PROJECT-31980"


@pytest.fixture
def contribution(reference):
    """Of the agency's own books, with a public receipt of March 2021."""
    books = Ledger.objects.get(code="UNH")
    made = factories.contribution(ledger=books, title="Cities")
    row = {"contribution": made, "fund_id": "FE", "donor": made.donor}
    factories.posting(books, factories.entry("100.00", **row))
    return made


def post(client, contribution, text):
    address = reverse("contribution_iati", args=[contribution.uuid])
    answer = client.post(address, {"iati_identifier": text}, follow=True)
    contribution.refresh_from_db()
    return answer


def test_an_officer_enters_the_identifier_and_reads_it_on_the_page(
    contribution, client_of, officer
):
    page = post(client_of(officer), contribution, PROJECT).content.decode()
    assert contribution.iati_identifier == PROJECT
    assert f'value="{PROJECT}"' in page
    assert "IATI identifier set" in page  # in the history


def test_a_wrong_identifier_is_refused_with_its_reason(contribution, client_of, officer):
    page = post(client_of(officer), contribution, "31980").content.decode()
    assert contribution.iati_identifier == ""
    assert "An IATI identifier begins with XM-DAC-41120-" in page


def test_others_cannot_enter_one(contribution, client_of, board_member, administrator):
    for user in (board_member, administrator):
        assert post(client_of(user), contribution, PROJECT).status_code == 403
        assert contribution.iati_identifier == ""


def test_demonstration_contributions_cannot_be_changed_in_the_agencys_books(
    client_of, officer, reference
):
    other = factories.contribution(ledger=factories.ledger())
    assert post(client_of(officer), other, PROJECT).status_code == 404


def exported(folder, *words):
    out = io.StringIO()
    call_command("export_iati", str(folder), *words, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_writes_both_files_of_the_last_published_update(contribution, tmp_path):
    books = Ledger.objects.get(code="UNH")
    board_factories.monthly_update(
        ledger=books, month=202112, state="published", published_at=timezone.now(),
        published_by=factories.user(), sequence=books.sequence,
    )  # fmt: skip
    said = exported(tmp_path, "--books", "UNH")
    assert said == "2021-12: 1 transactions; valid, and the sums of the ledger.\n"
    for name in ("iati-activities.xml", "iati-organisation.xml"):
        assert found_in((tmp_path / name).read_bytes()) == []
    [activity] = root_of((tmp_path / "iati-activities.xml").read_bytes())
    assert activity.findtext("transaction/value") == "100"


def test_the_command_refuses_books_in_which_nothing_was_published(reference, tmp_path):
    for words in ([], ["--books", "NONE"]):
        with pytest.raises(CommandError, match="Nothing was published"):
            exported(tmp_path, *words)
