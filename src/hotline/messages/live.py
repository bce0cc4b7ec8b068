"""Frames between the gateway and a browser, as JSON over one WebSocket (`/live`).

A browser holds one store: documents by key. It gets a snapshot, then changes; old store + changes = fresh snapshot.
Keys: `me`, `offer/<offer_id>`, `contact/<contact_id>` (own work); `agent/<agent_id>`, `queue/<queue_id>`,
`total/<tenant_id>`, `waiting/<contact_id>`, `alarm/<alarm_id>`, `site/<site_id>`, `seat/<seat_id>` (floor
and boards, for those who may see them); `system`.
Documents are plain JSON objects; `docs/live-protocol.md` lists their fields."""

from typing import Any, Literal

import msgspec

from hotline.messages.base import Message

Board = Literal["floor", "wallboard", "alarms"]

# --- browser -> gateway ---------------------------------------------------------------------------------------------


class Hello(Message, frozen=True, kw_only=True):
    """First frame. `token` was signed by web and lives five minutes. `after` asks for what was missed since that
    sequence number of the same `stream`; without it, or when too old, a snapshot comes. A new window (no `stream`) of
    a signed-in agent takes the phone over if their other window is gone, unless it says that it only mirrors."""

    token: str
    boards: tuple[Board, ...] = ()
    stream: str | None = None
    after: int | None = None
    takes_over: bool = True


class RenewToken(Message, frozen=True, kw_only=True):
    """Sent before the token ends; otherwise the gateway closes with 4401."""

    token: str


class Do(Message, frozen=True, kw_only=True):
    """An action. `name` is a command's class name of `messages.routing` (agent and supervisor ones only); the gateway
    fills in who is acting. Sending the same `id` again is safe."""

    id: str
    name: str
    arguments: dict[str, Any] = {}


class Watch(Message, frozen=True, kw_only=True):
    boards: tuple[Board, ...]


class Explain(Message, frozen=True, kw_only=True):
    """Why this contact still waits. Answered with Explained, or Failed; nothing is changed."""

    id: str
    contact_id: str


class Ping(Message, frozen=True, kw_only=True):
    """Each 2 s; the gateway calls a browser gone after 8 s of silence."""

    sent_ms: float


FromBrowser = Hello | RenewToken | Do | Watch | Explain | Ping

# --- gateway -> browser ---------------------------------------------------------------------------------------------


class Snapshot(Message, frozen=True, kw_only=True):
    stream: str
    seq: int
    server_ms: int
    documents: dict[str, dict[str, Any]]


class Changes(Message, frozen=True, kw_only=True):
    """`put` replaces whole documents, `drop` removes keys; `seq` is the former frame's + 1."""

    seq: int
    server_ms: int
    put: dict[str, dict[str, Any]] = {}
    drop: tuple[str, ...] = ()


class Done(Message, frozen=True, kw_only=True):
    id: str


class Explained(Message, frozen=True, kw_only=True):
    """`why` as `docs/live-protocol.md` lists it; null when the contact waits no more."""

    id: str
    server_ms: int
    why: dict[str, Any] | None


class Failed(Message, frozen=True, kw_only=True):
    """`code` is a key of the message catalogue."""

    id: str | None
    code: str
    sentence: str
    data: dict[str, Any] = {}


class Pong(Message, frozen=True, kw_only=True):
    sent_ms: float
    server_ms: int


ToBrowser = Snapshot | Changes | Done | Explained | Failed | Pong


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """These permissions hold in each of these tenants."""

    tenant_ids: tuple[str, ...]
    permissions: tuple[str, ...]


class LiveToken(msgspec.Struct, frozen=True, kw_only=True):
    """What web signs (HMAC-SHA256 over the msgspec JSON, base64url, `payload.signature`) and the gateway verifies."""

    user_id: str
    session_id: str
    expires_at_ms: int
    agent_id: str | None
    grants: tuple[Grant, ...]
    name: str
