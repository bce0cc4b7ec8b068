"""The example's tenant and its people."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.models import Membership, Tenant, User

ACTOR_NAME = "example"


def ensure_tenant(row: Mapping[str, Any]) -> UUID:
    """The id of the example tenant, made when it is missing."""
    with transaction.atomic():
        tenant, is_new = Tenant.objects.get_or_create(
            code=row["code"], defaults={name: value for name, value in row.items() if name != "code"}
        )
        if is_new:
            actor = Actor.system(ACTOR_NAME, [tenant.pk])
            audit.record(actor, "tenant.created", "tenant", tenant.pk, tenant.pk, {"code": tenant.code})
    return tenant.pk


def ensure_staff(
    tenant_id: UUID, staff: Iterable[Mapping[str, Any]], password: str, *, is_new_password: bool
) -> dict[str, UUID]:
    """The ids of the users by name. Missing ones are made; all get the password when it is a new one."""
    rows = {row["username"]: row for row in staff}
    known = {user.username: user for user in User.objects.filter(username__in=rows)}
    if len(known) < len(rows) or is_new_password:
        # They share one password that is printed, so that one slow hash for all of them gives nothing away.
        _store(tenant_id, rows, known, make_password(password), is_new_password=is_new_password)
    return dict(User.objects.filter(username__in=rows).values_list("username", "pk"))


def _store(
    tenant_id: UUID,
    rows: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, User],
    hashed: str,
    *,
    is_new_password: bool,
) -> None:
    actor = Actor.system(ACTOR_NAME, [tenant_id])
    with transaction.atomic():
        if is_new_password:
            User.objects.filter(username__in=known).update(password=hashed)
        for username, row in rows.items():
            if username not in known:
                is_chief = row.get("is_installation_administrator", False)
                user = User.objects.create(
                    username=username, name=row["name"], password=hashed, is_installation_administrator=is_chief
                )
                Membership.objects.create(user=user, tenant_id=tenant_id, role=row["role"])
                audit.record(actor, "user.created", "user", user.pk, tenant_id, {"role": row["role"]})
