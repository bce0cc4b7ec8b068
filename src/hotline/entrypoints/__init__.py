"""The processes and commands: wiring and settings, nothing else."""
