"""The monthly update: prepared by one person, published by another, told again beside today's."""
