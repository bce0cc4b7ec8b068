"""Which modules of the engine mypyc compiles where `make compiled` was run: its core, integers only, and what stands
between the core and messages. Records that msgspec makes are in modules of their own, which are never compiled: a
compiled class could no longer be read."""

from typing import Final

CORE: Final = (
    *("codes", "records", "work", "matching", "world", "configuring", "core", "arrivals", "offers", "conversations"),
    *("transfers", "presence", "monitoring", "reconciliation", "timers", "snapshot", "callbacks", "eligibility"),
    *("apply", "apply_agents", "apply_contacts", "apply_talks", "apply_transfers", "apply_own_calls"),
    *("gauges", "ladders", "settings", "steps", "own_calls", "apply_nodes", "absences", "hours"),
)

BOUNDARY: Final = (
    *("boundary", "commands", "to_messages", "from_messages", "names", "interner", "reading", "effects", "admission"),
    *("callers", "tally", "alarms", "waits", "chosen", "call_hours", "calendar_hours"),
)
COMPILED: Final = (*CORE, *BOUNDARY)
