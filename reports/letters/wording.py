"""Paragraphs with placeholders: how a letter's text is edited, checked and filled in.

A placeholder such as {amount} stands for a figure, a day or a name of the books. An officer may
change the words around it; what it stands for comes from the facts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from interface.errors import PortalError

PLACEHOLDER = re.compile(r"\{(\w+)\}")
BRACES = re.compile(r"[{}]")
# What looks like an amount: five digits in a row, digits in groups, or decimals.
TYPED_FIGURE = re.compile(r"\d{5,}|\d{1,3}(?:[,.’'\u00a0\u202f ]\d{3})+(?!\d)|\d+[.,]\d{2}(?!\d)")
PARAGRAPHS = re.compile(r"\n\s*\n")


class WordingWrong(PortalError):
    """A text of a letter that cannot be printed; says what to change."""


@dataclass(frozen=True)
class Wording:
    """A letter's subject and paragraphs with placeholders, and what each of them stands for."""

    subject: str
    paragraphs: tuple[str, ...]  # from the salutation to the closing words
    values: Mapping[str, str]

    @property
    def body(self) -> str:
        """The paragraphs as a person edits them, an empty line between any two."""
        return "\n\n".join(self.paragraphs)


def filled(text: str, values: Mapping[str, str], *, field: str) -> str:
    """The text with its placeholders replaced. Raises WordingWrong, naming what is wrong.

    A figure that was typed is refused: figures come from the books.
    """
    if found := TYPED_FIGURE.search(text):
        raise WordingWrong(
            _(
                "“%(figure)s” looks like a figure that was typed. Figures come from the books: use "
                "a placeholder, or leave it to the table."
            )
            % {"figure": found[0]},
            field=field,
        )
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in values]
    if unknown or BRACES.search(PLACEHOLDER.sub("", text)):
        raise WordingWrong(
            _("%(name)s is no placeholder of this letter. Those that may be used are: %(all)s.")
            % {
                "name": f"{{{unknown[0]}}}" if unknown else "{ }",
                "all": ", ".join(f"{{{name}}}" for name in values),
            },
            field=field,
        )
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def paragraphs_of(body: str) -> tuple[str, ...]:
    """What was typed, as paragraphs; a single line break is a space."""
    parts = PARAGRAPHS.split(body.replace("\r\n", "\n").strip())
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def check_wording(subject: str, body: str, values: Mapping[str, str]) -> None:
    """Raise WordingWrong in the reader's language for what could not be filled in."""
    filled(subject, values, field="subject")
    filled(body, values, field="body")
