"""The strategy's indicators: what the books say of each, what was measured, and how it stands."""
