"""Codelists of the standard, and the portal's own words told in them: fixtures/iati_*.csv."""

import functools
from collections.abc import Mapping

from django.conf import settings

from donors.reference import FIXTURES, read_rows

AGENCY = "XM-DAC-41120"  # the agency's organisation identifier
CHANNEL = "41120"  # its CRS channel code
URBAN_DEVELOPMENT = "43030"  # CRS purpose: urban development and management
OECD_DAC, OWN_VOCABULARY = "1", "99"
CATEGORY, MODALITY = "2", "3"  # vocabularies of aid types
GRANT = "110"
UNSPECIFIED = "998"  # region: developing countries, unspecified


def own_words() -> str:
    """Where the agency's own words are explained to everybody."""
    return f"{settings.PORTAL_ADDRESS.rstrip('/')}/en/terms/"


@functools.cache
def codelists() -> Mapping[str, Mapping[str, str]]:
    """Codes in force by codelist, each with its category (empty where it has none)."""
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(FIXTURES, "iati_codelists.csv", unique=["codelist", "code"]):
        if row.text("status") == "active":
            found.setdefault(row.text("codelist"), {})[row.text("code")] = row.text("category")
    return found


@functools.cache
def mapping(name: str) -> Mapping[str, str]:
    """What the standard calls the portal's codes; one that it has no word for is absent."""
    rows = read_rows(FIXTURES, "iati_mappings.csv", unique=["mapping", "code"])
    return {row.text("code"): row.text("iati_code") for row in rows if row.text("mapping") == name}
