"""The switch's socket for nodes and the relay: length-prefixed msgpack frames of `messages.effects`.

The socket file belongs to the house's own processes (mode 0600); whoever may open it is trusted with every command. A
peer that does not read is cut off and resynchronises when it returns: nobody may make the loop wait."""

import asyncio
import os
import socket
import ssl
import stat
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import structlog

from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.frames import FramedPeer, OversizeError, whole_frames
from hotline.live.switch.service import Batch, OverloadedError, Switch
from hotline.live.switch.waits import WaitTeller
from hotline.live.switch_address import give_up_dead_peers
from hotline.messages.conversations import ConversationNews
from hotline.messages.effects import (
    STANDING_BY,
    Acknowledged,
    AskWait,
    CommandFrame,
    LogProjected,
    NodeCondition,
    NodeHello,
    NodeToSwitch,
    Refused,
    SwitchHello,
)
from hotline.messages.routing import (
    HOUSE_NODE,
    EnqueueContact,
    LoseNodeConnection,
    MoveCallbacks,
    NodeAbsent,
    NodeConnectionRestored,
    ReconcileNode,
    RoutingCommand,
)

_UNREAD_LIMIT_BYTES = 8 * 1024 * 1024
_ROOM_ASKED_EACH = 200  # commands of one peer: so few more than the inbox should hold may be in it
_WELL = NodeCondition()
_MAY_MOVE_CALLBACKS = (NodeAbsent, NodeConnectionRestored)  # after these a node may be given up, or able to take over

Obstacle = Callable[[], Coroutine[Any, Any, Any]]  # done when it is out of the way
_decode = msgspec.msgpack.Decoder(NodeToSwitch).decode
log = structlog.get_logger()


class SocketTakenError(HotlineError):
    code = "switch.socket_taken"
    status = 500
    sentence = "Another switch answers on {path}: stop it, or choose another directory with HOTLINE_DATA_DIR."


class StandbyError(HotlineError):
    code = STANDING_BY
    status = 503
    sentence = "This switch stands by for another one that leads: send the command to that one."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a node may be away: until its callers are offered to nobody any more, until those who wait there are
    given up, and until its conversations are."""

    hold_s: int = 5
    give_up_s: int = 90
    clear_s: int = 900


class Link(FramedPeer):
    """One connected peer. Where there is something to wait for before its message is taken, it is not read."""

    def __init__(self, links: "NodeLinks") -> None:
        super().__init__()
        self._links = links
        self._waiting: asyncio.Task[None] | None = None
        self.node_id: str | None = None
        self.taken = 0  # commands since it was last asked whether there is room for more

    # --- what the transport tells ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._transport.set_write_buffer_limits(_UNREAD_LIMIT_BYTES)
        self._links.joined(self)
        if transport.get_extra_info("sslcontext") is not None:
            give_up_dead_peers(transport.get_extra_info("socket"))

    def data_received(self, data: bytes) -> None:
        self.unread += data
        if self._waiting is None:
            self._take_frames()

    def connection_lost(self, cause: Exception | None) -> None:
        """The peer is gone; what it had sent is in the inbox."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._links.left(self)

    # --- in ---

    def _take_frames(self) -> None:
        """Take what is there as a whole, in order, until there is something to wait for."""
        try:
            for body in whole_frames(self.unread):
                message = _decode(body)
                obstacle = self._links.obstacle(self, message)
                if obstacle is not None:
                    self._wait(obstacle, message)
                    return
                self._links.take(self, message)
        except (msgspec.MsgspecError, OversizeError) as error:
            log.warning("a broken frame, closing the connection", node_id=self.node_id, cause=str(error))
            self.cut()

    def _wait(self, obstacle: Obstacle, message: NodeToSwitch) -> None:
        """Take this message, and what comes after it, when nothing is in the way any more."""
        self._transport.pause_reading()
        self._waiting = asyncio.get_running_loop().create_task(self._go_on(obstacle, message))

    async def _go_on(self, obstacle: Obstacle | None, message: NodeToSwitch) -> None:
        while obstacle is not None:  # behind one may be another: it may turn out to stand by
            await obstacle()
            obstacle = self._links.obstacle(self, message)
        self._waiting = None
        if self._transport.is_closing():
            return
        try:
            self._links.take(self, message)
            self._transport.resume_reading()
            self._take_frames()
        except Exception:
            self.cut()  # a peer that is not read any more would wait for ever
            raise

    # --- out ---

    def pause_writing(self) -> None:
        """A peer that left too much unread is cut off."""
        log.warning("a peer does not read, cutting it off", node_id=self.node_id)
        self.cut()


