"""Publications: the files of a standard, made from one state of the books, checked, published."""
