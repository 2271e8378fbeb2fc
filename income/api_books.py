"""The books in the API: their heads, their closed months, their postings."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from rest_framework import serializers

from accounts.api import holds, person
from accounts.permissions import Permission
from income.api_asking import KNOWN, BooksField, is_month, with_books, with_sequence
from income.models import Entry, Ledger, Month, Posting
from income.periods import YearMonth
from income.vocabulary import Act
from interface.api import Listed, One

READERS = holds(Permission.VIEW_BOARD, Permission.VIEW_OWN_DONORS)


class ClosedMonthSerializer(serializers.ModelSerializer[Month]):
    """A month that was closed for good, at which state of the books."""

    month = serializers.SerializerMethodField(help_text="Such as 2021-12.")

    class Meta:
        model = Month
        fields = ("month", "closed_at", "sequence", "hash")
        read_only_fields = fields

    def get_month(self, month: Month) -> str:
        return YearMonth.from_key(month.month).slug


class BooksSerializer(serializers.ModelSerializer[Ledger]):
    """One agency's books: `sequence` and `head_hash` are the state that figures are made from."""

    name = serializers.CharField(source="__str__", read_only=True)
    months_closed = ClosedMonthSerializer(source="months", many=True, read_only=True)

    class Meta:
        model = Ledger
        fields = (
            "code", "name", "is_demonstration", "sequence", "head_hash", "moved_at",
            "months_closed",
        )  # fmt: skip
        read_only_fields = fields


def _books() -> QuerySet[Ledger]:
    return Ledger.objects.prefetch_related(Prefetch("months", Month.objects.order_by("month")))


class BooksList(Listed[Ledger]):
    """The books of this installation. Figures of two books are never added."""

    serializer_class = BooksSerializer
    sorts = {"code": "code"}
    permission_classes = [READERS]

    def get_queryset(self) -> QuerySet[Ledger]:
        self.wanted()
        return _books()


class BooksDetail(One[Ledger]):
    """One set of books."""

    serializer_class = BooksSerializer
    permission_classes = [READERS]
    lookup_field = "code"
    queryset = Ledger.objects.none()

    def get_queryset(self) -> QuerySet[Ledger]:
        return _books()


class PostingSerializer(serializers.ModelSerializer[Posting]):
    """One act and its place in the chain; its entries are in /entries/.

    `reference` and `entry_count` are for staff, who see every entry of it.
    """

    books = serializers.SlugRelatedField[Ledger](source="ledger", slug_field="code", read_only=True)
    booked_month = serializers.SerializerMethodField(help_text="Such as 2021-12.")
    reverses = serializers.SlugRelatedField[Posting](
        slug_field="sequence", read_only=True, allow_null=True
    )
    replaces = serializers.SlugRelatedField[Posting](
        slug_field="sequence", read_only=True, allow_null=True
    )
    entry_count = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Posting
        fields = (
            "id", "books", "sequence", "act", "booked_month", "posted_at", "reverses", "replaces",
            "reference", "entry_count", "content_hash", "previous_hash", "hash",
        )  # fmt: skip
        read_only_fields = fields

    def get_booked_month(self, posting: Posting) -> str:
        return YearMonth.from_key(posting.booked_month).slug

    def to_representation(self, posting: Posting) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(posting)
        if not person(self.context["request"]).may(Permission.VIEW_BANK_DATA):
            told |= {name: empty for name, empty in (("reference", ""), ("entry_count", None))
                     if name in told}  # fmt: skip
        return told


class PostingFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    books = BooksField()
    act = serializers.ChoiceField(Act.choices, required=False)
    booked_month = serializers.CharField(
        required=False, validators=[is_month], help_text="Such as 2021-12."
    )
    after = serializers.IntegerField(
        required=False, min_value=0, max_value=(1 << 63) - 1,
        help_text="A state of the books: what was posted since.",
    )  # fmt: skip
    known_as_at = serializers.CharField(required=False, help_text=KNOWN)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_sequence(with_books(attrs))


class PostingList(Listed[Posting]):
    """The postings with an entry that you may see, in one set of books, the newest first."""

    serializer_class = PostingSerializer
    filters = PostingFilters
    sorts = {"sequence": "sequence"}
    sort = "-sequence"
    permission_classes = [holds(Permission.VIEW_ENTRIES)]

    def get_queryset(self) -> QuerySet[Posting]:
        wanted, user = self.wanted(), person(self.request)
        rows = Posting.objects.filter(ledger=wanted["books"])
        if "act" in wanted:
            rows = rows.filter(act=wanted["act"])
        if "booked_month" in wanted:
            rows = rows.filter(booked_month=YearMonth.parse(wanted["booked_month"]).key)
        rows = rows.filter(sequence__gt=wanted.get("after", 0))
        if "until" in wanted:
            rows = rows.filter(sequence__lte=wanted["until"])
        if not user.may(Permission.VIEW_BANK_DATA):
            seen = Entry.objects.for_user(user, timezone.localdate())
            rows = rows.filter(Exists(seen.filter(posting=OuterRef("pk"))))
        return rows.select_related("ledger", "reverses", "replaces")
