"""Terms explained where they stand: a button opens a note, without a script (Popover API).

A term is explained once in an answer, where it first stands; after that it is a word as any other.
Its note has an identifier of its own in what HTMX fetches, so that it stays unique on the page.
"""

import re

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from interface.formatting import current_language, is_right_to_left
from interface.icons import drawn
from interface.terms import Term, term_shown_as, terms

register = template.Library()

NAME = re.compile(r"[\w-]+")


@register.simple_tag(takes_context=True)
def term(context: template.Context, code: str, shown: str = "") -> str:
    """The term's name, or the words `shown` for it, as a button that explains it.

    Never inside a link, a label, an option or another button. Raises KeyError without such a term.
    """
    found = terms()[code]
    words = conditional_escape(shown or found.name)
    note = _note(context, found)
    return _button(found, context, words, "term") + note if note else words


@register.simple_tag(takes_context=True)
def term_mark(context: template.Context, code: str) -> str:
    """A small button beside a label or link that shows the term; nothing if it is explained."""
    found = terms()[code]
    note = _note(context, found)
    if not note:
        return ""
    name = _("What “%(term)s” means") % {"term": found.name}
    words = format_html('{}<span class="visually-hidden">{}</span>', drawn("information"), name)
    return _button(found, context, words, "term-mark") + note


@register.simple_tag(takes_context=True)
def explained(context: template.Context, label: str) -> str:
    """A heading; one that shows a term explains it."""
    code = term_shown_as(label)
    return term(context, code, label) if code else conditional_escape(label)


@register.simple_tag(takes_context=True)
def explained_mark(context: template.Context, label: str) -> str:
    """What explains a label or link that shows a term; nothing beside any other."""
    code = term_shown_as(label)
    return term_mark(context, code) if code else ""


def _button(found: Term, context: template.Context, words: str, kind: str) -> SafeString:
    return format_html(
        '<button type="button" class="{}" popovertarget="{}">{}</button>',
        kind, _identifier(found, context), words,
    )  # fmt: skip


def _note(context: template.Context, found: Term) -> SafeString:
    """The note; nothing where the answer has it already, or answers nobody's request."""
    request = getattr(context, "request", None)
    if request is None:
        return SafeString("")
    seen: set[str] = vars(request).setdefault("explained_terms", set())
    if found.code in seen:
        return SafeString("")
    seen.add(found.code)
    return format_html(
        '<span popover class="term-note" id="{}" role="note" lang="{}" dir="{}">'
        '<b>{}</b> {} <a href="{}#{}">{}</a></span>',
        _identifier(found, context), current_language(),
        "rtl" if is_right_to_left() else "ltr", found.name, found.meaning,
        reverse("terms"), found.code, _("All terms"),
    )  # fmt: skip


def _identifier(found: Term, context: template.Context) -> str:
    place = context.request.headers.get("HX-Target", "")  # type: ignore[attr-defined]
    return f"term-{found.code}" + (f"-{place}" if NAME.fullmatch(place) else "")
