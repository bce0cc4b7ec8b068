"""Who is at the other end: what web signed into the live token."""

from dataclasses import dataclass

import msgspec

from hotline.kernel.signing import verify
from hotline.live.gateway.errors import ForbiddenActionError, TokenExpiredError, TokenInvalidError
from hotline.messages.live import LiveToken

_decode = msgspec.json.Decoder(LiveToken).decode


@dataclass(frozen=True, slots=True)
class Viewer:
    """A logged-in person and what they may see and do until `expires_at_ms`."""

    user_id: str
    agent_id: str | None
    tenant_ids: frozenset[str]
    permissions: frozenset[str]
    name: str
    expires_at_ms: int

    def require(self, permission: str) -> None:
        """Raise ForbiddenActionError unless web has granted the permission."""
        if permission not in self.permissions:
            raise ForbiddenActionError(permission=permission)


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
        tenant_ids=frozenset(signed.tenant_ids),
        permissions=frozenset(signed.permissions),
        name=signed.name,
        expires_at_ms=signed.expires_at_ms,
    )
