"""What is open to everybody: the state that was published, and what of it the agency shows."""
