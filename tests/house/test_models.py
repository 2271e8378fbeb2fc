"""What the database refuses, row by row; and how fields are named and guarded, model by model."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from income.fields import ExactDecimalField
from income.models import MonthlyTotal, Posting
from tests import audit_factories, board_factories, factories, import_factories, report_factories
from tests.house import board_rows, project, publication_rows, report_rows, rows
from tests.house.rows import A_DAY, a_posting

D = Decimal

pytestmark = pytest.mark.both_databases
OURS = [model for app in project.APPS if app != "habitat_portal"
        for model in apps.get_app_config(app).get_models()]  # fmt: skip
BAD_ROWS = (
    rows.BAD_ROWS | board_rows.BAD_ROWS | report_rows.BAD_ROWS | audit_factories.BAD_ROWS
    | publication_rows.BAD_ROWS
)  # fmt: skip
GOOD_ROWS = [
    *rows.GOOD_ROWS, *board_rows.GOOD_ROWS, *report_rows.GOOD_ROWS, *publication_rows.GOOD_ROWS,
]  # fmt: skip
ROLLUPS = {
    "MonthlyTotal", "DonorTotal", "DonorMonthTotal", "YearlyTotal", "EraMonthlyTotal",
    "EraDonorTotal",
}  # fmt: skip


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
    lambda: factories.contribution(iati_identifier="XM-DAC-41120-TWIN"),
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
    refuse_all(twins)
    assert Posting.objects.get(ledger=ledger) == posting


def refuse_all(twins):
    for twin in twins:
        with pytest.raises(IntegrityError), transaction.atomic():
            twin()


def test_what_hangs_on_an_agreement_is_unique_within_it(reference):
    part, change = factories.allocation(), factories.amendment()
    clause, report = factories.report_clause(), factories.report_due()
    grant = factories.erp_reference()
    paid = a_posting()
    factories.parked_receipt(state="matched", settled_on=A_DAY, posting=paid)
    document = factories.erp_reference(posting=paid, scheme="document")
    of_a_row = {"posting": paid, "scheme": "document", "ledger": document.ledger}
    for line in (3, 6):
        factories.erp_reference(**of_a_row, receipt_line=line)
    refuse_all([
        lambda: factories.allocation(contribution=part.contribution),
        lambda: factories.amendment(contribution=change.contribution),
        lambda: factories.report_clause(contribution=clause.contribution),
        lambda: factories.report_due(contribution=report.contribution),
        lambda: factories.erp_reference(contribution=grant.contribution),
        lambda: factories.erp_reference(posting=paid, scheme="document", ledger=document.ledger),
        lambda: factories.erp_reference(**of_a_row, receipt_line=3),
        lambda: factories.parked_receipt(state="matched", settled_on=A_DAY, posting=paid),
    ])  # fmt: skip


def test_what_staff_keep_is_unique_within_something(ledger):
    asked, share, sent = factories.approach(), factories.pooled_share(), factories.digest_sent()
    view, line = factories.saved_view(), factories.erp_line()
    mail = factories.outgoing_mail()
    factories.outgoing_mail(address="a@example.org")
    factories.erp_export(ledger=ledger)
    refuse_all([
        lambda: factories.approach(campaign=asked.campaign, donor=asked.donor),
        lambda: factories.pooled_share(
            pooled_fund=share.pooled_fund, contributor=share.contributor
        ),
        lambda: factories.digest_sent(user=sent.user),
        lambda: factories.saved_view(user=view.user, name=view.name),
        lambda: factories.outgoing_mail(recipient=mail.recipient),
        lambda: factories.outgoing_mail(address="a@example.org"),
        lambda: factories.erp_line(export=line.export),
        lambda: factories.erp_export(ledger=ledger),  # a second current one of the month
    ])  # fmt: skip
    key, answer = audit_factories.api_key(), audit_factories.kept_answer()
    refuse_all([
        lambda: audit_factories.api_key(identifier=key.identifier),
        lambda: audit_factories.kept_answer(user=answer.user, key=answer.key),
    ])  # fmt: skip
    earlier = factories.erp_export(ledger=ledger, is_current=False)
    assert earlier.month == 202103


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
    # A word that Python keeps for itself ends in an underscore.
    names = (words, f"{words}_")
    homes = (factories, audit_factories, import_factories, board_factories, report_factories)
    found = (getattr(home, name, None) for home in homes for name in names)
    return next((make for make in found if make), None)


STARTS = ("DonorNameStart", "ContributionStart")  # made with what they are found by


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_has_a_factory_that_makes_a_row(ledger, model):
    if model.__name__ in ROLLUPS or model.__name__ in STARTS:
        return  # `posting` and checkpoints fill them; names and contributions theirs
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
    "accounts.ApiKey.revoked": "nobody is named when single sign-on ends a key",
    "income.Month.closed": "nobody is named when the system closes the months of its own loads",
    "income.Amendment.recorded": "nobody is named when the system loads it",
    "income.ErpExport.loaded": "nobody is named when the system loads it",
    "income.Import.uploaded": "nobody is named when the command line posts it",
    "reports.ExpenditureLoad.entered": "nobody is named for what the installation brought along",
    "reports.PublicBlock.changed": "nobody is named when the system opens a part",
    "income.ImportLayout.made": "nobody is named when the system loads it",
    "income.ParkedReceipt.parked": "nobody is named when the system loads it",
    "donors.Clearance.requested": "nobody is named when the system loads it",
    "donors.DonorDocument.added": "nobody is named when the system loads it",
    "donors.Engagement.recorded": "nobody is named when the system loads it",
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
