"""Who works when: one person's cheapest legal line, all lines together, and checkers that share no code with them."""
