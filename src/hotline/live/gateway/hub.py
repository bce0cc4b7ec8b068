"""The gateway's middle: every window, the audiences they belong to, and the way from a window's action to the switch.

After each commit the agents concerned get their own documents at once; floor and wallboard documents are gathered and
leave each 200 ms, worked out once for all who may see the same. Nothing here waits for a browser."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field

import structlog

from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.gateway.actions import RULES, command_of
from hotline.live.gateway.connection import Connection
from hotline.live.gateway.errors import (
    ForbiddenBoardError,
    MirrorError,
    OpenedAgainError,
    OtherUserError,
    RestartingError,
    SilentError,
    TokenExpiredError,
)
from hotline.live.gateway.own_documents import as_mirror
from hotline.live.gateway.presence import SILENT_MS, Presence, is_browser, session_of, window_of_session
from hotline.live.gateway.streams import Audience, Stream, window_of
from hotline.live.gateway.targets import check_target
from hotline.live.gateway.viewer import Viewer, viewer_of
from hotline.live.gateway.views import Views
from hotline.live.switch.service import Batch, Switch, trace_of
from hotline.messages import routing
from hotline.messages.conversations import WrittenMessage
from hotline.messages.live import Do, Explain, Hello, RenewToken, Watch

BOARDS_EACH_S = 0.2
UNWATCHED_EACH_MS = 2_000
SWEEP_EACH_S = 0.5
HELD_UP_MS = 2_000  # since the last round: the process, its machine or its disk stood still
CATCH_UP_MS = 3_000  # until everybody's ping of 2 s, and what came meanwhile, has been read
HEARD_LATELY_MS = 5_000  # pings come each 2 s: a window silent for longer has probably crashed
KEPT_WINDOW_MS = 60_000  # a window that is away may still resume its numbering
_BOARD_PERMISSION = "floor.view"

BoardKey = tuple[tuple[str, ...], frozenset[str]]
log = structlog.get_logger()


@dataclass(eq=False)
class Window:
    """One browser tab: who sits before it, what it watches, and its connection while there is one."""

    viewer: Viewer
    stream: Stream
    boards: tuple[str, ...] = ()
    connection: Connection | None = None
    away_since_ms: int = 0
    check_at_ms: int = 0  # not silent and not expired before
    is_claiming: bool = False  # asked to take the phone over, not yet committed
    audiences: list[Audience] = field(default_factory=list)

    @property
    def session_id(self) -> str:
        return session_of(self.stream.window_id)


class Hub:
    """See the module. A Listener of the switch, and the `Desk` behind every connection."""

    def __init__(self, switch: Switch, views: Views, token_key: bytes) -> None:
        self.clock, self.metrics = switch.clock, switch.metrics
        self._switch, self._views, self._token_key = switch, views, token_key
        self._windows: dict[str, Window] = {}
        self._windows_of_agent: dict[str, dict[str, Window]] = {}
        self._own: dict[Hashable, Audience] = {}  # by agent and whether it is a mirror's
        self._boards: dict[BoardKey, Audience] = {}
        self._counted_ms = 0
        self._system = Audience(None, views.system())
        self._presence = Presence()
        switch.listeners.append(self)
        switch.readers.append(self)
        self._find_posts()

    # --- Listener ---

    def committed(self, batch: Batch) -> None:
        concerned = self._views.absorb(batch.events)
        for event in batch.events:
            if isinstance(event, routing.AgentSignedIn):
                self._presence.taken(event.agent_id, event.session_id, self.clock.now_ms())
                self._seat_again(event.agent_id)
            elif isinstance(event, routing.AgentSignedOut):
                self._presence.left(event.agent_id)
                self._seat_again(event.agent_id)
        now_ms = self.clock.now_ms()
        for agent_id in concerned:
            self._publish_own(agent_id, now_ms)

    def rebuilt(self) -> None:
        self._views.reload()
        self._find_posts()
        for agent_id in self._windows_of_agent:
            self._seat_again(agent_id)
            self._publish_own(agent_id, self.clock.now_ms())

    # --- Reader ---

    def written(self, messages: tuple[WrittenMessage, ...]) -> None:
        """Show whoever has one of these contacts in hand that there is something to read."""
        now_ms = self.clock.now_ms()
        for agent_id in self._views.written(messages):
            self._publish_own(agent_id, now_ms)

    def _find_posts(self) -> None:
        """After a start or rebuild: every browser gets the usual time to show itself."""
        now_ms = self.clock.now_ms()
        for agent_id, session_id, is_connected in self._views.posts():
            self._presence.taken(agent_id, session_id, now_ms, is_connected)

    # --- Desk: a window comes, asks, leaves ---

    def open(self, hello: Hello, connection: Connection) -> Stream:
        """Seat a window; one that returns stays what it was, a new one owns the phone only where nobody else does."""
        viewer = viewer_of(hello.token, self._token_key, self.clock.now_ms())
        known_id = window_of(hello.stream)
        window = self._window(viewer, known_id)
        if window.connection is not None:
            window.connection.close(OpenedAgainError())
        window.connection, window.viewer, window.check_at_ms = connection, viewer, 0
        self._views.met(viewer.user_id, viewer.name)
        connection.viewer = viewer
        window.boards = self._permitted_boards(viewer, hello.boards, connection)
        self._claim_post(window, is_new=known_id is None, takes_over=hello.takes_over)
        self._seat(window)
        return window.stream

    def _window(self, viewer: Viewer, window_id: str | None) -> Window:
        window = self._windows.get(window_id) if window_id else None
        if window is not None and window.viewer.user_id == viewer.user_id:
            if window.viewer.agent_id != viewer.agent_id:
                self._close_window(window)
            else:
                return window
        # Somebody else's window id is not honoured: it would let one person pass for another's browser.
        fresh_id = window_id if window_id and window_id not in self._windows else new_id()
        window = Window(viewer, Stream(fresh_id))
        self._windows[fresh_id] = window
        if viewer.agent_id is not None:
            self._windows_of_agent.setdefault(viewer.agent_id, {})[fresh_id] = window
        return window

    def _claim_post(self, window: Window, *, is_new: bool, takes_over: bool) -> None:
        agent_id = window.viewer.agent_id
        if agent_id is None or not window.viewer.tenants_with("desk.use"):
            return
        session_id = self._views.session_of_agent(agent_id)
        now_ms = self.clock.now_ms()
        if session_id == window.session_id:
            if self._presence.found(agent_id, session_id, now_ms):
                self._send(
                    routing.RestoreAgentConnection(
                        command_id=new_id(), at_ms=now_ms, agent_id=agent_id, session_id=session_id
                    )
                )
        elif is_new and takes_over and session_id is not None and not self._is_kept(session_id, now_ms):
            self._take_over(window, agent_id, now_ms)

    def _is_kept(self, session_id: str, now_ms: int) -> bool:
        """Whether the post's owner is there, so that a second tab must not take the phone out of a conversation."""
        heard_ms = self._heard_ms(session_id) if is_browser(session_id) else now_ms
        return heard_ms is not None and now_ms - heard_ms < HEARD_LATELY_MS

    def _take_over(self, window: Window, agent_id: str, now_ms: int) -> None:
        """Until the switch has answered, the window acts as the owner that it is about to be."""
        window.is_claiming = True

        def answered(_: HotlineError | None) -> None:
            window.is_claiming = False
            if window.stream.window_id in self._windows:
                self._seat(window)

        command = routing.SignIn(command_id=new_id(), at_ms=now_ms, agent_id=agent_id, session_id=window.session_id)
        self._switch.submit(command, answered, is_of_the_house=True)

    def renew(self, renewal: RenewToken, connection: Connection) -> None:
        viewer = viewer_of(renewal.token, self._token_key, self.clock.now_ms())
        window = self._windows[connection.stream.window_id]
        if (viewer.user_id, viewer.agent_id) != (window.viewer.user_id, window.viewer.agent_id):
            raise OtherUserError
        connection.viewer = window.viewer = viewer
        window.check_at_ms = 0
        window.boards = self._permitted_boards(viewer, window.boards, connection)
        self._seat(window)

    def watch(self, watch: Watch, connection: Connection) -> None:
        window = self._windows[connection.stream.window_id]
        window.boards = self._permitted_boards(window.viewer, watch.boards, connection)
        self._seat(window)

    def _permitted_boards(self, viewer: Viewer, wanted: tuple[str, ...], connection: Connection) -> tuple[str, ...]:
        boards = tuple(sorted(set(wanted)))
        if boards and not viewer.tenants_with(_BOARD_PERMISSION):
            connection.fail(None, ForbiddenBoardError(board=boards[0]))
            return ()
        return boards

    def act(self, action: Do, connection: Connection) -> None:
        """Check and hand to the switch; the answer follows the commit."""
        window = self._windows[connection.stream.window_id]
        command = command_of(action, window.viewer, window.session_id, self.clock.now_ms())
        self._check_ownership(command, window)
        check_target(command, window.viewer, self._switch.state)

        def answer(error: HotlineError | None) -> None:
            if error is None:
                connection.done(action.id)
            else:
                connection.fail(action.id, error)

        self._switch.submit(command, answer)

    def explain(self, question: Explain, connection: Connection) -> None:
        """Say why a contact waits, to those who may see the floor of its tenant."""
        viewer = self._windows[connection.stream.window_id].viewer
        viewer.require(_BOARD_PERMISSION)
        tenant_ids = viewer.tenants_with(_BOARD_PERMISSION)
        connection.explained(question.id, self._views.why_waiting(question.contact_id, tenant_ids))

    def _check_ownership(self, command: routing.RoutingCommand, window: Window) -> None:
        """A mirror watches; to act it takes over first, which is what SignIn does."""
        if not RULES[type(command).__name__].is_own or isinstance(command, routing.SignIn):
            return
        if self._is_mirror(window):
            raise MirrorError

    def left(self, connection: Connection) -> None:
        window = self._windows.get(connection.stream.window_id)
        if window is None or window.connection is not connection:
            return
        window.connection = None
        window.away_since_ms = self.clock.now_ms()
        if window.viewer.agent_id is not None:
            self._presence.closed(window.viewer.agent_id, window.session_id, window.away_since_ms, connection.heard_ms)

    # --- who sees what ---

    def _is_mirror(self, window: Window) -> bool:
        if window.is_claiming:
            return False
        owner = self._views.session_of_agent(window.viewer.agent_id) if window.viewer.agent_id else None
        return is_browser(owner) and owner != window.session_id

    def _seat(self, window: Window) -> None:
        """Put the window among the audiences that its person and boards call for."""
        audiences = [self._own_audience(window), self._system]
        if window.boards:
            audiences.append(self._board_audience(window.boards, window.viewer.tenants_with(_BOARD_PERMISSION)))
        if audiences != window.audiences:
            left, window.audiences = window.audiences, audiences
            window.stream.listen_to(audiences, self.clock.now_ms())
            self._forget_empty(left)

    def _own_audience(self, window: Window) -> Audience:
        agent_id = window.viewer.agent_id
        if agent_id is None:
            return Audience(None, self._views.own_of_visitor(window.viewer.name))
        key = (agent_id, self._is_mirror(window))
        if key not in self._own:
            documents = self._views.own(agent_id, window.viewer.name)
            self._own[key] = Audience(key, as_mirror(documents) if key[1] else documents)
        return self._own[key]

    def _board_audience(self, boards: tuple[str, ...], tenant_ids: frozenset[str]) -> Audience:
        key = (boards, tenant_ids)
        if key not in self._boards:
            self._boards[key] = Audience(key, self._views.boards(boards, tenant_ids, self.clock.now_ms()))
        return self._boards[key]

    def _forget_empty(self, audiences: list[Audience]) -> None:
        for audience in audiences:
            if not audience.streams:
                self._own.pop(audience.key, None)
                self._boards.pop(audience.key, None)  # type: ignore[call-overload]

    def _seat_again(self, agent_id: str) -> None:
        """The post has another session, or none: an owner may have become a mirror, and a mirror the owner."""
        for window in list(self._windows_of_agent.get(agent_id, {}).values()):
            self._seat(window)

    def _publish_own(self, agent_id: str, now_ms: int) -> None:
        windows = self._windows_of_agent.get(agent_id)
        if not windows:
            return
        documents = self._views.own(agent_id, next(iter(windows.values())).viewer.name)
        if audience := self._own.get((agent_id, False)):
            audience.replace(documents, now_ms)
        if audience := self._own.get((agent_id, True)):
            audience.replace(as_mirror(documents), now_ms)

    # --- in the rhythm of the clock ---

    async def run(self) -> None:
        """Publish boards each 200 ms and look for silent windows each 500 ms, until cancelled.

        Who was held up has not listened: nobody is called silent before the browsers had time to be heard again, or
        a pause of this process would put everybody out at once."""
        loop = asyncio.get_running_loop()
        swept_at = loop.time()
        round_ms = listens_from_ms = self.clock.now_ms()
        while True:
            await asyncio.sleep(BOARDS_EACH_S)
            former_ms, round_ms = round_ms, self.clock.now_ms()
            if round_ms - former_ms > HELD_UP_MS:
                listens_from_ms = round_ms + CATCH_UP_MS
                log.warning("the switch was held up", ms=round_ms - former_ms)
            try:
                self.publish_boards()
                if loop.time() - swept_at >= SWEEP_EACH_S and round_ms >= listens_from_ms:
                    swept_at = loop.time()
                    self.sweep()
            except Exception as error:
                # A defect in a board must not stop the desks.
                log.error("the boards or the sweep failed", trace=trace_of(error))
                self.metrics.listener_failures.inc()

    def publish_boards(self) -> None:
        now_ms = self.clock.now_ms()
        if self._boards or now_ms - self._counted_ms >= UNWATCHED_EACH_MS:
            self._counted_ms = now_ms
            self._publish_dirty(self._views.take_dirty(now_ms), now_ms)
        system = self._views.system()
        if system["system"] != {**self._system.documents["system"], "server_ms": system["system"]["server_ms"]}:
            self._system.replace(system, now_ms)

    def _publish_dirty(self, dirty: list[str], now_ms: int) -> None:
        """With no board open only what has changed since is counted, so that it does not grow for ever."""
        for (boards, tenant_ids), audience in self._boards.items():
            changed = {key: self._views.board_document(key, boards, tenant_ids, now_ms) for key in dirty}
            audience.update(changed, now_ms)

    def sweep(self) -> None:
        """End silent and expired connections, report lost browsers, forget windows that stayed away."""
        now_ms = self.clock.now_ms()
        for window in list(self._windows.values()):
            if window.connection is None:
                if now_ms - window.away_since_ms > KEPT_WINDOW_MS:
                    self._close_window(window)
            elif now_ms >= window.check_at_ms:
                self._check_connection(window, window.connection, now_ms)
        for agent_id, session_id in self._presence.lost(now_ms, self._heard_ms):
            self.metrics.agents_lost.inc()
            log.info("an agent's browser is gone", agent_id=agent_id)
            self._send(
                routing.LoseAgentConnection(command_id=new_id(), at_ms=now_ms, agent_id=agent_id, session_id=session_id)
            )

    def _heard_ms(self, session_id: str) -> int | None:
        window = self._windows.get(window_of_session(session_id))
        return window.connection.heard_ms if window is not None and window.connection is not None else None

    def _check_connection(self, window: Window, connection: Connection, now_ms: int) -> None:
        silent_at_ms, expires_at_ms = connection.heard_ms + SILENT_MS, window.viewer.expires_at_ms
        if silent_at_ms < now_ms:
            connection.close(SilentError())
        elif expires_at_ms <= now_ms:
            connection.close(TokenExpiredError())
        else:
            window.check_at_ms = min(silent_at_ms, expires_at_ms)

    def _close_window(self, window: Window) -> None:
        window.stream.leave()
        self._forget_empty(window.audiences)
        del self._windows[window.stream.window_id]
        if window.viewer.agent_id is not None:
            windows = self._windows_of_agent[window.viewer.agent_id]
            windows.pop(window.stream.window_id, None)
            if not windows:
                del self._windows_of_agent[window.viewer.agent_id]

    def close(self) -> None:
        """Tell every window to come back soon: the process ends."""
        for window in self._windows.values():
            if window.connection is not None:
                window.connection.close(RestartingError())

    def _send(self, command: routing.RoutingCommand) -> None:
        self._switch.submit(command, is_of_the_house=True)
