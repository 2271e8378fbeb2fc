"""What a funding dialogue tells beside the books: expenditure and items, entered and approved."""
