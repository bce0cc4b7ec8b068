"""Forecast, staffing, roster: pure."""
