"""The whole installation in one file, and back: any of its databases, into either kind."""
