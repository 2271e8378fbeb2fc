"""Addresses of target sets that are entered and approved."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
