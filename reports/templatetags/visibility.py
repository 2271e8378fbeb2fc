"""The line that says who sees a block, on the page that an officer looks at as a donor."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.visibility import block_called

register = template.Library()


@register.simple_tag(takes_context=True)
def seen_by(context: template.Context, code: str) -> SafeString:
    """Who sees the block with the code; nothing on everybody's own page."""
    if not context.get("as_donor"):
        return SafeString("")
    block = block_called(code)
    return format_html('<p class="seen-by"><b>{}</b> {}</p>', block.label, block.told)
