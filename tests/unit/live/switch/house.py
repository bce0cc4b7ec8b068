"""A switch on a file of its own, with a clock that the test moves: give it commands, kill it, start it again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hotline.kernel.clock import FakeClock
from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.metrics import SwitchMetrics
from hotline.live.switch.service import Batch, Switch
from hotline.live.switch.stores import SqliteStore
from hotline.messages import routing
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

TENANT, OTHER_TENANT = "tenant-shibei", "tenant-other"


def queue(queue_id: str, tenant_id: str = TENANT, **given: Any) -> QueueConfiguration:
    skills = given.pop("skills", ())
    return QueueConfiguration(
        queue_id=queue_id, tenant_id=tenant_id, name_zh=f"{queue_id}队", name_en=queue_id, skills=skills, **given
    )


def agent(agent_id: str, *tenant_ids: str, **given: Any) -> AgentConfiguration:
    fields: dict[str, Any] = {"team_id": "north", "skills": (), **given}
    return AgentConfiguration(
        agent_id=agent_id,
        user_id=f"user-{agent_id}",
        tenant_ids=tenant_ids or (TENANT,),
        name=agent_id.title(),
        **fields,
    )


CONFIGURATION = RoutingConfiguration(
    version=1,
    queues=(queue("repair"), queue("billing"), queue("foreign", OTHER_TENANT)),
    agents=(agent("ann"), agent("bob"), agent("both", TENANT, OTHER_TENANT), agent("eve", OTHER_TENANT)),
    away_reasons=("lunch",),
)


class Witness:
    """Remembers every batch that a listener is told of."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.rebuilds = 0

    def committed(self, batch: Batch) -> None:
        self.batches.append(batch)

    def rebuilt(self) -> None:
        self.rebuilds += 1

    def events(self, kind: type[Any] | None = None) -> list[Any]:
        every = [event for batch in self.batches for event in batch.events]
        return [event for event in every if kind is None or isinstance(event, kind)]


class House:
    """One switch process after another on the same log."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "routing.sqlite3"
        self._opened: list[RoutingLog] = []
        self.clock = FakeClock()
        self.start()

    def open_log(self) -> RoutingLog:
        """The log as another process opens it."""
        routing_log = RoutingLog(SqliteStore(self._path), "main")
        self._opened.append(routing_log)
        return routing_log

    def start(self) -> None:
        """What a start, or a restart after kill -9, does."""
        routing_log = self.open_log()
        routing_log.take_lead()
        self.switch = Switch(routing_log, self.clock, SwitchMetrics())
        self.witness = Witness()
        self.switch.listeners.append(self.witness)

    def close(self) -> None:
        for routing_log in self._opened:
            routing_log.close()

    # --- commands ---

    def command(self, kind: type[Any], **fields: Any) -> Any:
        return kind(**{"command_id": new_id(), "at_ms": self.clock.now_ms(), **fields})

    def submit(self, command: routing.RoutingCommand) -> list[HotlineError | None]:
        """The list that the answer will be put into."""
        answers: list[HotlineError | None] = []
        self.switch.submit(command, answers.append)
        return answers

    async def give(self, kind: type[Any], **fields: Any) -> HotlineError | None:
        """Give one command, let one round pass; the answer."""
        answers = self.submit(self.command(kind, **fields))
        await self.switch.step()
        (answer,) = answers
        return answer

    async def must(self, kind: type[Any], **fields: Any) -> None:
        answer = await self.give(kind, **fields)
        assert answer is None, answer

    async def later(self, milliseconds: int) -> None:
        self.clock.advance_ms(milliseconds)
        await self.switch.step()

    # --- the usual road ---

    async def configure(self, configuration: RoutingConfiguration = CONFIGURATION) -> None:
        await self.must(routing.ApplyConfiguration, configuration=configuration)

    async def sign_in(self, agent_id: str, session_id: str = "") -> None:
        await self.must(routing.SignIn, agent_id=agent_id, session_id=session_id or f"simulated-{agent_id}")
        await self.must(routing.SetAgentState, agent_id=agent_id, state="available")

    async def caller(self, contact_id: str, queue_id: str = "repair", **fields: Any) -> None:
        now_ms = self.clock.now_ms()
        given = {"tenant_id": TENANT, "node_id": "node-1", "asked_at_ms": now_ms, "arrived_at_ms": now_ms - 9_000}
        await self.must(routing.EnqueueContact, contact_id=contact_id, queue_id=queue_id, **given, **fields)

    async def answer(self, contact_id: str) -> None:
        contact = self.switch.state.router.contact(contact_id)
        assert contact is not None
        assert contact.offer_id is not None
        await self.must(routing.AnswerOffer, offer_id=contact.offer_id)

    async def talk(self, contact_id: str, agent_id: str, **fields: Any) -> None:
        """A caller and an agent in conversation."""
        await self.sign_in(agent_id)
        await self.caller(contact_id, **fields)
        await self.answer(contact_id)

    def logged(self) -> list[routing.RoutingEvent]:
        """Every event in the file, read as the projector reads it."""
        reader = self.open_log()
        return [event for entry in reader.read_after("main", 0, 100_000) for event in entry.events]


def offers(events: Iterable[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, routing.ContactOffered)]
