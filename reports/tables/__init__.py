"""Figures as tables, formatted for their reader; each module one subject."""
