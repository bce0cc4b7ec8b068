"""Read models for screens that cross domains."""
