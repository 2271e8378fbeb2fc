"""E-mails that wait for an administrator's decision."""

from django.urls import reverse
from django.utils import timezone

from jobs.letters import title_of
from jobs.models import OutgoingMail
from reports.worklist_parts import Item


def undecided_mail() -> tuple[Item, ...]:
    """Those of unknown fate and those not accepted, the oldest first."""
    rows = OutgoingMail.objects.for_a_person().select_related("recipient")
    return tuple(
        Item(
            title=row.recipient.name if row.recipient else row.address,
            detail=f"{title_of(row.kind)}: {row.get_state_display()}",
            path=f"{reverse('outgoing_mail')}?state={row.state}",
            on=timezone.localtime(row.created_at).date(),
        )
        for row in rows.order_by("created_at", "pk")
    )
