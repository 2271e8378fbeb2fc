"""Which column is which field: headings, words, layouts, and the plan they make."""
