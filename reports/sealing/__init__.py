"""Reports as sealed files: made once for the same books, signed, verified, superseded."""
