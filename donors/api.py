"""Donors in the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api import holds, person
from accounts.permissions import Permission
from donors.models import Area, ContributorType, Donor, DonorName, NameKind
from donors.querysets import DonorQuerySet
from interface.api import Listed, One

READERS = holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)


class IdentifierSerializer(serializers.ModelSerializer[DonorName]):
    """What the donor is called in a system; an empty scheme is the portal's own."""

    identifier = serializers.CharField(source="name", read_only=True)

    class Meta:
        model = DonorName
        fields = ("scheme", "identifier")
        read_only_fields = fields


class DonorSerializer(serializers.ModelSerializer[Donor]):
    """A donor; `name` is in the language asked for (Accept-Language), else in English.

    Staff see the donor it is a part of, and its identifiers in other systems.
    """

    name = serializers.CharField(read_only=True)
    names = serializers.DictField(child=serializers.CharField(), read_only=True)
    regional_group = serializers.CharField(
        source="area.regional_group", read_only=True, default="",
        help_text="Of the United Nations, as its name is written there.",
    )  # fmt: skip
    parent: Any = serializers.SerializerMethodField(help_text="Code of the donor it is a part of.")
    merged_into = serializers.SlugRelatedField[Donor](
        slug_field="code", read_only=True, allow_null=True
    )
    identifiers = serializers.SerializerMethodField()

    class Meta:
        model = Donor
        fields = (
            "code", "uuid", "name", "names", "contributor_type", "area", "regional_group",
            "is_member_state", "parent", "identifiers", "merged_into", "merged_on",
        )  # fmt: skip
        read_only_fields = fields

    def get_parent(self, donor: Donor) -> str | None:
        return donor.parent.code if donor.parent and self._is_for_staff() else None

    @extend_schema_field(IdentifierSerializer(many=True))
    def get_identifiers(self, donor: Donor) -> list[dict[str, Any]]:
        rows = sorted(donor.search_names.all(), key=lambda one: one.pk)
        is_open = self._is_for_staff()
        shown = [one for one in rows if one.kind == NameKind.IDENTIFIER
                 and (is_open or not one.scheme)]  # fmt: skip
        return [dict(one) for one in IdentifierSerializer(shown, many=True).data]

    def _is_for_staff(self) -> bool:
        return person(self.context["request"]).may(Permission.VIEW_DONORS)


class DonorFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    q = serializers.CharField(
        required=False, max_length=200, help_text="Part of a name in any language, or the code."
    )
    contributor_type = serializers.SlugRelatedField(
        slug_field="code", queryset=ContributorType.objects.all(), required=False
    )
    area = serializers.SlugRelatedField(
        slug_field="iso3", queryset=Area.objects.all(), required=False
    )
    is_member_state = serializers.BooleanField(required=False, allow_null=True, default=None)


def _donors(request: Request) -> DonorQuerySet:
    mine = Donor.objects.for_user(person(request), timezone.localdate())
    return mine.select_related("merged_into", "parent", "area").prefetch_related("search_names")


class DonorList(Listed[Donor]):
    """The donors you may see, in the order of their codes."""

    serializer_class = DonorSerializer
    filters = DonorFilters
    sorts = {"code": "code", "contributor_type": "contributor_type_id", "area": "area_id"}
    permission_classes = [READERS]

    def get_queryset(self) -> DonorQuerySet:
        wanted = {name: one for name, one in self.wanted().items() if one is not None}
        return _donors(self.request).named_like(wanted.pop("q", "")).filter(**wanted)


class DonorDetail(One[Donor]):
    """One donor."""

    serializer_class = DonorSerializer
    permission_classes = [READERS]
    lookup_field = "code"

    def get_queryset(self) -> DonorQuerySet:
        return _donors(self.request)
