"""Target sets in the API: one per document, conflicts between documents kept."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api import holds
from accounts.permissions import Permission
from interface.api import Listed, One
from targets.models import AnnualTarget, Document, MonthlyTarget, TargetSet

READERS = holds(Permission.VIEW_BOARD)


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A document that prints targets."""

    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Document
        fields = ("code", "name", "symbol", "dated_on", "url")
        read_only_fields = fields


class MonthlyTargetSerializer(serializers.ModelSerializer[MonthlyTarget]):
    """What should have come since January at the end of a month (yyyymm); US dollars."""

    cumulative_usd = serializers.DecimalField(19, 2, read_only=True)

    class Meta:
        model = MonthlyTarget
        fields = ("month", "cumulative_usd")
        read_only_fields = fields


class AnnualTargetSerializer(serializers.ModelSerializer[AnnualTarget]):
    """What is hoped for, for a scope, over the years from the first to the last; US dollars."""

    scope_name = serializers.CharField(source="scope.__str__", read_only=True)
    funds = serializers.SerializerMethodField()
    amount_usd = serializers.DecimalField(19, 2, read_only=True)
    path = MonthlyTargetSerializer(many=True, read_only=True)

    class Meta:
        model = AnnualTarget
        fields = (
            "scope", "scope_name", "funds", "from_year", "to_year", "amount_usd", "paragraph",
            "note", "path",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_funds(self, target: AnnualTarget) -> list[str]:
        return [fund.code for fund in target.scope.funds.all()]


class TargetSetSerializer(serializers.ModelSerializer[TargetSet]):
    """The targets of one document, with what they cover and how programme support stands."""

    name = serializers.CharField(source="__str__", read_only=True)
    document = DocumentSerializer(read_only=True)
    targets = AnnualTargetSerializer(many=True, read_only=True)

    class Meta:
        model = TargetSet
        fields = (
            "code", "name", "kind", "document", "from_year", "to_year", "programme_support",
            "covers", "targets",
        )  # fmt: skip
        read_only_fields = fields


def _target_sets() -> QuerySet[TargetSet]:
    sets = TargetSet.objects.select_related("document")
    return sets.prefetch_related("targets__scope__funds", "targets__path")


class TargetSetList(Listed[TargetSet]):
    """Every target set."""

    serializer_class = TargetSetSerializer
    sorts = {"code": "code", "from_year": "from_year"}
    permission_classes = [READERS]

    def get_queryset(self) -> QuerySet[TargetSet]:
        self.wanted()
        return _target_sets()


class TargetSetDetail(One[TargetSet]):
    """One target set."""

    serializer_class = TargetSetSerializer
    permission_classes = [READERS]
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[TargetSet]:
        return _target_sets()
