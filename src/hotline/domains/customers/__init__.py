"""Whom the tenant serves: persons and organisations, how to reach them, where they live, which meters they have."""
