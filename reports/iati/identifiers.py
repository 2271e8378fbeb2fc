"""Identifiers of activities: they never change once they stood in a published file."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from income.models import Contribution, Entry, Ledger
from income.periods import YearMonth
from interface.errors import PortalError
from reports.iati.codes import AGENCY
from reports.iati.sums import KINDS
from reports.models import Publication, PublicationKind, PublicationState

LONGEST = Contribution._meta.get_field("iati_identifier").max_length or 0
# What the standard allows after the agency's identifier; no space and none of / & | ?
ALLOWED = re.compile(rf"{AGENCY}-[A-Za-z0-9._:-]+")


class IdentifierRefused(PortalError):
    """An IATI identifier that cannot be given; the sentence says why."""


def of_contribution(contribution: Contribution, fund: str) -> str:
    """Of the activity that carries the contribution's money in the fund.

    The identifier that the project has already, else one made from what never changes. Money of
    a contribution in a fund that is not its own has an activity of its own.
    """
    own = contribution.iati_identifier or f"{AGENCY}-{contribution.uuid}"
    return own if fund == contribution.fund_id else f"{own}-{fund}"


def of_fund(ledger: Ledger, fund: str) -> str:
    """Of the activity that carries the fund's money without a contribution."""
    return f"{AGENCY}-{ledger.code}-FUND-{fund}"


def was_published(contribution: Contribution) -> bool:
    """Whether the contribution stood in a published file, so that its identifier is for good."""
    published = Publication.objects.filter(
        ledger=contribution.ledger_id, kind=PublicationKind.IATI, state=PublicationState.PUBLISHED
    )
    entries = Entry.objects.filter(contribution=contribution, kind__in=KINDS)
    return any(
        entries.filter(
            value_date__lte=YearMonth.from_key(month).last_day, posting__sequence__lte=sequence
        ).exists()
        for month, sequence in published.values_list("month", "sequence")
    )


@transaction.atomic
def set_iati_identifier(contribution: Contribution, identifier: str, *, by: User) -> None:
    """Give the contribution the identifier that its project has already; empty takes it away.

    Raises IdentifierRefused: written wrongly, another's, or published before.
    """
    locked = Contribution.objects.select_for_update().get(pk=contribution.pk)
    identifier = identifier.strip()
    if identifier == locked.iati_identifier:
        return
    _refuse(locked, identifier)
    before, locked.iati_identifier = locked.iati_identifier, identifier
    locked.save(update_fields=["iati_identifier"])
    record(
        "set_iati_identifier", locked, by=by,
        before={"iati_identifier": before}, after={"iati_identifier": identifier},
    )  # fmt: skip
    contribution.iati_identifier = identifier


def _refuse(contribution: Contribution, identifier: str) -> None:
    if was_published(contribution):
        raise IdentifierRefused(
            _("The contribution stood in a published IATI file: its identifier never changes.")
        )
    if identifier and (len(identifier) > LONGEST or not ALLOWED.fullmatch(identifier)):
        raise IdentifierRefused(
            _("An IATI identifier begins with %(agency)s- and holds letters, digits, - . _ and :.")
            % {"agency": AGENCY}
        )
    others = Contribution.objects.exclude(pk=contribution.pk)
    if identifier and others.filter(iati_identifier=identifier).exists():
        raise IdentifierRefused(_("Another contribution has this IATI identifier."))
