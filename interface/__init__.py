"""Floor 0: how pages are made, knowing no subject."""
