"""A list as a person narrowed it, kept under a name: one's own, opened and deleted."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.models import SavedView
from accounts.saved_views import MOST_VIEWS, SavedViewWrong, question, save_view
from tests import factories

pytestmark = pytest.mark.django_db
SAVE = "saved_view_save"


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("type=C01&page=3&q=", "type=C01"),
        ("sort=-name&region=AFRICA", "region=AFRICA&sort=-name"),
        ("fund=FE&fund=FNE&kind=receipt", "fund=FE&fund=FNE&kind=receipt"),
        ("", ""),
    ],
)
def test_a_question_is_what_narrows_and_sorts_in_one_order(asked, kept):
    assert question(QueryDict(asked)) == kept


def sent(client, **changed):
    row = {"page": "donor_list", "name": "My States", "query": "state=yes&focal=mine&page=2"}
    return client.post(reverse(SAVE), {**row, **changed})


def test_a_view_is_saved_listed_opened_replaced_and_deleted(client_of, officer, reference):
    browser = client_of(officer)
    assert sent(browser).url == "/donors/?focal=mine&state=yes"
    page = browser.get(reverse("donor_list")).content.decode()
    assert 'href="/donors/?focal=mine&amp;state=yes"' in page
    opened = browser.get("/donors/?focal=mine&state=yes")
    assert opened.context["saved_views"].current.name == "My States"
    sent(browser, query="state=no")
    view = SavedView.objects.get()
    assert (view.user, view.page, view.name, view.query) == (
        officer, "donor_list", "My States", "state=no",
    )  # fmt: skip
    assert browser.post(reverse("saved_view_delete", args=[view.pk])).url == "/donors/"
    assert not SavedView.objects.exists()


def test_views_are_ones_own(client_of, officer, other_officer, reference):
    view = factories.saved_view(user=officer, page="donor_list", name="Of the officer")
    other = client_of(other_officer)
    assert "Of the officer" not in other.get(reverse("donor_list")).content.decode()
    assert other.post(reverse("saved_view_delete", args=[view.pk])).status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"page": "account_list"}, "Views of this page cannot be saved."),
        ({"page": "https://example.org/"}, "Views of this page cannot be saved."),
        ({"name": "  "}, "Give the view a name"),
        ({"name": "x" * 81}, "Give the view a name"),
        ({"query": "q=" + "x" * 1001}, "too long to be saved"),
    ],
)
def test_what_cannot_be_saved_is_told_and_leads_nowhere_else(
    client_of, officer, reference, changed, sentence
):
    answer = client_of(officer).post(
        reverse(SAVE),
        {"page": "donor_list", "name": "A", "query": "state=yes", **changed},
        follow=True,
    )
    assert sentence in answer.content.decode()
    assert all(address.startswith("/") for address, _status in answer.redirect_chain)
    assert not SavedView.objects.exists()


def test_there_is_an_end_to_views(officer):
    for number in range(MOST_VIEWS):
        save_view(officer, page="donor_list", name=str(number), query=f"q={number}")
    with pytest.raises(SavedViewWrong, match="many views"):
        save_view(officer, page="donor_list", name="one more", query="q=x")
    save_view(officer, page="donor_list", name="0", query="q=again")
