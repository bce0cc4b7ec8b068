"""Set-up records for tests, made by the same actions as the product's."""

from itertools import count
from typing import Any
from uuid import UUID

from hotline.domains.catalogue import actions as catalogue
from hotline.domains.channels import actions as channels
from hotline.domains.channels import flow_actions
from hotline.domains.enterprise import actions as enterprise
from hotline.domains.people import actions as people
from hotline.domains.people.rules import SkillGrade
from hotline.domains.routing import actions as routing
from hotline.domains.routing.errors import SetupWorseError
from hotline.domains.routing.models import Queue
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import make_user

_numbers = count(1)
EVERY_DAY = [[["08:30", "17:30"]]] * 7


def _code(prefix: str) -> str:
    return f"{prefix}-{next(_numbers)}"


def _names(code: str) -> dict[str, str]:
    return {"zh": f"名称{code}", "en": f"Name {code}"}


def _coded(prefix: str, values: dict[str, Any]) -> dict[str, Any]:
    code = values.get("code", _code(prefix))
    return {"code": code, "name": _names(code), **values}


def administrator_of(*tenants: Tenant) -> Actor:
    """A system actor that may do everything in these tenants."""
    return Actor.system("tests", [tenant.pk for tenant in tenants])


def make_site(tenant: Tenant, **values: Any) -> UUID:
    return enterprise.sites.create(administrator_of(tenant), _coded("site", values))


def make_calendar(tenant: Tenant, **values: Any) -> UUID:
    whole: Any = {"time_zone": "Asia/Shanghai", "weekly": EVERY_DAY, **_coded("calendar", values)}
    return enterprise.calendars.create(administrator_of(tenant), whole)


def make_department(tenant: Tenant, **values: Any) -> UUID:
    return enterprise.departments.create(administrator_of(tenant), _coded("department", values))


def make_disposition(tenant: Tenant, **values: Any) -> UUID:
    return catalogue.disposition_nodes.create(administrator_of(tenant), {"kind": "reason", **_coded("reason", values)})


def make_ticket_type(tenant: Tenant, **values: Any) -> UUID:
    return catalogue.ticket_types.create(administrator_of(tenant), {"due_hours": 24, **_coded("type", values)})


def make_away_reason(tenant: Tenant, **values: Any) -> UUID:
    return catalogue.away_reasons.create(administrator_of(tenant), _coded("away", values))


def make_skill(tenant: Tenant, **values: Any) -> UUID:
    return people.skills.create(administrator_of(tenant), _coded("skill", values))


def make_team(tenant: Tenant, **values: Any) -> UUID:
    return people.teams.create(administrator_of(tenant), _coded("team", values))


def make_agent(tenant: Tenant, *, skills: dict[UUID, int] | None = None, **values: Any) -> UUID:
    """The id of a new agent, whose user is new too unless `user_id` is given."""
    user_id = values.pop("user_id", None) or make_user(tenant=tenant, role="agent").pk
    grades = [SkillGrade(skill_id=str(skill_id), level=level) for skill_id, level in (skills or {}).items()]
    whole: Any = {"user_id": user_id, "number": str(8000 + next(_numbers)), "skills": grades, **values}
    return people.agents.create(administrator_of(tenant), whole)


def make_queue(tenant: Tenant, *, skills: dict[UUID, int] | None = None, **values: Any) -> UUID:
    wanted = [routing.SkillLevel(skill_id=str(skill_id), level=level) for skill_id, level in (skills or {}).items()]
    whole: Any = {"skills": wanted, **_coded("queue", values)}
    try:
        return routing.queues.create(administrator_of(tenant), whole)
    except SetupWorseError as error:
        findings: Any = error.data["findings"]
        if not all(found["is_refused"] for found in findings):
            raise
    # As a queue stands after those who had its skills have left: nobody could make it so.
    queue_id = routing.queues.create(administrator_of(tenant), {**whole, "is_active": False})
    _switch(tenant, queue_id, is_active=True)
    return queue_id


def switch_off_behind(tenant: Tenant, queue_id: UUID) -> None:
    """Leave the queue switched off as an earlier release could, whatever leads to it."""
    _switch(tenant, queue_id, is_active=False)


def _switch(tenant: Tenant, queue_id: UUID, *, is_active: bool) -> None:
    with tenant_scope(tenant.pk):
        Queue.objects.filter(pk=queue_id).update(is_active=is_active)


def make_ladder(tenant: Tenant, queue_ids: list[UUID], *tiers: routing.Tier, **values: Any) -> UUID:
    whole: Any = {"queue_ids": queue_ids, "tiers": list(tiers), **_coded("ladder", values)}
    return routing.ladders.create(administrator_of(tenant), whole)


def make_tier(*agent_ids: UUID, **values: Any) -> routing.Tier:
    """A tier that is called at a wait of 60 s and stands down at 20 s unless told otherwise."""
    plain: Any = {"trigger": "wait", "threshold": 60, "hold_s": 30, "stand_down": 20, "stand_down_s": 300, **values}
    return routing.Tier(name=_names("tier"), agent_ids=list(agent_ids), **plain)


def make_funnel_level(tenant: Tenant, number: int, queue_id: UUID | None = None) -> UUID:
    values = {"number": number, "name": _names(f"level-{number}"), "queue_id": queue_id}
    return routing.funnel_levels.create(administrator_of(tenant), values)


def make_module(tenant: Tenant, grade: int = 1, **values: Any) -> UUID:
    return catalogue.business_modules.create(administrator_of(tenant), {"grade": grade, **_coded("module", values)})


def goodbye() -> dict[str, Any]:
    """The smallest flow: say goodbye and hang up."""
    return {
        "first_step": "bye",
        "steps": {
            "bye": {"kind": "say", "messages": [{"prompt": "goodbye"}], "next": "end"},
            "end": {"kind": "hang_up"},
        },
    }


def make_flow(
    tenant: Tenant, definition: dict[str, Any] | None = None, *, is_published: bool = True, **values: Any
) -> UUID:
    """The id of a new flow, published unless told otherwise."""
    admin = administrator_of(tenant)
    whole: Any = {"definition": definition or goodbye(), **_coded("flow", values)}
    flow_id = flow_actions.flows.create(admin, whole)
    if is_published:
        flow_actions.publish(admin, flow_id, 1, 1)
    return flow_id


def make_entry_point(tenant: Tenant, address: str | None = None, **values: Any) -> UUID:
    flow_id = values.pop("flow_id") if "flow_id" in values else make_flow(tenant)
    address = address or str(96_000_000 + next(_numbers))
    whole = {"name": _names(address), "address": address, "flow_id": flow_id, **values}
    return channels.entry_points.create(administrator_of(tenant), whole)


def make_prompt(tenant: Tenant, **values: Any) -> UUID:
    return channels.prompts.create(administrator_of(tenant), _coded("prompt", values))


def make_seat(tenant: Tenant, site_id: UUID, label: str, **values: Any) -> UUID:
    return enterprise.seats.create(administrator_of(tenant), {"site_id": site_id, "label": label, **values})
