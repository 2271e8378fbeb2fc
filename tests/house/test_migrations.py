"""A release runs beside the one before it: what a migration adds, the older code may leave out."""

from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, CharField

from tests.house import project

# Written before the rule; nothing is added here any more.
EXCEPTIONS = {
    "accounts.0002_life_of_a_contribution user.digest",
    "donors.0002_life_of_a_contribution contact.address",
    "donors.0002_life_of_a_contribution contact.is_addressee",
    "donors.0002_life_of_a_contribution contact.is_current",
    "donors.0002_life_of_a_contribution contact.phone",
    "donors.0002_life_of_a_contribution contact.version",
    "donors.0002_life_of_a_contribution donor.is_unnamed",
    "donors.0002_life_of_a_contribution donor.language",
    "donors.0002_life_of_a_contribution donor.version",
    "donors.0002_life_of_a_contribution donorname.scheme",
    "donors.0004_order_of_names area.order_keys",
    "donors.0004_order_of_names donor.order_keys",
    "income.0002_life_of_a_contribution allocation.contribution",
    "income.0002_life_of_a_contribution amendment.contribution",
    "income.0002_life_of_a_contribution approach.campaign",
    "income.0002_life_of_a_contribution approach.donor",
    "income.0002_life_of_a_contribution condition.contribution",
    "income.0002_life_of_a_contribution contribution.ended_because",
    "income.0002_life_of_a_contribution contribution.is_domestic",
    "income.0002_life_of_a_contribution contribution.valuation_method",
    "income.0002_life_of_a_contribution contribution.version",
    "income.0002_life_of_a_contribution digestsent.user",
    "income.0002_life_of_a_contribution draft.because",
    "income.0002_life_of_a_contribution erpexport.ledger",
    "income.0002_life_of_a_contribution erpline.currency",
    "income.0002_life_of_a_contribution erpline.export",
    "income.0002_life_of_a_contribution erpreference.ledger",
    "income.0002_life_of_a_contribution parkedreceipt.currency",
    "income.0002_life_of_a_contribution parkedreceipt.ledger",
    "income.0002_life_of_a_contribution pooledshare.contributor",
    "income.0002_life_of_a_contribution pooledshare.pooled_fund",
    "income.0002_life_of_a_contribution reportclause.contribution",
    "income.0002_life_of_a_contribution reportdue.contribution",
    "income.0003_imports import.ledger",
    "income.0003_imports importedrow.posting",
    "income.0003_imports importedrow.source",
    "income.0003_imports ratecorrection.asked_by",
    "income.0003_imports ratecorrection.currency",
}


def breaks_older_code(operation):
    """Whether it adds a column that an INSERT which does not know it cannot leave out."""
    if not isinstance(operation, migrations.AddField) or operation.field.many_to_many:
        return False
    return not operation.field.null and operation.field.db_default is NOT_PROVIDED


def added_without_a_default():
    found = MigrationLoader(None).disk_migrations
    return {
        f"{app}.{name} {operation.model_name}.{operation.name}"
        for (app, name), migration in found.items()
        if app in project.APPS
        for operation in migration.operations
        if breaks_older_code(operation)
    }


def test_a_new_column_is_null_or_has_a_default_in_the_database():
    assert added_without_a_default() == EXCEPTIONS


def test_the_rule_knows_what_breaks_older_code():
    def adds(**options):
        return migrations.AddField("donor", "motto", CharField(max_length=9, **options))

    assert breaks_older_code(adds())
    assert breaks_older_code(adds(default=""))  # Django drops it once the rows are filled
    assert not breaks_older_code(adds(null=True))
    assert not breaks_older_code(adds(db_default=""))
