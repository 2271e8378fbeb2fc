"""The organisation file: the agency, its regular budget by year, and where its figures are open."""

from django.conf import settings
from django.db.models import Min, Sum
from django.db.models.functions import ExtractYear

from income.vocabulary import Kind
from reports.iati import words
from reports.iati.codes import AGENCY
from reports.iati.elements import LANG, Element, child, made, narrated, told, valued
from reports.iati.organisations import HABITAT
from reports.open.state import Published

COMMITTED = "2"


def organisation(published: Published) -> Element:
    """The one organisation of the file. Allotments stand here, as they are no incoming funds."""
    is_demonstration = published.ledger.is_demonstration
    names = words.marked(words.AGENCY_NAMES, is_demonstration=is_demonstration)
    root = made("iati-organisation", default_currency="USD")
    root.set(LANG, "en")
    child(root, "organisation-identifier", AGENCY)
    told(root, "name", names)
    told(root, "reporting-org", words.marked(HABITAT.names, is_demonstration=is_demonstration),
         ref=AGENCY, type=HABITAT.type)  # fmt: skip
    _write_budgets(root, published)
    link = child(root, "document-link", format="text/html", url=settings.PORTAL_ADDRESS)
    told(link, "title", words.marked(words.PUBLIC_PAGES, is_demonstration=is_demonstration))
    child(link, "category", code="B16")
    child(link, "language", code="en")
    return root


def _write_budgets(root: Element, published: Published) -> None:
    """Allotments by year of the value date and currency; a year that was taken back has none."""
    rows = (
        published.entries([Kind.ALLOTMENT]).order_by()
        .values_list(ExtractYear("value_date"), "currency")
        .annotate(total=Sum("amount"), first=Min("value_date"))
        .order_by(ExtractYear("value_date"), "currency")
    )  # fmt: skip
    for year, currency, total, first in rows:
        if total <= 0:
            continue
        budget = child(root, "total-budget", status=COMMITTED)
        child(budget, "period-start", iso_date=f"{year}-01-01")
        child(budget, "period-end", iso_date=f"{year}-12-31")
        valued(budget, total, currency, first)
        line = child(budget, "budget-line", ref="RB")
        valued(line, total, currency, first)
        narrated(line, words.REGULAR_BUDGET)
