"""Orders hold several reports of a donor, notices are written before they are told, and downloads
of statements that were not sealed stand in the audit trail alone.

Each row of DonorStatement was written together with an audit event `download_statement`: who, when,
donor, year, books, sequence and SHA-256. Nothing else read the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_representatives"),
    ]

    operations = [
        migrations.DeleteModel(name="DonorStatement"),
        migrations.AlterField(
            model_name="supersedednotice",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterModelOptions(
            name="bulkitem",
            options={"ordering": ["order", "donor", "subject", "language"]},
        ),
        migrations.RemoveConstraint(model_name="bulkitem", name="a_report_once_an_order"),
        migrations.AddField(
            model_name="bulkitem",
            name="subject",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(
                fields=("order", "donor", "subject", "language"), name="a_report_once_an_order"
            ),
        ),
    ]
