"""What may be asked of entries in the API: as in the addresses of pages, and refused when wrong."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api import person
from donors.models import Area, Region
from income.api_asking import (
    KNOWN,
    BooksField,
    donor_called,
    donors_to_ask_for,
    is_month,
    with_books,
    with_sequence,
)
from income.entry_filter import MEMBER_STATES, EntryFilter
from income.models import EarmarkingStep, Entry, Fund, Instrument, Ledger, Programme
from income.origin import NONE
from income.periods import YearMonth
from income.querysets import EntryQuerySet, kinds_open_to
from income.vocabulary import Kind, Mode
from interface.api import PAGING, asked

MOMENTS = frozenset({"known_as_at", "as_at"})
CODED = {"region": Region, "programme": Programme, "instrument": Instrument,
         "earmarking": EarmarkingStep, "area": Area}  # fmt: skip


class EntryFilters(serializers.Serializer[Any]):
    """Each narrows the list; `kind` and `fund` may be repeated. As in the addresses of pages."""

    books = BooksField()
    kind = serializers.MultipleChoiceField(choices=Kind.choices, required=False)
    fund = serializers.ListField(child=serializers.CharField(), required=False)
    donor = serializers.CharField(
        required=False, help_text="Code of a donor, or `none`: not attributed to a donor."
    )
    donors = serializers.ChoiceField([MEMBER_STATES], required=False)
    region = serializers.CharField(
        required=False, help_text="Code of a region, or `none`: not allocated to a region."
    )
    programme = serializers.CharField(required=False, help_text="Code of a programme, or `none`.")
    instrument = serializers.CharField(required=False, help_text="Code, or `none`.")
    earmarking = serializers.CharField(required=False, help_text="Code, or `none`.")
    area = serializers.CharField(required=False, help_text="ISO 3166 code of 3 letters, or `none`.")
    mode = serializers.ChoiceField(Mode.choices, required=False)
    year_for = serializers.IntegerField(
        required=False, min_value=1900, max_value=2999, help_text="The year the money is for."
    )
    after = serializers.IntegerField(
        required=False, min_value=0, max_value=(1 << 63) - 1,
        help_text="A state of the books: what was posted since.",
    )  # fmt: skip
    known_as_at = serializers.CharField(required=False, help_text=KNOWN)

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is a word of the language and cannot be an attribute."""
        months = {
            "from": "First month, such as 2021-01.", "to": "Last month, such as 2021-12.",
            "as_at": "The same as `to`: with a value date up to the end of the month.",
        }  # fmt: skip
        return {
            **super().get_fields(),
            **{name: serializers.CharField(required=False, validators=[is_month], help_text=text)
               for name, text in months.items()},
        }  # fmt: skip

    def validate_fund(self, codes: list[str]) -> list[str]:
        known = set(Fund.objects.values_list("code", flat=True))
        for code in codes:
            if code not in known:
                raise serializers.ValidationError(
                    _("There is no fund “%(code)s”.") % {"code": code[:40]}
                )
        return codes

    def validate_donor(self, code: str) -> str:
        return code if code == NONE else donor_called(code, self.context["donors"]).code

    def validate_region(self, code: str) -> str:
        if code != NONE and not Region.objects.filter(code=code).exists():
            raise serializers.ValidationError(
                _("There is no region “%(code)s”.") % {"code": code[:40]}
            )
        return code

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in CODED:
            code = attrs.get(name, NONE)
            if code != NONE and not CODED[name]._default_manager.filter(pk=code).exists():
                raise serializers.ValidationError(
                    {name: [_("“%(text)s” is not known here.") % {"text": code[:40]}]}
                )
        return with_sequence(with_books(attrs))


def entries_asked_for(request: Request) -> tuple[Ledger, int | None, EntryQuerySet]:
    """The books, the state they are asked in (None: as they stand), the entries. Raises ParseError.

    PermissionDenied for a kind that is not open to the person.
    """
    user, today = person(request), timezone.localdate()
    wanted = asked(request, EntryFilters, donors=donors_to_ask_for(user, today))
    if not kinds_open_to(user).issuperset(wanted.get("kind", ())):
        raise PermissionDenied(_("This is not open to your account."))
    entries = Entry.objects.for_user(user, today).in_books(wanted["books"])
    if "until" in wanted:
        entries = entries.filter(posting__sequence__lte=wanted["until"])
    if "as_at" in wanted:
        entries = entries.through(YearMonth.parse(wanted["as_at"]))
    narrowed = EntryFilter.parse(request.query_params, besides=PAGING | MOMENTS)
    found = narrowed.read_by(user).apply(entries)
    return wanted["books"], wanted.get("until"), found
