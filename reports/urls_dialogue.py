"""Addresses of the funding-dialogue pack."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
