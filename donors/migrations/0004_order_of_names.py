from typing import Any

from django.db import migrations

import donors.ordering
from accounts.append_only import install_after_migration


def renew(apps: Any, _schema_editor: Any) -> None:
    """Order keys for the rows that are there, and search forms by the new rules."""
    models = (apps.get_model("donors", name) for name in ("Donor", "Area", "DonorName"))
    donors.ordering.renew(*models)


class Migration(migrations.Migration):
    dependencies = [("donors", "0003_representatives")]

    operations = [
        migrations.AddField("donor", "order_keys", donors.ordering.OrderKeysField()),
        migrations.AddField("area", "order_keys", donors.ordering.OrderKeysField()),
        migrations.RunPython(renew, migrations.RunPython.noop),
        migrations.RunPython(install_after_migration, migrations.RunPython.noop),
    ]
