"""Addresses of jobs."""

from django.urls import path

from jobs import views

urlpatterns = [path("<uuid:uuid>/", views.job, name="job")]
