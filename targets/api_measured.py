"""Indicators, what was measured, and what documents printed, in the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.api import holds
from accounts.permissions import Permission
from interface.api import Listed, One
from interface.api.tables import table
from targets.models import (
    Document,
    Indicator,
    Measurement,
    ProposalState,
    PublishedFigure,
)

READERS = holds(Permission.VIEW_BOARD)

DocumentList, DocumentDetail = table(
    Document, ("code", "name", "names", "symbol", "dated_on", "url", "note"),
    called="Documents that print targets or figures.", readers=READERS,
    sorts={"code": "code", "dated_on": "dated_on"},
)  # fmt: skip
IndicatorList, IndicatorDetail = table(
    Indicator,
    ("code", "name", "names", "period", "action", "action_names", "target", "comparison", "unit",
     "due_year", "note"),
    called="Indicators of the strategy's actions, as its text prints them. Values: /scorecard/.",
    readers=READERS, sorts={"order": "order", "code": "code", "due_year": "due_year"},
    action_names=serializers.DictField(child=serializers.CharField(), read_only=True),
)  # fmt: skip


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    """What an indicator stood at on a day, in its unit; or `milestone`, how far it is."""

    class Meta:
        model = Measurement
        fields = (
            "uuid", "indicator", "measured_on", "value", "milestone", "evidence", "evidence_url",
        )  # fmt: skip
        read_only_fields = fields


class MeasurementFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    indicator = serializers.SlugRelatedField(
        slug_field="code", queryset=Indicator.objects.all(), required=False
    )
    since = serializers.DateField(required=False, help_text="Measured on this day or later.")
    until = serializers.DateField(required=False, help_text="Measured on this day or earlier.")


def _approved() -> QuerySet[Measurement]:
    return Measurement.objects.filter(state=ProposalState.APPROVED)


class MeasurementList(Listed[Measurement]):
    """Measurements that a second person approved, the newest first."""

    serializer_class = MeasurementSerializer
    filters = MeasurementFilters
    sorts = {"measured_on": "measured_on", "indicator": "indicator_id"}
    sort = "-measured_on"
    permission_classes = [READERS]

    def get_queryset(self) -> QuerySet[Measurement]:
        columns = {"since": "measured_on__gte", "until": "measured_on__lte"}
        wanted = {columns.get(name, name): one for name, one in self.wanted().items()}
        return _approved().filter(**wanted)


class MeasurementDetail(One[Measurement]):
    """One measurement."""

    serializer_class = MeasurementSerializer
    permission_classes = [READERS]
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Measurement]:
        return _approved()


class PublishedFigureSerializer(serializers.ModelSerializer[PublishedFigure]):
    """What a document printed. Compared with the books, never added to them."""

    class Meta:
        model = PublishedFigure
        fields = (
            "code", "document", "paragraph", "measure", "scope", "region", "year", "as_at",
            "value", "unit", "basis", "note",
        )  # fmt: skip
        read_only_fields = fields


class PublishedFigureFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    document = serializers.SlugRelatedField(
        slug_field="code", queryset=Document.objects.all(), required=False
    )
    measure = serializers.ChoiceField(PublishedFigure.Measure.choices, required=False)
    year = serializers.IntegerField(required=False, min_value=1900, max_value=2999)


class PublishedFigureList(Listed[PublishedFigure]):
    """What documents printed."""

    serializer_class = PublishedFigureSerializer
    filters = PublishedFigureFilters
    sorts = {"code": "code", "year": "year"}
    permission_classes = [READERS]

    def get_queryset(self) -> QuerySet[PublishedFigure]:
        return PublishedFigure.objects.filter(**self.wanted())


class PublishedFigureDetail(One[PublishedFigure]):
    """One printed figure."""

    serializer_class = PublishedFigureSerializer
    permission_classes = [READERS]
    lookup_field = "code"
    queryset = PublishedFigure.objects.all()
