"""The node's link to the switch: every command arrives, once; every effect is carried out, once.

A command is kept (spool) until the switch has acknowledged or refused it, and is sent again on every connection and
whenever no answer came in time; the switch knows repeated ids. Effects of an older epoch are refused, those already
seen are dropped. The first command of a connection is ReconcileNode.

A connection is kept to every switch of the pool. One that stands by is silent until it leads; whoever greets with the
newest epoch is the switch from that moment on, also while a former leader's connection is still open."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol

import structlog

from hotline.kernel.clock import Clock
from hotline.kernel.ids import new_id
from hotline.live.node.spool import Spool
from hotline.live.node.switch_connection import StaleSwitchError, SwitchConnection
from hotline.live.switch_address import SwitchAddress
from hotline.messages.base import Message
from hotline.messages.effects import (
    Acknowledged,
    AnyEffect,
    AskWait,
    CommandFrame,
    EffectFrame,
    NodeCondition,
    NodeHello,
    Refused,
    SwitchHello,
    SwitchToNode,
    WaitTold,
)
from hotline.messages.routing import NodeContact, ReconcileNode, RoutingCommand

log = structlog.get_logger()

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 0.5  # callers wait; to knock at a socket of this machine costs next to nothing
_ANSWER_WITHIN_S = 3.0


class LinkListener(Protocol):
    """Who holds the calls."""

    def held_contacts(self) -> list[NodeContact]:
        """The contacts that asked for a person and are still here."""
        ...

    def former_contact(self, contact_id: str) -> NodeContact:
        """A contact that is over here, with the agents it had, as the switch still believes it to be."""
        ...

    def effect(self, effect: AnyEffect) -> None: ...

    def refused(self, command: RoutingCommand, refusal: Refused) -> None: ...

    def wait_told(self, told: WaitTold) -> None: ...

    def switch_changed(self, is_connected: bool) -> None: ...


class ConditionSource(Protocol):
    """Who knows what keeps the node from its work."""

    @property
    def present(self) -> NodeCondition: ...


class SwitchLink:
    """Give it commands with `send` at any time; `run` keeps the connection."""

    def __init__(
        self,
        addresses: Sequence[SwitchAddress],
        node_id: str,
        spool: Spool,
        clock: Clock,
        listener: LinkListener,
        condition: ConditionSource,
    ) -> None:
        self._addresses = addresses
        self._node_id = node_id
        self._spool = spool
        self._clock = clock
        self._listener = listener
        self._condition = condition
        self._pending: dict[str, RoutingCommand] = {command.command_id: command for command in spool.commands()}
        self._seen = (spool.mark("epoch"), 0, -1)
        self._connection: SwitchConnection | None = None  # with the one that leads
        self._resending: asyncio.Task[None] | None = None
        self._answered = asyncio.Event()
        self._unsettled: list[RoutingCommand] = []  # not on disk yet, therefore not to be sent yet
        self._settling: asyncio.Task[None] | None = None
        self._asked_waits: list[str] = []  # contacts of one round of the loop, asked in one frame

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    def send(self, command: RoutingCommand) -> None:
        """Keep the command, and send it once it is on disk and the switch is there.

        Were it sent first, a node killed in between would not know what it had asked for."""
        self._pending[command.command_id] = command
        self._spool.add_command(command)
        self._unsettled.append(command)
        if self._settling is None or self._settling.done():
            self._settling = asyncio.get_running_loop().create_task(self._settle())

    def send_at_once(self, command: RoutingCommand) -> None:
        """Send it without waiting for the disk: what our next life would tell again, were this forgotten, and what the
        switch may hear twice. It does not overtake what waits."""
        if self._unsettled:
            self.send(command)
            return
        self._pending[command.command_id] = command
        self._spool.add_command(command)
        self._write(CommandFrame(command=command))

    def tell_condition(self, condition: NodeCondition) -> None:
        """Tell the switch of a change; one that is away hears of it when it returns."""
        self._write(condition)

    def ask_wait(self, contact_id: str) -> None:
        """Ask how long the contact will wait; WaitTold may follow, and does not when the switch is away."""
        if not self._asked_waits:
            asyncio.get_running_loop().call_soon(self._send_asked_waits)
        self._asked_waits.append(contact_id)

    def _send_asked_waits(self) -> None:
        contact_ids, self._asked_waits = tuple(self._asked_waits), []
        self._write(AskWait(contact_ids=contact_ids))

    async def _settle(self) -> None:
        while self._unsettled:
            count = len(self._unsettled)
            # A disk that refuses must not stop the calls: then they go on without that safety.
            await self._spool.settle()
            settled, self._unsettled = self._unsettled[:count], self._unsettled[count:]
            for command in settled:
                self._write(CommandFrame(command=command))

    def is_pending(self, command_id: str) -> bool:
        """Whether the switch has not yet answered this command."""
        return command_id in self._pending

    async def run(self) -> None:
        """Keep a connection to every switch: until cancelled."""
        async with asyncio.TaskGroup() as keeping:
            for address in self._addresses:
                keeping.create_task(self._keep(address))

    async def _keep(self, address: SwitchAddress) -> None:
        """Connect, serve, connect again."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                connection = await address.open(lambda: SwitchConnection(self._hear))
            except OSError:
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
                continue
            pause_s = _FIRST_PAUSE_S
            await self._serve(connection)
            await asyncio.sleep(pause_s)

    # --- one connection

    async def _serve(self, connection: SwitchConnection) -> None:
        """Say hello and wait, for as long as that switch stands by; then hear it until it is gone."""
        epoch, seq, _ = self._seen
        try:
            connection.put(NodeHello(node_id=self._node_id, seen_epoch=epoch, seen_seq=seq))
            cause = await connection.until_closed()
            log.warning("a switch is gone", cause=cause)
        finally:
            connection.end("the node lets go")
            self._disconnect(connection)

    def _hear(self, connection: SwitchConnection, message: SwitchToNode) -> None:
        if not connection.is_greeted:
            self._greeted(connection, message)
        elif connection is self._connection:
            self._take(message)

    def _greeted(self, connection: SwitchConnection, hello: SwitchToNode) -> None:
        if not isinstance(hello, SwitchHello) or hello.epoch < self._seen[0]:
            raise StaleSwitchError(f"epoch {self._seen[0]} was seen, an older one answered")
        connection.is_greeted = True
        former, self._connection = self._connection, connection
        if former is not None:
            log.warning("another switch leads now", epoch=hello.epoch, former=self._seen[0])
            former.end("another switch leads")
        self._see(hello.epoch, *self._seen[1:])
        if self._condition.present != NodeCondition():
            self._write(self._condition.present)
        self._write(CommandFrame(command=self._reconciliation()))
        self._resend()
        if self._resending is None:
            self._resending = asyncio.get_running_loop().create_task(self._resend_unanswered())
        log.info("connected with the switch", epoch=hello.epoch, seq=hello.seq, unanswered=len(self._pending))
        self._listener.switch_changed(True)

    def _reconciliation(self) -> ReconcileNode:
        """A contact with a waiting command is still ours: its end, for example, is yet to be told."""
        held = {contact.contact_id: contact for contact in self._listener.held_contacts()}
        for contact_id in _contacts_of(self._pending.values()):
            if contact_id not in held:
                held[contact_id] = self._listener.former_contact(contact_id)
        contacts = tuple(held.values())
        return ReconcileNode(command_id=new_id(), at_ms=self._clock.now_ms(), node_id=self._node_id, contacts=contacts)

    def _disconnect(self, connection: SwitchConnection) -> None:
        if self._connection is not connection:
            return
        self._connection = None
        if self._resending is not None:
            self._resending.cancel()
            self._resending = None
        self._listener.switch_changed(False)

    async def _resend_unanswered(self) -> None:
        """A switch that was too busy to take a command gives no answer: ask again."""
        while True:
            self._answered.clear()
            await asyncio.sleep(_ANSWER_WITHIN_S)
            if self._pending and not self._answered.is_set():
                self._resend()

    def _resend(self) -> None:
        unsettled = {command.command_id for command in self._unsettled}
        for command in self._pending.values():
            if command.command_id not in unsettled:
                self._write(CommandFrame(command=command))

    def _write(self, message: Message) -> None:
        if self._connection is not None:
            self._connection.put(message)

    # --- what comes

    def _take(self, message: SwitchToNode) -> None:
        match message:
            case Acknowledged(command_id=command_id):
                self._forget(command_id)
            case Refused(command_id=command_id):
                if command := self._forget(command_id):
                    log.warning("the switch refused", command=type(command).__name__, code=message.code)
                    self._listener.refused(command, message)
            case EffectFrame():
                self._carry_out(message)
            case WaitTold():
                self._listener.wait_told(message)
            case SwitchHello():
                pass  # Only the first frame of a connection means something.

    def _forget(self, command_id: str) -> RoutingCommand | None:
        self._answered.set()
        command = self._pending.pop(command_id, None)
        if command is not None:
            self._spool.forget_command(command_id)
        return command

    def _carry_out(self, frame: EffectFrame) -> None:
        number = (frame.epoch, frame.seq, frame.index)
        if number <= self._seen:
            return
        self._see(*number)
        self._listener.effect(frame.effect)

    def _see(self, epoch: int, seq: int, index: int) -> None:
        if epoch > self._seen[0]:
            self._spool.set_mark("epoch", epoch)
        self._seen = (epoch, seq, index)


def _contacts_of(commands: Iterable[RoutingCommand]) -> Iterable[str]:
    return (found for command in commands if (found := getattr(command, "contact_id", None)) is not None)
