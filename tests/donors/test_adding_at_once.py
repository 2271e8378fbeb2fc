"""Two officers add a donor in the same moment: one is added, and the other is told."""

import threading

import pytest
from django.db import DatabaseError, connection

from donors import services
from donors.models import ContributorType, Donor
from donors.services import DonorExists, add_donor

pytestmark = pytest.mark.both_databases


@pytest.fixture
def at_once(committed, officer, monkeypatch):
    """Adds each in a thread of its own, both having looked for the code before either adds."""
    kind = ContributorType.objects.get(code="C06")
    free_code, both_looked, first = services._free_code, threading.Barrier(2), set()

    def code_when_both_looked(name):
        code = free_code(name)
        me = threading.get_ident()
        if connection.vendor == "postgresql" and me not in first:  # SQLite lets in one at a time
            first.add(me)
            both_looked.wait(timeout=20)
        return code

    monkeypatch.setattr(services, "_free_code", code_when_both_looked)

    def add(*given):
        told = []

        def work(name, token):
            try:
                made = add_donor(
                    names={"en": name}, contributor_type=kind, by=officer, token=token,
                    is_another=True,
                )  # fmt: skip
                told.append(made.code)
            except DonorExists as refused:
                told.append(f"exists: {refused.donors[0].code}")
            except DatabaseError as error:  # what a page would answer with 500
                told.append(repr(error))
            finally:
                connection.close()

        workers = [threading.Thread(target=work, args=one) for one in given]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return sorted(told)

    return add


def test_the_same_name_is_added_once_and_the_other_is_told_that_it_exists(at_once):
    told = at_once(("Quuxfield Trust", "a"), ("Quuxfield Trust", "b"))
    assert told == ["QUUXFIELD_TRUST", "exists: QUUXFIELD_TRUST"]
    assert Donor.objects.called("Quuxfield Trust").count() == 1


def test_the_same_form_sent_twice_at_once_gives_the_one_donor_to_both(at_once):
    told = at_once(("Quuxfield Trust", "a"), ("Quuxfield Trust", "a"))
    assert told == ["QUUXFIELD_TRUST", "QUUXFIELD_TRUST"]
    assert Donor.objects.called("Quuxfield Trust").count() == 1


def test_two_names_that_make_one_code_are_two_donors(at_once):
    told = at_once(("東京", "a"), ("大阪", "b"))  # without a Latin letter
    assert told == ["DONOR", "DONOR_2"]
