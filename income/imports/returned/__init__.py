"""The file as it goes back to who sent it, and the template it may come from."""
