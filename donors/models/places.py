"""Where donors are: the agency's regions, the areas of the world, the types of contributors."""

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from donors.names import in_language
from donors.ordering import OrderKeysField


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
    order_keys = OrderKeysField()
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
