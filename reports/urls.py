"""Addresses of each role's first page and of the pages about the portal itself."""

from django.urls import path

from reports.views import about, home

urlpatterns = [
    path("", home.home, name="home"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("style/", about.style_page, name="style_page"),
]
