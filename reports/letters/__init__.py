"""Letters to donors, made from the books: facts, texts, the file, and filing it."""
