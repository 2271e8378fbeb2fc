"""The pages on which target sets are entered and approved."""

import pytest
from django.urls import reverse

from targets.models import TargetSet, TargetSetProposal
from targets.proposing import propose_targets
from tests.targets.typed import another_reviewer, typed

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def waiting(reference, officer):
    return propose_targets(payload=typed(), by=officer)


def page(client, name, *args, query=""):
    response = client.get(reverse(name, args=args) + query)
    return response.status_code, response.content.decode()


def sent(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, follow=True)


def test_entered_on_one_page_approved_on_another_and_shown_to_the_board(
    reference, client_of, officer, reviewer, board_member
):
    told = sent(client_of(officer), "proposal_new", **typed())
    entered = TargetSetProposal.objects.get()
    assert told.redirect_chain[-1][0] == reverse("proposal", args=[entered.uuid])
    assert "Another person now decides." in told.content.decode()
    assert "Approve" not in told.content.decode().split("<main")[1].split("Another person")[0]
    assert "Targets of 2021, revised" not in page(client_of(board_member), "target_list")[1]

    _status, shown = page(client_of(reviewer), "proposal", entered.uuid)
    assert "its parts add up to US$ 216,000,000.00" in shown
    assert "10,000,000.00" in shown
    assert "What the revision changes" in shown
    told = sent(client_of(reviewer), "proposal_approve", entered.uuid, version=1)
    made = TargetSet.objects.get(proposal=entered)
    assert "stands now" in told.content.decode()

    _status, listed = page(client_of(board_member), "target_list")
    assert f'id="{made.code}"' in listed
    assert "annual, monthly" in listed
    assert "Officer" not in listed.split("<main")[1]
    assert "Reviewer" not in listed.split("<main")[1]


