"""Addresses of invitations."""

from django.urls import URLPattern, path

from donors import invitation_views as views

urlpatterns: list[URLPattern] = [
    path("", views.invitation_list, name="invitation_list"),
    path("new/", views.invitation_new, name="invitation_new"),
    path("accept/", views.invitation_answer, name="invitation_answer"),
    path("<uuid:uuid>/again/", views.invitation_again, name="invitation_again"),
    path("<uuid:uuid>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("<str:token>/", views.invitation_accept, name="invitation_accept"),
]
