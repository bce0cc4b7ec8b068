"""Who is at the other end of a request, and whether a route lets them in."""

import hmac
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from hotline.foundation.actors import Actor
from hotline.foundation.client_address import client_address
from hotline.foundation.errors import CsrfError, InternalOnlyError, NotSignedInError
from hotline.foundation.models import Membership, User
from hotline.foundation.permissions import INSTALLATION_PERMISSIONS, PERMISSIONS, permissions_of

SIGNED_IN = "signed-in"  # for routes about oneself: a log-in is enough, no permission is needed
INTERNAL_HEADER = "X-Hotline-Internal"


class ActorRequest(HttpRequest):
    """A request that passed its route's declaration. The scope is already that of `actor.tenant_ids`."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class Access:
    """A route's declaration: a permission, or public with the reason why, or internal."""

    kind: Literal["permission", "public", "internal"]
    permission: str = ""
    reason: str = ""

    def admit(self, request: HttpRequest) -> Actor | None:
        """Who may go on, narrowed to the tenants that the permission covers; None on public routes.

        Raises NotSignedInError, CsrfError, ForbiddenError or InternalOnlyError."""
        if self.kind == "public":
            return None
        if self.kind == "internal":
            return internal_actor(request)
        actor = session_actor(request)
        return actor if self.permission == SIGNED_IN else actor.narrowed(self.permission)


def declared(permission: str | None, public: str | None) -> Access:
    """The declaration of a route. Raises TypeError unless exactly one is given and the permission exists."""
    if public is not None and permission is None and isinstance(public, str) and public.strip():
        return Access("public", reason=public)
    if permission is None or public is not None:
        raise TypeError("a route declares permission=... or public='the reason why everybody may'")
    if permission != SIGNED_IN and permission not in PERMISSIONS:
        raise TypeError(f"the permission {permission!r} is not listed in foundation.permissions")
    return Access("permission", permission=permission)


def session_actor(request: HttpRequest) -> Actor:
    """The signed-in person. Raises NotSignedInError, or CsrfError on an unsafe method without its token."""
    if not request.user.is_authenticated:
        raise NotSignedInError
    if check_csrf(request) is not None:
        raise CsrfError
    session_key = request.session.session_key
    return actor_of(request.user, session_id=session_key, address=client_address(request))


def actor_of(user: User, *, session_id: str | None = None, address: str | None = None) -> Actor:
    """The actor that a user is, with the permissions of each membership in an active tenant."""
    roles: dict[UUID, set[str]] = {}
    for tenant_id, role in Membership.objects.filter(user=user, tenant__is_active=True).values_list("tenant", "role"):
        roles.setdefault(tenant_id, set()).add(role)
    grants = {tenant_id: permissions_of(held) for tenant_id, held in roles.items()}
    everywhere = INSTALLATION_PERMISSIONS if user.is_installation_administrator else frozenset()
    return Actor(
        user_id=user.pk,
        name=user.name,
        kind="user",
        tenant_ids=frozenset(grants),
        permissions=everywhere.union(*grants.values()),
        session_id=public_session_id(session_id),
        address=address,
        grants=grants,
    )


def public_session_id(session_key: str | None) -> str | None:
    """A name for the session that may be written down: the key itself would let its reader in."""
    if session_key is None:
        return None
    secret = settings.HOTLINE.secret("django")
    return hmac.new(secret, f"session/{session_key}".encode(), "sha256").hexdigest()[:32]


def internal_actor(request: HttpRequest) -> Actor:
    """Another role of the centre. Raises InternalOnlyError unless the header holds the internal secret."""
    given = request.headers.get(INTERNAL_HEADER, "")
    expected = settings.HOTLINE.secret("internal").hex()
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise InternalOnlyError
    return Actor.internal("internal")
