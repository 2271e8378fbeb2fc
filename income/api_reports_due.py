"""Reports owed to donors in the API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api import holds, person
from accounts.permissions import Permission
from donors.models import Donor
from income.api_asking import BooksField, donor_called, with_books
from income.models import Contribution, Ledger, ReportDue
from income.vocabulary import ReportKind
from interface.api import Listed, One

READERS = holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)


class ReportDueSerializer(serializers.ModelSerializer[ReportDue]):
    """One report owed for one period, and when it was submitted and accepted."""

    books = serializers.SlugRelatedField[Ledger](
        source="contribution.ledger", slug_field="code", read_only=True
    )
    contribution = serializers.SlugRelatedField[Contribution](slug_field="uuid", read_only=True)
    donor = serializers.SlugRelatedField[Donor](
        source="contribution.donor", slug_field="code", read_only=True
    )

    class Meta:
        model = ReportDue
        fields = (
            "uuid", "books", "contribution", "donor", "kind", "from_on", "until_on", "due_on",
            "submitted_on", "accepted_on",
        )  # fmt: skip
        read_only_fields = fields


class ReportDueFilters(serializers.Serializer[Any]):
    """Each narrows the list. Context: the donors that may be asked for."""

    books = BooksField()
    donor = serializers.CharField(required=False, help_text="Code of a donor.")
    kind = serializers.ChoiceField(ReportKind.choices, required=False)
    since = serializers.DateField(required=False, help_text="Due on this day or later.")
    until = serializers.DateField(required=False, help_text="Due on this day or earlier.")
    is_submitted = serializers.BooleanField(required=False, allow_null=True, default=None)

    def validate_donor(self, code: str) -> Donor:
        return donor_called(code, self.context["donors"])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_books(attrs)


COLUMNS = {"books": "contribution__ledger", "donor": "contribution__donor", "kind": "kind",
           "since": "due_on__gte", "until": "due_on__lte"}  # fmt: skip


def _reports(request: Request) -> QuerySet[ReportDue]:
    seen = Contribution.objects.for_user(person(request), timezone.localdate()).values("pk")
    rows = ReportDue.objects.filter(contribution__in=seen)
    return rows.select_related("contribution__donor", "contribution__ledger")


class ReportDueList(Listed[ReportDue]):
    """The reports owed under the contributions you may see, the first due first."""

    serializer_class = ReportDueSerializer
    filters = ReportDueFilters
    sorts = {"due_on": "due_on", "submitted_on": "submitted_on"}
    permission_classes = [READERS]

    def get_queryset(self) -> QuerySet[ReportDue]:
        donors = Donor.objects.for_user(person(self.request), timezone.localdate())
        wanted = self.wanted(donors=donors)
        is_submitted = wanted.pop("is_submitted")
        found = Q(**{COLUMNS[name]: value for name, value in wanted.items()})
        if is_submitted is not None:
            found &= Q(submitted_on__isnull=not is_submitted)
        return _reports(self.request).filter(found)


class ReportDueDetail(One[ReportDue]):
    """One report."""

    serializer_class = ReportDueSerializer
    permission_classes = [READERS]
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[ReportDue]:
        return _reports(self.request)
