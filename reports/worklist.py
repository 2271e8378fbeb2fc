"""What waits for a person: one object, which the first page and the reminder by e-mail both show.

For who enters or reviews income, and for administrators; empty for everybody else. Texts are in
the active language.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Min, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from donors.models import Clearance, ClearanceState, Donor
from income.models import (
    Condition,
    Contribution,
    Draft,
    Ledger,
    ParkedReceipt,
    RateCorrection,
    ReportDue,
)
from income.obligations import SOON, reports_in_books
from income.outstanding import Overdue, overdue_instalments
from income.vocabulary import (
    ConditionState,
    ContributionState,
    CorrectionState,
    DraftState,
    Mode,
    ParkedState,
)
from interface.formatting import format_amount, format_date
from reports.questions.seen import waiting
from reports.worklist_decisions import decisions
from reports.worklist_mail import undecided_mail
from reports.worklist_parts import Group, Item


@dataclass(frozen=True)
class Worklist:
    """All that waits for one person on a day; groups without anything are left out."""

    today: datetime.date
    groups: tuple[Group, ...] = field(default=())

    @property
    def count(self) -> int:
        return sum(len(group.items) for group in self.groups)

    def group(self, code: str) -> Group | None:
        return next((group for group in self.groups if group.code == code), None)


def worklist(user: User, books: Ledger | None, today: datetime.date) -> Worklist:
    """What waits for the person in these books; a constant number of queries."""
    if user.may(Permission.MANAGE_ACCOUNTS):
        mail = Group("mail", _("E-mails that wait for your decision"), undecided_mail())
        return Worklist(today, (mail,) if mail.items else ())
    if books is None or not user.may(Permission.ENTER_INCOME):
        return Worklist(today)
    overdue = overdue_instalments(books, user, today)
    cash = [one for one in overdue if one.contribution.mode == Mode.CASH]
    others = [one for one in overdue if one.contribution.mode != Mode.CASH]
    found = (
        Group("review", _("Drafts of others that wait for your decision"), _review(user, books)),
        Group("clearances", _("Due diligence that waits for your decision"), _clearances(user)),
        Group("rates", _("Corrections of exchange rates for your decision"), _rates(user)),
        Group("questions", _("Questions of donors about figures"), waiting(user, books)),
        Group("decisions", _("Targets and measurements for your decision"), decisions(user)),
        Group("returned", _("Your drafts that need a correction"), _returned(user, books)),
        Group("overdue", _("Overdue instalments"), _overdue(user, cash), True),
        Group("deliveries", _("Overdue, in kind and of personnel"), _overdue(user, others), True),
        Group("reports", _("Reports overdue or due within 30 days"), _reports(user, books, today)),
        Group("parked", _("Money that nobody has identified yet"), _parked(books)),
        Group(
            "conditions",
            _("Conditions still open though the instalment was to fall due"),
            _conditions(user, books, today),
        ),
        Group("prospects", _("Prospects past their expected day"), _prospects(user, books, today)),
    )
    return Worklist(today, tuple(group for group in found if group.items))


def _sorted(items: Iterable[Item]) -> tuple[Item, ...]:
    """The person's own first, the oldest first."""
    return tuple(sorted(items, key=lambda i: (not i.is_mine, i.on or datetime.date.max, i.title)))


def _is_mine(donor: Donor, user: User) -> bool:
    return donor.focal_point_id == user.pk


def _seen(user: User, books: Ledger, today: datetime.date) -> QuerySet[Contribution]:
    return Contribution.objects.in_books(books).for_user(user, today)


def _drafts(rows: QuerySet[Draft]) -> tuple[Item, ...]:
    return tuple(
        Item(
            title=draft.title,
            detail=f"{draft.get_act_display()}: {draft.returned_because or draft.written_by.name}",
            path=reverse("draft", args=[draft.uuid]),
            on=timezone.localtime(draft.written_at).date(),
        )
        for draft in rows.select_related("written_by").order_by("written_at", "pk")
    )


def _review(user: User, books: Ledger) -> tuple[Item, ...]:
    if not user.may(Permission.REVIEW_INCOME):
        return ()
    return _drafts(Draft.objects.for_user(user).filter(ledger=books).reviewable_by(user))


def _clearances(user: User) -> tuple[Item, ...]:
    """Asked for by somebody else: nobody clears what they asked for."""
    if not user.may(Permission.CLEAR_DONORS):
        return ()
    rows = Clearance.objects.filter(state=ClearanceState.REQUESTED).exclude(requested_by=user)
    return _sorted(
        Item(
            title=row.donor.name,
            detail=row.reference or row.note,
            path=reverse("clearance_decide", args=[row.uuid]),
            on=timezone.localtime(row.requested_at).date(),
            is_mine=_is_mine(row.donor, user),
        )
        for row in rows.select_related("donor")
    )


