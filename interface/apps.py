"""Registration of the interface with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterfaceConfig(AppConfig):
    """Pages, charts, tables, formats: no models."""

    name = "interface"
    verbose_name = _("Interface")

    def ready(self) -> None:
        from interface import deployment  # noqa: F401  registers a check
