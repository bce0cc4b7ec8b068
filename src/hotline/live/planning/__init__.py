"""Long work of planners: a process each, followed by the worker."""
