"""The reports to donors, each worded and formatted in one language, ready to be sealed."""
