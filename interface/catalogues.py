"""Finds the translatable texts of Django templates for Babel (named in pyproject.toml).

Django can rewrite a template as calls of gettext, meant for GNU xgettext, which a bare machine
lacks. Babel's own reader of Python refuses the result, which is not Python; the calls in it are.
"""

import ast
import re
from collections.abc import Iterator
from typing import IO

from django.utils.translation.template import templatize

LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(({LITERAL}(?:,\s*{LITERAL})*)(?:,\s*count)?\)")

Message = tuple[int, str, str | tuple[str, ...], list[str]]


def extract_template(
    fileobj: IO[bytes], keywords: object, comment_tags: object, options: dict[str, str]
) -> Iterator[Message]:
    """Yield (line, function, text or texts, comments) of each message, as Babel wants them."""
    source = templatize(fileobj.read().decode("utf-8"))
    for call in CALL.finditer(source):
        line = source.count("\n", 0, call.start()) + 1
        texts: tuple[str, ...] = ast.literal_eval(f"({call[2]},)")
        yield line, call[1], texts if len(texts) > 1 else texts[0], []
