"""Demonstration books: a second ledger that reproduces the 2022 progress report.

Nothing in them is UN-Habitat's own figure of a day. What is printed or audited is kept to the
cent; the rest is arithmetic, without chance. docs/demonstration.md gives the rule of each amount.
"""

from django.utils.translation import gettext_noop

BOOKS = "DEMO"
NAME_OF_BOOKS = gettext_noop("Demonstration books (not UN-Habitat's figures)")
