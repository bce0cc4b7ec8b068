"""Forecast of arrivals and handle time by series and interval; docs/planning.md shows how to use it in a notebook."""
