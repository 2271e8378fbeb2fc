"""What the resources of income have in common: books, donors and moments in their addresses."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from donors.naming import knows_unnamed
from donors.querysets import DonorQuerySet
from income.models import Ledger, Posting
from income.periods import YearMonth
from income.selectors import working_books

DIGITS = 19  # of the largest amount that can be stored
BOOKS = "Code of the books; left out, those the portal opens with."
KNOWN = "As known at the end of a day (2022-04-15), or at a state of the books (417)."


class BooksField(serializers.SlugRelatedField[Ledger]):
    """The code of the books; left out, those the portal opens with. Books are never mixed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            slug_field="code", queryset=Ledger.objects.all(), required=False,
            help_text=BOOKS, **kwargs,
        )  # fmt: skip


def donor_called(code: str, donors: DonorQuerySet) -> Donor:
    """A donor one may not see and one that does not exist get the same answer."""
    if donor := donors.filter(code=code).first():
        return donor
    raise serializers.ValidationError(
        _("There is no donor “%(code)s” that you can see.") % {"code": code[:40]}
    )


def with_books(attrs: dict[str, Any]) -> dict[str, Any]:
    """The same with the books the portal opens with, where none are named."""
    if "books" in attrs:
        return attrs
    books = working_books()
    if books is None:
        raise serializers.ValidationError({"books": [_("Say which books you ask for.")]})
    return {**attrs, "books": books}


def donors_to_ask_for(user: User, today: datetime.date) -> DonorQuerySet:
    """Who sees every entry sees its donor in it, so may ask by it."""
    if not user.may(Permission.VIEW_ENTRIES):
        return Donor.objects.for_user(user, today)
    return Donor.objects.all() if knows_unnamed(user) else Donor.objects.filter(is_unnamed=False)


def is_month(text: str) -> None:
    """Raises ValidationError for what is not written as 2021-12."""
    try:
        is_wrong = YearMonth.parse(text).slug != text
    except ValueError:
        is_wrong = True
    if is_wrong:
        raise serializers.ValidationError(
            _("“%(text)s” is not a month. Write the year and the month, such as 2021-12.")
            % {"text": text[:20]}
        )


def with_sequence(attrs: dict[str, Any]) -> dict[str, Any]:
    """`known_as_at` as a sequence of the books: what was posted after it is not known yet."""
    text = attrs.pop("known_as_at", "")
    if text:
        attrs["until"] = sequence_at(attrs["books"], text, timezone.localdate())
    return attrs


def sequence_at(ledger: Ledger, text: str, today: datetime.date) -> int:
    """The state of the books at the end of a day, or the one that is named."""
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        if int(text) <= ledger.sequence:
            return int(text)
        raise _not_known(
            _("These books are at state %(last)s: there is nothing after %(asked)s.")
            % {"last": ledger.sequence, "asked": text}
        )
    try:
        on = datetime.date.fromisoformat(text)
    except ValueError:
        raise _not_known(
            _(
                "“%(text)s” is no moment of the books. Write a day (2022-04-15) or a state of the "
                "books (417)."
            )
            % {"text": text[:20]}
        ) from None
    if on > today:
        raise _not_known(_("Nobody knows yet what the books will hold on that day."))
    before = Posting.objects.filter(ledger=ledger, posted_at__date__lte=on)
    return before.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _not_known(sentence: str) -> serializers.ValidationError:
    return serializers.ValidationError({"known_as_at": [sentence]})
