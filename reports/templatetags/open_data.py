"""What the page of the downloads tells machines."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# What could end the element early is written as JSON's own escapes.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@register.filter
def dataset_script(dataset: dict[str, Any]) -> SafeString:
    """The dataset as a data block, which browsers do not run and the policy does not concern."""
    text = json.dumps(dataset, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped
