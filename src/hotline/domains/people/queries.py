"""What others may know of agents: frozen structs, never models."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.utils import timezone

from hotline.domains.people import errors, rules, schemas
from hotline.domains.people.models import Agent, AgentSkill, Hold, Skill, Team
from hotline.domains.setup_routes import Reads
from hotline.foundation.models import Membership
from hotline.foundation.permissions import permissions_of
from hotline.foundation.tenancy import register_escape, without_scope

_TELEPHONE_PERMISSIONS = frozenset({"desk.use", "floor.monitor"})
OWN_PROFILE = register_escape(
    "people.own_agent_profile",
    "At sign-in a user's own agent record is found by the user's id, before it is known which tenant is its home.",
)
NAMES_OF_GUESTS = register_escape(
    "people.names_of_guests",
    "Agents of one tenant take contacts of others, whose floor and reports name them as they do their own.",
)


class StaffAgent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent with what routing needs; skills as (id, level), only those that count on the day."""

    agent_id: str
    user_id: str
    home_tenant_id: str
    tenant_ids: tuple[str, ...]
    name: str
    number: str
    team_id: str | None
    skills: tuple[tuple[str, int], ...]
    capacity: dict[str, int]
    device: Literal["browser", "sip_phone", "simulated"]
    is_active: bool  # False also while held or when the user is switched off


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose telephone may register: they take calls, or listen to those of others."""

    user_id: str
    agent_id: str | None
    device: Literal["browser", "sip_phone", "simulated"]


class OwnProfile(msgspec.Struct, frozen=True, kw_only=True):
    """The agent record of a user."""

    agent_id: str
    device: Literal["browser", "sip_phone", "simulated"]
    is_active: bool
    hold_reason: dict[str, str] | None


def staff_agents(moment: datetime) -> list[StaffAgent]:
    """Every agent of the scope as of that moment, ordered by id. Four queries, however many agents there are."""
    agents = list(Agent.objects.select_related("user").order_by("pk"))
    user_ids = [agent.user_id for agent in agents]
    tenants = _served_tenants(user_ids)
    grades = _grades(moment)
    held = {hold.agent_id for hold in _open_holds(moment)}
    return [
        _staff_agent(agent, tenants[agent.user_id], grades[agent.user_id], is_held=agent.pk in held) for agent in agents
    ]


def phones(moment: datetime) -> list[Phone]:
    """Everybody in the scope whose telephone may register, ordered by user id. A held agent's still may: it rings for
    nobody, and is ready when the hold is lifted."""
    agents = {agent.user_id: agent for agent in staff_agents(moment)}
    rows = Membership.objects.filter(user__is_active=True, tenant__is_active=True).values_list("user_id", "role")
    users = {str(user_id) for user_id, role in rows if permissions_of({role}) & _TELEPHONE_PERMISSIONS}
    return [_phone(user_id, agents.get(user_id)) for user_id in sorted(users)]


def _phone(user_id: str, agent: StaffAgent | None) -> Phone:
    if agent is None:
        return Phone(user_id=user_id, agent_id=None, device="browser")
    return Phone(user_id=user_id, agent_id=agent.agent_id, device=agent.device)


def own_profile(user_id: UUID) -> OwnProfile | None:
    """The agent record of the user, or None when they are no agent."""
    with without_scope(OWN_PROFILE):
        agent = Agent.objects.filter(user_id=user_id).first()
        if agent is None:
            return None
        hold = next((hold for hold in _open_holds(timezone.now()) if hold.agent_id == agent.pk), None)
    device: Any = agent.device
    return OwnProfile(
        agent_id=str(agent.pk),
        device=device,
        is_active=agent.is_active,
        hold_reason=dict(hold.reason) if hold else None,
    )


def agent_for_sign_in(user_id: UUID) -> str | None:
    """The id under which the user may take contacts, or None when they are no agent.

    Raises AgentHeldError or AgentInactiveError when they are one but must not work now."""
    profile = own_profile(user_id)
    if profile is None:
        return None
    if not profile.is_active:
        raise errors.AgentInactiveError
    if profile.hold_reason is not None:
        raise errors.AgentHeldError(reason=" / ".join(profile.hold_reason.values()))
    return profile.agent_id


def agent_names(agent_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these agents, also of those at home with another tenant: hand in only ids of those who have worked
    for the scope."""
    with without_scope(NAMES_OF_GUESTS):
        return dict(Agent.objects.filter(pk__in=set(agent_ids)).values_list("pk", "user__name"))


