"""What others may know of agents: frozen structs, never models."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.people import errors, rules, schemas
from hotline.domains.people.models import Agent, AgentGroup, AgentSkill, Hold, Skill, Team
from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.setup_routes import Reads
from hotline.foundation.actors import Actor
from hotline.foundation.models import Membership
from hotline.foundation.permissions import permissions_of
from hotline.foundation.tenancy import TenantModel, register_escape, scope_of, without_scope
from hotline.kernel.clock import to_ms

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
    # The moment from which a skill is no longer held, UTC milliseconds. A past one too: nobody is lent that skill.
    skill_ends: tuple[tuple[str, int], ...] = ()
    group_ids: tuple[str, ...] = ()
    site_id: str | None = None
    takes: Literal["most_urgent", "strongest_skill"] = "most_urgent"
    weight: int = 10


class PlannedAgent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent with what planning needs. Skills as (id, level, last day or none); holds as (reason, until or none);
    `capacity` is contacts at once by channel; `site_id` the team's."""

    agent_id: str
    tenant_id: str
    name: str
    number: str
    team_id: str | None
    skills: tuple[tuple[str, int, date | None], ...]
    holds: tuple[tuple[dict[str, str], datetime | None], ...]
    is_active: bool
    capacity: dict[str, int] = {}
    site_id: str | None = None


class SkillStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A skill with what it stands for: contacts with one of `values` of that kind ask for it."""

    skill_id: str
    tenant_id: str
    name: dict[str, str]
    kind: str
    values: tuple[str, ...]


class _Held(NamedTuple):
    """A skill, when it ends, and whether it has."""

    skill_id: str
    level: int
    ends_ms: int | None
    is_over: bool


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
    tenant_id: str  # the agent's home
    team_id: str | None


def staff_agents(moment: datetime, agent_ids: Collection[UUID | str] | None = None) -> list[StaffAgent]:
    """Every agent of the scope as of that moment, or these, ordered by id. Five queries, however many agents there are.

    Rows and not models are read: every write to the routing set-up looks at thousands of agents and their skills."""
    rows = Agent.objects.order_by("pk")
    if agent_ids is not None:
        rows = rows.filter(pk__in=agent_ids)
    agents = [_AgentRow(*values) for values in rows.values_list(*_AGENT_COLUMNS)]
    user_ids = [agent.user_id for agent in agents]
    tenants = _served_tenants(user_ids)
    grades = _grades(moment, None if agent_ids is None else user_ids)
    held = {hold.agent_id for hold in _open_holds(moment)}
    groups = _groups()
    return [
        _staff_agent(agent, tenants[agent.user_id], grades[agent.user_id], groups[agent.pk], is_held=agent.pk in held)
        for agent in agents
    ]


def planned_agents(moment: datetime, agent_ids: Collection[UUID | str] | None = None) -> list[PlannedAgent]:
    """Every agent of the scope by number, or these, for rosters. Three queries, however many agents there are; needs a
    scope."""
    agents = Agent.objects.select_related("user", "team").order_by("number", "pk")
    held = AgentSkill.objects.order_by("pk")
    if agent_ids is not None:
        agents = agents.filter(pk__in=agent_ids)
        held = held.filter(user__agent__pk__in=agent_ids)
    skills: dict[UUID, list[tuple[str, int, date | None]]] = defaultdict(list)
    for user_id, skill_id, level, valid_to in held.values_list("user_id", "skill_id", "level", "valid_to"):
        skills[user_id].append((str(skill_id), level, valid_to))
    holds: dict[UUID, list[tuple[dict[str, str], datetime | None]]] = defaultdict(list)
    for hold in _open_holds(moment):
        holds[hold.agent_id].append((dict(hold.reason), hold.until))
    return [
        PlannedAgent(
            agent_id=str(agent.pk),
            tenant_id=str(agent.tenant_id),
            name=agent.user.name,
            number=agent.number,
            team_id=str(agent.team_id) if agent.team_id else None,
            skills=tuple(skills[agent.user_id]),
            holds=tuple(holds[agent.pk]),
            is_active=agent.is_active and agent.user.is_active,
            capacity=dict(agent.capacity),
            site_id=str(agent.team.site_id) if agent.team and agent.team.site_id else None,
        )
        for agent in agents
    ]


def further_teams() -> dict[str, frozenset[str]]:
    """The teams beside their own that agents of the scope stand in for, by agent id; needs a scope."""
    return {str(agent_id): frozenset(teams) for agent_id, teams in _groups().items()}


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
        tenant_id=str(agent.tenant_id),
        team_id=str(agent.team_id) if agent.team_id else None,
    )


def site_of_user(user_id: UUID) -> UUID | None:
    """The site where the user's team sits, None when they are no agent of the scope or it has none; needs a scope."""
    found = Agent.objects.filter(user_id=user_id).values_list("team__site_id", flat=True).first()
    return found if isinstance(found, UUID) else None


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


