"""Target sets are entered by one person, approved by another, and never change."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import override

from accounts import append_only
from accounts.models import AuditEvent
from accounts.permissions import Role
from income.errors import NotAllowed
from interface.conflicts import EditConflict
from reports.figures.documents import target_sets
from reports.figures.pace import Method, Verdict
from targets.models import (
    AnnualTarget,
    Document,
    MonthlyTarget,
    ProposalState,
    TargetSet,
    TargetSetProposal,
)
from targets.proposed import changes, doubts
from targets.proposing import (
    ProposalChanged,
    ProposalWrong,
    approve_proposal,
    change_proposal,
    propose_targets,
    read,
    return_proposal,
)
from targets.removal import remove_demonstration_targets
from targets.selectors import coverages, goal_sets, sets_for_year
from tests import factories
from tests.reports import hand_made
from tests.targets.typed import MILLIONS, another_reviewer, typed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
D = Decimal
NOON = datetime.datetime(2022, 12, 15, 9, tzinfo=datetime.UTC)


@pytest.fixture
def waiting(reference, officer):
    return propose_targets(payload=typed(), by=officer)


def approved(proposal, by, **changed):
    return approve_proposal(
        proposal, **{"version": proposal.version, "by": by, "at": NOON} | changed
    )


def wrong(**changed):
    with pytest.raises(ProposalWrong) as refused:
        read(typed(**changed))
    return str(refused.value)


def acts_on(proposal):
    events = AuditEvent.objects.filter(subject="targets.targetsetproposal", subject_id=proposal.pk)
    return list(events.order_by("pk").values_list("act", flat=True))


def test_what_waits_is_no_target_set(waiting):
    assert waiting.state == ProposalState.WAITING
    assert not TargetSet.objects.filter(names__en="Targets of 2021, revised").exists()
    assert acts_on(waiting) == ["propose_targets"]


def test_another_persons_approval_makes_the_set_with_its_targets(waiting, officer, reviewer):
    made = approved(waiting, reviewer)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.target_set, waiting.decided_by) == ("approved", made, reviewer)
    assert made.code == f"TARGETS-OF-2021-REVISED-P{waiting.pk}"
    assert (made.document_id, made.kind, made.from_year, made.to_year) == (
        "progress-2022", "target", 2021, 2021,
    )  # fmt: skip
    assert made.order > 13  # after those of the tables
    assert {one.scope_id: one.amount_usd for one in made.targets.all()} == {
        "RB": D(14_000_000), "FNE": D(12_000_000), "FE": D(40_000_000), "TC": D(150_000_000),
        "TOTAL": D(220_000_000),
    }  # fmt: skip
    assert made.targets.get(scope="RB").paragraph == "para. 3"
    assert acts_on(waiting) == ["propose_targets", "approve_targets"]


def test_a_monthly_path_is_kept_month_by_month(waiting, reviewer):
    path = approved(waiting, reviewer).targets.get(scope="FNE").path
    assert list(path.values_list("month", "cumulative_usd"))[8:] == [
        (202109, D(9_000_000)), (202110, D(10_000_000)), (202111, D(10_000_000)),
        (202112, D(12_000_000)),
    ]  # fmt: skip
    assert MonthlyTarget.objects.count() == 12


def test_a_path_with_its_months_is_read_in_every_language(reference, officer, reviewer):
    with override("fr"):
        french = "\n".join(
            f"{MONTHS[n]} {million} 000 000" for n, million in enumerate(MILLIONS, 1)
        )
        entered = propose_targets(payload=typed(path_2=french), by=officer)
    assert "décembre 12 000 000" in french.lower()
    made = approved(entered, reviewer)
    assert made.targets.get(scope="FNE").path.get(month=202112).cumulative_usd == D(12_000_000)


def test_nobody_approves_their_own(reference, reviewer):
    own = propose_targets(payload=typed(), by=reviewer)
    for act in (approved, lambda one, by: return_proposal(
        one, because="x", version=1, by=by, at=NOON
    )):  # fmt: skip
        with pytest.raises(NotAllowed, match="Another person decides"):
            act(own, reviewer)
    assert approved(own, another_reviewer()).code.startswith("TARGETS-OF-2021")


@pytest.mark.parametrize("role", [Role.BOARD, Role.REPRESENTATIVE, Role.ADMINISTRATOR])
def test_who_enters_no_targets_proposes_and_decides_nothing(waiting, role):
    stranger = factories.user(role=role)
    with pytest.raises(NotAllowed):
        propose_targets(payload=typed(name_en="Another"), by=stranger)
    with pytest.raises(NotAllowed):
        approved(waiting, stranger)


def test_an_officer_enters_and_does_not_approve(waiting, other_officer):
    with pytest.raises(NotAllowed, match="may not approve"):
        approved(waiting, other_officer)


def test_the_database_refuses_to_change_what_was_approved(waiting, reviewer):
    made = approved(waiting, reviewer)
    acts = [
        lambda: AnnualTarget.objects.filter(scope="RB").update(amount_usd=1),
        lambda: AnnualTarget.objects.filter(target_set=made, scope="RB").delete(),
        lambda: MonthlyTarget.objects.update(cumulative_usd=1),
        lambda: MonthlyTarget.objects.all().delete(),
    ]
    for act in acts:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


def test_an_approved_proposal_is_changed_and_decided_no_more(waiting, officer, reviewer):
    made = approved(waiting, reviewer)
    assert approved(waiting, reviewer) == made  # the same answer, no second set
    with pytest.raises(NotAllowed, match="never change"):
        change_proposal(waiting, payload=typed(), version=1, by=officer)
    with pytest.raises(ProposalChanged):
        return_proposal(waiting, because="x", version=1, by=another_reviewer(), at=NOON)


def test_what_was_returned_is_corrected_and_approved(waiting, officer, reviewer):
    back = return_proposal(waiting, because="RB is 14.5", version=1, by=reviewer, at=NOON)
    assert (back.state, back.because, back.version) == ("returned", "RB is 14.5", 2)
    with pytest.raises(ProposalChanged):
        approved(back, reviewer)
    again = change_proposal(back, payload=typed(amount_1="14,500,000"), version=2, by=officer)
    assert (again.state, again.because, again.decided_by, again.version) == ("waiting", "", None, 3)
    assert approved(again, reviewer).targets.get(scope="RB").amount_usd == D(14_500_000)
    assert acts_on(again) == [
        "propose_targets", "return_targets", "change_targets_proposal", "approve_targets",
    ]  # fmt: skip


def test_a_return_needs_its_reason(waiting, reviewer):
    with pytest.raises(ProposalWrong, match="500 characters"):
        return_proposal(waiting, because="  ", version=1, by=reviewer, at=NOON)


def test_nothing_is_overwritten_or_approved_unseen(waiting, officer, other_officer, reviewer):
    change_proposal(waiting, payload=typed(amount_1="15,000,000"), version=1, by=officer)
    with pytest.raises(EditConflict):
        change_proposal(waiting, payload=typed(amount_1="16,000,000"), version=1, by=officer)
    with pytest.raises(ProposalChanged):
        approved(waiting, reviewer, version=1)
    with pytest.raises(NotAllowed, match="Only the person"):
        change_proposal(waiting, payload=typed(), version=2, by=other_officer)
    waiting.refresh_from_db()
    assert waiting.payload["amount_1"] == "15,000,000"


def test_a_form_sent_twice_enters_one_proposal(waiting, officer, other_officer):
    assert propose_targets(payload=typed(), by=officer, token=waiting.uuid) == waiting
    assert TargetSetProposal.objects.count() == 1
    with pytest.raises(NotAllowed, match="somebody else"):
        propose_targets(payload=typed(), by=other_officer, token=waiting.uuid)


def test_everything_is_checked_again_at_approval(waiting, reviewer):
    factories.target_set(names={"en": "targets of 2021, REVISED"})
    with pytest.raises(ProposalWrong, match="has this name already"):
        approved(waiting, reviewer)
    waiting.refresh_from_db()
    assert waiting.state == ProposalState.WAITING


def test_a_document_that_is_not_in_the_list_comes_with_the_set(reference, officer, reviewer):
    new = typed(
        document=None, document_title="Work programme 2021", document_symbol="HSP/EB.9",
        document_date="2020-12-01", document_url="https://unhabitat.org/x",
        name_fr="Cibles de 2021",
    )  # fmt: skip
    made = approved(propose_targets(payload=new, by=officer), reviewer)
    assert (made.document.names, made.document.symbol) == (
        {"en": "Work programme 2021"}, "HSP/EB.9",
    )  # fmt: skip
    assert made.document.dated_on == datetime.date(2020, 12, 1)
    assert made.names == {"en": "Targets of 2021, revised", "fr": "Cibles de 2021"}
    assert Document.objects.filter(url="https://unhabitat.org/x").count() == 1


def test_a_revision_is_a_new_set_and_the_old_one_still_answers(waiting, reviewer, ledger):
    made = approved(waiting, reviewer)
    hand_made.fill(ledger)
    # 2.5 million non-earmarked received: of 10 million a quarter, of 12 million 20.8 per cent.
    old = hand_made.ask(ledger, as_at="2021-12", targets="PROGRESS-2021")
    new = hand_made.ask(ledger, as_at="2021-12", targets=made.code)
    assert _share(old) == 25
    assert _share(new) == D(250) / 12
    codes = [one.code for one in sets_for_year(goal_sets(2021, coverages()), 2021)]
    assert {made.code, "PROGRESS-2021"} <= set(codes)


def _share(answer):
    return answer.funds.row("FNE").progress.percent


def test_the_approved_path_is_the_way_to_the_target_on_the_dashboard(waiting, reviewer, ledger):
    made = approved(waiting, reviewer)
    hand_made.fill(ledger)
    line = hand_made.ask(ledger, as_at="2021-12", targets=made.code, fund="FNE").line
    assert line.is_path
    assert line.target[8:] == (D(9_000_000), D(10_000_000), D(10_000_000), D(12_000_000))
    straight = hand_made.ask(ledger, as_at="2021-12", targets="PROGRESS-2021", fund="FNE").line
    assert not straight.is_path
    assert straight.target[5] == D(5_000_000)


def test_the_approved_path_is_what_the_pace_is_measured_by(waiting, reviewer, ledger):
    made = approved(waiting, reviewer)
    hand_made.fill(ledger)
    # By September 9 million were planned; 3.0 million had come.
    pace = hand_made.ask(ledger, as_at="2021-09", targets=made.code).funds.row("FNE").pace
    assert (pace.method, pace.verdict) == (Method.PATH, Verdict.BEHIND)
    assert pace.expected_usd == D(9_000_000)


def test_a_revised_set_is_told_where_it_is_used(waiting, reviewer, ledger, officer, other_officer):
    made = approved(waiting, reviewer)
    hand_made.fill(ledger)
    TargetSetProposal.objects.filter(pk=waiting.pk).update(payload={"revises": "PROGRESS-2021"})
    told = " ".join(hand_made.ask(ledger, as_at="2021-12", targets="PROGRESS-2021").notes)
    assert f"was revised: “{made}” can be chosen as well" in told


def test_phasing_and_who_approved_stand_with_the_set(waiting, officer, reviewer):
    made = approved(waiting, reviewer)
    sets = {one.target_set.code: one for one in target_sets()}
    assert sets[made.code].phasing == "annual, monthly"
    assert sets[made.code].proposal.decided_by == reviewer
    assert sets[made.code].revises.code == "PROGRESS-2021"
    assert sets["PROGRESS-2021"].phasing == "annual"
    assert sets["RESTATED-2022"].phasing == "over several years"
    assert sets["RESTATED-2022"].proposal is None


def test_a_demonstration_account_cannot_enter_an_unmarked_set(reference, reviewer):
    player = factories.user(role=Role.OFFICER, is_demonstration=True)
    made = approved(propose_targets(payload=typed(), by=player), reviewer)
    assert made.names["en"] == "Targets of 2021, revised (demonstration)"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"from_4": "2022"}, "The set is about 2021 to 2021: this year is outside."),
        ({"scope_5": "TC", "amount_5": "1"}, "stand in another row already"),
        ({"amount_1": "14.000.000"}, "is not an amount"),
        ({"amount_1": "0"}, "above zero"),
        ({"amount_1": "-5"}, "above zero"),
        ({"amount_1": "5.001"}, "two decimals"),
        ({"amount_1": "9" * 18}, "above zero"),
        ({"amount_1": None}, "Give the amount, or empty the row."),
        ({"scope_1": None}, "Say which money"),
        ({"scope_1": "NONE"}, "NONE is not one of the available choices"),
        ({"name_en": "Annual targets 2021 of the 2022 progress report"}, "has this name already"),
        ({"to_year": "2020"}, "The last year comes before the first."),
        ({"document": None}, "Choose the document above"),
        ({"document_title": "Another"}, "not both"),
        ({"document": None, "document_title": "DONORS"}, "choose it there"),
        ({"path_1": "1 2 3"}, "here are 3"),
        ({"path_1": " ".join(["14000000"] * 11 + ["13000000"])}, "falls in December"),
        ({"path_1": " ".join(["1"] * 12)}, "ends at 1.00 in December"),
        ({"to_year": "2022", "path_1": "1"}, "Only an amount of one year"),
        ({"to_year": "2022", "from_1": "2022", "to_1": "2021"}, "comes before the first"),
        ({"kind": "wish"}, "wish is not one of the available choices"),
        ({"document": None, "document_title": "A", "document_url": "javascript:x()"}, "valid URL"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_a_sentence(reference, changed, sentence):
    assert sentence in wrong(**changed)


def test_a_set_without_an_amount_is_refused(reference):
    none = {f"amount_{row}": None for row in range(1, 7)} | {"path_2": None, "paragraph_1": None}
    none |= {"from_4": None, "to_6": None, "note_6": None}
    assert wrong(**none) == "US dollars, row 1 – Enter at least one amount."


def test_a_total_that_is_not_the_sum_of_its_parts_is_told_and_not_refused(reference):
    (told,) = doubts(read(typed()))
    assert told == (
        "Total, 2021: the amount is US$ 220,000,000.00, and its parts add up to "
        "US$ 216,000,000.00, a difference of US$ 4,000,000.00."
    )
    assert doubts(read(typed(amount_6="216,000,000"))) == ()


def test_support_on_top_is_a_part_of_the_total(reference):
    with_support = typed(scope_5="PS", amount_5="4,000,000", programme_support="on_top")
    assert doubts(read(with_support)) == ()
    assert len(doubts(read({**with_support, "programme_support": "inside"}))) == 1


def test_years_that_do_not_add_up_to_their_span_are_told(reference):
    two = typed(
        to_year="2022", scope_1="FNE", amount_1="20", path_2=None, amount_2="8", from_2="2021",
        amount_3="7", scope_3="FNE", from_3="2022", amount_4=None, from_4=None, amount_6=None,
        to_6=None, note_6=None,
    )  # fmt: skip
    (told,) = doubts(read(two))
    assert "over 2021–2022 is US$ 20.00, and its years add up to US$ 15.00" in told


def test_a_revision_shows_both_amounts(reference):
    earlier = TargetSet.objects.get(code="PROGRESS-2021").targets.select_related("scope")
    found = {one.scope.pk: one for one in changes(earlier, read(typed()).targets)}
    assert found["RB"].difference_usd == D(-500_000)  # 14.0 after 14.5 million
    assert (found["TOTAL"].earlier_usd, found["TOTAL"].difference_usd) == (None, None)


def test_approval_is_all_or_nothing(waiting, reviewer, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(MonthlyTarget.objects, "bulk_create", broken)
    with pytest.raises(RuntimeError):
        approved(waiting, reviewer, at=timezone.now())
    assert not TargetSet.objects.filter(code__startswith="TARGETS-OF").exists()


def test_what_a_demonstration_account_entered_can_be_taken_out(waiting, reviewer):
    player = factories.user(role=Role.OFFICER, is_demonstration=True)
    new = typed(name_en="Played", document=None, document_title="A played document")
    played = approved(propose_targets(payload=new, by=player), reviewer)
    propose_targets(payload=typed(name_en="Waits"), by=player)
    real = approved(waiting, reviewer)
    before = AnnualTarget.objects.exclude(target_set=played).count()
    connection.check_constraints()
    with append_only.lifted(connection):
        removed = remove_demonstration_targets()
    assert removed == {"target sets entered": 1, "target sets proposed": 1}
    assert not TargetSet.objects.filter(pk=played.pk).exists()
    assert not Document.objects.filter(pk=played.document_id).exists()
    assert list(TargetSetProposal.objects.all()) == [waiting]
    assert AnnualTarget.objects.count() == before
    assert real.targets.count() == 5
