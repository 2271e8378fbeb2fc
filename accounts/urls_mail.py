"""Addresses of outgoing mail."""

from django.urls import path

from accounts import outgoing_mail_views as views

urlpatterns = [
    path("", views.outgoing_mail, name="outgoing_mail"),
    path("<uuid:uuid>/settle/", views.outgoing_mail_settle, name="outgoing_mail_settle"),
    path("<uuid:uuid>/again/", views.outgoing_mail_again, name="outgoing_mail_again"),
]
