"""The tables that money is described by, in the API: all who are signed in may read them."""

from rest_framework import serializers

from accounts.api import holds
from accounts.permissions import Permission
from donors.models import Area, ContributorType, Region
from income.models import (
    Currency,
    DomainOfChange,
    EarmarkingStep,
    Fund,
    Instrument,
    Programme,
)
from interface.api.tables import table

READERS = holds(Permission.VIEW_BOARD, Permission.VIEW_OWN_DONORS)
IN_ORDER = {"order": "order", "code": "code"}

FundList, FundDetail = table(
    Fund,
    ("code", "name", "names", "parent", "definition", "is_core", "is_group", "is_share"),
    called="Funds, in a tree. A share is inside other money and is never added to it.",
    readers=READERS, sorts=IN_ORDER,
)  # fmt: skip
ProgrammeList, ProgrammeDetail = table(
    Programme,
    ("code", "name", "names", "kind", "domain", "goal_usd"),
    called="Programmes; `goal_usd` is the investment hoped for, in US dollars.",
    readers=READERS, sorts=IN_ORDER,
    goal_usd=serializers.DecimalField(19, 2, read_only=True, allow_null=True),
)  # fmt: skip
DomainList, DomainDetail = table(
    DomainOfChange, ("code", "name", "names"), called="The domains of change of the strategy.",
    readers=READERS, sorts=IN_ORDER,
)  # fmt: skip
InstrumentList, InstrumentDetail = table(
    Instrument,
    ("code", "name", "names", "category", "is_in_kind", "is_legacy", "description"),
    called="Grant financing instruments of the UN CEB data standards.",
    readers=READERS, sorts=IN_ORDER,
)  # fmt: skip
EarmarkingList, EarmarkingDetail = table(
    EarmarkingStep, ("code", "name", "names", "iati_code"),
    called="How firmly money is tied to a purpose, from not at all to tightly.",
    readers=READERS, sorts=IN_ORDER,
)  # fmt: skip
CurrencyList, CurrencyDetail = table(
    Currency, ("code", "name", "decimals"),
    called="Currencies (ISO 4217) with how many decimals their amounts may have.",
    readers=READERS, sorts={"code": "code"}, name=serializers.CharField(read_only=True),
)  # fmt: skip
RegionList, RegionDetail = table(
    Region, ("code", "name", "names"), called="The agency's reporting regions.",
    readers=READERS, sorts=IN_ORDER,
)  # fmt: skip
AreaList, AreaDetail = table(
    Area,
    ("iso3", "iso2", "m49", "name", "names", "formal_name", "un_status", "region", "region_basis",
     "regional_group", "is_ldc", "is_lldc", "is_sids"),
    called="Member States, observers and other areas, as the United Nations names them.",
    readers=READERS, sorts={"iso3": "iso3", "m49": "m49", "region": "region_id"},
)  # fmt: skip
ContributorTypeList, ContributorTypeDetail = table(
    ContributorType, ("code", "name", "names", "description"),
    called="Contributor types of the UN CEB data standards.",
    readers=READERS, sorts=IN_ORDER,
)  # fmt: skip
