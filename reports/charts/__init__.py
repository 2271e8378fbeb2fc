"""Figures as charts: what to draw, its labels, the sentence that says what it shows."""
