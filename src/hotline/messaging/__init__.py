"""Drivers that carry one message out of the house: e-mail, SMS, web-hook, and a simulated one. No Django here."""
