"""The texts behind the core's integers, one interner per family, and what is remembered of texts alone."""

from itertools import islice

from hotline.engine import codes as c
from hotline.engine.interner import Columns, Interner


class Memory(dict[str, str]):
    """The latest keys that were noted, each with a word: `most` of them at least, an eighth more at most, since the
    oldest are forgotten many at a time.

    A dictionary itself, since every command asks it: change it by `note` only."""

    __slots__ = ("_limit", "most")

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self._limit = most + most // 8

    def note(self, key: str, word: str = "") -> None:
        """Remember the key."""
        if key not in self:
            self[key] = word
            if len(self) > self._limit:
                for oldest in tuple(islice(self, len(self) - self.most)):
                    del self[oldest]

    def word(self, key: str) -> str | None:
        """The word noted with the key, or None."""
        return self.get(key)

    def words(self) -> dict[str, str]:
        """Keys and words, the oldest first."""
        return self


def session_key(agent_id: str, session_id: str) -> str:
    """What a session is interned as: two agents may name theirs alike."""
    return f"{agent_id} {session_id}"


def session_of(key: str) -> str:
    """The session's id in its key."""
    return key.partition(" ")[2]


class Names:
    """Interners by family. `core` families are given back when the core has forgotten the id."""

    __slots__ = (
        "agents",
        "families",
        "groups",
        "journal",
        "ladders",
        "nodes",
        "persons",
        "queues",
        "reasons",
        "sites",
        "skills",
        "tenants",
        "tiers",
    )

    def __init__(self) -> None:
        self.journal: list[Interner] = []
        self.agents = Interner(self.journal)
        self.queues = Interner(self.journal)
        self.tenants = Interner(self.journal)
        self.skills = Interner(self.journal)
        self.persons = Interner(self.journal)
        self.reasons = Interner(self.journal)
        self.groups = Interner(self.journal)
        self.sites = Interner(self.journal)
        self.ladders = Interner(self.journal)
        self.tiers = Interner(self.journal)
        self.nodes = Interner(self.journal)
        self.families = tuple(Interner(self.journal) for _ in range(c.FAMILIES))

    def _all(self) -> tuple[Interner, ...]:
        kept = (self.agents, self.queues, self.tenants, self.skills, self.persons, self.reasons)
        return (*kept, *self.families, self.groups, self.sites, self.ladders, self.tiers, self.nodes)

    def take_back(self) -> None:
        """Forget what is in the journal, which whoever decides clears before: a command that had no effect leaves no
        trace."""
        while self.journal:
            self.journal.pop().take_back()

    def to_columns(self) -> list[Columns]:
        """What all interners hold."""
        return [interner.to_columns() for interner in self._all()]

    def read_columns(self, columns: list[Columns]) -> None:
        """Become what `to_columns` described."""
        # Snapshots of version 1 have no groups, sites, ladders and tiers, older ones of version 2 no nodes.
        for interner, own in zip(self._all(), columns, strict=False):
            interner.read_columns(own)

    def reason(self, text: str | None) -> int:
        """The integer of an agent state's reason: the house's own code or an interned one."""
        if not text:
            return c.NO_REASON
        if text in c.HOUSE_REASONS:
            return c.HOUSE_REASONS.index(text)
        return self.reasons.id(text)

    def reason_text(self, reason: int) -> str | None:
        """The reason in words, None for none."""
        if reason < c.FIRST_INTERNED:
            return c.HOUSE_REASONS[reason] or None
        return self.reasons.text(reason)

    def person(self, text: str | None) -> int:
        """The integer of a supervisor, 0 for nobody."""
        return 0 if text is None else self.persons.id(text)

    def person_text(self, person: int) -> str | None:
        """The supervisor's id, None for nobody."""
        return self.persons.text(person) if person else None
