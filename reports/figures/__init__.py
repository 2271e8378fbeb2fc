"""Figures are computed once: a question goes in, one typed, immutable object comes out.

Pages, charts, files and the API render that object and compute nothing themselves.
"""
