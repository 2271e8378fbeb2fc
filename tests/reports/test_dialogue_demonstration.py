"""The demonstration's entries: in its own pack, in no other, and gone with it."""

import pytest

from accounts.demonstration import open_demonstration_accounts
from accounts.models import User
from reports.dialogue.demonstration import enter_demonstration_items
from reports.dialogue.removal import remove_entered
from reports.dialogue.selectors import items_told, loads_in_force
from reports.models import DialogueItem, ExpenditureLoad
from tests import board_factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def entered(reference):
    open_demonstration_accounts()
    return enter_demonstration_items()


def test_they_are_entered_once_and_all_but_one_are_approved(entered):
    assert entered == 5
    assert enter_demonstration_items() == 0
    states = list(DialogueItem.objects.values_list("state", flat=True))
    assert sorted(states) == ["approved"] * 4 + ["waiting"]


def test_they_stand_in_the_demonstrations_pack_alone_and_say_that_they_are_invented(entered):
    told = items_told(is_demonstration=True, year=2021)
    assert {item.kind for item in told} == {"result", "joint", "compact", "measure"}
    assert all(item.title.startswith("Example:") for item in told)
    assert all("Invented" in item.evidence for item in told)
    assert not items_told(is_demonstration=False, year=2021).exists()


def test_they_go_with_the_demonstration_and_what_is_real_stays(entered):
    real = board_factories.dialogue_item(**board_factories.decided())
    person = User.objects.get(email="officer@demo.example")
    board_factories.expenditure(load=board_factories.expenditure_load(entered_by=person))
    shipped = loads_in_force(is_demonstration=False)
    assert remove_entered() == {"loads of expenditure": 1, "entries of the dialogue": 5}
    assert list(DialogueItem.objects.all()) == [real]
    assert set(ExpenditureLoad.objects.all()) == set(shipped.values())
