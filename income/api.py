"""Contributions and entries in the API. Amounts are decimals written as strings."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request

from accounts.api import holds, person
from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor, Region
from donors.naming import knows_unnamed, shown_code
from donors.querysets import DonorQuerySet
from income.entry_filter import MEMBER_STATES, EntryFilter
from income.models import Contribution, Entry, Fund, Instalment, Ledger, Posting
from income.origin import NONE
from income.periods import YearMonth
from income.querysets import ContributionQuerySet, EntryQuerySet, kinds_open_to
from income.selectors import working_books
from income.vocabulary import ContributionState, Kind, Mode
from interface.api import PAGING, NewestFirst, asked

DIGITS = 19  # of the largest amount that can be stored


class InstalmentSerializer(serializers.ModelSerializer[Instalment]):
    """What falls due on a day, in the contribution's currency."""

    amount = serializers.DecimalField(DIGITS, 4, read_only=True)

    class Meta:
        model = Instalment
        fields = ("number", "due_on", "amount")
        read_only_fields = fields


class ContributionSerializer(serializers.ModelSerializer[Contribution]):
    """A pledge or agreement. `amount` is in `currency`."""

    books = serializers.SlugRelatedField[Ledger](source="ledger", slug_field="code", read_only=True)
    number = serializers.CharField(read_only=True)
    donor = serializers.SlugRelatedField[Donor](slug_field="code", read_only=True)
    channel = serializers.SlugRelatedField[Donor](
        slug_field="code", read_only=True, allow_null=True
    )
    amount = serializers.DecimalField(DIGITS, 4, read_only=True)
    programme_support_rate = serializers.DecimalField(5, 4, read_only=True, allow_null=True)
    instalments = InstalmentSerializer(many=True, read_only=True)

    class Meta:
        model = Contribution
        fields = (
            "uuid", "number", "books", "donor", "channel", "fund", "title", "state", "mode",
            "currency", "amount", "pledged_on", "signed_on", "starts_on", "ends_on",
            "instrument", "earmarking", "programme", "region", "area",
            "programme_support_rate", "reference", "instalments",
        )  # fmt: skip
        read_only_fields = fields


class PostingSerializer(serializers.ModelSerializer[Posting]):
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
    posting = PostingSerializer(read_only=True)
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
            if donor:
                told[name] = shown_code(donor, knows=knows)
        return told


class BooksField(serializers.SlugRelatedField[Ledger]):
    """The code of the books; left out, those the portal opens with. Books are never mixed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Ledger.objects.all(), required=False, **kwargs)


class ContributionFilters(serializers.Serializer[Any]):
    """Each narrows the list. Context: the donors that may be asked for."""

    books = BooksField(help_text="Code of the books; left out, those the portal opens with.")
    donor = serializers.CharField(required=False, help_text="Code of a donor.")
    fund = serializers.SlugRelatedField(
        slug_field="code", queryset=Fund.objects.all(), required=False
    )
    state = serializers.ChoiceField(ContributionState.choices, required=False)

    def validate_donor(self, code: str) -> Donor:
        return _donor_called(code, self.context["donors"])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _with_books(attrs)


class EntryFilters(serializers.Serializer[Any]):
    """Each narrows the list; `kind` and `fund` may be repeated. As in the addresses of pages."""

    books = BooksField(help_text="Code of the books; left out, those the portal opens with.")
    kind = serializers.MultipleChoiceField(choices=Kind.choices, required=False)
    fund = serializers.ListField(child=serializers.CharField(), required=False)
    donor = serializers.CharField(
        required=False, help_text="Code of a donor, or `none`: not attributed to a donor."
    )
    donors = serializers.ChoiceField([MEMBER_STATES], required=False)
    region = serializers.CharField(
        required=False, help_text="Code of a region, or `none`: not allocated to a region."
    )
    mode = serializers.ChoiceField(Mode.choices, required=False)

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is a word of the language and cannot be an attribute."""
        first = serializers.CharField(
            required=False, validators=[_is_month], help_text="First month, such as 2021-01."
        )
        last = serializers.CharField(
            required=False, validators=[_is_month], help_text="Last month, such as 2021-12."
        )
        return {**super().get_fields(), "from": first, "to": last}

    def validate_fund(self, codes: list[str]) -> list[str]:
        known = set(Fund.objects.values_list("code", flat=True))
        for code in codes:
            if code not in known:
                raise serializers.ValidationError(
                    _("There is no fund “%(code)s”.") % {"code": code[:40]}
                )
        return codes

    def validate_donor(self, code: str) -> str:
        return code if code == NONE else _donor_called(code, self.context["donors"]).code

    def validate_region(self, code: str) -> str:
        if code != NONE and not Region.objects.filter(code=code).exists():
            raise serializers.ValidationError(
                _("There is no region “%(code)s”.") % {"code": code[:40]}
            )
        return code

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _with_books(attrs)


