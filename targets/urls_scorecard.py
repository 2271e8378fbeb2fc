"""Addresses of measurements, owners and economy lists."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
