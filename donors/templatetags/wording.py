"""The filter that writes a sentence of a reference table in the reader's language."""

from django import template

from donors.wording import worded

register = template.Library()
register.filter("worded", worded)
