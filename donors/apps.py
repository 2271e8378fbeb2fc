from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonorsConfig(AppConfig):
    name = "donors"
    verbose_name = _("Donors")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from donors import invitation_mail  # noqa: F401  registers the kind of mail
