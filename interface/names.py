"""Names that stand in another language than their reader's, and say so."""

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from interface.formatting import is_right_to_left

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"


class Name(str):
    """A name with the language it is in (a Django code): there is none in the reader's.

    In a sentence it is a plain text again, set apart where it runs the other way.
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> "Name":
        name = super().__new__(cls, text)
        name.language = language
        return name

    def __str__(self) -> str:
        plain = "".join(self)
        if is_right_to_left(self.language) == is_right_to_left():
            return plain
        return f"{FIRST_STRONG_ISOLATE}{plain}{POP_ISOLATE}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return "".join(self), self.language


def shown(text: object) -> SafeString:
    """A name or a typed text, apart from the direction of what stands around it.

    A name that is not there in the reader's language has its own `lang` and `dir`, and a mark.
    """
    name = text if isinstance(text, str) else str(text)
    if not isinstance(name, Name) or name.language == get_language():
        return mark_safe(f"<bdi>{conditional_escape(name)}</bdi>")  # noqa: S308  escaped
    return format_html(
        '<bdi lang="{}" dir="{}">{}</bdi><span class="other-language"> {}</span>',
        name.language, "rtl" if is_right_to_left(name.language) else "ltr", "".join(name),
        _mark(name.language),
    )  # fmt: skip


def _mark(language: str) -> str:
    if language == "en":
        return _("in English")
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language
