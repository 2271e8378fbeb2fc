"""What machines that walk the public pages are told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from reports.open.places import Address

Absolute = Callable[[str], str]


@dataclass(frozen=True)
class Listed:
    """One page in one language, with its addresses in all of them; whole addresses."""

    address: str
    each: tuple[tuple[str, str], ...]


def sitemap(addresses: Iterable[Address], absolute: Absolute) -> list[Listed]:
    """Every page in every language."""
    codes = [code for code, _name in settings.LANGUAGES]
    found = []
    for one in addresses:
        each = tuple((code, absolute(one.in_language(code))) for code in codes)
        found += [Listed(address, each) for _code, address in each]
    return found


def robots(*, is_open: bool, absolute: Absolute) -> str:
    """Only what has its language in its address, and the data; nothing while pages are closed."""
    lines = ["User-agent: *"]
    if is_open:
        lines += [f"Allow: /{code}/" for code, _name in settings.LANGUAGES]
        lines += ["Allow: /data/", "Allow: /static/", "Allow: /sitemap.xml"]
        lines += [f"Disallow: /{code}/verify/" for code, _name in settings.LANGUAGES]
    lines.append("Disallow: /")
    if is_open:
        lines += ["", f"Sitemap: {absolute(reverse('open_sitemap'))}"]
    return "\n".join(lines) + "\n"