def _is_month(text: str) -> None:
    try:
        is_wrong = YearMonth.parse(text).slug != text
    except ValueError:
        is_wrong = True
    if is_wrong:
        raise serializers.ValidationError(
            _("“%(text)s” is not a month. Write the year and the month, such as 2021-12.")
            % {"text": text[:20]}
        )


def _donor_called(code: str, donors: DonorQuerySet) -> Donor:
    """A donor one may not see and one that does not exist get the same answer."""
    if donor := donors.filter(code=code).first():
        return donor
    raise serializers.ValidationError(
        _("There is no donor “%(code)s” that you can see.") % {"code": code[:40]}
    )


def _with_books(attrs: dict[str, Any]) -> dict[str, Any]:
    if "books" in attrs:
        return attrs
    books = working_books()
    if books is None:
        raise serializers.ValidationError({"books": [_("Say which books you ask for.")]})
    return {**attrs, "books": books}


def _donors_to_ask_for(user: User, today: datetime.date) -> DonorQuerySet:
    """Who sees every entry sees its donor in it, so may ask by it."""
    if not user.may(Permission.VIEW_ENTRIES):
        return Donor.objects.for_user(user, today)
    return Donor.objects.all() if knows_unnamed(user) else Donor.objects.filter(is_unnamed=False)


def _contributions(request: Request) -> ContributionQuerySet:
    mine = Contribution.objects.for_user(person(request), timezone.localdate())
    return mine.select_related("ledger", "donor", "channel").prefetch_related("instalments")


def _entries(request: Request) -> EntryQuerySet:
    mine = Entry.objects.for_user(person(request), timezone.localdate())
    return mine.select_related("ledger", "posting", "donor", "channel", "contribution")


@extend_schema_view(get=extend_schema(parameters=[ContributionFilters]))
class ContributionList(generics.ListAPIView[Contribution]):
    """The contributions you may see in one set of books, the newest first."""

    serializer_class = ContributionSerializer
    pagination_class = NewestFirst
    permission_classes = [holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)]

    def get_queryset(self) -> ContributionQuerySet:
        donors = Donor.objects.for_user(person(self.request), timezone.localdate())
        wanted = asked(self.request, ContributionFilters, donors=donors)
        return _contributions(self.request).in_books(wanted.pop("books")).filter(**wanted)


class ContributionDetail(generics.RetrieveAPIView[Contribution]):
    """One contribution with its instalments."""

    serializer_class = ContributionSerializer
    permission_classes = [holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)]
    lookup_field = "uuid"

    def get_queryset(self) -> ContributionQuerySet:
        return _contributions(self.request)


@extend_schema_view(get=extend_schema(parameters=[EntryFilters]))
class EntryList(generics.ListAPIView[Entry]):
    """The entries you may see in one set of books, the newest first.

    Asking for a kind that is not open to your account answers 403.
    """

    serializer_class = EntrySerializer
    pagination_class = NewestFirst
    permission_classes = [holds(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)]

    def get_queryset(self) -> EntryQuerySet:
        donors = _donors_to_ask_for(person(self.request), timezone.localdate())
        wanted = asked(self.request, EntryFilters, donors=donors)
        if not kinds_open_to(person(self.request)).issuperset(wanted.get("kind", ())):
            raise PermissionDenied(_("This is not open to your account."))
        entries = _entries(self.request).in_books(wanted["books"])
        narrowed = EntryFilter.parse(self.request.query_params, besides=PAGING)
        return narrowed.read_by(person(self.request)).apply(entries)


class EntryDetail(generics.RetrieveAPIView[Entry]):
    """One entry."""

    serializer_class = EntrySerializer
    permission_classes = [holds(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)]

    def get_queryset(self) -> EntryQuerySet:
        return _entries(self.request)
