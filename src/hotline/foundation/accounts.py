"""What administrators do to users and tenants: one transaction each, with its audit line."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from axes.utils import reset as forget_failed_log_ins
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, NotYourTenantError, StaleVersionError
from hotline.foundation.models import Membership, Tenant, User
from hotline.foundation.new_tenants import give_beginnings
from hotline.kernel.errors import HotlineError

Role = tuple[UUID, str]  # tenant and role


class UserTakenError(HotlineError):
    code = "user.taken"
    status = 409
    sentence = "The user name {username} is taken. Choose another."


class WeakPasswordError(HotlineError):
    code = "user.password_weak"
    status = 422
    sentence = "This password cannot be used: {problems}"


class ServesElsewhereError(HotlineError):
    code = "user.serves_elsewhere"
    status = 403
    sentence = (
        "{username} also serves tenants that you do not administer. Only an installation administrator may do this."
    )


class CannotEndOneselfError(HotlineError):
    code = "user.cannot_end_oneself"
    status = 409
    sentence = "You cannot switch yourself off or take away your own administration. Ask another administrator."


class TenantTakenError(HotlineError):
    code = "tenant.taken"
    status = 409
    sentence = "There is already a tenant with the code {code}. Choose another code."


# --- users ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_user(actor: Actor, *, username: str, password: str, roles: Iterable[Role], **fields: Any) -> User:
    """A new user with roles in the actor's tenants.

    Raises UserTakenError, WeakPasswordError, NotYourTenantError, or Django's ValidationError for a malformed field."""
    wanted = _own_roles(actor, roles)
    if User.objects.filter(username=username).exists():
        raise UserTakenError(username=username)
    user = User(username=username, **fields)
    _set_password(user, password)
    user.full_clean(exclude=["password", "last_login"])
    user.save()
    Membership.objects.bulk_create(Membership(user=user, tenant_id=tenant, role=role) for tenant, role in wanted)
    _record(actor, user, "user.created", {"username": username, "roles": _spelt(wanted)})
    return user


@transaction.atomic
def change_user(actor: Actor, user_id: UUID, version: int, **changes: Any) -> User:
    """The user with those fields changed. Switching somebody off ends their sessions at their next request.

    Raises NotFoundError, ServesElsewhereError, StaleVersionError, CannotEndOneselfError."""
    user = _administered(actor, user_id)
    if user.version != version:
        raise StaleVersionError(version=user.version)
    if changes.get("is_active") is False and user.pk == actor.user_id:
        raise CannotEndOneselfError
    for name, value in changes.items():
        setattr(user, name, value)
    user.version += 1
    user.full_clean(exclude=["password", "last_login"])
    user.save()
    _record(actor, user, "user.changed", changes)
    return user


@transaction.atomic
def set_roles(actor: Actor, user_id: UUID, roles: Iterable[Role]) -> User:
    """The user with exactly these roles in the actor's tenants; roles elsewhere stay.

    Raises NotFoundError, NotYourTenantError, CannotEndOneselfError."""
    wanted = _own_roles(actor, roles)
    user = _visible(actor, user_id)
    keeps_administration = any(role == "administrator" for _tenant, role in wanted)
    if user.pk == actor.user_id and not keeps_administration:
        raise CannotEndOneselfError
    present = Membership.objects.filter(user=user, tenant__in=actor.tenant_ids)
    before = sorted((member.tenant_id, member.role) for member in present)
    present.delete()
    Membership.objects.bulk_create(Membership(user=user, tenant_id=tenant, role=role) for tenant, role in wanted)
    _record(actor, user, "user.roles_set", {"before": _spelt(before), "after": _spelt(wanted)}, also=before)
    return user


@transaction.atomic
def set_password(actor: Actor, user_id: UUID, password: str) -> None:
    """Give the user a new password, which ends all their sessions, and forget their failed log-ins."""
    user = _administered(actor, user_id)
    _set_password(user, password)
    user.save(update_fields=["password"])
    forget_failed_log_ins(username=user.username)
    _record(actor, user, "user.password_set", {})


@transaction.atomic
def unlock(actor: Actor, user_id: UUID) -> None:
    """Forget the user's failed log-ins, so that they may try again at once."""
    user = _visible(actor, user_id)
    forget_failed_log_ins(username=user.username)
    _record(actor, user, "user.unlocked", {})


@transaction.atomic
def remove_second_factor(actor: Actor, user_id: UUID) -> None:
    """Take away the user's second factor, for somebody who lost their telephone."""
    user = _administered(actor, user_id)
    Authenticator.objects.filter(user=user).delete()
    _record(actor, user, "user.second_factor_removed", {})


def _own_roles(actor: Actor, roles: Iterable[Role]) -> list[Role]:
    wanted = sorted(set(roles))
    if any(tenant not in actor.tenant_ids for tenant, _role in wanted):
        raise NotYourTenantError
    return wanted


def _visible(actor: Actor, user_id: UUID) -> User:
    """The user, locked, when they serve one of the actor's tenants; else NotFoundError."""
    serves = Membership.objects.filter(user_id=user_id, tenant__in=actor.tenant_ids).exists()
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not (serves or actor.has("admin.tenants")):
        raise NotFoundError(object_type="user", object_id=str(user_id))
    return user


