"""Publishing the files as they were stored, by another person; or discarding them."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.models import Ledger
from reports.models import Publication, PublicationKind, PublicationState
from reports.open.state import Published, published
from reports.publications import making
from reports.publications.asking import PublicationWrong
from reports.publications.casting import Casting, cast_ceb, cast_iati
from reports.publications.stored import plain


def may_publish(publication: Publication, user: User) -> bool:
    """Whether the person may publish it: never what they had prepared themselves."""
    return user.may(Permission.PUBLISH_UPDATES) and user.pk != publication.prepared_by_id


@transaction.atomic
def publish(publication: Publication, *, by: User, at: datetime.datetime) -> Publication:
    """Publish the stored files as they are; afterwards they never change. Raises PublicationWrong.

    The stored bytes are compared with their SHA-256, read back and checked against the books
    again, as known at the publication's state.
    """
    # Publishing and preparing wait for each other on the head of the books.
    Ledger.objects.select_for_update().get(pk=publication.ledger_id)
    found = _locked(publication)
    _check_person(found, by)
    _check_place(found)
    _check_casting(found)
    found.state, found.published_by, found.published_at = PublicationState.PUBLISHED, by, at
    found.save(update_fields=["state", "published_by", "published_at"])
    files = {file.name: file.sha256 for file in found.files.all()}
    record("publish_publication", found, by=by, after={**_about(found), "files": files})
    return found


def _locked(publication: Publication) -> Publication:
    rows = Publication.objects.select_related("ledger", "update__ledger", "prepared_by")
    return rows.get(pk=publication.pk)


def _about(publication: Publication) -> dict[str, object]:
    return {
        "kind": publication.kind, "month": publication.as_at.slug,
        "sequence": publication.sequence,
    }  # fmt: skip


def _check_person(found: Publication, by: User) -> None:
    if found.state == PublicationState.PUBLISHED:
        raise PublicationWrong(_("These files are published already, and stay as they are."))
    if found.state != PublicationState.PREPARED:
        raise PublicationWrong(_("These files were discarded. Have them prepared again."))
    if found.prepared_by_id == by.pk:
        raise PublicationWrong(
            _("You had these files prepared: another person has to publish them.")
        )
    if not may_publish(found, by):
        raise PublicationWrong(_("Your account may not publish files."))


def _check_place(found: Publication) -> None:
    """IATI files are those of the last published update, and of no earlier one."""
    if found.kind == PublicationKind.IATI:
        now = published(found.ledger)
        if now is None or now.update.pk != found.update_id:
            raise PublicationWrong(
                _("A newer monthly update is published. Have its IATI files prepared instead.")
            )
        return
    newer = Publication.objects.filter(
        ledger=found.ledger, kind=found.kind, month=found.month,
        state=PublicationState.PUBLISHED, sequence__gte=found.sequence,
    )  # fmt: skip
    if newer.exists():
        raise PublicationWrong(_("Files of the same or a newer state of the books are published."))


def _check_casting(found: Publication) -> None:
    """What stood in the way when it was prepared, and what does now."""
    if not found.is_cast:
        raise PublicationWrong(
            _("These files do not agree with the books. The rows that differ are on this page.")
        )
    again = cast_again(found)
    if not again.holds or plain(again)["checks"] != found.casting.get("checks"):
        raise PublicationWrong(
            _("The stored files no longer agree with the books. Discard them, tell the "
              "administrator, and have them prepared again.")
        )  # fmt: skip


def cast_again(publication: Publication) -> Casting:
    """The stored bytes checked anew. Raises PublicationWrong for a file that was changed."""
    with making.stored_files(publication) as files:
        if publication.update:
            return cast_iati(Published(publication.update), files)
        contents = {name: source.read() for name, source in files.items()}
    return cast_ceb(publication.ledger, publication.as_at.year, publication.sequence, contents)


@transaction.atomic
def discard(publication: Publication, *, by: User) -> Publication:
    """Take prepared files out of the way; they stay stored. Raises PublicationWrong."""
    Ledger.objects.select_for_update().get(pk=publication.ledger_id)
    found = Publication.objects.get(pk=publication.pk)
    if not by.may(Permission.PREPARE_UPDATES):
        raise PublicationWrong(_("Your account may not discard files."))
    if found.state != PublicationState.PREPARED:
        raise PublicationWrong(_("These files are not waiting to be published."))
    found.state = PublicationState.DISCARDED
    found.save(update_fields=["state"])
    record("discard_publication", found, by=by, after=_about(found))
    return found
