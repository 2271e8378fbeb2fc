"""Addresses of the monthly updates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