def test_the_form_shows_everything_that_is_wrong_and_keeps_what_was_typed(
    reference, client_of, officer
):
    answer = client_of(officer).post(
        reverse("proposal_new"), typed(amount_1="14.000.000", path_2="1 2 3")
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "is not an amount" in shown
    assert "here are 3" in shown
    assert 'value="14.000.000"' in shown
    assert not TargetSetProposal.objects.exists()


def test_a_form_sent_twice_enters_one_set(reference, client_of, officer):
    token = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
    for _again in range(2):
        sent(client_of(officer), "proposal_new", **typed(), token=token)
    assert TargetSetProposal.objects.count() == 1


def test_a_revision_opens_with_the_amounts_of_the_earlier_set(reference, client_of, officer):
    _status, shown = page(client_of(officer), "proposal_new", query="?revises=PROGRESS-2021")
    assert 'value="14,500,000.00"' in shown
    assert '<option value="PROGRESS-2021" selected>' in shown
    status, _shown = page(client_of(officer), "proposal_new", query="?revises=NONE")
    assert status == 200


def test_the_approved_path_is_typed_again_for_a_revision(waiting, client_of, officer, reviewer):
    sent(client_of(reviewer), "proposal_approve", waiting.uuid, version=1)
    made = TargetSet.objects.get(proposal=waiting)
    _status, shown = page(client_of(officer), "proposal_new", query=f"?revises={made.code}")
    assert "January 1,000,000.00\nFebruary 2,000,000.00" in shown


def test_the_author_is_not_asked_to_decide(reference, client_of, reviewer):
    own = propose_targets(payload=typed(), by=reviewer)
    client = client_of(reviewer)
    assert "nobody approves their own" in page(client, "proposal", own.uuid)[1]
    told = sent(client, "proposal_approve", own.uuid, version=1)
    assert "Another person decides" in told.content.decode()
    assert not TargetSet.objects.filter(proposal=own).exists()
    assert "Your decision" in page(client_of(another_reviewer()), "proposal", own.uuid)[1]


def test_returned_and_corrected(waiting, client_of, officer, reviewer):
    sent(client_of(reviewer), "proposal_return", waiting.uuid, version=1, because="RB is 14.5")
    _status, shown = page(client_of(officer), "proposal_edit", waiting.uuid)
    assert "RB is 14.5" in shown
    assert 'value="14,000,000"' in shown
    sent(
        client_of(officer), "proposal_edit", waiting.uuid, **typed(amount_1="14.5"), version=2
    )  # fmt: skip
    waiting.refresh_from_db()
    assert (waiting.state, waiting.version, waiting.because) == ("waiting", 3, "")


def test_who_comes_second_sees_both_versions(waiting, client_of, officer):
    client = client_of(officer)
    sent(client, "proposal_edit", waiting.uuid, **typed(amount_1="15,000,000"), version=1)
    answer = client.post(
        reverse("proposal_edit", args=[waiting.uuid]), typed(amount_1="16,000,000") | {"version": 1}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "<bdi>15,000,000</bdi>" in shown
    assert "<bdi>16,000,000</bdi>" in shown
    assert 'name="version" value="2"' in shown
    waiting.refresh_from_db()
    assert waiting.payload["amount_1"] == "15,000,000"


def test_a_proposal_that_changed_is_not_approved_unseen(waiting, client_of, officer, reviewer):
    sent(client_of(officer), "proposal_edit", waiting.uuid, **typed(amount_1="1"), version=1)
    told = sent(client_of(reviewer), "proposal_approve", waiting.uuid, version=1)
    assert "changed in the meantime" in told.content.decode()


def test_what_cannot_stand_any_more_says_why(waiting, client_of, reviewer):
    TargetSet.objects.filter(code="PROGRESS-2021").update(names={"en": "Targets of 2021, revised"})
    _status, shown = page(client_of(reviewer), "proposal", waiting.uuid)
    assert "cannot be approved as it is" in shown
    assert "Name of the set in English – A set has this name already" in shown
    assert reverse("proposal_approve", args=[waiting.uuid]) not in shown


def test_names_are_shown_as_they_were_typed_and_never_run(
    reference, client_of, officer, reviewer, board_member
):
    evil = propose_targets(
        payload=typed(name_en=EVIL, covers=EVIL, document=None, document_title=EVIL,
                      note_6=EVIL, paragraph_1=EVIL),
        by=officer,
    )  # fmt: skip
    for person, name, args in (
        (officer, "proposal_edit", [evil.uuid]), (reviewer, "proposal", [evil.uuid]),
        (reviewer, "target_list", []),
    ):  # fmt: skip
        assert EVIL not in page(client_of(person), name, *args)[1]
    sent(client_of(reviewer), "proposal_approve", evil.uuid, version=1)
    shown = page(client_of(board_member), "target_list")[1]
    assert EVIL not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_the_board_and_representatives_are_refused_everywhere(
    waiting, client_of, board_member, representative
):
    for person in (board_member, representative):
        client = client_of(person)
        assert page(client, "proposal_new")[0] == 403
        for name in ("proposal", "proposal_edit"):
            assert page(client, name, waiting.uuid)[0] == 403
        for name in ("proposal_approve", "proposal_return"):
            assert sent(client, name, waiting.uuid, version=1).status_code == 403
    _status, listed = page(client_of(board_member), "target_list")
    assert "Enter a new target set" not in listed
    assert "not approved yet" not in listed


def test_nobody_changes_what_somebody_else_entered(waiting, client_of, other_officer, reviewer):
    for person in (other_officer, reviewer):
        assert page(client_of(person), "proposal_edit", waiting.uuid)[0] == 404


def test_staff_see_what_waits_and_who_approved(waiting, client_of, officer, reviewer):
    _status, listed = page(client_of(officer), "target_list")
    assert "Entered and not approved yet" in listed
    assert "Targets of 2021, revised" in listed
    sent(client_of(reviewer), "proposal_approve", waiting.uuid, version=1)
    _status, listed = page(client_of(officer), "target_list")
    assert "Entered and not approved yet" not in listed
    assert "Approved by</dt><dd><bdi>Reviewer</bdi>" in listed


def test_an_approved_proposal_still_shows_what_was_entered(waiting, client_of, officer, reviewer):
    sent(client_of(reviewer), "proposal_approve", waiting.uuid, version=1)
    status, shown = page(client_of(officer), "proposal", waiting.uuid)
    assert status == 200
    assert "cannot be approved" not in shown
    assert "220,000,000.00" in shown
    response = client_of(officer).get(reverse("proposal_edit", args=[waiting.uuid]))
    assert response.status_code == 302


def test_the_api_shows_the_new_set(waiting, client_of, reviewer, board_member):
    sent(client_of(reviewer), "proposal_approve", waiting.uuid, version=1)
    made = TargetSet.objects.get(proposal=waiting)
    answer = client_of(board_member).get(f"/api/v1/target-sets/{made.code}/").json()
    amounts = {one["scope"]: one["amount_usd"] for one in answer["targets"]}
    assert amounts["FNE"] == "12000000.00"
    path = {one["scope"]: one["path"] for one in answer["targets"]}
    assert path["RB"] == []
    assert path["FNE"][11] == {"month": 202112, "cumulative_usd": "12000000.00"}
