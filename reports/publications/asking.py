"""What can be prepared: the files of a published update, or of a year of audited revenue."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from income.models import Ledger
from income.periods import YearMonth
from interface.errors import PortalError
from reports.ceb.revenue import audited_years
from reports.models import MonthlyUpdate, Publication, PublicationKind, PublicationState
from reports.open.state import Published, published


class PublicationWrong(PortalError):
    """A publication cannot be prepared, published or discarded, and why."""


@dataclass(frozen=True)
class Asked:
    """Which files: the kind, the books, and the month that they are as at (December for UN CEB)."""

    ledger: Ledger
    kind: str
    month: YearMonth

    @property
    def is_iati(self) -> bool:
        return self.kind == PublicationKind.IATI


def frame(asked: Asked) -> Published:
    """The published update that the IATI files follow: the last one. Raises PublicationWrong."""
    found = published(asked.ledger)
    if found is None or found.as_at != asked.month:
        raise PublicationWrong(
            _("IATI files follow the last published monthly update. Choose its month.")
        )
    return found


def check(asked: Asked) -> None:
    """Raise PublicationWrong unless these files may be prepared."""
    if asked.kind not in PublicationKind.values:
        raise PublicationWrong(_("Choose what is to be prepared."))
    if asked.is_iati:
        _refuse_twice(asked, frame(asked).update)
    elif asked.month.month != 12 or asked.month.year not in audited_years(asked.ledger):
        raise PublicationWrong(
            _("These books hold no audited revenue of %(year)s.") % {"year": asked.month.year}
        )


def _refuse_twice(asked: Asked, update: MonthlyUpdate) -> None:
    done = Publication.objects.filter(
        ledger=asked.ledger, kind=asked.kind, update=update, state=PublicationState.PUBLISHED
    )
    if done.exists():
        raise PublicationWrong(
            _("The IATI files of %(month)s are published already.") % {"month": asked.month}
        )
