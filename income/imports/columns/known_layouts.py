"""The layouts that come with the portal: OCHA FTS, tables of UN CEB, the portal's own template."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation

from income.imports.columns.fields import FIELDS
from income.imports.columns.layouts import keep_layout, signature_of
from income.imports.columns.plan import Plan, heading_key
from income.imports.returned.template import COLUMNS
from income.models import ImportLayout
from income.vocabulary import Kind

FTS_HEADINGS = (
    "id", "date", "decisionDate", "firstReportedDate", "status", "flowType", "boundary",
    "onBoundary", "contributionType", "method", "srcOrganization", "srcOrganizationTypes",
    "destOrganization", "destOrganizationTypes", "destLocations", "destGlobalClusters",
    "destPlanCode", "budgetYear", "description", "amountUSD", "originalAmount",
    "originalCurrency", "exchangeRate", "refCode", "keywords", "source",
)  # fmt: skip
CEB_HEADINGS = (
    "year", "donor", "iso3", "fund", "amount_usd", "source", "contributor_type",
    "ceb_revenue_type", "ceb_code",
)  # fmt: skip
# FTS names no fund. What it tells of is money for countries, which is technical cooperation;
# in-kind flows are told from cash by their instrument.
FTS = Plan(
    columns={
        "row_id": "id", "date": "date", "kind": "status", "instrument": "contributiontype",
        "donor": "srcorganization", "contributor_type": "srcorganizationtypes",
        "area": "destlocations", "year_for": "budgetyear", "title": "description",
        "amount_usd": "amountusd", "amount": "originalamount", "currency": "originalcurrency",
        "exchange_rate": "exchangerate", "reference": "refcode",
    },
    constants={"fund": "TC"},
    values={"instrument": {"financial": "", "in kind": "R03F"}},
    decimal_sign=".", date_order="ymd",
)  # fmt: skip
CEB = Plan(
    kind=Kind.AUDITED_REVENUE.value,
    columns={
        "year": "year", "donor": "donor", "iso3": "iso3", "fund": "fund",
        "amount_usd": "amount_usd", "contributor_type": "contributor_type",
        "instrument": "ceb_code",
    },
    decimal_sign=".", date_order="ymd",
)  # fmt: skip
FTS_NAME = "OCHA FTS flows"
CEB_NAME = "UN CEB revenue by donor"
AGENCIES_NAME = "UN CEB revenue by donor, several agencies"
TEMPLATE_NAME = "Portal template"


def known_layouts() -> Iterator[tuple[str, Plan, str]]:
    """Name, plan and signature of each; the template's is one per language."""
    yield FTS_NAME, FTS, signature_of(FTS_HEADINGS)
    yield CEB_NAME, CEB, signature_of(CEB_HEADINGS)
    agencies = CEB.with_(columns={"entity": "entity", **CEB.columns})
    yield AGENCIES_NAME, agencies, signature_of(("entity", *CEB_HEADINGS))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels = {name: str(FIELDS[name].label) for name in COLUMNS}
        columns = {name: heading_key(label) for name, label in labels.items()}
        named = TEMPLATE_NAME if language == "en" else f"{TEMPLATE_NAME} ({language})"
        yield named, Plan(columns=columns), signature_of(list(labels.values()))


def load_known_layouts() -> int:
    """Write them, or their changes; one that a person saved under the same name stays theirs."""
    of_people = set(ImportLayout.objects.exclude(made_by=None).values_list("name", flat=True))
    count = 0
    for name, plan, signature in known_layouts():
        count += 1
        if name not in of_people:
            keep_layout(name, plan, signature, by=None)
    return count
