"""Random worlds around the live routing engine: what planners simulate is exactly what customers get."""
