"""Addresses of accounts."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import saved_view_views, settings_views, views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("my-settings/", settings_views.my_settings, name="my_settings"),
    path("accounts/", views.account_list, name="account_list"),
    path("accounts/new/", views.account_new, name="account_new"),
    path("accounts/<uuid:uuid>/allow/", views.account_allow, name="account_allow"),
    path("audit/", views.audit_list, name="audit_list"),
    path("views/save/", saved_view_views.saved_view_save, name="saved_view_save"),
    path("views/<int:pk>/delete/", saved_view_views.saved_view_delete, name="saved_view_delete"),
]
