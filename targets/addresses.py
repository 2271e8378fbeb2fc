"""How the code of an indicator stands in an address: `A1`, never the name of another page."""

from django.urls import register_converter


class IndicatorCode:
    """A capital letter, the action's, and a number."""

    regex = "[A-Z][0-9]{1,6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(IndicatorCode, "indicator")
