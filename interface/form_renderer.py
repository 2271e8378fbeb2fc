"""How widgets become HTML: as Django's templates do it, lists to choose from in one go.

A list of donors has some hundred options, and a template for each of them is most of the time
that a page with a form takes.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"


class QuickRenderer(DjangoTemplates):
    """Django's renderer; `<select>` is written without a template."""

    def render(
        self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None
    ) -> str:
        if template_name == SELECT:
            return _select(context["widget"])
        return super().render(template_name, dict(context), request)


def _select(widget: Mapping[str, Any]) -> SafeString:
    """The list with its groups and options."""
    groups = format_html_join("\n", "{}", ((_group(*group[:2]),) for group in widget["optgroups"]))
    name, attributes = widget["name"], _attributes(widget["attrs"])
    return format_html('<select name="{}"{}>\n{}\n</select>', name, attributes, groups)


def _group(label: str | None, options: list[Mapping[str, Any]]) -> SafeString:
    written = SafeString("\n".join(map(_option, options)))
    if not label:
        return written
    return format_html('<optgroup label="{}">\n{}\n</optgroup>', label, written)


def _option(option: Mapping[str, Any]) -> str:
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    """True stands for an attribute without a value, False for none."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value),)
            for name, value in attributes.items()
            if value is not False
        ),
    )
