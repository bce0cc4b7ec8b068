"""One call: its record, its states, and what is common to all of them."""
