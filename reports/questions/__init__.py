"""A donor says that a figure looks wrong; an officer answers. Each module does one step."""
