"""The words of the ledger, each once. Their meanings stand in docs/vocabulary.md."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an entry states. Kinds are never summed together."""

    PLEDGE = "pledge", _("Pledge")
    AGREEMENT = "agreement", _("Agreement")
    DUE = "due", _("Due")
    RECEIPT = "receipt", _("Receipt")
    ALLOTMENT = "allotment", _("Allotment")
    PROGRAMME_SUPPORT = "support", _("Programme support income")
    AUDITED_REVENUE = "audited", _("Audited revenue")


class Mode(models.TextChoices):
    CASH = "cash", _("In cash")
    IN_KIND = "in_kind", _("In kind")


class Reason(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary")
    AMENDMENT = "amendment", _("Amendment")
    CANCELLATION = "cancellation", _("Cancellation")
    WRITE_OFF = "write_off", _("Write-off")
    REFUND = "refund", _("Refund of unspent balance")
    INTEREST = "interest", _("Interest returned")
    TRANSFER = "transfer", _("Transfer between grants")


class Act(models.TextChoices):
    """What a posting is: one act by one person, reviewed by another."""

    RECORD_PLEDGE = "record_pledge", _("Pledge recorded")
    SIGN_AGREEMENT = "sign_agreement", _("Agreement signed")
    RECORD_RECEIPT = "record_receipt", _("Receipt recorded")
    RECORD_GIFT = "record_gift", _("Core contribution received without an agreement")
    RECORD_ALLOTMENT = "record_allotment", _("Regular budget allotment recorded")
    RECORD_SUPPORT = "record_support", _("Programme support income recorded")
    RECORD_AUDITED_REVENUE = "record_audited", _("Audited revenue recorded")
    REVERSE = "reverse", _("Reversal")


class RateType(models.TextChoices):
    """Where a rate comes from, in the order in which they are preferred."""

    PARITY = "parity", _("US dollar, no conversion")
    UN_OPERATIONAL = "un_operational", _("UN operational rate")
    MONTHLY_AVERAGE = "monthly_average", _("monthly average (not a UN rate)")
    DEMONSTRATION = "demonstration", _("demonstration rate (not a UN rate)")


class DraftState(models.TextChoices):
    OPEN = "open", _("Being written")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned")
    POSTED = "posted", _("Posted")


class ContributionState(models.TextChoices):
    PLEDGED = "pledged", _("Pledged")
    SIGNED = "signed", _("Signed")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
