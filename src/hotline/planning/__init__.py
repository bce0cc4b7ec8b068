"""Planning: how many will ask, and what that needs. Pure: no clock, no chance, no Django."""
