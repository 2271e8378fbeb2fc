from django.db import migrations, models

from accounts.append_only import install_after_migration


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_representatives"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="donor_pk",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="request_id",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["by", "id"], name="audit_of_a_person"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["act", "id"], name="audit_of_an_act"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["donor_pk", "id"], name="audit_of_a_donor"),
        ),
        migrations.CreateModel(
            name="AuditValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="values", to="accounts.auditevent"
                    ),
                ),
                ("side", models.CharField(max_length=6)),
                ("path", models.CharField(max_length=200)),
                ("field", models.CharField(db_index=True, max_length=60)),
                ("salt", models.CharField(max_length=32)),
                ("value", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "side", "path"), name="one_personal_value_per_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("first_id", models.PositiveBigIntegerField()),
                ("last_id", models.PositiveBigIntegerField(db_index=True)),
                ("event_count", models.PositiveIntegerField()),
                ("gaps", models.JSONField(default=list)),
                ("late", models.JSONField(default=list)),
                ("digests", models.BinaryField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(last_id__gte=models.F("first_id") - 1),
                        name="a_seal_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.RunPython(install_after_migration, migrations.RunPython.noop),
    ]
