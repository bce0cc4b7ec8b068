"""Which signed-in agents still have their browser, by what was last heard of the window that owns the phone.

Only posts taken in a browser are watched: a SIP phone or a simulated agent has no window."""

from collections.abc import Callable
from dataclasses import dataclass

SILENT_MS = 7_500  # pings come each 2 s; noticed within 8 s together with the sweep
CLOSED_MS = 3_000  # the socket is closed: a reload is back by then
_PREFIX = "browser:"

HeardMs = Callable[[str], int | None]


def session_of(window_id: str) -> str:
    """The session under which the engine knows a window."""
    return f"{_PREFIX}{window_id}"


def window_of_session(session_id: str) -> str:
    """The window's id again."""
    return session_id.removeprefix(_PREFIX)


def is_browser(session_id: str | None) -> bool:
    return session_id is not None and session_id.startswith(_PREFIX)


@dataclass(slots=True)
class Post:
    """An agent's post and when its window must be heard of again."""

    session_id: str
    deadline_ms: int
    is_lost: bool = False


class Presence:
    """Every watched post. `lost` reports each silence once."""

    def __init__(self) -> None:
        self._posts: dict[str, Post] = {}

    def taken(self, agent_id: str, session_id: str, now_ms: int, is_connected: bool = True) -> None:
        """The agent has signed in with this session (or had, before this process started)."""
        if is_browser(session_id):
            self._posts[agent_id] = Post(session_id, now_ms + SILENT_MS, not is_connected)
        else:
            self._posts.pop(agent_id, None)

    def left(self, agent_id: str) -> None:
        self._posts.pop(agent_id, None)

    def closed(self, agent_id: str, session_id: str, now_ms: int, heard_ms: int) -> None:
        """The window's socket is closed: less patience. `heard_ms` is when it was last heard of."""
        post = self._posts.get(agent_id)
        if post is not None and post.session_id == session_id:
            post.deadline_ms = min(heard_ms + SILENT_MS, now_ms + CLOSED_MS)

    def found(self, agent_id: str, session_id: str, now_ms: int) -> bool:
        """The window is back; whether it had been reported lost."""
        post = self._posts.get(agent_id)
        if post is None or post.session_id != session_id:
            return False
        was_lost, post.is_lost = post.is_lost, False
        post.deadline_ms = now_ms + SILENT_MS
        return was_lost

    def lost(self, now_ms: int, heard_ms: HeardMs) -> list[tuple[str, str]]:
        """Agent and session of each window that has just been silent for too long.

        `heard_ms` says when a window that is connected was last heard of, None for one that is not; it is asked only
        about those whose deadline has passed."""
        gone = []
        for agent_id, post in self._posts.items():
            if post.is_lost or post.deadline_ms >= now_ms:
                continue
            last_ms = heard_ms(post.session_id)
            if last_ms is not None:
                post.deadline_ms = last_ms + SILENT_MS
            if post.deadline_ms < now_ms:
                post.is_lost = True
                gone.append((agent_id, post.session_id))
        return gone
