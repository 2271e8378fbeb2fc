"""Who and whose a name in a file is: donors and books, known, likely or new."""
