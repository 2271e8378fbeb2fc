"""Addresses of a donor's own page, its data and statements."""

from django.urls import path

from reports.views import donor, donor_data, merging, statements

urlpatterns = [
    path("donors/<slug:code>/", donor.donor, name="donor"),
    path("donors/<slug:code>/as-donor/", donor.donor_as_donor, name="donor_as_donor"),
    path("donors/<slug:code>/archive.zip", donor_data.donor_archive, name="donor_archive"),
    path("donors/<slug:code>/merge/", merging.donor_merge, name="donor_merge"),
    *(
        path(
            f"donors/<slug:code>/entries.{form}",
            donor_data.donor_entries,
            {"form": form},
            name=f"donor_entries_{form}",
        )
        for form in ("csv", "xlsx")
    ),
    path("my/", donor.my_donor, name="my_donor"),
    path("my/documents/<uuid:uuid>/", donor_data.my_document, name="my_document"),
    path("statements/<slug:code>/<int:year>.pdf", statements.statement_pdf, name="statement_pdf"),
    path(
        "acknowledgements/<slug:code>/<int:sequence>-<int:line>.pdf",
        statements.acknowledgement_pdf,
        name="acknowledgement_pdf",
    ),
]
