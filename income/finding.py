"""What contributions are found by: purposes, references and identifiers, from each word on."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, Q

from donors.models import Donor
from donors.names import searchable
from income.models import Contribution, ContributionStart, ErpReference
from interface.searching import begins, starts_of

BATCH = 1_000
MOST_ONE_BY_ONE = 2_000  # found contributions that are named to the database by their keys


def keep_starts(contributions: Sequence[Contribution]) -> None:
    """Write down what the contributions are found by, in the place of what they were.

    Called by whoever writes a purpose, a reference or an identifier, in the same transaction.
    """
    each = list({one.pk: one for one in contributions}.values())
    for first in range(0, len(each), BATCH):
        part = each[first : first + BATCH]
        ContributionStart.objects.filter(contribution__in=[one.pk for one in part]).delete()
        rows = [
            ContributionStart(contribution=one, text=text)
            for one, forms in _forms(part)
            for text in dict.fromkeys(start for form in forms for start in starts_of(form))
        ]
        ContributionStart.objects.bulk_create(rows, batch_size=BATCH)


def renew() -> int:
    """Write down anew what every contribution is found by; how many there are."""
    rows, last, count = Contribution.objects.order_by("pk"), 0, 0
    while part := list(rows.filter(pk__gt=last).only("pk", "title", "reference")[:BATCH]):
        keep_starts(part)
        last, count = part[-1].pk, count + len(part)
    return count


def named(text: str) -> Q:
    """Contributions of which a word of the purpose, reference or identifier begins with the text,
    whose donor is called so, or whose number it is. Looks up what is found before it answers.
    """
    form = searchable(text)
    if not form:
        return Q()
    found = ContributionStart.objects.filter(begins("text", form))
    keys = list(found.values_list("contribution", flat=True)[: MOST_ONE_BY_ONE + 1])
    wanted = Q(pk__in=set(keys))
    if len(keys) > MOST_ONE_BY_ONE:
        wanted = Q(Exists(found.filter(contribution=OuterRef("pk"))))
    number = text.upper().removeprefix("C-")
    is_number = number.isascii() and number.isdecimal() and len(number) < 18
    inside = not keys and not is_number
    donors = Donor.objects.named_like(text, inside=inside).values_list("pk", flat=True)
    if of := list(donors.order_by()[: MOST_ONE_BY_ONE + 1]):
        wanted |= Q(donor__in=of if len(of) <= MOST_ONE_BY_ONE else donors.order_by())
    if is_number:
        wanted |= Q(pk=int(number))
    return wanted


def _forms(contributions: Sequence[Contribution]) -> Iterator[tuple[Contribution, list[str]]]:
    identifiers: dict[int | None, list[str]] = {}
    kept = ErpReference.objects.filter(contribution__in=[one.pk for one in contributions])
    for key, value in kept.order_by("pk").values_list("contribution", "value"):
        identifiers.setdefault(key, []).append(value)
    for one in contributions:
        texts = (one.title, one.reference, *identifiers.get(one.pk, ()))
        yield one, [form for text in texts if (form := searchable(text))]