def _administered(actor: Actor, user_id: UUID) -> User:
    """The same, when the actor administers every tenant that the user serves: what is changed counts in all of them."""
    user = _visible(actor, user_id)
    served = set(Membership.objects.filter(user=user).values_list("tenant_id", flat=True))
    if (served - actor.tenant_ids or user.is_installation_administrator) and not actor.has("admin.tenants"):
        raise ServesElsewhereError(username=user.username)
    return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPasswordError(problems=" ".join(error.messages)) from error
    user.set_password(password)


def _spelt(roles: Iterable[Role]) -> list[list[str]]:
    return [[str(tenant), str(role)] for tenant, role in roles]


def _record(actor: Actor, user: User, action: str, details: dict[str, Any], also: Iterable[Role] = ()) -> None:
    """One line in each of the user's tenants that the actor administers, so that each client sees its own."""
    served = Membership.objects.filter(user=user, tenant__in=actor.tenant_ids).values_list("tenant_id", flat=True)
    tenants = {*served, *(tenant for tenant, _role in also)}
    if not tenants:
        audit.record(actor, action, "user", user.pk, None, details)
    for tenant_id in sorted(tenants):
        audit.record(actor, action, "user", user.pk, tenant_id, details)


# --- whoever runs the installation ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Appointment:
    """An installation administrator. `password` is told once: None when the user keeps the one they have."""

    username: str
    password: str | None
    tenant_count: int


@transaction.atomic
def appoint(actor: Actor, username: str, *, name: str = "", has_lost_password: bool = False) -> Appointment:
    """Make somebody, known or new, administrator of the installation and of every active tenant.

    A new user, and one who lost their password, gets one made by chance. Raises Django's ValidationError for a
    malformed name."""
    user = User.objects.select_for_update().filter(username=username).first() or User(username=username)
    is_new = user._state.adding
    user.name, user.is_installation_administrator, user.is_active = name or user.name or username, True, True
    password = secrets.token_urlsafe(12) if is_new or has_lost_password else None
    if password is not None:
        _set_password(user, password)
    user.full_clean(exclude=["password", "last_login"])
    user.save()
    forget_failed_log_ins(username=username)
    tenant_ids = list(Tenant.objects.filter(is_active=True).values_list("pk", flat=True))
    _make_administrator(actor, user.pk, tenant_ids)
    details = {"username": username, "is_new": is_new, "has_new_password": password is not None}
    audit.record(actor, "user.appointed", "user", user.pk, None, details)
    return Appointment(username, password, len(tenant_ids))


def _make_administrator(actor: Actor, user_id: UUID, tenant_ids: Iterable[UUID]) -> None:
    held = set(Membership.objects.filter(user_id=user_id, role="administrator").values_list("tenant_id", flat=True))
    for tenant_id in tenant_ids:
        if tenant_id not in held:
            Membership.objects.create(user_id=user_id, tenant_id=tenant_id, role="administrator")
            audit.record(actor, "user.roles_added", "user", user_id, tenant_id, {"roles": ["administrator"]})


# --- tenants --------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_tenant(actor: Actor, *, code: str, **fields: Any) -> Tenant:
    """A new tenant, whose first administrator is whoever made it: somebody must be able to let the others in.

    Raises TenantTakenError, or Django's ValidationError for a malformed field."""
    actor.require("admin.tenants")
    if Tenant.objects.filter(code=code).exists():
        raise TenantTakenError(code=code)
    tenant = Tenant(code=code, **fields)
    tenant.full_clean()
    tenant.save()
    audit.record(actor, "tenant.created", "tenant", tenant.pk, tenant.pk, {"code": code})
    if actor.user_id is not None:
        _make_administrator(actor, actor.user_id, [tenant.pk])
    give_beginnings(actor, tenant.pk)
    return tenant


@transaction.atomic
def change_tenant(actor: Actor, tenant_id: UUID, version: int, **changes: Any) -> Tenant:
    """The tenant with those fields changed. Raises NotFoundError, StaleVersionError."""
    actor.require("admin.tenants")
    tenant = Tenant.objects.select_for_update().filter(pk=tenant_id).first()
    if tenant is None:
        raise NotFoundError(object_type="tenant", object_id=str(tenant_id))
    if tenant.version != version:
        raise StaleVersionError(version=tenant.version)
    before = _retention(tenant)
    for name, value in changes.items():
        setattr(tenant, name, value)
    tenant.version += 1
    tenant.full_clean()
    tenant.save()
    audit.record(actor, "tenant.changed", "tenant", tenant.pk, tenant.pk, changes)
    if _retention(tenant) != before:
        details = {"before": before, "after": _retention(tenant)}
        audit.record(actor, "tenant.retention_changed", "tenant", tenant.pk, tenant.pk, details)
    return tenant


def _retention(tenant: Tenant) -> dict[str, int]:
    return {"recording_days": tenant.recording_days, "contact_months": tenant.contact_months}
