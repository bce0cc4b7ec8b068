"""The door to the engine for everybody who speaks in messages.

`decide` carries out a command and returns the events, which are applied already; `apply` replays logged ones. The same
events always give the same `snapshot`, byte for byte. Nothing here reads a clock or makes an id: both are handed in."""

from collections.abc import Callable

import msgspec

from hotline.engine import codes as c
from hotline.engine import snapshot as rows_of
from hotline.engine.admission import Admission, Missed
from hotline.engine.apply import apply
from hotline.engine.commands import Commands, compile_and_configure
from hotline.engine.configuration import compile_agent, compile_queues, compile_settings
from hotline.engine.core import Engine
from hotline.engine.from_messages import FromMessages
from hotline.engine.interner import Columns
from hotline.engine.names import Memory, Names
from hotline.engine.reading import Reading
from hotline.engine.seating import Seated
from hotline.engine.settings import Settings
from hotline.engine.shared_pools import SharedPools
from hotline.engine.timers import fire_due, latest_due_ms, may_end_later, next_due_ms
from hotline.engine.to_messages import ToMessages
from hotline.engine.views import ReturnView
from hotline.kernel.errors import HotlineError
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration
from hotline.messages.routing import (
    AgentMovedSeat,
    AgentSignedIn,
    AgentSignedOut,
    CallbackPromised,
    ConfigurationApplied,
    ContactDiverted,
    ContactEnded,
    ContactQueued,
    RoutingCommand,
    RoutingEvent,
    SeatMarked,
    TransferFailed,
    TransferStarted,
)

SNAPSHOT_VERSION = 2
_READABLE_VERSIONS = (1, SNAPSHOT_VERSION)
REMEMBERED_COMMANDS = 16_384
CLOCK_TOLERANCE_MS = 1_000
_BESIDE = (SeatMarked, AgentMovedSeat)  # what the core is not told of
_WITH_TEXTS = frozenset(
    (
        c.AGENT_SIGNED_IN,
        c.AGENT_SIGNED_OUT,
        c.CONTACT_QUEUED,
        c.TRANSFER_STARTED,
        c.TRANSFER_FAILED,
        c.CALLBACK_PROMISED,
        c.CONTACT_DIVERTED,
        c.CONTACT_ENDED,
    )
)


class SnapshotUnreadableError(HotlineError):
    code = "routing.snapshot_unreadable"
    status = 500
    sentence = "The snapshot was written by another version of the engine. Replay the log from its beginning."


class _Snapshot(msgspec.Struct, frozen=True, array_like=True):
    version: int
    rows: rows_of.Rows
    names: list[Columns]
    configuration: RoutingConfiguration | None
    former_queues: list[QueueConfiguration]
    former_agents: list[AgentConfiguration]
    contacts: list[ContactQueued]
    numbers: dict[int, str]
    seen: dict[str, str]
    ended: dict[str, str]
    diverted: dict[str, str] = {}  # of version 2, as those that follow
    callbacks: dict[int, str] = {}
    missed: dict[str, Missed] = {}
    returned: dict[int, ReturnView] = {}  # absent in snapshots from before desks said why a transfer came back
    seated: Seated = Seated()  # absent in snapshots from before agents chose their seats


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Snapshot)


