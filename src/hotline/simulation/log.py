"""What the simulated world writes down, for `counters` to count. Compiles unchanged with mypyc."""

from typing import Final

# What an agent's changes of state come to.
OFF: Final = 0
FREE: Final = 1  # also while the telephone rings
WORKING: Final = 2


class Log:
    """What happened, in parallel lists; `counters` takes it away from time to time. Contact % kinds is the kind."""

    __slots__ = (
        "abandoned_at",
        "abandoned_contact",
        "abandoned_wait",
        "answered",
        "blocked_at",
        "blocked_kind",
        "diverted_at",
        "diverted_contact",
        "diverted_wait",
        "duty",
        "late_at",
        "late_contact",
        "late_wait",
        "own",
        "promised_at",
        "promised_contact",
        "promised_wait",
        "queued_at",
        "queued_contact",
        "retried_at",
        "retried_kind",
        "tiers",
        "unreached_at",
        "unreached_contact",
        "unreached_wait",
    )

    def __init__(self) -> None:
        self.answered: list[int] = []  # four numbers each: time, wait, contact, length of the conversation
        self.abandoned_at: list[int] = []
        self.abandoned_contact: list[int] = []
        self.abandoned_wait: list[int] = []
        self.diverted_at: list[int] = []  # sent away by the rules: queue full, waited too long, disaster mode
        self.diverted_contact: list[int] = []
        self.diverted_wait: list[int] = []
        self.promised_at: list[int] = []  # accepted a call-back
        self.promised_contact: list[int] = []
        self.promised_wait: list[int] = []
        self.late_at: list[int] = []  # called back and reached
        self.late_contact: list[int] = []
        self.late_wait: list[int] = []
        self.unreached_at: list[int] = []  # called back in vain
        self.unreached_contact: list[int] = []
        self.unreached_wait: list[int] = []
        self.queued_at: list[int] = []  # found nobody free in the moment of asking
        self.queued_contact: list[int] = []
        self.blocked_at: list[int] = []
        self.blocked_kind: list[int] = []
        self.retried_at: list[int] = []  # asked once more
        self.retried_kind: list[int] = []
        self.own: list[int] = []  # three numbers each: asked, contact, whether their own agent answered (1) or another
        self.tiers: list[int] = []  # time * 2 + whether a reserve team came (1) or went (0)
        self.duty: list[int] = []  # time * 16 + what the agent was before * 4 + what the agent is now
