"""Entries in the API, and what they add up to. Amounts are decimals written as strings."""

from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import holds, person
from accounts.permissions import Permission
from donors.models import Donor
from donors.naming import knows_unnamed, shown_code
from income.api_asking import DIGITS
from income.api_entry_filters import EntryFilters, entries_asked_for
from income.models import Contribution, Entry, Ledger, Posting
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.vocabulary import Kind
from interface.api import Figures, Listed, One

READERS = holds(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
RELATED = ("ledger", "posting", "donor", "channel", "contribution")


class PlaceSerializer(serializers.ModelSerializer[Posting]):
    """The posting an entry belongs to: its place in the books and its seal."""

    class Meta:
        model = Posting
        fields = ("sequence", "act", "posted_at", "hash")
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One line of the ledger.

    `amount` is in `currency`; `amount_usd` is it at `rate`, units of the currency per US dollar.
    Without a rate in force the entry is not converted: `rate` and `amount_usd` are null.
    Kinds are never summed together.
    """

    books = serializers.SlugRelatedField[Ledger](source="ledger", slug_field="code", read_only=True)
    posting = PlaceSerializer(read_only=True)
    donor = serializers.SlugRelatedField[Donor](slug_field="code", read_only=True, allow_null=True)
    channel = serializers.SlugRelatedField[Donor](
        slug_field="code", read_only=True, allow_null=True
    )
    contribution = serializers.SlugRelatedField[Contribution](
        slug_field="uuid", read_only=True, allow_null=True
    )
    booked_month = serializers.SerializerMethodField(help_text="Such as 2021-12.")
    amount = serializers.DecimalField(DIGITS, 4, read_only=True)
    rate = serializers.DecimalField(DIGITS, 10, read_only=True, allow_null=True)
    amount_usd = serializers.DecimalField(DIGITS, 2, read_only=True, allow_null=True)
    programme_support_usd = serializers.DecimalField(DIGITS, 2, read_only=True, allow_null=True)

    class Meta:
        model = Entry
        fields = (
            "id", "books", "posting", "line", "kind", "mode", "reason", "fund", "donor",
            "channel", "contribution", "instrument", "earmarking", "programme", "region",
            "area", "value_date", "booked_month", "year_for", "currency", "amount", "rate",
            "rate_on", "rate_type", "amount_usd", "programme_support_usd",
        )  # fmt: skip
        read_only_fields = fields

    def get_booked_month(self, entry: Entry) -> str:
        return YearMonth.from_key(entry.booked_month).slug

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(entry)
        knows = knows_unnamed(person(self.context["request"]))
        for name, donor in (("donor", entry.donor), ("channel", entry.channel)):
            if donor and name in told:
                told[name] = shown_code(donor, knows=knows)
        return told


class EntryList(Listed[Entry]):
    """The entries you may see in one set of books, the newest first.

    Asking for a kind that is not open to your account answers 403.
    """

    serializer_class = EntrySerializer
    filters = EntryFilters
    sorts = {"id": "pk", "value_date": "value_date", "amount_usd": "amount_usd"}
    sort = "-id"
    permission_classes = [READERS]

    def get_queryset(self) -> EntryQuerySet:
        _books, _sequence, entries = entries_asked_for(self.request)
        return entries.select_related(*RELATED)


class EntryDetail(One[Entry]):
    """One entry."""

    serializer_class = EntrySerializer
    permission_classes = [READERS]

    def get_queryset(self) -> EntryQuerySet:
        mine = Entry.objects.for_user(person(self.request), timezone.localdate())
        return mine.select_related(*RELATED)


class LeftOutSerializer(serializers.Serializer[Any]):
    """What is not converted for want of a rate, in its currency."""

    currency = serializers.CharField()
    count = serializers.IntegerField()
    amount = serializers.DecimalField(DIGITS, 4)


class TotalSerializer(serializers.Serializer[Any]):
    """What entries of one kind add up to. Kinds are never summed together."""

    kind = serializers.ChoiceField(Kind.choices)
    count = serializers.IntegerField()
    amount_usd = serializers.DecimalField(DIGITS, 2)
    programme_support_usd = serializers.DecimalField(DIGITS, 2)
    not_converted = LeftOutSerializer(many=True)


class TotalsSerializer(serializers.Serializer[Any]):
    """The totals, and the state of the books that they were added up in."""

    books = serializers.CharField()
    sequence = serializers.IntegerField()
    totals = TotalSerializer(many=True)


@extend_schema_view(get=extend_schema(responses=TotalsSerializer))
class EntryTotals(Figures):
    """What the entries that a list with the same filters holds add up to, kind by kind.

    US dollars; what is not converted stands beside, in its currency.
    """

    filters = EntryFilters
    permission_classes = [READERS]

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One query for the sums and one for what is left out of them."""
        books, known, entries = entries_asked_for(request)
        sequence = books.sequence if known is None else known
        entries = entries.filter(posting__sequence__lte=sequence).order_by()
        left_out: dict[str, list[dict[str, Any]]] = {}
        for row in _left_out(entries):
            left_out.setdefault(row.pop("kind"), []).append(row)
        totals = [
            {
                **row,
                "amount_usd": row["amount_usd"] or 0,
                "programme_support_usd": row["programme_support_usd"] or 0,
                "not_converted": left_out.get(row["kind"], []),
            }
            for row in _sums(entries)
        ]
        told = {"books": books.code, "sequence": sequence, "totals": totals}
        return Response(TotalsSerializer(told).data)


def _sums(entries: EntryQuerySet) -> Any:
    return entries.values("kind").annotate(
        count=Count("pk"), amount_usd=Sum("amount_usd"),
        programme_support_usd=Sum("programme_support_usd"),
    ).order_by("kind")  # fmt: skip


def _left_out(entries: EntryQuerySet) -> Any:
    rows = entries.not_converted().values("kind", "currency")
    return rows.annotate(count=Count("pk"), amount=Sum("amount")).order_by("kind", "currency")
