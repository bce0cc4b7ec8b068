"""Days through the live rules as lists of routing events, and how far each predictor of the wait errs in events."""

import csv
import gzip
import heapq
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from hotline.engine.boundary import Router
from hotline.engine.waits import PREDICTORS, WaitFigures
from hotline.messages import routing as m
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

HANDLE_S, PATIENCE_S = 240.0, 180.0
SLICE_S = 300
USED = "used: what erred least there lately"


class Judged(WaitFigures):
    """Learns as the switch does, and notes by queue how far each predictor was off for who came out of the line."""

    def __init__(self, is_asked: Callable[[str], bool] = lambda contact_id: True) -> None:
        super().__init__()
        self.errors: dict[tuple[str, str], list[float]] = defaultdict(list)  # (queue, predictor) -> seconds
        self._is_asked = is_asked
        self._best: dict[str, int] = {}  # contact -> the predictor that was used when it came

    def _join(self, contact_id: str, queue_id: str, at_ms: int) -> None:
        self._best[contact_id] = self._service(queue_id).best()
        super()._join(contact_id, queue_id, at_ms)

    def _contact_offered(self, event: m.ContactOffered) -> None:
        service = self._waits.get(event.contact_id)
        if service is not None and event.cause != "arrival" and self._is_asked(event.contact_id):
            place = service.line[event.contact_id]
            queue_id, wait_s = self._queue_of[event.contact_id], (event.at_ms - place.at_ms) / 1000
            if place.rate > 0:
                told = place.waits_s()
                for name, predicted_s in zip(PREDICTORS, told, strict=True):
                    self.errors[queue_id, name].append(predicted_s - wait_s)
                self.errors[queue_id, USED].append(told[self._best[event.contact_id]] - wait_s)
        super()._contact_offered(event)


def judged(events: Iterable[m.RoutingEvent], is_asked: Callable[[str], bool]) -> Judged:
    """All predictors over these events."""
    found = Judged(is_asked)
    for event in events:
        found.apply(event)
    return found


# --- a day through the live rules -------------------------------------------------------------------------------------


def is_probe(contact_id: str) -> bool:
    """Whether the caller never gives up: what they wait is what anybody would have waited then."""
    return contact_id.endswith("p")


class Day:
    """One pool of agents, its queues and callers. Every tenth caller is a probe."""

    def __init__(self, queues: dict[str, int], agents: int, seed: int) -> None:
        """`queues`: the rank of each, in points."""
        self._chance = random.Random(seed)
        self._router = Router()
        self._ids = count()
        self.now_ms = 1_700_000_000_000
        self.events: list[m.RoutingEvent] = []
        self._ends: list[tuple[int, int, str, str | None]] = []
        self._answered: set[str] = set()
        configured = tuple(
            QueueConfiguration(queue_id=id, tenant_id="t", name_zh=id, name_en=id, skills=(), wrap_up_s=30, rank=rank)
            for id, rank in queues.items()
        )
        people = tuple(
            AgentConfiguration(agent_id=f"a{n}", user_id=f"a{n}", tenant_ids=("t",), name="", team_id=None, skills=())
            for n in range(agents)
        )
        self._do(m.ApplyConfiguration, configuration=RoutingConfiguration(version=1, queues=configured, agents=people))
        for person in people:
            self._do(m.SignIn, agent_id=person.agent_id, session_id=person.agent_id)
            self._do(m.SetAgentState, agent_id=person.agent_id, state="available", reason_id=None)

    def play(self, arrivals: Iterable[tuple[float, str]]) -> list[m.RoutingEvent]:
        """Callers at these seconds from the day's beginning, by queue, ascending; the events of the whole day."""
        begins_ms = self.now_ms
        for number, (at_s, queue_id) in enumerate(arrivals):
            at_ms = begins_ms + round(at_s * 1000)
            while self._ends and self._ends[0][0] <= at_ms:
                self._end()
            self.now_ms = at_ms
            contact_id = f"c{number}{'p' if number % 10 == 0 else ''}"
            self._do(
                m.EnqueueContact,
                contact_id=contact_id,
                tenant_id="t",
                queue_id=queue_id,
                node_id="n",
                asked_at_ms=at_ms,
                arrived_at_ms=at_ms,
                channel="voice",
                language="zh",
            )
            if not is_probe(contact_id):
                self._later(self._chance.expovariate(1 / PATIENCE_S), contact_id, None)
        while self._ends:
            self._end()
        return self.events

    def _later(self, after_s: float, contact_id: str, agent_id: str | None) -> None:
        """The agent will have talked for so long; without one, the caller's patience will be over."""
        heapq.heappush(self._ends, (self.now_ms + round(after_s * 1000), next(self._ids), contact_id, agent_id))

    def _end(self) -> None:
        self.now_ms, _, contact_id, agent_id = heapq.heappop(self._ends)
        if agent_id is not None:
            self._do(m.HangUpContact, agent_id=agent_id, contact_id=contact_id)
            self._do(m.FinishWrapUp, agent_id=agent_id, contact_id=contact_id)
        elif contact_id not in self._answered:
            self._do(m.EndContact, contact_id=contact_id, ended_by="caller", cause="x")

    def _do(self, kind: type[Any], /, **fields: Any) -> None:
        """Carry out a command now; whoever is rung answers at once."""
        command = kind(command_id=str(next(self._ids)), at_ms=self.now_ms, **fields)
        events = self._router.decide(command, self.now_ms, lambda: str(next(self._ids)))
        self.events += events
        for event in events:
            if isinstance(event, m.ContactOffered):
                self._answered.add(event.contact_id)
                self._do(m.AnswerOffer, offer_id=event.offer_id)
                self._later(self._chance.expovariate(1 / HANDLE_S), event.contact_id, event.agent_id)


def poisson(rates_per_s: Iterable[float], each_s: float, chance: random.Random) -> Iterator[float]:
    """Moments at which somebody calls: rates of stretches of so many seconds."""
    for number, rate in enumerate(rates_per_s):
        at_s = number * each_s
        while rate > 0 and (at_s := at_s + chance.expovariate(rate)) < (number + 1) * each_s:
            yield at_s


def recorded_days(path: Path, how_many: int) -> list[list[int]]:
    """Five-minute counts of the latest days with a line that somebody recorded."""
    days: dict[str, list[int]] = defaultdict(list)
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            days[row["start"][:10]].append(int(row["calls"]))
    busy = [counts for counts in days.values() if sum(counts) > 0]
    return busy[-how_many:]
