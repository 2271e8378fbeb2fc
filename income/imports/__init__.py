"""Files into the ledger: read, matched to the portal's fields, judged row by row, posted whole."""
