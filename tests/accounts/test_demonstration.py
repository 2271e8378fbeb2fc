"""Demonstration accounts: one of each role, opened once, and never outside a demonstration."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from accounts import demonstration
from accounts.models import User
from accounts.permissions import Role
from habitat_portal.safety import Mode
from tests import factories


def test_there_is_one_account_of_each_role_and_a_second_officer(db):
    accounts = demonstration.open_demonstration_accounts()
    assert {role: user.role for role, user in accounts.items()} == {role: role for role in Role}
    assert accounts[Role.OFFICER].email == "officer@demo.example"
    assert User.objects.get(email="second.officer@demo.example").role == Role.OFFICER
    assert all(user.check_password(demonstration.PASSWORD) for user in accounts.values())
    assert all(user.is_demonstration for user in User.objects.all())


def test_opening_them_again_changes_nothing(db):
    first = demonstration.open_demonstration_accounts()
    assert demonstration.open_demonstration_accounts() == first
    assert User.objects.count() == 6


def test_outside_demonstration_and_test_they_are_refused(db, settings):
    settings.PORTAL_MODE = Mode.PRODUCTION
    with pytest.raises(ImproperlyConfigured, match="public password"):
        demonstration.open_demonstration_accounts()
    assert User.objects.count() == 0


def test_a_persons_account_is_never_taken_for_a_demonstration(db):
    factories.user(email="Board@demo.example", role=Role.BOARD)
    with pytest.raises(ImproperlyConfigured, match="account of a person"):
        demonstration.open_demonstration_accounts()


def test_outside_a_demonstration_the_portal_does_not_start_with_their_accounts(db):
    demonstration.open_demonstration_accounts()
    demonstration.refuse_start(is_demo=True)
    with pytest.raises(ImproperlyConfigured, match="demonstration accounts"):
        demonstration.refuse_start(is_demo=False)


def test_without_a_database_the_portal_does_not_start_and_says_why(monkeypatch):
    def away(*, is_demo):
        raise DatabaseError("connection refused\nmore")

    monkeypatch.setattr(demonstration, "refuse_demonstration_accounts", away)
    with pytest.raises(ImproperlyConfigured, match=r"manage\.py migrate.*connection refused$"):
        demonstration.refuse_start(is_demo=False)
