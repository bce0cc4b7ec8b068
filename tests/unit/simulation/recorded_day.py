"""A day as the switch would log it: the engine with callers and agents by chance. It shares nothing with the replay."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

from hotline.engine.boundary import Router
from hotline.kernel.errors import HotlineError
from hotline.messages import routing as m
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration
from tests.unit.engine.centre import agent, queue

QUARTER_MS = 900_000
BEGIN_MS = 1_972_223 * QUARTER_MS  # some quarter of an hour
HOUR_MS = 3_600_000


def set_up(agents: int = 12, **changes: Any) -> RoutingConfiguration:
    """Two queues, agents of whom half hold both skills; `water` and `bills` change a queue."""
    queues: tuple[QueueConfiguration, ...] = (
        queue("water", ("water", 1), **{"service_level_s": 20, **changes.pop("water", {})}),
        queue("bills", ("bills", 1), is_wrap_up_automatic=True, wrap_up_s=15, **changes.pop("bills", {})),
    )
    people: tuple[AgentConfiguration, ...] = tuple(
        agent(f"a{n:02}", ("water", 5), *((("bills", 5),) if n % 2 else ()), team_id=f"team-{n % 2}")
        for n in range(agents)
    )
    return RoutingConfiguration(version=1, queues=queues, agents=people, away_reasons=("lunch",), **changes)


@dataclass
class RecordedDay:
    """Plays the house for so many hours; `log` is what the switch would have committed."""

    configuration: RoutingConfiguration
    hours: float = 5
    per_hour: float = 240
    seed: int = 1
    missed: float = 0.02
    begin_ms: int = BEGIN_MS
    new_id: Callable[[int], str] = str
    by_hand: tuple[tuple[int, type[Any], dict[str, Any]], ...] = ()  # when, after the begin, somebody orders what
    seats: dict[str, str] = field(default_factory=dict)  # by agent
    goes_home: bool = False  # whoever is there at the end is served, and everybody signs out
    log: list[m.RoutingEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._router = Router()
        self._ids = count(1)
        self._draw = random.Random(self.seed)
        self._is_open = True
        self._agenda: list[tuple[int, int, Callable[[int], None]]] = []
        self._run()

    def _next_id(self) -> str:
        return self.new_id(next(self._ids))

    def _later(self, at: float, do: Callable[[int], None]) -> None:
        heappush(self._agenda, (round(at), next(self._ids), do))

    def _give(self, kind: type[Any], at: int, **fields: Any) -> None:
        try:
            command = kind(command_id=str(next(self._ids)), at_ms=at, **fields)
            events = self._router.decide(command, at, self._next_id)
        except HotlineError:
            return
        self._note(events, at)

    def _order(self, kind: type[Any], fields: dict[str, Any], at: int) -> None:
        self._give(kind, at, **fields)

    def _run(self) -> None:
        begin, end = self.begin_ms - HOUR_MS, self.begin_ms + round(self.hours * HOUR_MS)
        self._give(m.ApplyConfiguration, begin, configuration=self.configuration)
        for number, one in enumerate(self.configuration.agents):
            seat_id = self.seats.get(one.agent_id)
            self._give(m.SignIn, begin, agent_id=one.agent_id, session_id=f"s{number}", seat_id=seat_id)
            self._state(one.agent_id, "available", begin)
            self._lunch(one.agent_id, self.begin_ms + (number + 1) * 20 * 60_000)
        for after_ms, kind, fields in self.by_hand:
            self._later(self.begin_ms + after_ms, partial(self._order, kind, fields))
        self._later(begin, self._call)
        self._play(end)
        if self.goes_home:
            self._is_open = False
            self._play(end + HOUR_MS)
            for one in self.configuration.agents:
                self._give(m.SignOut, end + HOUR_MS, agent_id=one.agent_id)

    def _play(self, end: int) -> None:
        while self._agenda and self._agenda[0][0] < end:
            at = self._agenda[0][0]
            due = self._router.next_due_ms()
            if due is not None and due <= at:
                self._note(self._router.advance(due, self._next_id), due)
            else:
                heappop(self._agenda)[2](at)

    def _lunch(self, agent_id: str, at: int) -> None:
        self._later(at, lambda at: self._state(agent_id, "away", at))
        self._later(at + 30 * 60_000, lambda at: self._state(agent_id, "available", at))

    def _state(self, agent_id: str, state: str, at: int) -> None:
        reason = "lunch" if state == "away" else None
        self._give(m.SetAgentState, at, agent_id=agent_id, state=state, reason_id=reason)

    def _call(self, at: int) -> None:
        if not self._is_open:
            return
        draw = self._draw
        contact_id = self._next_id() if self.new_id is not str else f"k{next(self._ids)}"
        queue = self.configuration.queues[0 if draw.random() < 0.7 else 1]
        given = {"tenant_id": queue.tenant_id, "node_id": "n1", "asked_at_ms": at, "arrived_at_ms": at}
        self._give(m.EnqueueContact, at, contact_id=contact_id, queue_id=queue.queue_id, **given)
        self._later(at + draw.expovariate(1 / 90_000), lambda at: self._leave(contact_id, at))
        self._later(at + draw.expovariate(self.per_hour / HOUR_MS) + 1, self._call)

    def _leave(self, contact_id: str, at: int) -> None:
        found = self._router.contact(contact_id)
        if found is not None and found.stage in ("waiting", "proposed"):
            self._end(contact_id, at)

    def _end(self, contact_id: str, at: int) -> None:
        self._give(m.EndContact, at, contact_id=contact_id, ended_by="caller", cause="hung_up")

    def _note(self, events: tuple[m.RoutingEvent, ...], at: int) -> None:
        self.log.extend(events)
        for event in events:
            self._follow(event, at)

    def _follow(self, event: m.RoutingEvent, at: int) -> None:
        draw = self._draw
        match event:
            case m.ContactOffered(offer_id=offer_id):
                if draw.random() >= self.missed:
                    ring = draw.uniform(1_000, 6_000)
                    self._later(at + ring, lambda at: self._give(m.AnswerOffer, at, offer_id=offer_id))
            case m.ContactConnected(contact_id=contact_id):
                length = draw.expovariate(1 / 120_000)
                self._later(at + length, lambda at: self._end(contact_id, at))
            case m.WrapUpStarted(contact_id=contact_id, agent_id=agent_id):
                given = {"contact_id": contact_id, "agent_id": agent_id}
                self._later(at + draw.uniform(5_000, 40_000), lambda at: self._give(m.FinishWrapUp, at, **given))
            case m.AgentStateChanged(agent_id=agent_id, state="away", reason="offer_expired"):
                self._later(at + 60_000, lambda at: self._state(agent_id, "available", at))
            case _:
                pass
