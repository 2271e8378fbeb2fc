from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import (  # noqa: F401  listen to allauth, register mail and schema
            api_keys,
            api_schema,
            append_only,
            factors,
            sign_in_mail,
        )
        from accounts.audit import signing_in

        signing_in.connect()