class NodeLinks:
    """Every peer of the socket; nodes by their id once they have said hello.

    The socket is taken before the log is opened, and peers wait until the switch is attached. While it stands by,
    commands are refused; a node that has said hello waits on, and is greeted the moment that this switch leads.

    A node whose connection ends is lost from that moment on, as is each that holds contacts when the switch begins to
    lead (see `engine.absences` for what follows); its next ReconcileNode ends that."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._is_closing = False
        self._switch: Switch
        self._waits: WaitTeller
        self._is_attached = asyncio.Event()
        self._is_decided = asyncio.Event()  # attached, or standing by
        self._servers: list[asyncio.Server] = []
        self._links: dict[Link, None] = {}
        self._nodes: dict[str, Link | None] = {}  # None: known, and gone
        self._conditions: dict[str, NodeCondition] = {}  # of connected nodes that told one

    def attach(self, switch: Switch) -> None:
        """Serve this switch from now on."""
        self._switch = switch
        self._waits = WaitTeller(switch)
        switch.listeners.append(self)
        for node_id in switch.state.router.nodes_in_use():
            self._lose(node_id, is_judged_anew=True)
        self._is_attached.set()
        self._is_decided.set()

    def stand_by(self) -> None:
        """Another switch leads: refuse commands until one is attached."""
        self._is_decided.set()

    async def start(self, path: Path) -> None:
        """Listen. Raises SocketTakenError when a living switch has the path."""
        _clear_stale_socket(path)
        mask = os.umask(0o177)
        try:
            self._servers.append(await asyncio.get_running_loop().create_unix_server(lambda: Link(self), str(path)))
        finally:
            os.umask(mask)

    async def start_tls(self, host: str, port: int, context: ssl.SSLContext) -> None:
        """Listen for other machines too; whoever shows a certificate of the house is trusted with every command."""
        server = await asyncio.get_running_loop().create_server(lambda: Link(self), host, port, ssl=context)
        self._servers.append(server)

    async def close(self) -> None:
        self._is_closing = True
        for server in self._servers:
            server.close()
        for link in list(self._links):
            link.cut()

    def nodes(self) -> dict[str, bool]:
        """Each node seen in this life of the switch, and whether it is connected."""
        return {node_id: link is not None for node_id, link in sorted(self._nodes.items())}

    def condition(self, node_id: str) -> NodeCondition:
        """What keeps the node from its work, as it last told."""
        return self._conditions.get(node_id, _WELL)

    def with_voice(self) -> dict[str, bool]:
        """Each node seen, and whether it can carry calls now."""
        return {node_id: is_up and self.condition(node_id).takes_calls for node_id, is_up in self.nodes().items()}

    def problems(self) -> dict[str, list[str]]:
        """By node, the sentences of what keeps it from its work; nodes without any are left out."""
        told = {node_id: found.problems for node_id, found in sorted(self._conditions.items())}
        return {node_id: sentences for node_id, sentences in told.items() if sentences}

    # --- Listener ---

    def committed(self, batch: Batch) -> None:
        for node_id, frame in batch.effects:
            if link := self._nodes.get(node_id):
                link.put(frame)
        if any(isinstance(event, _MAY_MOVE_CALLBACKS) for event in batch.events):
            self._move_callbacks()

    def rebuilt(self) -> None:
        """Cut every node: each reconciles with the rebuilt state as it returns."""
        for link in list(self._links):
            if link.node_id is not None:
                link.cut()

    # --- one peer ---

    def joined(self, link: Link) -> None:
        self._links[link] = None

    def left(self, link: Link) -> None:
        del self._links[link]
        if link.node_id is not None and self._nodes.get(link.node_id) is link:
            self._nodes[link.node_id] = None
            self._conditions.pop(link.node_id, None)
            self._count_nodes()
            log.warning("node disconnected", node_id=link.node_id)
            if not self._is_closing:
                self._lose(link.node_id)

    # --- nodes that are away ---

    def _lose(self, node_id: str, *, is_judged_anew: bool = False) -> None:
        patience = self._patience
        command = LoseNodeConnection(
            command_id=new_id(),
            at_ms=self._switch.clock.now_ms(),
            node_id=node_id,
            hold_after_ms=patience.hold_s * 1000,
            give_up_after_ms=patience.give_up_s * 1000,
            clear_after_ms=patience.clear_s * 1000,
            is_judged_anew=is_judged_anew,
        )
        self._switch.submit(command, is_of_the_house=True)

    def _move_callbacks(self) -> None:
        """Have another node make the call-backs that were promised by nodes which are given up: when one is, and when
        there is a node again that can."""
        target = self._able_node()
        if target is None:
            return
        for node_id in self._switch.state.router.nodes_given_up():
            now_ms = self._switch.clock.now_ms()
            command = MoveCallbacks(command_id=new_id(), at_ms=now_ms, node_id=node_id, to_node_id=target)
            self._switch.submit(command, is_of_the_house=True)

    def _able_node(self) -> str | None:
        """A node that can carry calls now."""
        return next((node_id for node_id, is_able in self.with_voice().items() if is_able), None)

    def _to_able_node(self, command: RoutingCommand) -> RoutingCommand:
        """Any node can make a call-back that people have ordered: not one that is away, as after the loss of a site."""
        if not isinstance(command, EnqueueContact) or command.callback is None or command.node_id == HOUSE_NODE:
            return command
        if self._nodes.get(command.node_id):
            return command
        target = self._able_node()
        if target is None:
            self._lose(command.node_id)  # also one that has not been here at all
            return command
        return msgspec.structs.replace(command, node_id=target)

    # --- what peers say ---

    def obstacle(self, link: Link, message: NodeToSwitch) -> Obstacle | None:
        """What must be awaited before the message is taken: that it is known whether this switch leads, that it leads
        (for what cannot be refused), or, after each so many commands, that the inbox has room."""
        if not self._is_decided.is_set():
            return self._is_decided.wait
        if not isinstance(message, CommandFrame | ConversationNews):
            return None if self._is_attached.is_set() else self._is_attached.wait
        if link.taken < _ROOM_ASKED_EACH or not self._is_attached.is_set():
            return None
        link.taken = 0
        return self._switch.room

    def take(self, link: Link, message: NodeToSwitch) -> None:
        """Act on a message to which there is no obstacle."""
        if isinstance(message, CommandFrame):
            self._submit(link, message)
        elif isinstance(message, NodeHello):
            self._welcome(link, message)
        elif isinstance(message, NodeCondition):
            self._note_condition(link, message)
        elif isinstance(message, AskWait):
            link.put(self._waits.tell(message.contact_ids))
        elif isinstance(message, ConversationNews):
            self._pass_on(link, message)
        elif isinstance(message, LogProjected):
            self._switch.pruning.note(message)

    def _welcome(self, link: Link, hello: NodeHello) -> None:
        if hello.node_id == HOUSE_NODE:
            log.error("a node may not be called so, closing the connection", node_id=hello.node_id)
            link.cut()
            return
        former = self._nodes.get(hello.node_id)
        if former is not None and former is not link:
            former.cut()
        link.node_id = hello.node_id
        self._nodes[hello.node_id] = link
        self._conditions.pop(hello.node_id, None)
        self._count_nodes()
        routing_log = self._switch.log
        log.info("node connected", node_id=hello.node_id, seen_epoch=hello.seen_epoch, seen_seq=hello.seen_seq)
        link.put(SwitchHello(epoch=routing_log.epoch, seq=routing_log.seq))

    def _note_condition(self, link: Link, condition: NodeCondition) -> None:
        if link.node_id is not None and self._nodes.get(link.node_id) is link:
            self._conditions[link.node_id] = condition
            self._count_nodes()
            self._move_callbacks()

    def _pass_on(self, link: Link, news: ConversationNews) -> None:
        if not self._is_attached.is_set():
            self._refuse(link, news.command_id)
            return
        self._switch.take_news(news)
        link.put(Acknowledged(command_id=news.command_id))

    def _refuse(self, link: Link, command_id: str) -> None:
        refusal = StandbyError()
        link.put(Refused(command_id=command_id, code=refusal.code, sentence=str(refusal)))

    def _submit(self, link: Link, frame: CommandFrame) -> None:
        if not self._is_attached.is_set():
            self._refuse(link, frame.command.command_id)
            return
        link.taken += 1
        with suppress(OverloadedError):  # Not acknowledged: the sender tries again.
            command = frame.command if link.node_id is not None else self._to_able_node(frame.command)
            self._switch.submit(command, partial(self._answer, link, command))

    def _answer(self, link: Link, command: RoutingCommand, error: HotlineError | None) -> None:
        if error is None:
            link.put(Acknowledged(command_id=command.command_id))
        else:
            link.put(Refused(command_id=command.command_id, code=error.code, sentence=str(error)))
        if isinstance(command, ReconcileNode) and link.node_id == command.node_id:
            for effect in self._switch.frames_for_node(command):
                link.put(effect)

    def _count_nodes(self) -> None:
        metrics = self._switch.metrics
        metrics.nodes.set(sum(self.nodes().values()))
        metrics.nodes_with_voice.set(sum(self.with_voice().values()))
        metrics.nodes_not_recording.set(sum(bool(found.recording_problem) for found in self._conditions.values()))


def _clear_stale_socket(path: Path) -> None:
    """Remove the socket that a killed switch left behind."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (path.exists() and stat.S_ISSOCK(path.stat().st_mode)):
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink()
            return
    raise SocketTakenError(path=path)