def skill_names(skill_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of these skills of the scope, by id."""
    found = Skill.objects.filter(pk__in=list(skill_ids)).values_list("pk", "name")
    return {str(key): dict(name) for key, name in found}


def skill_tenants() -> dict[str, str]:
    """The tenant of every skill of the scope, by skill id."""
    return {str(skill): str(tenant) for skill, tenant in Skill.objects.values_list("pk", "tenant_id")}


def skill_ids(tenant_id: UUID) -> frozenset[str]:
    """The ids of a tenant's skills; needs a scope."""
    return frozenset(map(str, Skill.objects.filter(tenant_id=tenant_id).values_list("pk", flat=True)))


def _staff_agent(
    agent: Agent, tenant_ids: Iterable[UUID], grades: Iterable[tuple[str, int]], *, is_held: bool
) -> StaffAgent:
    device: Any = agent.device
    return StaffAgent(
        agent_id=str(agent.pk),
        user_id=str(agent.user_id),
        home_tenant_id=str(agent.tenant_id),
        tenant_ids=tuple(sorted(map(str, tenant_ids))),
        name=agent.user.name,
        number=agent.number,
        team_id=str(agent.team_id) if agent.team_id else None,
        skills=tuple(sorted(grades)),
        capacity=dict(agent.capacity),
        device=device,
        is_active=agent.is_active and agent.user.is_active and not is_held,
    )


def _served_tenants(user_ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """The tenants whose contacts each user may take: those where a role of theirs gives the desk."""
    served: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Membership.objects.filter(user_id__in=user_ids, tenant__is_active=True)
    for user_id, tenant_id, role in rows.values_list("user_id", "tenant_id", "role"):
        if "desk.use" in permissions_of({role}):
            served[user_id].add(tenant_id)
    return served


def _grades(moment: datetime) -> dict[UUID, list[tuple[str, int]]]:
    """The skills by user that count on the local day of their tenant."""
    found: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for row in AgentSkill.objects.select_related("tenant"):
        grade = rules.SkillGrade(skill_id=str(row.skill_id), level=row.level, valid_to=row.valid_to)
        if rules.counts_on(grade, moment.astimezone(ZoneInfo(row.tenant.time_zone)).date()):
            found[row.user_id].append((grade.skill_id, grade.level))
    return found


def _open_holds(moment: datetime) -> list[Hold]:
    return [hold for hold in Hold.objects.filter(lifted_at=None) if _is_open(hold, moment)]


def _is_open(hold: Hold, moment: datetime) -> bool:
    return rules.is_open_hold(rules.HoldSpan(until=hold.until, lifted_at=hold.lifted_at), moment)


def _agent_out(agent: Agent) -> schemas.AgentOut:
    """The agent with what is fetched beside it; holds that are over are left out."""
    moment = timezone.now()
    holds = [hold for hold in agent.holds.all() if _is_open(hold, moment)]
    device: Any = agent.device
    return schemas.AgentOut(
        id=agent.pk,
        tenant_id=agent.tenant_id,
        version=agent.version,
        updated_at=agent.updated_at,
        user_id=agent.user_id,
        username=agent.user.username,
        name=agent.user.name,
        number=agent.number,
        team_id=agent.team_id,
        capacity=agent.capacity,
        device=device,
        is_active=agent.is_active,
        skills=[schemas.AgentSkillOut.from_orm(grade) for grade in agent.user.skills.all()],
        holds=[schemas.HoldOut.from_orm(hold) for hold in holds],
    )


team_records = Reads(Team, schemas.TeamOut.from_orm)
skill_records = Reads(Skill, schemas.SkillOut.from_orm)
agent_records = Reads(
    Agent,
    _agent_out,
    search=("number", "user__name", "user__username"),
    order=("number", "id"),
    related=("user", "user__skills", "holds"),
)
