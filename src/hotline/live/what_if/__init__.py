"""What-ifs in the worker: the replay runs in a process of its own, so that nothing else of the worker waits for it."""
