"""Judges a file row by row, by the rules of the forms: what it would post, or what is wrong."""

from income.imports.judging.judge import Judge

__all__ = ["Judge"]