def homes_of_agents(agent_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The tenant at which each of these agents of the scope is at home."""
    return dict(Agent.objects.filter(pk__in=set(agent_ids)).values_list("pk", "tenant_id"))


class AgentUser(msgspec.Struct, frozen=True, kw_only=True):
    """An agent and the person who logs in as it."""

    agent_id: UUID
    user_id: UUID
    name: str


def agent_users(agent_ids: Iterable[UUID]) -> dict[UUID, AgentUser]:
    """The persons behind these agents, by agent; as with `agent_names`, only of those who have worked for the scope."""
    with without_scope(NAMES_OF_GUESTS):
        rows = Agent.objects.filter(pk__in=set(agent_ids)).values_list("pk", "user_id", "user__name")
        return {pk: AgentUser(agent_id=pk, user_id=user_id, name=name) for pk, user_id, name in rows}


def skill_names(skill_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of these skills of the scope, by id."""
    found = Skill.objects.filter(pk__in=list(skill_ids)).values_list("pk", "name")
    return {str(key): dict(name) for key, name in found}


class SkillCalled(msgspec.Struct, frozen=True, kw_only=True):
    """A skill and its name."""

    skill_id: UUID
    name: dict[str, str]


def skills_called(actor: Actor) -> list[SkillCalled]:
    """The skills of the tenants whose floor the actor may see."""
    with scope_of(actor.narrowed("floor.view")):
        return [
            SkillCalled(skill_id=key, name=dict(name))
            for key, name in Skill.objects.order_by("code", "id").values_list("pk", "name")
        ]


def skill_tenants() -> dict[str, str]:
    """The tenant of every skill of the scope, by skill id."""
    return {str(skill): str(tenant) for skill, tenant in Skill.objects.values_list("pk", "tenant_id")}


def team_names() -> dict[str, dict[str, str]]:
    """What the teams of the scope are called, by id; needs a scope."""
    return {str(team_id): dict(name) for team_id, name in Team.objects.values_list("pk", "name")}


class TeamStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A team and where it sits."""

    team_id: str
    name: dict[str, str]
    site_id: str | None


def teams_standing(tenant_id: UUID) -> list[TeamStanding]:
    """The tenant's teams, ordered by id; needs a scope."""
    rows = Team.objects.filter(tenant_id=tenant_id).order_by("pk").values_list("pk", "name", "site_id")
    return [
        TeamStanding(team_id=str(key), name=dict(name), site_id=str(site) if site else None) for key, name, site in rows
    ]


def require_skills(tenant_id: UUID, skill_ids: Iterable[UUID | str], field: str) -> None:
    """Pass ids of the tenant's skills. Raises UnknownReferenceError for another; needs a scope."""
    _require(Skill, tenant_id, skill_ids, field)


def require_teams(tenant_id: UUID, team_ids: Iterable[UUID | str], field: str) -> None:
    """Pass ids of the tenant's teams. Raises UnknownReferenceError for another; needs a scope."""
    _require(Team, tenant_id, team_ids, field)


def require_agents(tenant_id: UUID, agent_ids: Iterable[UUID | str], field: str) -> None:
    """Pass ids of agents at home with the tenant. Raises UnknownReferenceError for another; needs a scope."""
    _require(Agent, tenant_id, agent_ids, field)


def _require(model: type[TenantModel], tenant_id: UUID, wanted: Iterable[UUID | str], field: str) -> None:
    ids = {str(one) for one in wanted}
    if not ids:
        return
    found = set(map(str, model.objects.filter(tenant_id=tenant_id, pk__in=ids).values_list("pk", flat=True)))
    for missing in sorted(ids - found):
        raise UnknownReferenceError(field=field, value=missing)


def skill_ids(tenant_id: UUID) -> frozenset[str]:
    """The ids of a tenant's skills; needs a scope."""
    return frozenset(map(str, Skill.objects.filter(tenant_id=tenant_id).values_list("pk", flat=True)))


def agent_ids(tenant_id: UUID) -> list[UUID]:
    """The ids of the agents at home with a tenant, inactive ones too; needs a scope."""
    return list(Agent.objects.filter(tenant_id=tenant_id).order_by("pk").values_list("pk", flat=True))


def skills_standing() -> list[SkillStanding]:
    """Every skill of the scope, ordered by id; needs a scope."""
    return [
        SkillStanding(
            skill_id=str(skill.pk),
            tenant_id=str(skill.tenant_id),
            name=dict(skill.name),
            kind=skill.kind,
            values=tuple(skill.values),
        )
        for skill in Skill.objects.order_by("pk")
    ]


class _AgentRow(NamedTuple):
    """An agent with what stands at its user and its team."""

    pk: UUID
    user_id: UUID
    tenant_id: UUID
    name: str
    number: str
    team_id: UUID | None
    site_id: UUID | None
    capacity: dict[str, int]
    device: Any
    takes: Any
    weight: int
    is_active: bool
    is_user_active: bool


_AGENT_COLUMNS = (
    *("pk", "user_id", "tenant_id", "user__name", "number", "team_id", "team__site_id", "capacity", "device", "takes"),
    *("weight", "is_active", "user__is_active"),
)


def _staff_agent(
    agent: _AgentRow, tenant_ids: Iterable[UUID], grades: Iterable[_Held], groups: Iterable[str], *, is_held: bool
) -> StaffAgent:
    held = sorted(grades)
    return StaffAgent(
        agent_id=str(agent.pk),
        user_id=str(agent.user_id),
        home_tenant_id=str(agent.tenant_id),
        tenant_ids=tuple(sorted(map(str, tenant_ids))),
        name=agent.name,
        number=agent.number,
        team_id=str(agent.team_id) if agent.team_id else None,
        skills=tuple((grade.skill_id, grade.level) for grade in held if not grade.is_over),
        capacity=agent.capacity,
        device=agent.device,
        is_active=agent.is_active and agent.is_user_active and not is_held,
        skill_ends=tuple((grade.skill_id, grade.ends_ms) for grade in held if grade.ends_ms is not None),
        group_ids=tuple(sorted(groups)),
        site_id=str(agent.site_id) if agent.site_id else None,
        takes=agent.takes,
        weight=agent.weight,
    )


def _groups() -> dict[UUID, list[str]]:
    """The further teams by agent."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for agent_id, team_id in AgentGroup.objects.values_list("agent_id", "team_id"):
        found[agent_id].append(str(team_id))
    return found


def _served_tenants(user_ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """The tenants whose contacts each user may take: those where a role of theirs gives the desk."""
    served: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Membership.objects.filter(user_id__in=user_ids, tenant__is_active=True)
    for user_id, tenant_id, role in rows.values_list("user_id", "tenant_id", "role"):
        if "desk.use" in permissions_of({role}):
            served[user_id].add(tenant_id)
    return served


def _grades(moment: datetime, user_ids: Collection[UUID] | None = None) -> dict[UUID, list[_Held]]:
    """The skills by user, each to the end of a local day of their tenant."""
    found: dict[UUID, list[_Held]] = defaultdict(list)
    rows = AgentSkill.objects.order_by()
    if user_ids is not None:
        rows = rows.filter(user_id__in=user_ids)
    ids: dict[UUID, str] = {}
    for user_id, skill, level, valid_to, zone in rows.values_list(
        "user_id", "skill_id", "level", "valid_to", "tenant__time_zone"
    ):
        skill_id = ids.get(skill) or ids.setdefault(skill, str(skill))
        grade = _Held(skill_id, level, None, is_over=False)
        if valid_to is not None:  # of most skills there is no end, and there are many thousand
            grade = _ending(rules.SkillGrade(skill_id=skill_id, level=level, valid_to=valid_to), zone, moment)
        found[user_id].append(grade)
    return found


def _ending(grade: rules.SkillGrade, time_zone: str, moment: datetime) -> _Held:
    ends_at = rules.ends_at(grade, time_zone)
    is_over = ends_at is not None and ends_at <= moment
    return _Held(grade.skill_id, grade.level, to_ms(ends_at) if ends_at else None, is_over)


def _open_holds(moment: datetime) -> list[Hold]:
    return [hold for hold in Hold.objects.filter(lifted_at=None) if _is_open(hold, moment)]


def _is_open(hold: Hold, moment: datetime) -> bool:
    return rules.is_open_hold(rules.HoldSpan(until=hold.until, lifted_at=hold.lifted_at), moment)


def _agent_out(agent: Agent) -> schemas.AgentOut:
    """The agent with what is fetched beside it; holds that are over are left out."""
    moment = timezone.now()
    holds = [hold for hold in agent.holds.all() if _is_open(hold, moment)]
    device: Any = agent.device
    takes: Any = agent.takes
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
        takes=takes,
        weight=agent.weight,
        group_ids=sorted(group.team_id for group in agent.groups.all()),
        skills=[schemas.AgentSkillOut.from_orm(grade) for grade in agent.user.skills.all()],
        holds=[schemas.HoldOut.from_orm(hold) for hold in holds],
    )


team_records = Reads(Team, schemas.TeamOut.from_orm)
skill_records = Reads(Skill, schemas.SkillOut.from_orm)


def skill_settings(tenant_id: UUID) -> list[schemas.SkillOut]:
    """The tenant's skills with what they stand for, as `actions.restore_skills` takes them; needs a scope."""
    return [skill_records.shown(skill) for skill in Skill.objects.filter(tenant_id=tenant_id).order_by("pk")]


agent_records = Reads(
    Agent,
    _agent_out,
    search=("number", "user__name", "user__username"),
    order=("number", "id"),
    related=("user", "user__skills", "holds", "groups"),
)
