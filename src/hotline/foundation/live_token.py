"""The five-minute token with which a browser opens its live connection to the switch."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings

from hotline.foundation.actors import Actor
from hotline.kernel.clock import SystemClock
from hotline.kernel.errors import HotlineError
from hotline.kernel.signing import sign
from hotline.messages.live import Grant, LiveToken

LIFE_MS: Final = 5 * 60 * 1000
_LIVE: Final = ("desk.", "floor.")  # what the gateway asks for
AgentLookup = Callable[[UUID], UUID | str | None]
SignInRule = Callable[[UUID], HotlineError | None]
_agent_lookups: Final[list[AgentLookup]] = []
_sign_in_rules: Final[list[SignInRule]] = []


def tell_agents_by(lookup: AgentLookup) -> None:
    """Let the people domain say which agent a user is, as foundation may not look upwards: called in its AppConfig."""
    _agent_lookups[:] = [lookup]


def refuse_sign_in_by(rule: SignInRule) -> None:
    """Let the roster keep an agent from signing in: called in its AppConfig. Who may watch the floor still may."""
    _sign_in_rules[:] = [rule]


def issue(actor: Actor, now_ms: int | None = None) -> tuple[str, int]:
    """The signed token and the moment it ends. It says tenant by tenant what is held there: whoever is supervisor here
    and agent there watches the floor here only."""
    expires_at_ms = (SystemClock().now_ms() if now_ms is None else now_ms) + LIFE_MS
    agent_id = _agent_of(actor)
    token = LiveToken(
        user_id=str(actor.user_id),
        session_id=actor.session_id or "",
        expires_at_ms=expires_at_ms,
        agent_id=agent_id,
        grants=_grants_of(actor),
        name=actor.name,
    )
    return sign(msgspec.json.encode(token), settings.HOTLINE.secret("live-token")), expires_at_ms


def _grants_of(actor: Actor) -> tuple[Grant, ...]:
    """Tenants with equal permissions together: a token for forty tenants stays small."""
    tenants: dict[tuple[str, ...], list[str]] = {}
    for tenant_id in sorted(map(str, actor.tenant_ids)):
        held = [name for name in sorted(actor.permissions) if name.startswith(_LIVE) and actor.has(name, tenant_id)]
        tenants.setdefault(tuple(held), []).append(tenant_id)
    return tuple(Grant(tenant_ids=tuple(ids), permissions=held) for held, ids in tenants.items())


def _agent_of(actor: Actor) -> str | None:
    """The agent under whose name the actor works; None for those who are none, or may only watch now.

    Raises what keeps the agent from signing in."""
    if actor.user_id is None or not _agent_lookups:
        return None
    agent_id = _agent_lookups[0](actor.user_id)
    if agent_id is None:
        return None
    refused = next((error for rule in _sign_in_rules if (error := rule(actor.user_id)) is not None), None)
    if refused is None:
        return str(agent_id)
    if actor.has("floor.view"):
        return None
    raise refused
