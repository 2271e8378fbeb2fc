"""Donors in the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers

from accounts.api import holds, person
from accounts.permissions import Permission
from donors.models import Area, ContributorType, Donor
from donors.querysets import DonorQuerySet
from interface.api import ByCode, asked


class DonorSerializer(serializers.ModelSerializer[Donor]):
    """A donor; `name` is in the language asked for (Accept-Language), else in English."""

    name = serializers.CharField(read_only=True)
    names = serializers.DictField(child=serializers.CharField(), read_only=True)
    merged_into = serializers.SlugRelatedField[Donor](slug_field="code", read_only=True)

    class Meta:
        model = Donor
        fields = (
            "code", "uuid", "name", "names", "contributor_type", "area", "is_member_state",
            "merged_into", "merged_on",
        )  # fmt: skip
        read_only_fields = fields


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


@extend_schema_view(get=extend_schema(parameters=[DonorFilters]))
class DonorList(generics.ListAPIView[Donor]):
    """The donors you may see, in the order of their codes."""

    serializer_class = DonorSerializer
    pagination_class = ByCode
    permission_classes = [holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)]

    def get_queryset(self) -> DonorQuerySet:
        wanted = asked(self.request, DonorFilters)
        donors = Donor.objects.for_user(person(self.request), timezone.localdate())
        donors = donors.named_like(wanted.pop("q", "")).filter(**wanted)
        return donors.select_related("merged_into")


class DonorDetail(generics.RetrieveAPIView[Donor]):
    """One donor."""

    serializer_class = DonorSerializer
    permission_classes = [holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)]
    lookup_field = "code"

    def get_queryset(self) -> DonorQuerySet:
        donors = Donor.objects.for_user(person(self.request), timezone.localdate())
        return donors.select_related("merged_into")
