"""What every room may use: ids, clock, units and the base error. Imports nothing of ours."""
