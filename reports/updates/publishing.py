"""Publishing an update as it was prepared, by another person; or discarding it."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.models import Ledger
from reports.figures.dashboard import dashboard
from reports.models import MonthlyUpdate, UpdateState
from reports.plain import plain
from reports.updates import announcing
from reports.updates.asking import UpdateWrong, closed_row, question_of
from reports.updates.preparing import check
from reports.updates.stored import amounts_of, figures_of


def may_publish(update: MonthlyUpdate, user: User) -> bool:
    """Whether the person may publish it: never what they had prepared themselves."""
    return user.may(Permission.PUBLISH_UPDATES) and user.pk != update.prepared_by_id


@transaction.atomic
def publish_update(
    update: MonthlyUpdate, *, by: User, at: datetime.datetime, announces: bool = True
) -> MonthlyUpdate:
    """Publish the stored files as they are; afterwards they never change. Raises UpdateWrong.

    The books are asked again as known at the update's state; other amounts than the stored ones
    stop it. Those who asked to be told are told once it is committed, unless `announces` is off.
    """
    # Publishing and preparing wait for each other on the head of the books.
    Ledger.objects.select_for_update().get(pk=update.ledger_id)
    found = MonthlyUpdate.objects.select_related("ledger", "prepared_by").get(pk=update.pk)
    _check(found, by)
    found.state, found.published_by, found.published_at = UpdateState.PUBLISHED, by, at
    found.save(update_fields=["state", "published_by", "published_at"])
    after = {
        "month": found.as_at.slug, "status": found.status, "sequence": found.sequence,
        "files": {file.name: file.sha256 for file in found.files.defer("content")},
    }  # fmt: skip
    record("publish_update", found, by=by, after=after)
    if announces:
        announcing.announce(found)
    return found


def _check(update: MonthlyUpdate, by: User) -> None:
    if update.state != UpdateState.PREPARED:
        raise UpdateWrong(_not_waiting(update))
    if update.prepared_by_id == by.pk:
        raise UpdateWrong(_("You had this update prepared: another person has to publish it."))
    if not may_publish(update, by):
        raise UpdateWrong(_("Your account may not publish updates."))
    closed = closed_row(update.ledger, update.as_at)
    if closed is None or closed.sequence > update.sequence:
        raise UpdateWrong(
            _("%(month)s was not closed when this update was prepared. Prepare it again.")
            % {"month": update.as_at}
        )
    check(update.ledger, update.as_at, update.status)
    if not comes_out_again(update):
        raise UpdateWrong(
            _(
                "The books as known at state %(sequence)s no longer give the stored amounts. "
                "Discard this update, tell the administrator, and prepare it again."
            )
            % {"sequence": update.sequence}
        )


def comes_out_again(update: MonthlyUpdate) -> bool:
    """Whether the books, as known at the update's state, give every amount that it stores."""
    again = dashboard(question_of(update.ledger, update.as_at, update.sequence))
    return amounts_of(plain(again)) == amounts_of(figures_of(update))


def _not_waiting(update: MonthlyUpdate) -> str:
    if update.state == UpdateState.PUBLISHED:
        return _("This update is published already, and stays as it is.")
    return _("This update was discarded. Prepare it again.")


@transaction.atomic
def discard_update(update: MonthlyUpdate, *, by: User) -> MonthlyUpdate:
    """Take a prepared update out of the way; its files stay. Raises UpdateWrong."""
    Ledger.objects.select_for_update().get(pk=update.ledger_id)
    found = MonthlyUpdate.objects.get(pk=update.pk)
    if not by.may(Permission.PREPARE_UPDATES):
        raise UpdateWrong(_("Your account may not discard updates."))
    if found.state != UpdateState.PREPARED:
        raise UpdateWrong(_not_waiting(found))
    found.state = UpdateState.DISCARDED
    found.save(update_fields=["state"])
    after = {"month": found.as_at.slug, "status": found.status, "sequence": found.sequence}
    record("discard_update", found, by=by, after=after)
    return found
