"""Who is at the other end: what web signed into the live token."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from hotline.kernel.signing import verify
from hotline.live.gateway.errors import ForbiddenActionError, TokenExpiredError, TokenInvalidError
from hotline.messages.live import Grant, LiveToken

_decode = msgspec.json.Decoder(LiveToken).decode


@dataclass(frozen=True, slots=True)
class Viewer:
    """A logged-in person and what they may see and do until `expires_at_ms`. `grants`: by permission, the tenants in
    which it is held."""

    user_id: str
    agent_id: str | None
    grants: Mapping[str, frozenset[str]]
    name: str
    expires_at_ms: int

    def tenants_with(self, permission: str) -> frozenset[str]:
        """The tenants in which the permission is held; none at all for what web has not granted."""
        return self.grants.get(permission, frozenset())

    def require(self, permission: str) -> frozenset[str]:
        """The tenants in which the permission is held. Raises ForbiddenActionError when it is held in none."""
        tenants = self.tenants_with(permission)
        if not tenants:
            raise ForbiddenActionError(permission=permission)
        return tenants


def viewer_of(token: str, key: bytes, now_ms: int) -> Viewer:
    """The person whom web has signed for. Raises TokenInvalidError or TokenExpiredError."""
    payload = verify(token, key)
    if payload is None:
        raise TokenInvalidError
    try:
        signed = _decode(payload)
    except msgspec.DecodeError as error:
        raise TokenInvalidError from error
    if signed.expires_at_ms <= now_ms:
        raise TokenExpiredError
    return Viewer(
        user_id=signed.user_id,
        agent_id=signed.agent_id,
        grants=_by_permission(signed.grants),
        name=signed.name,
        expires_at_ms=signed.expires_at_ms,
    )


def _by_permission(grants: tuple[Grant, ...]) -> dict[str, frozenset[str]]:
    tenants: dict[str, set[str]] = {}
    for grant in grants:
        for permission in grant.permissions:
            tenants.setdefault(permission, set()).update(grant.tenant_ids)
    return {permission: frozenset(ids) for permission, ids in tenants.items()}
