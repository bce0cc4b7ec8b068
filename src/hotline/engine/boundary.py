"""The door to the engine for everybody who speaks in messages.

`decide` carries out a command and returns the events, which are applied already; `apply` replays logged ones. The same
events always give the same `snapshot`, byte for byte. Nothing here reads a clock or makes an id: both are handed in."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hotline.engine import codes as c
from hotline.engine import snapshot as rows_of
from hotline.engine.admission import Admission
from hotline.engine.apply import apply
from hotline.engine.commands import Commands, compile_and_configure
from hotline.engine.configuration import compile_agent, compile_settings, seat_sites
from hotline.engine.core import Engine
from hotline.engine.from_messages import FromMessages, wishes_in
from hotline.engine.names import Memory, Names
from hotline.engine.promises import Promises
from hotline.engine.reading import Reading
from hotline.engine.records import pairs_of
from hotline.engine.saved import SNAPSHOT_VERSION, Snapshot, encode_snapshot, read_snapshot
from hotline.engine.settings import Settings
from hotline.engine.shared_pools import SharedPools
from hotline.engine.timers import fire_due, latest_due_ms, may_end_later, next_due_ms
from hotline.engine.to_messages import Maker, ToMessages
from hotline.engine.views import ReturnView
from hotline.engine.world import Event
from hotline.kernel.errors import HotlineError
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration
from hotline.messages.routing import (
    CallbackMoved,
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

REMEMBERED_COMMANDS = 16_384
CLOCK_TOLERANCE_MS = 1_000
Keeper = Callable[[Event, Any], None]
Follower = Callable[[Any], None]
Followers = Mapping[type[Any], tuple[Follower, ...]]


class Router(Reading):
    """One staff pool's engine, behind messages. Not safe for threads: one loop owns it."""

    def __init__(self) -> None:
        names = Names()
        super().__init__(Engine(self._new_id), names)
        self._to_messages = ToMessages(names, self._engine)
        self._from_messages = FromMessages(names, self.seating)
        self._seen = Memory(REMEMBERED_COMMANDS)
        self._make_id: Callable[[], str] = _no_ids
        self._applied: RoutingConfiguration | None = None
        self._admission = Admission()
        self._engine.wishes_in = self._wishes_in
        self._to_messages.callbacks = self._callbacks
        self._promises = Promises(self._engine, names, self._details, self._queues)
        self._passing, self._journal = self._to_messages.passing, names.journal
        self._rules = Commands(
            self._engine,
            names,
            self._to_messages,
            self._contacts_of_node,
            self.has_ended,
            lambda contact_id: self.exit_of(contact_id) is not None,
            self._configure,
            self._admission,
            self._queues,
            self.seating,
            self.agent_configurations,
        ).rules
        keepers: dict[int, Keeper] = {
            c.AGENT_SIGNED_IN: lambda _, message: self.seating.sit(message.agent_id, message.seat_id),
            c.AGENT_SIGNED_OUT: lambda _, message: self.seating.sit(message.agent_id, None),
            c.AGENT_MOVED_SEAT: lambda _, message: self.seating.sit(message.agent_id, message.seat_id),
            c.CONTACT_QUEUED: self._keep_details,
            c.CONTACT_ENDED: self._keep_end,
            c.CONTACT_DIVERTED: self._keep_exit,
            c.CALLBACK_PROMISED: self._keep_number,
            c.CALLBACK_MOVED: self._keep_node,
            c.TRANSFER_STARTED: self._keep_target,
            c.TRANSFER_FAILED: self._keep_return,
        }
        # By kind of event: what keeps the texts that go with it.
        self._keepers = [keepers.get(kind) for kind in range(c.EVENT_KINDS)]
        self._followers: Followers = {}
        self._tellers: list[Maker] = []
        self.follow({})

    def follow(self, followers: Followers) -> None:
        """Tell these, by type of event and in their order, what is decided from now on, each event as soon as it is
        made: the state is that after the whole decision, and what the decision ends is not forgotten yet."""
        self._followers = followers
        made = zip(self._to_messages.types, self._to_messages.makers, self._keepers, strict=True)
        # By kind of event, so that each is made, kept and told in one call.
        self._tellers = [_teller(maker, keep, followers.get(kind, ())) for kind, maker, keep in made]

    # --- deciding ----------------------------------------------------------------------------------------------------

    def decide(self, command: RoutingCommand, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        """What follows from the command, applied already; nothing when it was carried out before.

        Raises a HotlineError when it cannot be carried out; then nothing has changed."""
        command_id = command.command_id
        if command_id in self._seen:
            return ()
        at = command.at_ms
        if at > now_ms + CLOCK_TOLERANCE_MS:
            at = now_ms
        self._engine.now_ms = now_ms
        self._make_id = new_id
        self._passing.clear()
        self._journal.clear()
        try:
            self._rules[type(command)](command, at)
        except HotlineError:
            if self._engine.out:
                raise RuntimeError(f"{type(command).__name__} was refused after it had taken effect") from None
            self._names.take_back()
            self._to_messages.beside.clear()
            raise
        if self._callbacks:
            self._promises.follow()
        events = self._finish(command_id, at)
        if events:
            self._seen.note(command_id)
        else:
            self._names.take_back()
        return events

    def advance(self, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        """What follows from time having passed, applied already."""
        self._engine.now_ms = now_ms
        self._make_id = new_id
        self._passing.clear()
        self._journal.clear()
        fire_due(self._engine)
        if self._callbacks:
            self._promises.follow()
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

    def _finish(self, command_id: str | None, at: int) -> tuple[RoutingEvent, ...]:
        """What has come out, as messages; only the first says whose effect it is."""
        events: list[RoutingEvent] = []
        if self._applied is not None:
            configured = ConfigurationApplied(at_ms=at, command_id=command_id, configuration=self._applied)
            self._applied = command_id = None
            self._tell(configured)
            events.append(configured)
        engine = self._engine
        out = engine.out
        if out:
            engine.out = []
            tellers = self._tellers
            first = out[0]
            events.append(tellers[first[0]](first, command_id))
            events += [tellers[event[0]](event, None) for event in out[1:]]
        if self._to_messages.beside:
            self._take_beside(events)
        if engine.released:
            self._forget_released()
        return tuple(events)

    def _take_beside(self, events: list[RoutingEvent]) -> None:
        for beside in self._to_messages.beside:
            self.seating.marked(beside)
            self._tell(beside)
            events.append(beside)
        self._to_messages.beside.clear()

    def _tell(self, event: RoutingEvent) -> None:
        """Tell who follows of an event that the core does not know."""
        for follow in self._followers.get(type(event), ()):
            follow(event)

    def _new_id(self, family: int) -> int:
        return self._names.families[family].new(self._make_id())

    # --- replaying ---------------------------------------------------------------------------------------------------

    def apply(self, event: RoutingEvent) -> None:
        """Change the state as a logged event says."""
        if event.command_id is not None:
            self._seen.note(event.command_id)
        if isinstance(event, ConfigurationApplied):
            self._configure(event.configuration)
        elif isinstance(event, SeatMarked):
            self.seating.marked(event)
        else:
            core = self._from_messages.translate(event)
            keep = self._keepers[core[0]]
            if keep is not None:
                keep(core, event)
            apply(self._engine, core)
        self._journal.clear()
        self._forget_released()

    def snapshot(self) -> bytes:
        """Everything that has to be remembered; equal for equal histories."""
        current = self._configuration
        queue_ids = frozenset(queue.queue_id for queue in current.queues) if current else ()
        agent_ids = frozenset(agent.agent_id for agent in current.agents) if current else ()
        return encode_snapshot(
            Snapshot(
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
                returned=self._returned,
                seated=self.seating.saved(),
                callers=self._admission.callers.saved(),
            )
        )

    @classmethod
    def restore(cls, data: bytes) -> "Router":
        """The router that a snapshot describes. Raises SnapshotUnreadableError."""
        saved = read_snapshot(data)
        router = cls()
        router._read(saved)
        return router

    def _read(self, saved: Snapshot) -> None:
        self._names.read_columns(saved.names)
        names = self._names
        contacts = names.families[c.CONTACTS]
        self.seating.remember(saved.seated, saved.configuration)
        nodes = {contacts.known(one.contact_id): names.nodes.id(one.node_id) for one in saved.contacts}
        rows_of.read_rows(self._engine, saved.rows, self._settings_of(saved), saved.version, nodes)
        self._configuration = saved.configuration
        if saved.configuration is not None:
            self._queues.update({queue.queue_id: queue for queue in saved.configuration.queues})
            self._agents = {agent.agent_id: agent for agent in saved.configuration.agents}
            self._admission.configure(saved.configuration)
            self._share_pools(saved.configuration)
        self._queues.update({queue.queue_id: queue for queue in saved.former_queues})
        self._agents.update({agent.agent_id: agent for agent in saved.former_agents})
        self._details.update({contacts.known(one.contact_id): one for one in saved.contacts})
        self._numbers = saved.numbers
        self._returned = saved.returned
        for key, word in saved.seen.items():
            self._seen.note(key, word)
        for key, word in saved.ended.items():
            self._ended.note(key, word)
        for key, word in saved.diverted.items():
            self._diverted.note(key, word)
        self._callbacks.update(saved.callbacks)
        for contact in self._callbacks:
            self._promises.note(contact)
        self._admission.callers.remember(saved.callers)
        for caller, missed in saved.missed.items():
            self._admission.callers.note(caller, missed)

    def _settings_of(self, saved: Snapshot) -> Settings:
        """What the saved configuration says, with the queues and agents that it no longer lists."""
        if saved.configuration is None:
            return Settings(-1, (), ())
        settings = compile_settings(saved.configuration, self._names, saved.former_queues)
        settings.seat_sites = seat_sites(self.seating, self._names)
        agents = [compile_agent(agent, self._names) for agent in saved.former_agents]
        for agent in agents:
            agent.is_active = False
            agent.ends = ()
        settings.agents = (*settings.agents, *agents)
        return settings

    # --- texts that go with the core's integers ----------------------------------------------------------------------

    def _configure(self, configuration: RoutingConfiguration) -> None:
        self.seating.configure(configuration)
        former = self._former_queues(configuration)
        compile_and_configure(self._engine, self._names, configuration, former, self.seating)
        self._applied = self._configuration = configuration
        self._admission.configure(configuration)
        self._share_pools(configuration)
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

    def _former_queues(self, configuration: RoutingConfiguration) -> list[QueueConfiguration]:
        """The queues that the configuration does not list and in which somebody waits or talks."""
        listed = frozenset(queue.queue_id for queue in configuration.queues)
        gone = [queue for queue_id, queue in self._queues.items() if queue_id not in listed]
        if not gone:
            return gone
        engine, known = self._engine, self._names.queues.known
        needed = frozenset(contact.queue.id for contact in engine.contacts.values())
        needed |= frozenset(one.queue.id for one in engine.interactions.values())
        return [queue for queue in gone if known(queue.queue_id) in needed]

    def _share_pools(self, configuration: RoutingConfiguration) -> None:
        """Nothing is asked about pools where tenants share none."""
        pools = [pool.pool_id for pool in configuration.pools]
        self._shared = self._to_messages.pools = SharedPools(self._engine, pools) if pools else None

    def _wishes_in(self, contact: int, queue: int) -> Event:
        """What the attributes of a contact make it need and prefer in that queue; nothing where it is as it was."""
        found = self._engine.contacts[contact]
        if found.queue.id == queue:
            return ()
        asked = self._details.get(contact) or self._to_messages.queued  # one that has just asked is not kept yet
        if asked is None:
            raise ValueError("a contact was sent on that nobody has asked for")
        needs, preferred = self._admission.wishes_in(asked, self._queues[self._names.queues.text(queue)])
        wishes = wishes_in(needs, preferred, self._names)
        return () if pairs_of(wishes) == (found.needs, found.preferred) else wishes

    def _keep_details(self, event: Event, message: ContactQueued) -> None:
        self._details[event[2]] = message

    def _keep_end(self, event: Event, message: ContactEnded) -> None:
        self._admission.note_end(self._details[event[2]], message)

    def _keep_exit(self, event: Event, message: ContactDiverted) -> None:
        details = self._details[event[2]]
        self._diverted.note(message.contact_id, f"{details.node_id} {message.cause}")
        self._admission.note_exit(details, message)

    def _keep_number(self, event: Event, message: CallbackPromised) -> None:
        self._callbacks[event[2]] = message.number
        self._promises.note(event[2])

    def _keep_node(self, event: Event, message: CallbackMoved) -> None:
        self._details[event[2]] = msgspec.structs.replace(self._details[event[2]], node_id=message.node_id)

    def _keep_return(self, event: Event, message: TransferFailed) -> None:
        self._returned[event[3]] = ReturnView(message.agent_id, message.cause, message.at_ms)

    def _keep_target(self, event: Event, message: TransferStarted) -> None:
        self._returned.pop(event[3], None)
        if message.target_kind == "number":
            self._numbers[event[2]] = message.target

    def _forget_released(self) -> None:
        released, families = self._engine.released, self._names.families
        for family, id in released:
            if family == c.DIVERTED:
                families[c.CONTACTS].forget(id)
                self._details.pop(id)
                continue
            text = families[family].forget(id)
            if family == c.CONTACTS:
                details = self._details.pop(id)
                self._ended.note(text, details.node_id)
                if self._returned:
                    self._returned.pop(id, None)
                if self._callbacks and self._callbacks.pop(id, None) is not None:
                    self._promises.forget(id, details)
            elif family == c.TRANSFERS:
                self._numbers.pop(id, None)
        released.clear()


def _teller(maker: Maker, keep: Keeper | None, followers: tuple[Follower, ...]) -> Maker:
    """Make the message, keep its texts, and tell who follows."""
    if keep is None and not followers:
        return maker

    def make_and_tell(event: Event, by: str | None) -> RoutingEvent:
        message = maker(event, by)
        if keep is not None:
            keep(event, message)
        for follow in followers:
            follow(message)
        return message

    return make_and_tell


def _no_ids() -> str:
    raise RuntimeError("the router needs ids only while it decides")