def _rates(user: User) -> tuple[Item, ...]:
    """Asked for by somebody else, as long as they are not decided."""
    if not user.may(Permission.MANAGE_RATES):
        return ()
    rows = RateCorrection.objects.filter(state=CorrectionState.ASKED).exclude(asked_by=user)
    return tuple(
        Item(
            title=_("%(currency)s, rate of %(day)s")
            % {"currency": row.currency_id, "day": format_date(row.effective_on)},
            detail=f"{row.asked_by.name}: {row.because}",
            path=reverse("rate_correction", args=[row.pk]),
            on=timezone.localtime(row.asked_at).date(),
        )
        for row in rows.select_related("asked_by").order_by("asked_at", "pk")
    )


def _returned(user: User, books: Ledger) -> tuple[Item, ...]:
    mine = Draft.objects.for_user(user).filter(ledger=books, written_by=user)
    return _drafts(mine.filter(state=DraftState.RETURNED))


def _overdue(user: User, overdue: Iterable[Overdue]) -> tuple[Item, ...]:
    return _sorted(
        Item(
            title=found.donor.name,
            detail=f"{found.contribution.number} {found.contribution.title}",
            path=reverse("contribution", args=[found.contribution.uuid]),
            on=found.instalment.due_on,
            days=found.days,
            amount=format_amount(found.amount, found.contribution.currency_id),
            amount_usd=found.amount_usd,
            is_mine=_is_mine(found.donor, user),
        )
        for found in overdue
    )


def _reports(user: User, books: Ledger, today: datetime.date) -> tuple[Item, ...]:
    rows = reports_in_books(books, user, today).filter(submitted_on=None, due_on__lte=today + SOON)
    return _sorted(_report(row, user, today) for row in rows.select_related("contribution__donor"))


def _report(row: ReportDue, user: User, today: datetime.date) -> Item:
    until = _("%(report)s up to %(day)s") % {
        "report": row.get_kind_display(),
        "day": format_date(row.until_on),
    }
    return Item(
        title=row.contribution.donor.name,
        detail=f"{row.contribution.number} {until}",
        path=reverse("report", args=[row.uuid]),
        on=row.due_on,
        days=(today - row.due_on).days,
        is_mine=_is_mine(row.contribution.donor, user),
    )


def _parked(books: Ledger) -> tuple[Item, ...]:
    rows = ParkedReceipt.objects.filter(ledger=books, state=ParkedState.PARKED)
    return tuple(
        Item(
            title=row.payer or _("Payer not known"),
            detail=row.bank_reference,
            path=reverse("parked_list"),  # which leads on to all that can be done with it
            on=row.received_on,
            amount=format_amount(row.amount, row.currency_id),
        )
        for row in rows.order_by("received_on", "pk")
    )


def _conditions(user: User, books: Ledger, today: datetime.date) -> tuple[Item, ...]:
    """Of one instalment; or of the whole, which was to fall due with its first instalment."""
    first = Min("contribution__instalments__due_on")
    rows = (
        Condition.objects.filter(
            contribution__in=_seen(user, books, today).values("pk"), state=ConditionState.OPEN
        )
        .annotate(on=Coalesce(F("instalment__due_on"), first))
        .filter(on__lt=today)
        .select_related("contribution__donor")
    )
    return _sorted(
        Item(
            title=row.contribution.donor.name,
            detail=f"{row.contribution.number} {row.text}",
            path=reverse("contribution", args=[row.contribution.uuid]),
            on=row.on,
            days=(today - row.on).days,
            is_mine=_is_mine(row.contribution.donor, user),
        )
        for row in rows
    )


def _prospects(user: User, books: Ledger, today: datetime.date) -> tuple[Item, ...]:
    rows = _seen(user, books, today).filter(state=ContributionState.PROSPECT, expected_on__lt=today)
    return _sorted(
        Item(
            title=row.donor.name,
            detail=f"{row.number} {row.title}",
            path=reverse("contribution", args=[row.uuid]),
            on=row.expected_on,
            days=(today - row.expected_on).days if row.expected_on else None,
            amount=format_amount(row.amount, row.currency_id),
            is_mine=_is_mine(row.donor, user),
        )
        for row in rows.select_related("donor")
    )
