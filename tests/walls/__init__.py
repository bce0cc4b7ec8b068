"""A Django app with the smallest tables on which the walls between tenants can be tested."""
