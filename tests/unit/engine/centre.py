"""A small centre in messages: the tests' way to say who calls, who answers and what time it is."""

from collections.abc import Iterable
from typing import Any

from hotline.engine.boundary import Router
from hotline.messages import routing as m
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

START_MS = 1_772_000_000_000


def queue(queue_id: str, *skills: tuple[str, int], **settings: Any) -> QueueConfiguration:
    """A queue of tenant t1 unless told otherwise."""
    given = {"tenant_id": "t1", "name_zh": queue_id, "name_en": queue_id, **settings}
    return QueueConfiguration(queue_id=queue_id, skills=skills, **given)


def agent(agent_id: str, *skills: tuple[str, int], **settings: Any) -> AgentConfiguration:
    """An agent of tenant t1 unless told otherwise."""
    given = {"user_id": f"u-{agent_id}", "tenant_ids": ("t1",), "name": agent_id, "team_id": None, **settings}
    return AgentConfiguration(agent_id=agent_id, skills=skills, **given)


class Centre:
    """A router, a clock and a log. Ids and stamps are made in order, so that every run is the same."""

    def __init__(
        self,
        queues: Iterable[QueueConfiguration] = (queue("water"),),
        agents: Iterable[AgentConfiguration] = (agent("ann"), agent("bob"), agent("cai")),
        away_reasons: tuple[str, ...] = ("lunch", "training"),
        **rules: Any,
    ) -> None:
        self.router = Router()
        self.now_ms = START_MS
        self.log: list[m.RoutingEvent] = []
        self.effective: list[m.RoutingCommand] = []
        self._made = 0
        self._commands = 0
        self.configure(queues, agents, away_reasons, **rules)

    def configure(
        self,
        queues: Iterable[QueueConfiguration],
        agents: Iterable[AgentConfiguration],
        away_reasons: tuple[str, ...] = ("lunch", "training"),
        version: int | None = None,
        **rules: Any,
    ) -> tuple[m.RoutingEvent, ...]:
        configuration = RoutingConfiguration(
            version=self.router.version + 1 if version is None else version,
            queues=tuple(queues),
            agents=tuple(agents),
            away_reasons=away_reasons,
            **rules,
        )
        return self.do(m.ApplyConfiguration, configuration=configuration)

    def new_id(self) -> str:
        self._made += 1
        return f"id-{self._made}"

    def do(self, command: type[Any], /, **fields: Any) -> tuple[m.RoutingEvent, ...]:
        """Give a command now; the events that follow."""
        self._commands += 1
        given = {"command_id": f"c-{self._commands}", "at_ms": self.now_ms, **fields}
        return self.give(command(**given))

    def give(self, command: m.RoutingCommand) -> tuple[m.RoutingEvent, ...]:
        events = self.router.decide(command, self.now_ms, self.new_id)
        self.log.extend(events)
        if events:
            self.effective.append(command)
        return events

    def wait(self, seconds: float) -> tuple[m.RoutingEvent, ...]:
        """Let time pass, timers fire when they are due; what happened."""
        end = self.now_ms + round(seconds * 1000)
        happened: list[m.RoutingEvent] = []
        while (due := self.router.next_due_ms()) is not None and due <= end:
            self.now_ms = max(self.now_ms, due)
            happened += self.router.advance(self.now_ms, self.new_id)
        self.now_ms = end
        self.log.extend(happened)
        return tuple(happened)

    # --- what tests say most often -----------------------------------------------------------------------------------

    def enter(self, *agent_ids: str) -> None:
        """Agents sign in and are available, one after the other."""
        for agent_id in agent_ids:
            self.do(m.SignIn, agent_id=agent_id, session_id=f"s-{agent_id}")
            self.do(m.SetAgentState, agent_id=agent_id, state="available")
            self.wait(0.001)

    def call(self, contact_id: str, queue_id: str = "water", **fields: Any) -> tuple[m.RoutingEvent, ...]:
        """A customer asks for a person."""
        given = {
            "tenant_id": "t1",
            "node_id": "n1",
            "asked_at_ms": self.now_ms,
            "arrived_at_ms": self.now_ms - 5_000,
            **fields,
        }
        return self.do(m.EnqueueContact, contact_id=contact_id, queue_id=queue_id, **given)

    def offer_of(self, contact_id: str) -> str:
        """The open offer of a contact."""
        contact = self.router.contact(contact_id)
        assert contact is not None
        assert contact.offer_id is not None
        return contact.offer_id

    def answer(self, contact_id: str) -> tuple[m.RoutingEvent, ...]:
        return self.do(m.AnswerOffer, offer_id=self.offer_of(contact_id))

    def talk(self, contact_id: str, queue_id: str = "water", **fields: Any) -> str:
        """A customer asks and is answered; by whom."""
        self.call(contact_id, queue_id, **fields)
        self.answer(contact_id)
        found = self.router.contact(contact_id)
        assert found is not None
        assert found.agent_id is not None
        return found.agent_id

    def state(self, agent_id: str) -> tuple[str, str | None]:
        """State and reason of an agent."""
        found = self.router.agent(agent_id)
        assert found is not None
        return found.state, found.reason

    def offered_to(self, contact_id: str) -> str | None:
        """Whom the contact is offered to."""
        contact = self.router.contact(contact_id)
        offer = self.router.offer(contact.offer_id) if contact and contact.offer_id else None
        return offer.agent_id if offer else None

    def stage(self, contact_id: str) -> str | None:
        contact = self.router.contact(contact_id)
        return contact.stage if contact else None


def names(events: Iterable[m.RoutingEvent]) -> list[str]:
    """What happened, by name."""
    return [type(event).__name__ for event in events]


def only(events: Iterable[m.RoutingEvent], kind: type[Any]) -> Any:
    """The one event of that kind."""
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1, names(events)
    return found[0]
