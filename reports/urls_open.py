"""Addresses of public files, which have no language."""

from django.urls import path

from reports.views import open_files

urlpatterns = [
    path("robots.txt", open_files.robots, name="robots"),
    path("sitemap.xml", open_files.sitemap, name="open_sitemap"),
    path("data/datapackage.json", open_files.package, name="open_package"),
    path("data/dataset.jsonld", open_files.dataset_file, name="open_dataset"),
    path("data/iati/activities.xml", open_files.iati_file, {"name": "activities.xml"},
         name="open_iati_activities"),
    path("data/iati/organisation.xml", open_files.iati_file, {"name": "organisation.xml"},
         name="open_iati_organisation"),
    path("data/ceb/<int:year>/<str:name>", open_files.ceb_file, name="open_ceb_file"),
    path("data/<slug:file>.csv", open_files.data_csv, name="open_csv"),
    path("data/<slug:file>.xlsx", open_files.data_xlsx, name="open_xlsx"),
]  # fmt: skip
