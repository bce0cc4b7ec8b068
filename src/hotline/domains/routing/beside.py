"""What belongs to a tenant's set-up and the switch is not told by itself, for versions and what-ifs: what skills,
teams, away reasons and accepted pools are called, and where the funnel leads. Needs a scope of the tenant."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hotline.domains.catalogue.queries import away_reasons_in_use, business_modules
from hotline.domains.people.queries import skills_standing, teams_standing
from hotline.domains.routing.models import FunnelLevel, Ladder, PoolUse
from hotline.domains.routing.version_rules import Objects, names_in
from hotline.domains.routing.version_words import Text
from hotline.foundation.models import Tenant

_ALLOWED = ("allows_notes", "allows_tickets", "shows_tickets")


def parts_beside(tenant_id: UUID) -> Objects:
    """By kind and id, for `version_rules.part_of`."""
    own = str(tenant_id)
    return {
        "skill": {
            one.skill_id: {**_named(one.name), "kind": one.kind, "values": sorted(one.values)}
            for one in skills_standing()
            if one.tenant_id == own
        },
        "team": {one.team_id: {**_named(one.name), "site_id": one.site_id} for one in teams_standing(tenant_id)},
        "away_reason": {key: _named(name) for key, name in away_reasons_in_use(tenant_id).items()},
        "business": {
            one.module_id: {**_named(one.name), "code": one.code, "grade": one.grade}
            for one in business_modules(tenant_id)
        },
        "funnel_level": {
            str(row.number): {**_named(row.name), "queue": str(row.queue_id) if row.queue_id else None}
            for row in FunnelLevel.objects.filter(tenant_id=tenant_id)
        },
        "pool_use": {
            str(row.pool_id): {
                **_named(row.name),
                "lender_id": str(row.lender_id),
                **{name: getattr(row, name) for name in _ALLOWED},
            }
            for row in PoolUse.objects.filter(tenant_id=tenant_id)
        },
    }


def names_for(*parts: Objects) -> dict[str, Text]:
    """What to call the ids in these parts; needs a scope. Of other tenants only the names, where both sides have agreed
    on a pool."""
    ladders = {str(key): dict(name) for key, name in Ladder.objects.values_list("pk", "name")}
    others = {other for part in parts for other in _partners(part)}
    tenants = {str(key): dict(name) for key, name in Tenant.objects.filter(pk__in=others).values_list("pk", "name")}
    return ladders | tenants | names_in(*parts)


def _partners(part: Objects) -> set[str]:
    clients = {client for row in part.get("shared_pool", {}).values() for client in row["client_tenant_ids"]}
    return clients | {row["lender_id"] for row in part.get("pool_use", {}).values()}


def _named(name: Mapping[str, str]) -> dict[str, Any]:
    return {"name_zh": name["zh"], "name_en": name["en"]}
