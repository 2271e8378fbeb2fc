"""Addresses of what the API tells, version 1; those that are written to stand in api_urls.py."""

from typing import Any

from django.urls import URLPattern, path

from donors.api import DonorDetail, DonorList
from income import api_books, api_rates, api_reports_due, api_tables
from income.api import ContributionDetail
from income.api_entries import EntryDetail, EntryList, EntryTotals
from reports import api, api_donor, api_told
from targets import api as targets
from targets import api_measured as measured


def pair(name: str, code: str, listed: Any, one: Any, key: str = "str:code") -> list[URLPattern]:
    """The list at its name, and one row of it."""
    return [
        path(f"{name}/", listed.as_view(), name=f"api_{code}_list"),
        path(f"{name}/<{key}>/", one.as_view(), name=f"api_{code}"),
    ]


tables = [
    *pair("funds", "fund", api_tables.FundList, api_tables.FundDetail),
    *pair("programmes", "programme", api_tables.ProgrammeList, api_tables.ProgrammeDetail),
    *pair("domains", "domain", api_tables.DomainList, api_tables.DomainDetail),
    *pair("instruments", "instrument", api_tables.InstrumentList, api_tables.InstrumentDetail),
    *pair("earmarking-steps", "earmarking", api_tables.EarmarkingList,
          api_tables.EarmarkingDetail),
    *pair("currencies", "currency", api_tables.CurrencyList, api_tables.CurrencyDetail),
    *pair("regions", "region", api_tables.RegionList, api_tables.RegionDetail),
    *pair("areas", "area", api_tables.AreaList, api_tables.AreaDetail),
    *pair("contributor-types", "contributor_type", api_tables.ContributorTypeList,
          api_tables.ContributorTypeDetail),
]  # fmt: skip
money = [
    *pair("books", "books", api_books.BooksList, api_books.BooksDetail, "slug:code"),
    path("postings/", api_books.PostingList.as_view(), name="api_posting_list"),
    path("entries/", EntryList.as_view(), name="api_entry_list"),
    path("entries/totals/", EntryTotals.as_view(), name="api_entry_totals"),
    path("entries/<int:pk>/", EntryDetail.as_view(), name="api_entry"),
    path("contributions/<uuid:uuid>/", ContributionDetail.as_view(), name="api_contribution"),
    *pair("reports-due", "report_due", api_reports_due.ReportDueList,
          api_reports_due.ReportDueDetail, "uuid:uuid"),
    path("exchange-rates/", api_rates.RateList.as_view(), name="api_rate_list"),
]  # fmt: skip
hoped_for = [
    *pair("target-sets", "target_set", targets.TargetSetList, targets.TargetSetDetail,
          "slug:code"),
    *pair("indicators", "indicator", measured.IndicatorList, measured.IndicatorDetail),
    *pair("measurements", "measurement", measured.MeasurementList, measured.MeasurementDetail,
          "uuid:uuid"),
    *pair("documents", "document", measured.DocumentList, measured.DocumentDetail),
    *pair("published-figures", "published_figure", measured.PublishedFigureList,
          measured.PublishedFigureDetail),
]  # fmt: skip
figures = [
    path("dashboard/", api.Dashboard.as_view(), name="api_dashboard"),
    path("scorecard/", api.Scorecard.as_view(), name="api_scorecard"),
    path("history/", api.History.as_view(), name="api_history"),
    path("bases/", api.Bases.as_view(), name="api_bases"),
    path("donors/<slug:code>/statement/<int:year>/", api_donor.Statement.as_view(),
         name="api_statement"),
    path("donors/<slug:code>/profile/<int:year>/", api_donor.Profile.as_view(),
         name="api_profile"),
]  # fmt: skip
told = [
    *pair("updates", "update", api_told.UpdateList, api_told.UpdateDetail, "uuid:uuid"),
    *pair("publications", "publication", api_told.PublicationList, api_told.PublicationDetail,
          "uuid:uuid"),
    *pair("jobs", "job", api_told.JobList, api_told.JobDetail, "uuid:uuid"),
]  # fmt: skip
reading = [
    *pair("donors", "donor", DonorList, DonorDetail, "slug:code"),
    *money, *tables, *hoped_for, *figures, *told,
]  # fmt: skip
