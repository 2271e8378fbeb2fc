"""Named filters of contributions, entries and drafts."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, Sum

from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from income.periods import YearMonth
from income.vocabulary import ContributionState, DraftState, Kind, Mode

if TYPE_CHECKING:
    from income.models import Contribution, Draft, Entry, Ledger  # noqa: F401


# What the Board may see of single entries: money that came, not what somebody promised or owes.
INCOME_KINDS = (Kind.RECEIPT, Kind.ALLOTMENT, Kind.PROGRAMME_SUPPORT, Kind.AUDITED_REVENUE)


def kinds_open_to(user: User) -> frozenset[str]:
    """The kinds of entries the person may ask for; a representative's are their donors' alone."""
    if user.may(Permission.VIEW_BANK_DATA) or user.may(Permission.VIEW_OWN_DONORS):
        return frozenset(Kind.values)
    return frozenset(INCOME_KINDS if user.may(Permission.VIEW_ENTRIES) else ())


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def for_user(self, user: User, today: datetime.date) -> "ContributionQuerySet":
        """All for who sees every donor; those of one's own donors for a representative.

        Prospects, also those given up, are for staff only.
        """
        seen = self if user.may(Permission.VIEW_BANK_DATA) else self.promised()
        if user.may(Permission.VIEW_DONORS):
            return seen
        if user.may(Permission.VIEW_OWN_DONORS):
            return seen.filter(donor__in=_own_donors(user, today))
        return self.none()

    def in_books(self, ledger: "Ledger") -> "ContributionQuerySet":
        return self.filter(ledger=ledger)

    def promised(self) -> "ContributionQuerySet":
        """What a donor promised at some time; not what was only hoped for."""
        return self.exclude(
            state__in=[ContributionState.PROSPECT, ContributionState.CANCELLED],
            pledged_on=None, signed_on=None,
        )  # fmt: skip

    def prospects(self) -> "ContributionQuerySet":
        """What may come; in no books."""
        return self.filter(state=ContributionState.PROSPECT)


class EntryQuerySet(models.QuerySet["Entry"]):
    def for_user(self, user: User, today: datetime.date) -> "EntryQuerySet":
        """All for staff, income for the Board, those of one's own donors for a representative."""
        if user.may(Permission.VIEW_BANK_DATA):
            return self
        if user.may(Permission.VIEW_ENTRIES):
            return self.filter(kind__in=INCOME_KINDS)
        if user.may(Permission.VIEW_OWN_DONORS):
            return self.filter(donor__in=_own_donors(user, today))
        return self.none()

    def in_books(self, ledger: "Ledger") -> "EntryQuerySet":
        return self.filter(ledger=ledger)

    def of_kind(self, kind: str) -> "EntryQuerySet":
        return self.filter(kind=kind)

    def receipts(self) -> "EntryQuerySet":
        return self.of_kind(Kind.RECEIPT)

    def in_cash(self) -> "EntryQuerySet":
        return self.filter(mode=Mode.CASH)

    def of_donor(self, donor: Donor) -> "EntryQuerySet":
        return self.filter(donor=donor)

    def in_year(self, year: int) -> "EntryQuerySet":
        return self.filter(
            value_date__gte=datetime.date(year, 1, 1), value_date__lte=datetime.date(year, 12, 31)
        )

    def through(self, month: YearMonth) -> "EntryQuerySet":
        """With a value date up to the end of the month."""
        return self.filter(value_date__lte=month.last_day)

    def not_converted(self) -> "EntryQuerySet":
        """For want of an exchange rate in force on the day."""
        return self.filter(amount_usd=None)

    def not_reversed(self, ledger: "Ledger", until: int | None = None) -> "EntryQuerySet":
        """Of one ledger, what neither takes another posting back nor was taken back itself.

        As known at a sequence, where one is given: a reversal after it has not happened. The
        reversals are read once: joined to each entry, SQLite reads all postings for each.
        """
        from income.models import Posting  # the models import this module

        all_of_them = Posting.objects.filter(ledger=ledger, reverses__isnull=False)
        known = all_of_them if until is None else all_of_them.filter(sequence__lte=until)
        return self.exclude(posting__in=all_of_them.values("pk")).exclude(
            posting__in=known.values("reverses")
        )

    def by_fund(self) -> "models.QuerySet[Entry, dict[str, object]]":
        """US dollars per fund code."""
        return self.order_by().values("fund").annotate(amount_usd=Sum("amount_usd"))


class DraftQuerySet(models.QuerySet["Draft"]):
    def for_user(self, user: User) -> "DraftQuerySet":
        """One's own for who enters income; reviewers see all but what others are still writing."""
        if user.may(Permission.REVIEW_INCOME):
            return self.filter(~Q(state=DraftState.OPEN) | Q(written_by=user))
        if user.may(Permission.ENTER_INCOME):
            return self.filter(written_by=user)
        return self.none()

    def waiting_for_review(self) -> "DraftQuerySet":
        return self.filter(state=DraftState.SUBMITTED)

    def reviewable_by(self, user: User) -> "DraftQuerySet":
        """Waiting, and written by somebody else."""
        return self.waiting_for_review().filter(~Q(written_by=user))


def _own_donors(user: User, today: datetime.date) -> models.QuerySet[Donor]:
    """One's donors, and those that were merged into them: their entries never moved."""
    own = Donor.objects.for_user(user, today).values("pk")
    return Donor.objects.filter(
        Q(pk__in=own) | Q(merged_into__in=own) | Q(merged_into__merged_into__in=own)
    )
