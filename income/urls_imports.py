"""Addresses of imports."""

from django.urls import path

from income.views import imports, imports_acts, imports_columns, imports_names

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/paste/", imports.import_paste, name="import_paste"),
    path("imports/template.xlsx", imports.import_template, name="import_template"),
    path("imports/<uuid:uuid>/", imports.import_page, name="import"),
    path("imports/<uuid:uuid>/columns/", imports_columns.import_columns, name="import_columns"),
    path("imports/<uuid:uuid>/names/", imports_names.import_names, name="import_names"),
    path("imports/<uuid:uuid>/names/all/", imports_names.import_names_all,
         name="import_names_all"),
    path("imports/<uuid:uuid>/repeats/", imports_acts.import_repeats, name="import_repeats"),
    path("imports/<uuid:uuid>/late/", imports_acts.import_late, name="import_late"),
    path("imports/<uuid:uuid>/check/", imports_acts.import_check, name="import_check"),
    path("imports/<uuid:uuid>/submit/", imports_acts.import_submit, name="import_submit"),
    path("imports/<uuid:uuid>/discard/", imports_acts.import_discard, name="import_discard"),
    path("imports/<uuid:uuid>/undo/", imports_acts.import_undo, name="import_undo"),
    path("imports/<uuid:uuid>/file/", imports.import_file, name="import_file"),
    path("imports/<uuid:uuid>/mark/", imports_acts.import_mark, name="import_mark"),
    path("imports/<uuid:uuid>/errors.xlsx", imports.import_errors, name="import_errors"),
]  # fmt: skip
