"""The five-minute token with which a browser opens its live connection to the switch."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings

from hotline.foundation.actors import Actor
from hotline.kernel.clock import SystemClock
from hotline.kernel.signing import sign
from hotline.messages.live import LiveToken

LIFE_MS: Final = 5 * 60 * 1000
AgentLookup = Callable[[UUID], UUID | str | None]
_agent_lookups: Final[list[AgentLookup]] = []


def tell_agents_by(lookup: AgentLookup) -> None:
    """Let the people domain say which agent a user is, as foundation may not look upwards: called in its AppConfig."""
    _agent_lookups[:] = [lookup]


def issue(actor: Actor, now_ms: int | None = None) -> tuple[str, int]:
    """The signed token and the moment it ends.

    The gateway knows one list of permissions for all tenants of a token, so that only those count that are held in
    every one of them: whoever is supervisor here and agent there must not watch the floor there."""
    expires_at_ms = (SystemClock().now_ms() if now_ms is None else now_ms) + LIFE_MS
    grants = [actor.grants[tenant] for tenant in actor.tenant_ids] if actor.grants is not None else []
    shared = frozenset.intersection(*grants) if grants else actor.permissions
    agent_id = _agent_of(actor.user_id)
    token = LiveToken(
        user_id=str(actor.user_id),
        session_id=actor.session_id or "",
        expires_at_ms=expires_at_ms,
        agent_id=agent_id,
        tenant_ids=tuple(sorted(map(str, actor.tenant_ids))),
        permissions=tuple(sorted(shared)),
        name=actor.name,
    )
    return sign(msgspec.json.encode(token), settings.HOTLINE.secret("live-token")), expires_at_ms


def _agent_of(user_id: UUID | None) -> str | None:
    if user_id is None or not _agent_lookups:
        return None
    agent_id = _agent_lookups[0](user_id)
    return None if agent_id is None else str(agent_id)
