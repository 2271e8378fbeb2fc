"""What passes between the agency and a donor, for staff only: contacts, letters, documents."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models.donors import Donor


class Contact(models.Model):
    """A post or person at the donor's whom the agency writes to."""

    donor = models.ForeignKey(Donor, models.CASCADE, related_name="contacts")
    title = models.CharField(_("post or title"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    address = models.TextField(_("postal address"), max_length=600, blank=True)
    is_current = models.BooleanField(_("still in this post"), default=True)
    is_addressee = models.BooleanField(_("letters go to this post"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-is_current", "-is_addressee", "pk"]

    def __str__(self) -> str:
        return self.title


class DocumentKind(models.TextChoices):
    AGREEMENT = "agreement", _("Agreement")
    AMENDMENT = "amendment", _("Amendment")
    NOTE_VERBALE = "note", _("Note verbale")
    LETTER = "letter", _("Letter")
    BANK_ADVICE = "bank", _("Bank advice")
    REPORT = "report", _("Report to the donor")
    VALUATION = "valuation", _("Valuation")
    CLEARANCE = "clearance", _("Due diligence")
    OTHER = "other", _("Other")


def _stored_as(document: "DonorDocument", file_name: str) -> str:
    """Never the caller's own name: a folder per donor, the document's UUID."""
    return f"donors/{document.donor.uuid}/{document.uuid}"


class DonorDocument(models.Model):
    """A file about a donor, kept as it came, with the digest of its bytes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    title = models.CharField(max_length=300)
    dated_on = models.DateField()
    file = models.FileField(upload_to=_stored_as, max_length=200)
    file_name = models.CharField(max_length=200)  # as it was called by who sent it
    media_type = models.CharField(max_length=100)
    byte_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-dated_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class EngagementKind(models.TextChoices):
    LETTER = "letter", _("Letter")
    MEETING = "meeting", _("Meeting")
    DIALOGUE = "dialogue", _("Strategic dialogue")
    EVENT = "event", _("Event")
    CALL = "call", _("Call")
    NOTE = "note", _("Note")


class Engagement(models.Model):
    """Something that passed between the agency and a donor on a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="engagements")
    kind = models.CharField(max_length=10, choices=EngagementKind.choices)
    happened_on = models.DateField()
    subject = models.CharField(max_length=300)
    summary = models.TextField(max_length=4000, blank=True)
    is_from_donor = models.BooleanField(default=False)
    document = models.ForeignKey(
        DonorDocument, models.PROTECT, null=True, blank=True, related_name="engagements"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(fields=["donor", "-happened_on"], name="engagements_of")]

    def __str__(self) -> str:
        return self.subject


class ClearanceState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    CLEARED = "cleared", _("Cleared")
    REFUSED = "refused", _("Refused")


class Clearance(models.Model):
    """Due diligence on a private donor: asked by one person, decided by another."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="clearances")
    state = models.CharField(
        max_length=10, choices=ClearanceState.choices, default=ClearanceState.REQUESTED
    )
    reference = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    valid_from_on = models.DateField(null=True, blank=True)
    valid_until_on = models.DateField(null=True, blank=True)  # the last day
    requested_at = models.DateTimeField(auto_now_add=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    document = models.ForeignKey(DonorDocument, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ClearanceState.REQUESTED, decided_at=None, decided_by=None)
                | (
                    ~Q(state=ClearanceState.REQUESTED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="a_decided_clearance_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClearanceState.CLEARED)
                | Q(
                    valid_from_on__isnull=False,
                    valid_until_on__isnull=False,
                    valid_until_on__gte=F("valid_from_on"),
                ),
                name="a_clearance_is_valid_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
                name="nobody_clears_what_they_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.donor_id} {self.state}"
