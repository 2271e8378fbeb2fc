"""Files without a language: data, descriptors, published standards, what crawlers ask for."""

import json
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.models import PublicationFile, PublicationKind
from reports.open import crawlers
from reports.open.data import NEUTRAL, csv_of, open_files, xlsx_of
from reports.open.dictionary import DataFile
from reports.open.package import data_package, dataset
from reports.open.places import addresses
from reports.open.policy import open_parts
from reports.open.responses import MAX_AGE, Opened, kept, make_nobodys, open_page, opened_for
from reports.open.state import published
from reports.publications.listing import published_files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATASET = "application/ld+json"


@open_page("data")
def data_csv(request: HttpRequest, opened: Opened, file: str) -> HttpResponse:
    """One data file."""
    content = csv_of(_open(opened, file), opened.published).content
    return _file(content, "text/csv; charset=utf-8", f"{file}.csv")


@open_page("data")
def data_xlsx(request: HttpRequest, opened: Opened, file: str) -> HttpResponse:
    """The same as a workbook."""
    return _file(xlsx_of(_open(opened, file), opened.published), XLSX, f"{file}.xlsx")


def _open(opened: Opened, name: str) -> DataFile:
    for one in open_files(opened):
        if one.name == name:
            return one
    raise Http404


@open_page("data")
def package(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The data package that describes the CSV files."""
    return _json(data_package(opened, request.build_absolute_uri), "application/json")


@open_page("data")
def dataset_file(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The same for search engines, as schema.org calls it."""
    return _json(dataset(opened, request.build_absolute_uri, NEUTRAL), DATASET)


def _json(content: dict[str, Any], kind: str) -> HttpResponse:
    return HttpResponse(json.dumps(content, ensure_ascii=False, indent=1), content_type=kind)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def iati_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The newest published IATI file of that name, as it was stored."""
    opened_for("iati")
    return _stored(request, PublicationKind.IATI, name)


@require_safe
def ceb_file(request: HttpRequest, year: int, name: str) -> HttpResponseBase:
    """A published UN CEB file of the year, as it was stored."""
    opened_for("ceb")
    return _stored(request, PublicationKind.CEB, name, year)


def _stored(
    request: HttpRequest, kind: str, name: str, year: int | None = None
) -> HttpResponseBase:
    """The stored bytes, read as they are sent; their hash is known without reading them."""
    make_nobodys(request)
    file = _found(kind, name, year)
    etag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = FileResponse(
            file.file.open("rb"), content_type=file.content_type, filename=file.name,
            as_attachment=not file.name.endswith(".xml"),
        )  # fmt: skip
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def _found(kind: str, name: str, year: int | None) -> PublicationFile:
    for file in published_files(kind):
        if file.name == name and year in (None, file.publication.as_at.year):
            return file
    raise Http404


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every public page that is open, in every language."""
    is_shared = make_nobodys(request)
    context = {"pages": crawlers.sitemap(addresses(_opened()), request.build_absolute_uri)}
    response = render(request, "reports/open_sitemap.xml", context, "application/xml")
    return kept(request, response, is_shared=is_shared)


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """What crawlers may read: the public pages, where they are open."""
    is_shared = make_nobodys(request)
    text = crawlers.robots(is_open=_opened() is not None, absolute=request.build_absolute_uri)
    return kept(request, HttpResponse(text, content_type="text/plain"), is_shared=is_shared)


def _opened() -> Opened | None:
    parts = open_parts()
    found = published() if parts else None
    return Opened(found, parts) if found else None
