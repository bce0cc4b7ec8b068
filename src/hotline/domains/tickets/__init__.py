"""Matters that are followed across contacts until the customer confirms."""
