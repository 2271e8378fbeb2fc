"""The monthly export of the ERP: read, matched with the books, compared per fund."""
