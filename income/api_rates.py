"""Exchange rates in the API: dated facts, with their corrections."""

from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from rest_framework import serializers

from accounts.api import holds
from accounts.permissions import Permission
from income.models import Currency, ExchangeRate
from income.vocabulary import RateType
from interface.api import Listed


class RateSerializer(serializers.ModelSerializer[ExchangeRate]):
    """Units of the currency per US dollar from a day on.

    A correction is a further revision of the same day; only the highest stands.
    """

    units_per_usd = serializers.DecimalField(19, 10, read_only=True)
    is_in_force = serializers.BooleanField(
        read_only=True, help_text="Whether no later revision of the day stands instead."
    )

    class Meta:
        model = ExchangeRate
        fields = (
            "currency", "effective_on", "rate_type", "units_per_usd", "source", "revision",
            "is_in_force",
        )  # fmt: skip
        read_only_fields = fields


class RateFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    currency = serializers.SlugRelatedField(
        slug_field="code", queryset=Currency.objects.all(), required=False
    )
    rate_type = serializers.ChoiceField(RateType.choices, required=False)
    since = serializers.DateField(required=False, help_text="First day, such as 2021-01-01.")
    until = serializers.DateField(required=False, help_text="Last day, such as 2021-12-31.")
    in_force_on = serializers.DateField(
        required=False, help_text="The one rate of each currency and type that held on the day."
    )


class RateList(Listed[ExchangeRate]):
    """Exchange rates, the newest first."""

    serializer_class = RateSerializer
    filters = RateFilters
    sorts = {"effective_on": "effective_on", "currency": "currency_id"}
    sort = "-effective_on"
    permission_classes = [holds(Permission.VIEW_BOARD)]

    def get_queryset(self) -> QuerySet[ExchangeRate]:
        wanted = self.wanted()
        days = {"effective_on__gte": wanted.pop("since", None),
                "effective_on__lte": wanted.pop("until", None)}  # fmt: skip
        on = wanted.pop("in_force_on", None)
        days = {name: day for name, day in days.items() if day}
        rows = _with_standing().filter(**wanted, **days)
        if on is None:
            return rows
        same = ExchangeRate.objects.filter(
            currency=OuterRef("currency"), rate_type=OuterRef("rate_type"),
            effective_on__gt=OuterRef("effective_on"), effective_on__lte=on,
        )  # fmt: skip
        return rows.filter(Q(is_in_force=True), effective_on__lte=on).exclude(Exists(same))


def _with_standing() -> QuerySet[ExchangeRate]:
    later = ExchangeRate.objects.filter(
        currency=OuterRef("currency"), rate_type=OuterRef("rate_type"),
        effective_on=OuterRef("effective_on"), revision__gt=OuterRef("revision"),
    )  # fmt: skip
    stands = Case(When(Exists(later), then=Value(False)), default=Value(True),
                  output_field=BooleanField())  # fmt: skip
    return ExchangeRate.objects.annotate(is_in_force=stands)
