"""Taking out the publications of a demonstration's books, and what its people opened."""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models.fields.files import FieldFile

from income.models import Ledger
from reports.models import Publication, PublicationFile, PublicBlock


def remove_publications(books: Collection[Ledger]) -> int:
    """How many rows went, the publications that demonstration accounts prepared included: real
    books keep no file that nobody stands for. The files go when the transaction commits.
    """
    PublicBlock.objects.filter(changed_by__is_demonstration=True).delete()
    found = Publication.objects.filter(ledger__in=books) | Publication.objects.filter(
        prepared_by__is_demonstration=True
    )
    files = PublicationFile.objects.filter(publication__in=found.values("pk"))
    for one in files:
        transaction.on_commit(partial(_remove_file, one.file))
    return found.delete()[0]


def _remove_file(file: FieldFile) -> None:
    if file.name:
        file.storage.delete(file.name)
