"""Who gives: regions and areas of the world, donors with their names, and who speaks for them."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from donors.names import in_language, searchable
from donors.querysets import DonorQuerySet, RepresentationQuerySet


class Region(models.Model):
    """One of the agency's reporting regions."""

    code = models.CharField(max_length=20, primary_key=True)
    names = models.JSONField()  # language code -> name
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class UnStatus(models.TextChoices):
    MEMBER = "member", _("Member State")
    OBSERVER = "observer", _("Observer State")
    NON_MEMBER = "non_member", _("Other area")


class RegionBasis(models.TextChoices):
    PUBLISHED = "published", _("published list of the regional office")
    DERIVED = "derived", _("derived from the M49 region")
    UNKNOWN = "", _("not known")


class Area(models.Model):
    """A Member State, observer or other area, as the United Nations names it."""

    iso3 = models.CharField(max_length=3, primary_key=True)
    iso2 = models.CharField(max_length=2, unique=True)
    m49 = models.CharField(max_length=3, unique=True)
    names = models.JSONField()
    formal_name = models.CharField(max_length=200, blank=True)
    un_status = models.CharField(max_length=12, choices=UnStatus.choices)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    region_basis = models.CharField(max_length=12, choices=RegionBasis.choices, blank=True)
    regional_group = models.CharField(max_length=80, blank=True)
    is_ldc = models.BooleanField(default=False)  # least developed country
    is_lldc = models.BooleanField(default=False)  # landlocked developing country
    is_sids = models.BooleanField(default=False)  # small island developing State
    source = models.CharField(max_length=60)

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class ContributorType(models.Model):
    """Contributor type of the UN CEB data standards (C01 government … C09 no contributor)."""

    code = models.CharField(max_length=6, primary_key=True)
    names = models.JSONField()
    description = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class Donor(models.Model):
    """Who gives. A merge is a dated pointer: entries stay with the donor they were posted to."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)  # official names by language; English always there
    contributor_type = models.ForeignKey(ContributorType, models.PROTECT)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    merged_on = models.DateField(null=True, blank=True)
    is_member_state = models.BooleanField(default=False)
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


class DonorName(models.Model):
    """One name a donor is found by, in one language, with a normalized form for search."""

    donor = models.ForeignKey(Donor, models.CASCADE, related_name="search_names")
    language = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=10, choices=NameKind.choices)
    name = models.CharField(max_length=300)
    normalized = models.CharField(max_length=300, db_index=True, editable=False)

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


class Contact(models.Model):
    """A post or person at the donor's whom the agency writes to. For staff only."""

    donor = models.ForeignKey(Donor, models.CASCADE, related_name="contacts")
    title = models.CharField(_("post or title"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    def __str__(self) -> str:
        return self.title
