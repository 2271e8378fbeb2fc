"""Figures as files: rows of CSV files and workbooks; each module one subject."""
