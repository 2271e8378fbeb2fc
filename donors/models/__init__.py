"""Who gives, where they are, who speaks for them, and what passed between them and the agency."""

from donors.models.donors import (
    Donor,
    DonorName,
    DonorNameStart,
    IdentifierScheme,
    NameKind,
    Representation,
)
from donors.models.invitations import Invitation
from donors.models.places import Area, ContributorType, Region, RegionBasis, UnStatus
from donors.models.relations import (
    Clearance,
    ClearanceState,
    Contact,
    DocumentKind,
    DonorDocument,
    Engagement,
    EngagementKind,
)

__all__ = [
    "Area",
    "Clearance",
    "ClearanceState",
    "Contact",
    "ContributorType",
    "DocumentKind",
    "Donor",
    "DonorDocument",
    "DonorName",
    "DonorNameStart",
    "Engagement",
    "EngagementKind",
    "IdentifierScheme",
    "Invitation",
    "NameKind",
    "Region",
    "RegionBasis",
    "Representation",
    "UnStatus",
]
