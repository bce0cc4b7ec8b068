"""Planning: how many will ask, what that needs, and who works when. Pure: no clock, no chance, no Django."""
