"""Which updates a reader finds, and for which closed months there is none yet."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from income.models import Ledger, Month
from income.periods import YearMonth
from reports.models import MonthlyUpdate, UpdateState, UpdateStatus

RELATED = ("ledger", "prepared_by", "published_by")


@dataclass(frozen=True)
class Missing:
    """A closed month whose next update, of this status, is not prepared."""

    month: YearMonth
    status: UpdateStatus

    @property
    def label(self) -> str:
        if self.is_final:
            return _("%(month)s, final") % {"month": self.month}
        return str(self.month)

    @property
    def is_final(self) -> bool:
        return self.status is UpdateStatus.FINAL

    @property
    def value(self) -> str:
        """What a form sends."""
        return f"{self.month.slug}|{self.status.value}"


def sees_prepared(user: User) -> bool:
    """Staff see what is not published yet; to the Board it is not there."""
    return user.may(Permission.VIEW_BANK_DATA)


def updates_for(user: User) -> QuerySet[MonthlyUpdate]:
    """The updates that the person may see, newest month first."""
    found = MonthlyUpdate.objects.select_related(*RELATED).order_by("-month", "-prepared_at")
    return found if sees_prepared(user) else found.filter(state=UpdateState.PUBLISHED)


def missing_updates(ledger: Ledger) -> list[Missing]:
    """Closed months whose provisional, or then final, update is still to be prepared."""
    there = {
        (month, status): state
        for month, status, state in MonthlyUpdate.objects.filter(ledger=ledger)
        .exclude(state=UpdateState.DISCARDED)
        .values_list("month", "status", "state")
    }
    closed = Month.objects.filter(ledger=ledger).order_by("-month").values_list("month", flat=True)
    found = []
    for key in closed:
        provisional = there.get((key, UpdateStatus.PROVISIONAL))
        if provisional is None:
            found.append(Missing(YearMonth.from_key(key), UpdateStatus.PROVISIONAL))
        elif provisional == UpdateState.PUBLISHED and (key, UpdateStatus.FINAL) not in there:
            found.append(Missing(YearMonth.from_key(key), UpdateStatus.FINAL))
    return found
