"""Through which shared pool an agent of another tenant serves a contact. Asked for messages and screens only."""

from collections.abc import Sequence

from hotline.engine.core import Engine


class SharedPools:
    """The pools of the configuration in force, by the numbers that its rings bear."""

    __slots__ = ("_engine", "_ids")

    def __init__(self, engine: Engine, ids: Sequence[str]) -> None:
        self._engine = engine
        self._ids = ids

    def opened(self, queue: int, ring: int) -> str | None:
        """The pool whose ring it is, None for a ring of the queue's own agents."""
        rings = self._engine.queues[queue].rings
        return self._text(rings[ring].pool) if ring < len(rings) else None

    def between(self, contact: int, agent: int) -> str | None:
        """The pool through which the agent reaches the contact of another tenant, None for an own agent."""
        asked = self._engine.contacts.get(contact)
        found = self._engine.agents.get(agent)
        return None if asked is None or found is None else self._text(found.profile.pool_for(asked.queue, asked.ring))

    def _text(self, number: int) -> str | None:
        return self._ids[number - 1] if number else None
