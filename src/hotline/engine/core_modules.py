"""Which modules of the engine are its core: integers only, and compiled by mypyc where `make compiled` was run."""

from typing import Final

CORE: Final = (
    *("codes", "records", "work", "matching", "world", "configuring", "core", "arrivals", "offers", "conversations"),
    *("transfers", "presence", "monitoring", "reconciliation", "timers", "snapshot", "callbacks", "eligibility"),
    *("apply", "apply_agents", "apply_contacts", "apply_talks", "apply_transfers", "apply_own_calls"),
    *("gauges", "ladders", "settings", "steps", "own_calls"),
)
