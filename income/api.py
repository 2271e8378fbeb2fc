"""Contributions in the API. Amounts are decimals written as strings."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api import holds, person
from accounts.permissions import Permission
from donors.models import Donor
from income.api_asking import DIGITS, BooksField, donor_called, with_books
from income.models import (
    Allocation,
    Amendment,
    Condition,
    Contribution,
    Fund,
    Instalment,
    Ledger,
    Posting,
)
from income.querysets import ContributionQuerySet
from income.vocabulary import ContributionState, Mode
from interface.api import Listed, One

READERS = holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)


class InstalmentSerializer(serializers.ModelSerializer[Instalment]):
    """What falls due on a day, in the contribution's currency."""

    amount = serializers.DecimalField(DIGITS, 4, read_only=True)

    class Meta:
        model = Instalment
        fields = ("number", "due_on", "amount")
        read_only_fields = fields


class AllocationSerializer(serializers.ModelSerializer[Allocation]):
    """A part for one programme, region or country, in the contribution's currency."""

    amount = serializers.DecimalField(DIGITS, 4, read_only=True)

    class Meta:
        model = Allocation
        fields = ("number", "amount", "programme", "region", "area")
        read_only_fields = fields


class ConditionSerializer(serializers.ModelSerializer[Condition]):
    """What has to happen before an instalment, or without its number the whole, is owed."""

    instalment = serializers.SlugRelatedField[Instalment](
        slug_field="number", read_only=True, allow_null=True
    )

    class Meta:
        model = Condition
        fields = ("text", "state", "settled_on", "evidence", "instalment")
        read_only_fields = fields


class AmendmentSerializer(serializers.ModelSerializer[Amendment]):
    """A change of the agreement; `sequence` is that of its posting, if it has one."""

    amount_change = serializers.DecimalField(DIGITS, 4, read_only=True)
    sequence = serializers.SlugRelatedField[Posting](
        source="posting", slug_field="sequence", read_only=True, allow_null=True
    )

    class Meta:
        model = Amendment
        fields = (
            "number", "kind", "agreed_on", "amount_change", "ends_on", "reason", "is_undone",
            "sequence",
        )  # fmt: skip
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
    allocations = AllocationSerializer(many=True, read_only=True)
    instalments = InstalmentSerializer(many=True, read_only=True)
    conditions = ConditionSerializer(many=True, read_only=True)
    amendments = AmendmentSerializer(many=True, read_only=True)

    class Meta:
        model = Contribution
        fields = (
            "uuid", "number", "version", "books", "donor", "channel", "fund", "title", "state",
            "mode", "currency", "amount", "pledged_on", "signed_on", "starts_on", "ends_on",
            "ended_on", "instrument", "earmarking", "programme", "region", "area", "is_domestic",
            "programme_support_rate", "reference", "allocations", "instalments", "conditions",
            "amendments",
        )  # fmt: skip
        read_only_fields = fields


class ContributionFilters(serializers.Serializer[Any]):
    """Each narrows the list. Context: the donors that may be asked for."""

    books = BooksField()
    donor = serializers.CharField(required=False, help_text="Code of a donor.")
    fund = serializers.SlugRelatedField(
        slug_field="code", queryset=Fund.objects.all(), required=False
    )
    state = serializers.ChoiceField(ContributionState.choices, required=False)
    mode = serializers.ChoiceField(Mode.choices, required=False)

    def validate_donor(self, code: str) -> Donor:
        return donor_called(code, self.context["donors"])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_books(attrs)


def _contributions(request: Request) -> ContributionQuerySet:
    mine = Contribution.objects.for_user(person(request), timezone.localdate())
    return mine.select_related("ledger", "donor", "channel").prefetch_related(
        "allocations", "instalments", "conditions__instalment", "amendments__posting"
    )


class ContributionList(Listed[Contribution]):
    """The contributions you may see in one set of books, the newest first."""

    serializer_class = ContributionSerializer
    filters = ContributionFilters
    sorts = {
        "number": "pk", "signed_on": "signed_on", "ends_on": "ends_on", "amount": "amount",
        "currency": "currency_id",
    }  # fmt: skip
    sort = "-number"
    permission_classes = [READERS]

    def get_queryset(self) -> ContributionQuerySet:
        donors = Donor.objects.for_user(person(self.request), timezone.localdate())
        wanted = self.wanted(donors=donors)
        return _contributions(self.request).in_books(wanted.pop("books")).filter(**wanted)


class ContributionDetail(One[Contribution]):
    """One contribution with its parts."""

    serializer_class = ContributionSerializer
    permission_classes = [READERS]
    lookup_field = "uuid"

    def get_queryset(self) -> ContributionQuerySet:
        return _contributions(self.request)
