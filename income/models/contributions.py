"""What a donor promised: the contribution and its instalments. Ordinary rows, audited."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from donors.models import Area, Donor, DonorDocument, Region
from income.fields import ExactDecimalField
from income.models.ledger import Ledger
from income.models.rates import Currency
from income.models.reference import EarmarkingStep, Fund, Instrument, Programme
from income.querysets import ContributionQuerySet
from income.vocabulary import ContributionState, Mode
from interface.searching import LONGEST_START


def number_of(key: int) -> str:
    """How people refer to the contribution with the primary key."""
    return f"C-{key:06d}"


class Contribution(models.Model):
    """A prospect, pledge or agreement: who promises what, for what, in which currency.

    `amount` is what stands after amendments, conditional parts included. A prospect has a
    probability (per cent) and the day it is expected on, and stands in no books.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="contributions", db_index=False)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="contributions")
    channel = models.ForeignKey(
        Donor, models.PROTECT, null=True, blank=True, related_name="channelled"
    )
    fund = models.ForeignKey(Fund, models.PROTECT)
    title = models.CharField(_("purpose"), max_length=300)
    state = models.CharField(max_length=10, choices=ContributionState.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.CASH)
    currency = models.ForeignKey(Currency, models.PROTECT)
    amount = ExactDecimalField(places=4)  # in `currency`
    probability = models.PositiveSmallIntegerField(null=True, blank=True)  # per cent
    expected_on = models.DateField(null=True, blank=True)
    approach = models.ForeignKey(
        "income.Approach", models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    pledged_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True)
    earmarking = models.ForeignKey(EarmarkingStep, models.PROTECT, null=True, blank=True)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    # Fraction charged on direct cost (0.13 = 13 per cent); empty for core money.
    programme_support_rate = ExactDecimalField(places=4, null=True, blank=True)
    programme_support_reason = models.CharField(max_length=300, blank=True)
    # Paid by the country in which the money is spent.
    is_domestic = models.BooleanField(default=False)
    valuation_method = models.CharField(max_length=300, blank=True)  # of what is not cash
    valuation_document = models.ForeignKey(
        DonorDocument, models.PROTECT, null=True, blank=True, related_name="valued"
    )
    documents = models.ManyToManyField(DonorDocument, related_name="contributions", blank=True)
    reference = models.CharField(max_length=80, blank=True)
    # What the project is called in the agency's own IATI file; empty: the portal makes one.
    iati_identifier = models.CharField(max_length=100, blank=True, default="", db_default="")
    ended_on = models.DateField(null=True, blank=True)  # when it was closed or cancelled
    ended_because = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        # Lists begin at any place of any of their orders: docs/decisions/0040-lists-are-walked.md.
        indexes = [
            models.Index(fields=["ledger", "id"], name="contributions_in_books"),
            models.Index(fields=["ledger", "donor", "id"], name="contributions_of_a_donor"),
            models.Index(fields=["ledger", "fund", "id"], name="contributions_to_a_fund"),
            models.Index(fields=["ledger", "state", "id"], name="contributions_in_a_state"),
            models.Index(fields=["ledger", "signed_on", "id"], name="contributions_by_signature"),
            models.Index(fields=["ledger", "ends_on", "id"], name="contributions_by_end"),
            models.Index(
                fields=["ledger", "currency", "-amount", "-id"], name="contributions_by_amount"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="contribution_above_zero"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ContributionState.SIGNED)
                | models.Q(signed_on__isnull=False),
                name="a_signed_contribution_has_its_date",
            ),
            models.CheckConstraint(
                condition=models.Q(programme_support_rate=None)
                | models.Q(programme_support_rate__gte=0, programme_support_rate__lt=1),
                name="programme_support_rate_is_a_fraction",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_contribution_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ContributionState.PROSPECT)
                | models.Q(
                    probability__isnull=False,
                    expected_on__isnull=False,
                    pledged_on=None,
                    signed_on=None,
                ),
                name="a_prospect_has_probability_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(probability=None) | models.Q(probability__lte=100),
                name="a_probability_is_a_percentage",
            ),
            models.UniqueConstraint(
                fields=["iati_identifier"],
                condition=~models.Q(iati_identifier=""),
                name="an_iati_identifier_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """How people refer to it, unique in the installation."""
        return number_of(self.pk)


class ContributionStart(models.Model):
    """A purpose, reference or identifier in its search form from one of its words on.

    Written by `income/finding.py`; what somebody typed is its beginning.
    """

    contribution = models.ForeignKey(
        Contribution, models.CASCADE, related_name="starts", db_index=False
    )
    text = models.CharField(max_length=LONGEST_START)

    class Meta:
        indexes = [
            models.Index(
                fields=["text", "contribution"], opclasses=["varchar_pattern_ops", "int8_ops"],
                name="contributions_as_typed",
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "text"], name="a_contribution_is_found_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Allocation(models.Model):
    """A part of a contribution for one programme, region or country, in its currency.

    The allocations of a contribution add up to its amount; without any, all of it is for the
    contribution's own programme, region and country.
    """

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="allocations")
    number = models.PositiveSmallIntegerField()
    amount = ExactDecimalField(places=4)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["contribution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="allocation_number"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="allocation_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}/{self.number}"


class Instalment(models.Model):
    """A part of a contribution that was to fall due on a day, in the contribution's currency.

    `amount` is as last agreed. What is still due follows from the ledger: amendments,
    write-offs and tolerances are entries of the instalment.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = ExactDecimalField(places=4)

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="instalment_number"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="instalment_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}/{self.number}"
