"""The same for the rows of tests/board_factories.py."""

from django.utils import timezone

from tests import board_factories, factories


def _own(make, entered="entered_by", decided="decided_by", **changed):
    """A row decided by the person who entered it."""
    user = factories.user()
    row = {**board_factories.decided(), entered: user, decided: user, **changed}
    return make(**row)


def _published(**changed):
    row = {"state": "published", "published_by": factories.user(), "published_at": timezone.now()}
    return board_factories.monthly_update(**{**row, **changed})


def _published_by_its_preparer():
    user = factories.user()
    return _published(prepared_by=user, published_by=user)


BAD_ROWS = {
    "nobody_approves_their_own_targets": [
        lambda: _own(board_factories.target_set_proposal, target_set=factories.target_set())
    ],
    "an_approved_proposal_is_a_set": [
        lambda: board_factories.target_set_proposal(**board_factories.decided()),
        lambda: board_factories.target_set_proposal(target_set=factories.target_set()),
        lambda: board_factories.target_set_proposal(state="returned"),
    ],
    "a_measurement_is_a_value_or_a_milestone": [
        lambda: board_factories.measurement(value=None),
        lambda: board_factories.measurement(value=5, milestone="done"),
        lambda: board_factories.measurement(milestone="nearly"),
    ],
    "a_measurement_names_its_evidence": [lambda: board_factories.measurement(evidence="")],
    "nobody_approves_their_own_measurement": [lambda: _own(board_factories.measurement)],
    "a_decided_measurement_says_by_whom": [
        lambda: board_factories.measurement(state="approved"),
        lambda: board_factories.measurement(decided_by=factories.user()),
    ],
    "an_owner_has_a_name": [lambda: board_factories.indicator_owner(name="")],
    "an_economy_list_has_a_source": [lambda: board_factories.economy_list(source="")],
    "nobody_approves_their_own_economy_list": [lambda: _own(board_factories.economy_list)],
    "a_decided_economy_list_says_by_whom": [
        lambda: board_factories.economy_list(state="returned"),
        lambda: board_factories.economy_list(decided_at=timezone.now()),
    ],
    "a_published_update_says_by_whom": [
        lambda: board_factories.monthly_update(state="published"),
        lambda: board_factories.monthly_update(published_by=factories.user()),
    ],
    "nobody_publishes_their_own_update": [_published_by_its_preparer],
    "expenditure_has_a_source": [lambda: board_factories.expenditure_load(source="")],
    "nobody_approves_their_own_expenditure": [lambda: _own(board_factories.expenditure_load)],
    "decided_expenditure_says_by_whom": [
        lambda: board_factories.expenditure_load(state="approved"),
        lambda: board_factories.expenditure_load(decided_by=factories.user()),
    ],
    "an_item_names_its_evidence": [
        lambda: board_factories.dialogue_item(evidence=""),
        lambda: board_factories.dialogue_item(title=""),
    ],
    "nobody_approves_their_own_item": [lambda: _own(board_factories.dialogue_item)],
    "a_decided_item_says_by_whom": [
        lambda: board_factories.dialogue_item(state="approved"),
        lambda: board_factories.dialogue_item(decided_at=timezone.now()),
    ],
}
GOOD_ROWS = [
    lambda: board_factories.measurement(milestone="done"),
    lambda: board_factories.measurement(**board_factories.decided()),
    lambda: board_factories.economy_list(**board_factories.decided()),
    lambda: board_factories.target_set_proposal(
        **board_factories.decided(), target_set=factories.target_set()
    ),
    lambda: board_factories.expenditure_load(**board_factories.decided()),
    lambda: board_factories.dialogue_item(**board_factories.decided()),
    _published,
    lambda: board_factories.monthly_update(state="discarded"),
]
