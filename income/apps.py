from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncomeConfig(AppConfig):
    name = "income"
    verbose_name = _("Income")
    default_auto_field = "django.db.models.BigAutoField"
