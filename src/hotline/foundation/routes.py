"""Foundation's own routes: oneself, one's preferences and the live token."""

from typing import Literal
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from ninja import Schema

from hotline.foundation import audit, live_token
from hotline.foundation.actors import Actor
from hotline.foundation.http import SIGNED_IN, ActorRequest, Router
from hotline.foundation.models import Membership, Tenant, User

me_router = Router(tags=["me"])


class OwnTenantOut(Schema):
    tenant_id: UUID
    code: str
    name: dict[str, str]
    brand_colour: str
    time_zone: str
    is_simulated: bool
    roles: list[str]
    permissions: list[str]


class Me(Schema):
    """The signed-in person. `permissions` are those held in any tenant; each tenant lists its own."""

    user_id: UUID
    username: str
    name: str
    email: str
    language: str
    text_size: int
    theme: str
    has_second_factor: bool
    permissions: list[str]
    tenants: list[OwnTenantOut]


class Preferences(Schema):
    language: Literal["zh", "en"] | None = None
    text_size: Literal[14, 16, 18] | None = None
    theme: Literal["system", "light", "dark"] | None = None


class LiveTokenOut(Schema):
    token: str
    expires_at_ms: int


@me_router.get("/me", permission=SIGNED_IN, response=Me)
def read_me(request: ActorRequest) -> Me:
    """The signed-in person, their tenants and what they may do."""
    return _me(request.actor)


@me_router.patch("/me/preferences", permission=SIGNED_IN, response=Me)
def change_preferences(request: ActorRequest, payload: Preferences) -> Me:
    """Set one's own language, text size or theme; what is left out stays."""
    changes = payload.dict(exclude_none=True)
    with transaction.atomic():
        if changes:
            User.objects.filter(pk=request.actor.person_id).update(**changes)
            audit.record(request.actor, "preferences.changed", "user", request.actor.person_id, None, changes)
    return _me(request.actor)


@me_router.post("/live-token", permission=SIGNED_IN, response=LiveTokenOut)
def make_live_token(request: ActorRequest) -> LiveTokenOut:
    """A five-minute token for the live connection."""
    token, expires_at_ms = live_token.issue(request.actor)
    return LiveTokenOut(token=token, expires_at_ms=expires_at_ms)


def _me(actor: Actor) -> Me:
    user = User.objects.get(pk=actor.person_id)
    roles: dict[UUID, list[str]] = {}
    for tenant_id, role in Membership.objects.filter(user=user).order_by("role").values_list("tenant", "role"):
        roles.setdefault(tenant_id, []).append(role)
    tenants = Tenant.objects.filter(pk__in=actor.tenant_ids)
    return Me(
        user_id=user.pk,
        username=user.username,
        name=user.name,
        email=user.email,
        language=user.language,
        text_size=user.text_size,
        theme=user.theme,
        has_second_factor=Authenticator.objects.filter(user=user).exists(),
        permissions=sorted(actor.permissions),
        tenants=[_tenant_out(tenant, roles.get(tenant.pk, []), actor) for tenant in tenants],
    )


def _tenant_out(tenant: Tenant, roles: list[str], actor: Actor) -> OwnTenantOut:
    grants = (actor.grants or {}).get(tenant.pk, frozenset())
    return OwnTenantOut(
        tenant_id=tenant.pk,
        code=tenant.code,
        name=tenant.name,
        brand_colour=tenant.brand_colour,
        time_zone=tenant.time_zone,
        is_simulated=tenant.is_simulated,
        roles=roles,
        permissions=sorted(grants),
    )


routers = [("", me_router)]
