"""Addresses of measurements, owners and economy lists."""

from django.urls import path

from targets import addresses
from targets.views import economies, measurements

urlpatterns = [
    path("economies/", economies.economy_list_list, name="economy_list_list"),
    path("economies/new/", economies.economy_list_new, name="economy_list_new"),
    path(
        "economies/<uuid:uuid>/decide/", economies.economy_list_decide, name="economy_list_decide"
    ),
    path(
        "measurements/<uuid:uuid>/decide/",
        measurements.measurement_decide,
        name="measurement_decide",
    ),
    path("<indicator:code>/measure/", measurements.measurement_new, name="measurement_new"),
    path("<indicator:code>/owner/", measurements.indicator_owner, name="indicator_owner"),
]

__all__ = ["addresses", "urlpatterns"]
