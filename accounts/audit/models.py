"""The trail of what was done, the personal values that were in it, and the seals over it."""

from django.db import models


class AuditEvent(models.Model):
    """One act by one person, with what it changed. Append-only; the database refuses changes.

    Holds no foreign keys, so that it never stands in the way of another row's life. Where a value
    is personal, `before` and `after` hold a salted digest, and an AuditValue holds the value.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.UUIDField(null=True)  # User.uuid; empty when the system acted
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)  # app.model
    subject_id = models.CharField(max_length=64)
    donor_pk = models.BigIntegerField(null=True)  # whom it concerns, where it concerns one donor
    request_id = models.CharField(max_length=64, default="", db_default="")  # as in the log
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        app_label = "accounts"
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="audit_of_a_subject"),
            models.Index(fields=["by", "id"], name="audit_of_a_person"),
            models.Index(fields=["act", "id"], name="audit_of_an_act"),
            models.Index(fields=["donor_pk", "id"], name="audit_of_a_donor"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject} {self.subject_id}"


class AuditValue(models.Model):
    """A personal value of an event. Removed when the person is erased; its digest stays."""

    event = models.ForeignKey(AuditEvent, models.CASCADE, related_name="values")
    side = models.CharField(max_length=6)  # before or after
    path = models.CharField(max_length=200)  # keys down to the value, a slash between
    field = models.CharField(max_length=60, db_index=True)  # the last of the keys
    salt = models.CharField(max_length=32)
    value = models.TextField()  # as JSON

    class Meta:
        app_label = "accounts"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "side", "path"], name="one_personal_value_per_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.side}/{self.path}"


class AuditSeal(models.Model):
    """Events `first_id` to `last_id`, sealed together. Append-only like the events.

    `gaps` are the numbers in between that no event had then: pairs, both ends included. `late`
    are events of earlier gaps, whose transactions were committed only afterwards.
    """

    number = models.PositiveBigIntegerField(unique=True)  # 1, 2, 3 …
    first_id = models.PositiveBigIntegerField()
    last_id = models.PositiveBigIntegerField(db_index=True)
    event_count = models.PositiveIntegerField()
    gaps = models.JSONField(default=list)
    late = models.JSONField(default=list)
    digests = models.BinaryField()  # SHA-256 of each event, 32 bytes each, in their order
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        app_label = "accounts"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_id__gte=models.F("first_id") - 1),  # late ones alone
                name="a_seal_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.first_id}–{self.last_id})"