class Router(Reading):
    """One staff pool's engine, behind messages. Not safe for threads: one loop owns it."""

    def __init__(self) -> None:
        names = Names()
        super().__init__(Engine(self._new_id), names)
        self._to_messages = ToMessages(names)
        self._from_messages = FromMessages(names)
        self._seen = Memory(REMEMBERED_COMMANDS)
        self._make_id: Callable[[], str] = _no_ids
        self._applied: RoutingConfiguration | None = None
        self._admission = Admission()
        self._to_messages.callbacks = self._callbacks
        self._commands = Commands(
            self._engine,
            names,
            self._to_messages,
            self._contacts_of_node,
            self.has_ended,
            self._configure,
            self._admission,
            self._queues,
            self.seating,
            self.agent_configurations,
        )

    # --- deciding ----------------------------------------------------------------------------------------------------

    def decide(self, command: RoutingCommand, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        """What follows from the command, applied already; nothing when it was carried out before.

        Raises a HotlineError when it cannot be carried out; then nothing has changed."""
        if command.command_id in self._seen:
            return ()
        at = command.at_ms if command.at_ms <= now_ms + CLOCK_TOLERANCE_MS else now_ms
        self._names.keep()
        self._begin(now_ms, new_id)
        try:
            self._commands.carry_out(command, at)
        except HotlineError:
            if self._engine.out:
                raise RuntimeError(f"{type(command).__name__} was refused after it had taken effect") from None
            self._names.take_back()
            raise
        events = self._finish(command.command_id, at)
        if events:
            self._seen.note(command.command_id)
        else:
            self._names.take_back()
        return events

    def advance(self, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        """What follows from time having passed, applied already."""
        self._begin(now_ms, new_id)
        fire_due(self._engine)
        return self._finish(None, now_ms)

    def next_due_ms(self) -> int | None:
        """When `advance` has something to do, or None."""
        return next_due_ms(self._engine)

    def latest_due_ms(self, patience_ms: int) -> int | None:
        """When `advance` must be called, or None: the end of a wrap-up for which nobody waits may be so much late."""
        return latest_due_ms(self._engine, patience_ms)

    def may_end_later(self, contact_id: str) -> bool:
        """Whether the contact is in conversation and nobody waits for its agent."""
        contacts = self._names.families[c.CONTACTS]
        return may_end_later(self._engine, self._engine.contacts.get(contacts.known(contact_id)))

    def _begin(self, now_ms: int, new_id: Callable[[], str]) -> None:
        self._engine.now_ms = now_ms
        self._make_id = new_id
        self._to_messages.passing.clear()
        self._to_messages.beside.clear()
        self._applied = None

    def _finish(self, command_id: str | None, at: int) -> tuple[RoutingEvent, ...]:
        events: list[RoutingEvent] = []
        if self._applied is not None:
            events.append(ConfigurationApplied(at_ms=at, command_id=command_id, configuration=self._applied))
            command_id = None
        makers = self._to_messages.makers
        for event in self._engine.take():
            kind = event[0]
            message = makers[kind](event, command_id)
            command_id = None  # only the first event says whose effect it is
            if kind in _WITH_TEXTS:
                self._keep_texts(event, message)
            events.append(message)
        for beside in self._to_messages.beside:
            self._apply_beside(beside)
            events.append(beside)
        if self._engine.released:
            self._forget_released()
        return tuple(events)

    def _new_id(self, family: int) -> int:
        return self._names.families[family].id(self._make_id())

    # --- replaying ---------------------------------------------------------------------------------------------------

    def apply(self, event: RoutingEvent) -> None:
        """Change the state as a logged event says."""
        if event.command_id is not None:
            self._seen.note(event.command_id)
        if isinstance(event, ConfigurationApplied):
            self._configure(event.configuration)
        elif isinstance(event, _BESIDE):
            self._apply_beside(event)
        else:
            core = self._from_messages.translate(event)
            if core[0] in _WITH_TEXTS:
                self._keep_texts(core, event)
            apply(self._engine, core)
        self._names.keep()
        self._forget_released()

    def _apply_beside(self, event: RoutingEvent) -> None:
        """Take in an event of which the core knows nothing."""
        if isinstance(event, SeatMarked):
            self.seating.marked(event)
        elif isinstance(event, AgentMovedSeat):
            self.seating.sit(event.agent_id, event.seat_id)

    def snapshot(self) -> bytes:
        """Everything that has to be remembered; equal for equal histories."""
        current = self._configuration
        queue_ids = frozenset(queue.queue_id for queue in current.queues) if current else ()
        agent_ids = frozenset(agent.agent_id for agent in current.agents) if current else ()
        return _encoder.encode(
            _Snapshot(
                version=SNAPSHOT_VERSION,
                rows=rows_of.to_rows(self._engine),
                names=self._names.to_columns(),
                configuration=current,
                former_queues=[queue for id, queue in self._queues.items() if id not in queue_ids],
                former_agents=[agent for id, agent in self._agents.items() if id not in agent_ids],
                contacts=list(self._details.values()),
                numbers=self._numbers,
                seen=self._seen.words(),
                ended=self._ended.words(),
                diverted=self._diverted.words(),
                callbacks=self._callbacks,
                missed=self._admission.missed(),
                returned=self._returned,
                seated=self.seating.saved(),
            )
        )

    @classmethod
    def restore(cls, data: bytes) -> "Router":
        """The router that a snapshot describes. Raises SnapshotUnreadableError."""
        try:
            saved = _decoder.decode(data)
        except msgspec.DecodeError as error:
            raise SnapshotUnreadableError from error
        if saved.version not in _READABLE_VERSIONS:
            raise SnapshotUnreadableError
        router = cls()
        router._read(saved)
        return router

    def _read(self, saved: _Snapshot) -> None:
        self._names.read_columns(saved.names)
        rows_of.read_rows(self._engine, saved.rows, self._settings_of(saved), saved.version)
        self._configuration = saved.configuration
        if saved.configuration is not None:
            self._queues.update({queue.queue_id: queue for queue in saved.configuration.queues})
            self._agents = {agent.agent_id: agent for agent in saved.configuration.agents}
            self._admission.configure(saved.configuration)
            self._share_pools(saved.configuration)
        self._queues.update({queue.queue_id: queue for queue in saved.former_queues})
        self._agents.update({agent.agent_id: agent for agent in saved.former_agents})
        contacts = self._names.families[c.CONTACTS]
        self._details = {contacts.known(one.contact_id): one for one in saved.contacts}
        self._numbers = saved.numbers
        self._returned = saved.returned
        for key, word in saved.seen.items():
            self._seen.note(key, word)
        for key, word in saved.ended.items():
            self._ended.note(key, word)
        for key, word in saved.diverted.items():
            self._diverted.note(key, word)
        self._callbacks.update(saved.callbacks)
        self._admission.remember(saved.missed)
        self.seating.remember(saved.seated, saved.configuration)

    def _settings_of(self, saved: _Snapshot) -> Settings:
        """What the saved configuration says, with the queues and agents that it no longer lists."""
        if saved.configuration is None:
            return Settings(-1, (), ())
        settings = compile_settings(saved.configuration, self._names)
        former = compile_queues(saved.former_queues, self._names)
        for queue in former:
            queue.is_removed = True
            queue.steps = queue.plain_steps = ()
        agents = [compile_agent(agent, self._names) for agent in saved.former_agents]
        for agent in agents:
            agent.is_active = False
            agent.ends = ()
        settings.queues = (*settings.queues, *former)
        settings.agents = (*settings.agents, *agents)
        return settings

    # --- texts that go with the core's integers ----------------------------------------------------------------------

    def _configure(self, configuration: RoutingConfiguration) -> None:
        compile_and_configure(self._engine, self._names, configuration)
        self._applied = self._configuration = configuration
        self._admission.configure(configuration)
        self._share_pools(configuration)
        self.seating.configure(configuration)
        self._served.clear()
        engine, names = self._engine, self._names
        queues = {queue.queue_id: queue for queue in configuration.queues}
        agents = {agent.agent_id: agent for agent in configuration.agents}
        for queue_id, queue in self._queues.items():
            if queue_id not in queues and names.queues.known(queue_id) in engine.queues:
                queues[queue_id] = queue
        for agent_id, agent in self._agents.items():
            if agent_id not in agents and names.agents.known(agent_id) in engine.agents:
                agents[agent_id] = agent
        self._queues.clear()
        self._queues.update(queues)
        self._agents = agents

    def _share_pools(self, configuration: RoutingConfiguration) -> None:
        """Nothing is asked about pools where tenants share none."""
        pools = [pool.pool_id for pool in configuration.pools]
        self._shared = self._to_messages.pools = SharedPools(self._engine, pools) if pools else None

    def _keep_texts(self, event: tuple[int, ...], message: RoutingEvent) -> None:
        if isinstance(message, ContactQueued):
            self._details[event[2]] = message
        elif isinstance(message, AgentSignedIn):
            self.seating.sit(message.agent_id, message.seat_id)
        elif isinstance(message, AgentSignedOut):
            self.seating.sit(message.agent_id, None)
        elif isinstance(message, ContactEnded):
            self._admission.note_end(self._details[event[2]], message)
        elif isinstance(message, ContactDiverted):
            self._diverted.note(message.contact_id, f"{self._details[event[2]].node_id} {message.cause}")
        elif isinstance(message, CallbackPromised):
            self._callbacks[event[2]] = message.number
        elif isinstance(message, TransferFailed):
            self._returned[event[3]] = ReturnView(message.agent_id, message.cause, message.at_ms)
        elif isinstance(message, TransferStarted):
            self._returned.pop(event[3], None)
            if message.target_kind == "number":
                self._numbers[event[2]] = message.target

    def _forget_released(self) -> None:
        released = self._engine.released
        for family, id in released:
            if family == c.DIVERTED:
                self._names.families[c.CONTACTS].forget(id)
                self._details.pop(id)
                continue
            text = self._names.families[family].forget(id)
            if family == c.CONTACTS:
                self._ended.note(text, self._details.pop(id).node_id)
                self._returned.pop(id, None)
                self._callbacks.pop(id, None)
            elif family == c.TRANSFERS:
                self._numbers.pop(id, None)
        released.clear()


def _no_ids() -> str:
    raise RuntimeError("the router needs ids only while it decides")
