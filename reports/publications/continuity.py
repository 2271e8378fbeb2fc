"""Identifiers never change once published: those of the last file are in the new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from lxml import etree

from reports.models import Publication, PublicationKind, PublicationState
from reports.open.state import Published

MOST_NAMED = 5
ENDING = "activities.xml"


@dataclass(frozen=True)
class Kept:
    """How many of the identifiers published before are there, of how many; some that are not."""

    kept: int
    before: int
    missing: tuple[str, ...]


def kept_identifiers(published: Published, activities: BinaryIO) -> Kept | None:
    """Against the last published file of the same books; None where there is none."""
    last = (
        Publication.objects.filter(
            ledger=published.ledger, kind=PublicationKind.IATI, state=PublicationState.PUBLISHED
        )
        .order_by("-pk")
        .first()
    )
    file = last.files.filter(name__endswith=ENDING).first() if last else None
    if file is None:
        return None
    with file.file.open("rb") as source:
        before = set(identifiers(cast(BinaryIO, source)))
    activities.seek(0)
    now = set(identifiers(activities))
    activities.seek(0)
    missing = sorted(before - now)
    return Kept(len(before & now), len(before), tuple(missing[:MOST_NAMED]))


def identifiers(source: BinaryIO) -> Iterator[str]:
    """The identifiers of the activities of a file, in its order, in little memory."""
    for _event, element in etree.iterparse(
        source, tag="iati-activity", resolve_entities=False, no_network=True
    ):
        yield (element.findtext("iati-identifier") or "").strip()
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
