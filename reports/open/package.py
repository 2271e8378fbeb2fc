"""The descriptor of the data files as a data package, and as a schema.org Dataset."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.open.data import NEUTRAL, Made, csv_of, open_files
from reports.open.dictionary import Column
from reports.open.responses import Opened

Absolute = Callable[[str], str]
PUBLISHER = "United Nations Human Settlements Programme (UN-Habitat)"


def made_files(opened: Opened) -> tuple[Made, ...]:
    """Every open data file as it is handed out."""
    return tuple(csv_of(file, opened.published) for file in open_files(opened))


def data_package(opened: Opened, absolute: Absolute) -> dict[str, Any]:
    """The descriptor: every open file with its columns, bytes and hash. In English."""
    with override(NEUTRAL):
        published = opened.published
        return {
            "profile": "tabular-data-package",
            "name": f"income-{published.ledger.code.lower()}",
            "title": _title(opened),
            "description": _description(opened),
            "version": f"{published.as_at.slug}.{published.sequence}",
            "created": published.published_on.isoformat(),
            "homepage": absolute(_page(NEUTRAL)),
            "resources": [_resource(made) for made in made_files(opened)],
        }


def _resource(made: Made) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": made.file.name,
        "path": made.address.removeprefix("/data/"),
        "title": str(made.file.title),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "bytes": len(made.content),
        "hash": f"sha256:{made.sha256}",
        "schema": {"fields": [_field(column) for column in made.file.columns],
                   "missingValues": [""]},
    }  # fmt: skip


def _field(column: Column) -> dict[str, str]:
    found = {"name": column.name, "type": column.type, "description": str(column.meaning)}
    return {**found, "unit": column.unit} if column.unit else found


def dataset(opened: Opened, absolute: Absolute, language: str) -> dict[str, Any]:
    """What search engines read of the downloads, in the language."""
    with override(language):
        return {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "name": _title(opened),
            "description": _description(opened),
            "url": absolute(_page(language)),
            "inLanguage": NEUTRAL,
            "isAccessibleForFree": True,
            "datePublished": opened.published.published_on.isoformat(),
            "version": f"{opened.published.as_at.slug}.{opened.published.sequence}",
            "temporalCoverage": f"../{opened.published.as_at.last_day.isoformat()}",
            "creator": {"@type": "Organization", "name": PUBLISHER},
            "variableMeasured": sorted(
                {column.name for file in open_files(opened) for column in file.own}
            ),
            "distribution": [
                {
                    "@type": "DataDownload", "name": str(made.file.title),
                    "encodingFormat": "text/csv", "contentUrl": absolute(made.address),
                    "contentSize": f"{len(made.content)} B", "sha256": made.sha256,
                }
                for made in made_files(opened)
            ],
        }  # fmt: skip


def _page(language: str) -> str:
    with override(language):
        return reverse("open_downloads")


def _title(opened: Opened) -> str:
    if opened.published.ledger.is_demonstration:
        return _("Income of UN-Habitat – demonstration, not UN-Habitat's figures")
    return _("Income of UN-Habitat")


def _description(opened: Opened) -> str:
    return _(
        "Voluntary contributions received and regular budget allotted, to %(month)s, by fund, "
        "donor, region and year, in United States dollars."
    ) % {"month": opened.published.as_at}
