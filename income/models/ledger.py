"""The append-only ledger. Only income/ledger/ writes these rows; the database refuses changes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donors.models import Area, Donor, Region
from income.fields import ExactDecimalField
from income.models.rates import Currency
from income.models.reference import EarmarkingStep, Fund, Instrument, Programme
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.value_month import ValueMonth
from income.vocabulary import Act, Kind, Mode, RateType, Reason

GENESIS = "0" * 64
DONOR_KINDS = [
    Kind.PLEDGE, Kind.AGREEMENT, Kind.CONDITIONAL, Kind.DUE, Kind.RECEIPT, Kind.LEVY,
]  # fmt: skip


class Ledger(models.Model):
    """One agency's books, with the head of their chain. The only row of the ledger that changes."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    is_demonstration = models.BooleanField(default=False)
    sequence = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default=GENESIS)
    moved_at = models.DateTimeField(null=True)  # when the head last moved

    class Meta:
        verbose_name = _("books")

    def __str__(self) -> str:
        return gettext(self.name)  # the portal's own books have a name in every language


class Posting(models.Model):
    """One act by one person, approved by another, with one or more entries."""

    id = models.UUIDField(primary_key=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="postings")
    sequence = models.PositiveBigIntegerField()
    act = models.CharField(max_length=20, choices=Act.choices)
    token = models.CharField(max_length=80)  # the same token posts once
    reference = models.CharField(max_length=80, blank=True)  # bank or document reference
    note = models.CharField(max_length=500, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    # What stands instead of a posting that was reversed for it.
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    booked_month = models.PositiveIntegerField()  # yyyymm
    posted_at = models.DateTimeField()  # the database's clock
    entry_count = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["ledger", "sequence"]
        indexes = [
            models.Index(
                fields=["ledger"],
                condition=Q(reverses__isnull=False),
                name="postings_that_reverse",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "sequence"], name="sequence_without_twins"),
            models.UniqueConstraint(fields=["ledger", "token"], name="a_token_posts_once"),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="sequence_starts_at_1"),
            models.CheckConstraint(condition=Q(entry_count__gt=0), name="a_posting_has_entries"),
            # The system's own loads name nobody; a person's act names two persons.
            models.CheckConstraint(
                condition=Q(prepared_by=None, approved_by=None)
                | (
                    Q(prepared_by__isnull=False, approved_by__isnull=False)
                    & ~Q(prepared_by=F("approved_by"))
                ),
                name="nobody_approves_their_own",
            ),
            models.CheckConstraint(
                condition=Q(act=Act.REVERSE, reverses__isnull=False)
                | (~Q(act=Act.REVERSE) & Q(reverses=None)),
                name="a_reversal_names_what_it_reverses",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | Q(reverses=None),
                name="a_reversal_replaces_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_id}/{self.sequence}"


class Entry(models.Model):
    """One line of a posting, with a copy of every dimension a figure groups by.

    `amount` is in `currency`; `amount_usd` is it at `rate` (units per dollar) of `rate_on`.
    Without a rate in force the entry is *not converted*: rate and US dollars are empty, and
    figures say so.
    """

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="entries")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.CASH)
    reason = models.CharField(max_length=12, choices=Reason.choices, default=Reason.ORDINARY)
    fund = models.ForeignKey(Fund, models.PROTECT)
    # Empty: not attributed to a donor (an allotment, or what the source does not break down).
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, related_name="entries")
    channel = models.ForeignKey(Donor, models.PROTECT, null=True, related_name="+")
    contribution = models.ForeignKey(
        "income.Contribution", models.PROTECT, null=True, related_name="entries"
    )
    instalment = models.ForeignKey(
        "income.Instalment", models.PROTECT, null=True, related_name="entries"
    )
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True)
    earmarking = models.ForeignKey(EarmarkingStep, models.PROTECT, null=True)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True)  # empty: not allocated
    area = models.ForeignKey(Area, models.PROTECT, null=True)
    value_date = models.DateField()
    booked_month = models.PositiveIntegerField()  # yyyymm
    year_for = models.PositiveSmallIntegerField()  # the year the money is for
    currency = models.ForeignKey(Currency, models.PROTECT)
    amount = ExactDecimalField(places=4)
    rate = ExactDecimalField(places=10, null=True)
    rate_on = models.DateField(null=True)
    rate_type = models.CharField(max_length=16, choices=RateType.choices, blank=True)
    amount_usd = ExactDecimalField(places=2, null=True)
    programme_support_usd = ExactDecimalField(places=2, null=True)  # expected share inside
    # What settles the instalment, in the contribution's currency, and what the bank kept, in
    # `currency`: the two differ from `amount` when another currency was paid.
    credited_amount = ExactDecimalField(places=4, null=True)
    bank_charge = ExactDecimalField(places=4, null=True)
    # The same at the agreement's rate: what a receipt takes off the agreed US dollars. The rest of
    # `amount_usd` is exchange difference.
    settled_usd = ExactDecimalField(places=2, null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["ledger", "kind", "fund", "value_date"], name="entries_of_a_fund"),
            models.Index(
                fields=["ledger", "donor", "kind", "value_date"], name="entries_of_a_donor"
            ),
            models.Index(
                fields=["ledger", "kind", "value_date"],
                condition=Q(amount_usd=None),
                name="entries_not_converted",
            ),
            models.Index(
                fields=["ledger", "kind", "value_date"],
                condition=~Q(reason=Reason.ORDINARY),
                name="entries_with_a_reason",
            ),
            models.Index(
                fields=["ledger", "kind", "value_date"],
                condition=Q(booked_month__gt=ValueMonth("value_date")),
                name="entries_booked_late",
            ),
            models.Index(
                fields=["ledger", "kind"],
                condition=Q(instalment__isnull=False),
                name="entries_of_instalments",
            ),
            models.Index(fields=["contribution", "kind"], name="entries_of_an_agreement"),
            models.Index(fields=["ledger", "value_date", "id"], name="entries_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["posting", "line"], name="a_line_stands_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="an_entry_is_not_zero"),
            models.CheckConstraint(
                condition=Q(amount_usd=None, rate=None, rate_on=None, rate_type="")
                | (
                    Q(amount_usd__isnull=False, rate__isnull=False, rate_on__isnull=False)
                    & Q(rate__gt=0)
                    & ~Q(rate_type="")
                ),
                name="dollars_come_with_their_rate",
            ),
            models.CheckConstraint(
                condition=Q(amount_usd=None)
                | Q(amount__gt=0, amount_usd__gte=0)
                | Q(amount__lt=0, amount_usd__lte=0),
                name="dollars_have_the_sign_of_the_amount",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.ALLOTMENT) | Q(donor=None), name="an_allotment_has_no_donor"
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.ALLOTMENT, fund="RB"))
                | Q(kind=Kind.PROGRAMME_SUPPORT, fund="PS")
                | Q(kind=Kind.AUDITED_REVENUE)
                | (Q(kind__in=DONOR_KINDS) & ~Q(fund__in=["RB", "PS", "CORE"])),
                name="a_kind_goes_to_its_funds",
            ),
            models.CheckConstraint(
                condition=~Q(currency="USD") | Q(amount_usd__isnull=False),
                name="us_dollars_need_no_rate",
            ),
            models.CheckConstraint(
                condition=Q(settled_usd=None) | Q(kind=Kind.RECEIPT),
                name="only_a_receipt_settles",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id}/{self.line}"


class Month(models.Model):
    """A month of the books that was closed, for good. A month without a row is open."""

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="months")
    month = models.PositiveIntegerField()  # yyyymm
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sequence = models.PositiveBigIntegerField()  # of the ledger when it was closed
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "month"], name="a_month_closes_once")
        ]

    def __str__(self) -> str:
        return str(YearMonth.from_key(self.month))
