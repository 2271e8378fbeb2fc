"""One pass over a file, and what is made of it: a check, postings, an undoing."""
