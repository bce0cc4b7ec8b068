"""What domains give each new tenant to begin with. Apart from `accounts`, because an AppConfig needs it before Django
has loaded every application."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from hotline.foundation.actors import Actor
from hotline.foundation.scope import tenant_scope

Beginning = Callable[[Actor, UUID], None]
_beginnings: Final[list[Beginning]] = []


def begin_tenants_with(beginning: Beginning) -> None:
    """Let a domain give each new tenant what it begins with, as foundation may not look upwards: called in its
    AppConfig. It is called within the tenant's scope and the transaction that makes the tenant."""
    if beginning not in _beginnings:
        _beginnings.append(beginning)


def give_beginnings(actor: Actor, tenant_id: UUID) -> None:
    """Have every domain give a new tenant what it begins with, in the caller's transaction."""
    with tenant_scope(tenant_id):
        for begin in _beginnings:
            begin(actor, tenant_id)
