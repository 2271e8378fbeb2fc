"""Tags about the address of a page."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language_from_path, override

from interface import addresses

register = template.Library()


@dataclass(frozen=True)
class LanguageAddresses:
    """One public page in every language, without a question, as machines read it in its head.

    `canonical` is the page as it is open; `neutral` has no language and leads to the reader's.
    """

    canonical: str
    neutral: str
    each: tuple[tuple[str, str], ...]


@register.simple_tag(takes_context=True)
def page_address(context: template.Context) -> str:
    """Where the reader is, and what leads back there; empty where nobody knows.

    A view that answers what was sent with a page says `page_address` itself if its own takes no
    GET.
    """
    if said := context.get("page_address"):
        return str(said)
    request: HttpRequest | None = context.get("request")
    return addresses.page_address(request) if request else ""


@register.simple_tag(takes_context=True)
def language_addresses(context: template.Context) -> LanguageAddresses | None:
    """The whole addresses of a page that has its language in the address; None of any other."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    if request is None or match is None:
        return None
    here = get_language_from_path(request.path_info)
    if here is None:
        return None
    each = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        each.append((code, request.build_absolute_uri(path)))
    neutral = request.build_absolute_uri(request.path_info.removeprefix(f"/{here}"))
    return LanguageAddresses(dict(each)[here], neutral, tuple(each))
