"""How many people each interval needs; pure."""
