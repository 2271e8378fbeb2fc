"""What the database refuses, row by row; and how fields are named and guarded, model by model."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from income.fields import ExactDecimalField
from income.models import Entry, MonthlyTotal, Posting
from income.models.ledger import GENESIS
from tests import factories
from tests.house import project

D = Decimal

pytestmark = pytest.mark.both_databases
OURS = [model for app in project.APPS if app != "habitat_portal"
        for model in apps.get_app_config(app).get_models()]  # fmt: skip
ROLLUPS = {"MonthlyTotal", "DonorTotal", "DonorMonthTotal", "ProgrammeTotal"}
A_DAY = datetime.date(2021, 3, 4)
THE_DAY_BEFORE = datetime.date(2021, 3, 3)


def a_user():
    return factories.user()


def a_posting(**changed):
    """A row of the table itself, past the one door; sound unless something is changed."""
    row = {
        "id": uuid.uuid4(), "sequence": 1, "act": "record_receipt", "token": "t",
        "booked_month": 202103, "posted_at": timezone.now(), "entry_count": 1,
        "content_hash": GENESIS, "previous_hash": GENESIS, "hash": GENESIS,
    }  # fmt: skip
    changed.setdefault("ledger", None)
    changed["ledger"] = changed["ledger"] or factories.ledger()
    return Posting.objects.create(**{**row, **changed})


def an_entry(**changed):
    """The same for an entry: 100 US dollars of an unnamed donor."""
    posting = a_posting()
    row = {
        "posting": posting, "ledger": posting.ledger, "line": 1, "kind": "receipt",
        "fund_id": "FNE", "value_date": A_DAY, "booked_month": 202103, "year_for": 2021,
        "currency_id": "USD", "amount": D(100), "amount_usd": D(100), "rate": D(1),
        "rate_on": A_DAY, "rate_type": "parity",
    }  # fmt: skip
    return Entry.objects.create(**{**row, **changed})


def reviewed_by_its_writer():
    user = factories.user()
    return factories.draft(written_by=user, reviewed_by=user, reviewed_at=timezone.now())


def approved_by_its_preparer():
    user = factories.user()
    return a_posting(prepared_by=user, approved_by=user)


NOT_CONVERTED = {"currency_id": "KES", "amount_usd": None, "rate": None, "rate_on": None,
                 "rate_type": ""}  # fmt: skip
# Each check constraint with rows that break it, and nothing else.
BAD_ROWS = {
    "role_is_a_known_role": [lambda: factories.user(role="emperor")],
    "a_merge_has_a_date": [
        lambda: factories.donor(merged_into=factories.donor()),
        lambda: factories.donor(merged_on=A_DAY),
    ],
    "a_member_state_has_an_area": [lambda: factories.donor(is_member_state=True)],
    "representation_ends_after_it_starts": [
        lambda: factories.representation(starts_on=A_DAY, ends_on=A_DAY),
        lambda: factories.representation(starts_on=A_DAY, ends_on=THE_DAY_BEFORE),
    ],
    "a_currency_has_at_most_4_decimals": [lambda: factories.currency(decimals=5)],
    "a_rate_is_above_zero": [
        lambda: factories.exchange_rate(units_per_usd=D(0)),
        lambda: factories.exchange_rate(units_per_usd=D(-1)),
    ],
    "contribution_above_zero": [
        lambda: factories.contribution(amount=D(0)),
        lambda: factories.contribution(amount=D("-0.0001")),
    ],
    "a_signed_contribution_has_its_date": [lambda: factories.contribution(state="signed")],
    "programme_support_rate_is_a_fraction": [
        lambda: factories.contribution(programme_support_rate=D(13)),
        lambda: factories.contribution(programme_support_rate=D(1)),
        lambda: factories.contribution(programme_support_rate=D("-0.01")),
    ],
    "a_contribution_ends_after_it_starts": [
        lambda: factories.contribution(starts_on=A_DAY, ends_on=THE_DAY_BEFORE)
    ],
    "instalment_above_zero": [
        lambda: factories.instalment(amount=D(0)),
        lambda: factories.instalment(amount=D(-5)),
    ],
    "a_posted_draft_has_its_posting": [
        lambda: factories.draft(state="posted"),
        lambda: factories.draft(state="submitted", posting=a_posting()),
    ],
    "nobody_reviews_their_own_draft": [reviewed_by_its_writer],
    "a_review_has_person_and_time": [
        lambda: factories.draft(reviewed_by=a_user()),
        lambda: factories.draft(reviewed_at=timezone.now()),
    ],
    "a_returned_draft_says_why": [lambda: factories.draft(state="returned")],
    "sequence_starts_at_1": [lambda: a_posting(sequence=0)],
    "a_posting_has_entries": [lambda: a_posting(entry_count=0)],
    "nobody_approves_their_own": [
        approved_by_its_preparer,
        lambda: a_posting(prepared_by=a_user()),
        lambda: a_posting(approved_by=a_user()),
    ],
    "a_reversal_names_what_it_reverses": [
        lambda: a_posting(act="reverse"),
        lambda: a_posting(reverses=a_posting()),
    ],
    "an_entry_is_not_zero": [
        lambda: an_entry(**{**NOT_CONVERTED, "amount": D(0)}),
    ],
    "dollars_come_with_their_rate": [
        lambda: an_entry(rate=None),
        lambda: an_entry(rate=D(0)),
        lambda: an_entry(rate_on=None),
        lambda: an_entry(rate_type=""),
        lambda: an_entry(currency_id="KES", amount_usd=None),
        lambda: an_entry(**{**NOT_CONVERTED, "rate": D(1)}),
    ],
    "dollars_have_the_sign_of_the_amount": [
        lambda: an_entry(amount_usd=D(-100)),
        lambda: an_entry(amount=D(-100)),
    ],
    "an_allotment_has_no_donor": [
        lambda: an_entry(kind="allotment", fund_id="RB", donor=factories.donor())
    ],
    "a_kind_goes_to_its_funds": [
        lambda: an_entry(kind="promise"),
        lambda: an_entry(kind="allotment", fund_id="FNE", donor=None),
        lambda: an_entry(kind="support", fund_id="FE"),
        lambda: an_entry(kind="receipt", fund_id="RB"),
        lambda: an_entry(kind="due", fund_id="PS"),
        lambda: an_entry(kind="pledge", fund_id="CORE"),
    ],
    "us_dollars_need_no_rate": [lambda: an_entry(**{**NOT_CONVERTED, "currency_id": "USD"})],
    "a_period_has_years": [lambda: factories.strategy_period(from_year=2023, to_year=2020)],
    "a_target_has_years": [lambda: factories.annual_target(from_year=2023, to_year=2020)],
}  # fmt: skip
# The same rows, sound: what a constraint must let through.
GOOD_ROWS = [
    an_entry,
    a_posting,
    lambda: an_entry(**NOT_CONVERTED),
    lambda: an_entry(amount=D("-0.001"), amount_usd=D(0), currency_id="KES", rate=D(100)),
    lambda: an_entry(kind="allotment", fund_id="RB"),
    lambda: a_posting(prepared_by=a_user(), approved_by=a_user()),
    lambda: a_posting(act="reverse", reverses=a_posting()),
    lambda: factories.donor(is_member_state=True, area=factories.area()),
    lambda: factories.donor(merged_into=factories.donor(), merged_on=A_DAY),
    lambda: factories.contribution(state="signed", signed_on=A_DAY),
    lambda: factories.contribution(programme_support_rate=D(0), starts_on=A_DAY, ends_on=A_DAY),
    lambda: factories.draft(state="posted", posting=a_posting()),
    lambda: factories.draft(state="returned", returned_because="The date is missing"),
    lambda: factories.draft(reviewed_by=a_user(), reviewed_at=timezone.now()),
]


def check_constraints():
    return {
        constraint.name
        for model in OURS
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }


def test_every_check_constraint_has_a_row_that_breaks_it():
    assert set(BAD_ROWS) == check_constraints()


@pytest.mark.parametrize(
    ("name", "number"), [(name, n) for name, rows in BAD_ROWS.items() for n in range(len(rows))]
)
def test_the_database_refuses_a_row_that_breaks_a_constraint(reference, name, number):
    with pytest.raises(IntegrityError, match=f"\\b{name}\\b"), transaction.atomic():
        BAD_ROWS[name][number]()


@pytest.mark.parametrize("number", range(len(GOOD_ROWS)))
def test_the_database_takes_a_row_that_keeps_to_the_constraints(reference, number):
    assert GOOD_ROWS[number]().pk


# Rows of which there can be one only: the first stands, the second is refused.
TWINS = [
    lambda: factories.ledger(code="TWIN"),
    lambda: factories.donor(code="twin"),
    lambda: factories.region(code="TWIN"),
]


@pytest.mark.parametrize("number", range(len(TWINS)))
def test_a_code_is_given_once(reference, number):
    TWINS[number]()
    with pytest.raises(IntegrityError), transaction.atomic():
        TWINS[number]()


def test_what_is_unique_within_something_is_refused_twice(ledger):
    posting = a_posting(ledger=ledger)
    rate, part, name = factories.exchange_rate(), factories.instalment(), factories.donor_name("A")
    spoken, target = factories.representation(), factories.monthly_target()
    factories.month(ledger=ledger)
    draft = factories.draft(ledger=ledger)
    twins = [
        lambda: a_posting(ledger=ledger, token="other"),  # the same sequence
        lambda: a_posting(ledger=ledger, sequence=2),  # the same token
        lambda: factories.draft(ledger=ledger, token=draft.token),
        lambda: factories.month(ledger=ledger),
        lambda: factories.exchange_rate(currency=rate.currency),
        lambda: factories.instalment(contribution=part.contribution),
        lambda: factories.donor_name("A", donor=name.donor),
        lambda: factories.representation(user=spoken.user, donor=spoken.donor),
        lambda: factories.monthly_target(target=target.target),
    ]
    for twin in twins:
        with pytest.raises(IntegrityError), transaction.atomic():
            twin()
    assert Posting.objects.get(ledger=ledger) == posting


def test_empty_counts_as_a_value_in_the_key_of_a_rollup(ledger):
    row = {"ledger": ledger, "kind": "receipt", "mode": "cash", "fund_id": "RB", "month": 202103}
    MonthlyTotal.objects.create(**row, amount_usd=D(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyTotal.objects.create(**row, amount_usd=D(2))


def test_a_row_that_something_points_to_cannot_be_removed(ledger):
    factories.posting(ledger)
    with pytest.raises(models.ProtectedError):
        ledger.delete()


def factory_of(model):
    words = "".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__).strip("_")
    return getattr(factories, words, None)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_has_a_factory_that_makes_a_row(ledger, model):
    if model.__name__ in ROLLUPS:
        return  # `posting` fills them
    make = factory_of(model)
    assert make, f"tests/factories.py has no function for {model.__name__}"
    made = make(ledger) if model is Posting else make()
    assert isinstance(made, model)
    assert str(made)


# Fields whose name says something else, with the reason.
NAMED_OTHERWISE = {
    "accounts.User.last_login": "Django's own",
    "accounts.AuditEvent.at": "the moment itself",
    "accounts.AuditEvent.by": "the person's UUID, so that the trail holds no foreign key",
    "income.Entry.value_date": "the field's standard term",
    "targets.PublishedFigure.as_at": "the field's standard term for a date of reference",
}
# Times whose person may be empty, or the other way round, with the reason.
ONE_WITHOUT_THE_OTHER = {
    "income.Month.closed": "nobody is named when the system closes the months of its own loads"
}


def fields(kind):
    return [
        (f"{model._meta.label}.{field.name}", model, field)
        for model in OURS
        for field in model._meta.local_fields
        if isinstance(field, kind) and f"{model._meta.label}.{field.name}" not in NAMED_OTHERWISE
    ]


def test_timestamps_end_in_at_and_dates_in_on():
    for name, _model, field in fields(models.DateField):
        ending = "_at" if isinstance(field, models.DateTimeField) else "_on"
        assert field.name.endswith(ending), name


def test_a_boolean_is_an_assertion():
    for name, _model, field in fields(models.BooleanField):
        assert field.name.startswith(("is_", "has_")), name


def test_an_amount_stands_with_its_currency_or_says_that_it_is_in_dollars():
    for name, model, field in fields(ExactDecimalField):
        if "usd" in field.name or "rate" in field.name:
            continue
        # An instalment's amount is in the currency of its contribution.
        names = {f.name for f in model._meta.local_fields}
        assert names & {"currency", "contribution"}, name


def mentions(constraint, *names):
    return all(f"'{name}'" in repr(constraint.condition).replace("__isnull", "") for name in names)


def test_a_time_and_its_person_come_together():
    for name, model, time in fields(models.DateTimeField):
        stem = time.name.removesuffix("_at")
        label = name.removesuffix("_at")
        person = next((f for f in model._meta.local_fields if f.name == f"{stem}_by"), None)
        if person is None or label in ONE_WITHOUT_THE_OTHER or not (time.null or person.null):
            continue
        guards = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
        assert any(mentions(c, time.name, person.name) for c in guards), label


def test_the_lists_of_exceptions_hold_nothing_that_is_not_there():
    there = {f"{m._meta.label}.{f.name}" for m in OURS for f in m._meta.local_fields}
    assert set(NAMED_OTHERWISE) <= there
    assert {f"{label}_{end}" for label in ONE_WITHOUT_THE_OTHER for end in ("at", "by")} <= there


def test_no_amount_is_kept_as_a_float():
    assert [name for name, _model, _field in fields(models.FloatField)] == []


def test_a_row_that_points_to_nothing_is_refused(ledger):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyTotal.objects.create(
            ledger=ledger, kind="receipt", mode="cash", fund_id="NOWHERE", month=202103,
            amount_usd=D(1),
        )  # fmt: skip
        connection.check_constraints()
