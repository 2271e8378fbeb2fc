"""Who gives, by which names, and who speaks for them."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from donors.models.places import Area, ContributorType
from donors.names import in_language, searchable
from donors.ordering import OrderKeysField
from donors.querysets import DonorNameQuerySet, DonorQuerySet, RepresentationQuerySet
from interface.searching import LONGEST_START


class Donor(models.Model):
    """Who gives. A merge is a dated pointer: entries stay with the donor they were posted to."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)  # official names by language; English always there
    order_keys = OrderKeysField()
    contributor_type = models.ForeignKey(ContributorType, models.PROTECT)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    merged_on = models.DateField(null=True, blank=True)
    is_member_state = models.BooleanField(default=False)
    # Named to staff only: the Board and the public read that the donor wishes to stay unnamed.
    is_unnamed = models.BooleanField(default=False)
    focal_point = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="donors"
    )
    language = models.CharField(max_length=10, blank=True)  # of letters to the donor
    version = models.PositiveIntegerField(default=1)  # of the facts that people edit
    note = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=60, blank=True)  # code in fixtures/sources.csv
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DonorQuerySet.as_manager()

    class Meta:
        verbose_name = _("donor")
        verbose_name_plural = _("donors")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into=None, merged_on=None)
                | models.Q(merged_into__isnull=False, merged_on__isnull=False),
                name="a_merge_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(is_member_state=False) | models.Q(area__isnull=False),
                name="a_member_state_has_an_area",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The official name in the reader's language, else in English."""
        return in_language(self.names, translation.get_language())


class NameKind(models.TextChoices):
    OFFICIAL = "official", _("official name")
    FORMER = "former", _("former name")
    ALIAS = "alias", _("also known as")
    IDENTIFIER = "identifier", _("identifier")


class IdentifierScheme(models.TextChoices):
    """Whose identifier a donor is known by."""

    PORTAL = "", _("code of the portal")
    ERP = "erp", _("business partner of the ERP")
    IATI = "iati", _("IATI organisation identifier")
    CEB = "ceb", _("UN CEB contributor")
    FTS = "fts", _("OCHA Financial Tracking Service")
    OTHER = "other", _("other identifier")


class DonorName(models.Model):
    """One name a donor is found by, in one language, with a normalized form for search."""

    donor = models.ForeignKey(Donor, models.CASCADE, related_name="search_names")
    language = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=10, choices=NameKind.choices)
    scheme = models.CharField(max_length=10, choices=IdentifierScheme.choices, blank=True)
    name = models.CharField(max_length=300)
    normalized = models.CharField(max_length=300, db_index=True, editable=False)

    objects = DonorNameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["donor", "language", "kind", "name"], name="a_name_stands_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, donor: Donor, name: str, *, kind: str, language: str = "") -> "DonorName":
        """An unsaved name with its normalized form."""
        return cls(
            donor=donor, language=language, kind=kind, name=name, normalized=searchable(name)
        )


class DonorNameStart(models.Model):
    """A name in its search form from one of its words on: what somebody typed is its beginning.

    Written with the name by `DonorName.objects.bulk_create`; read from its index alone.
    """

    name = models.ForeignKey(DonorName, models.CASCADE, related_name="starts")
    donor = models.ForeignKey(Donor, models.CASCADE, related_name="+", db_index=False)
    text = models.CharField(max_length=LONGEST_START)

    class Meta:
        indexes = [
            models.Index(
                fields=["text", "donor"], opclasses=["varchar_pattern_ops", "int8_ops"],
                name="donors_by_what_is_typed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text


class Representation(models.Model):
    """A person speaks for a donor from a day on, until another (exclusive) or further notice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="representations"
    )
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="representations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "donor"], name="one_representation_each"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="representation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.donor_id}"

    def is_in_force(self, today: datetime.date) -> bool:
        """Whether it gives access on the day."""
        return self.starts_on <= today and (self.ends_on is None or today < self.ends_on)
