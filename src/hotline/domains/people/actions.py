"""Writes to teams, skills, agents and holds. Each is one transaction with its audit line and news for the switch."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.enterprise.announcements import NODE, ROUTING, announce
from hotline.domains.people import errors, rules
from hotline.domains.people.models import Agent, AgentGroup, AgentSkill, Hold, Skill, Team
from hotline.domains.setup_records import Writes, add, locked, referenced, remove, resolved, revise, setup_write
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.models import Membership, User


class AgentValues(TypedDict, total=False):
    """`skills` replaces the agent's skills in the tenants that the actor configures, `group_ids` the further teams."""

    user_id: UUID
    number: str
    team_id: UUID | None
    capacity: dict[str, int]
    device: str
    is_active: bool
    takes: str
    weight: int
    skills: list[rules.SkillGrade]
    group_ids: list[UUID]


def _check_skill(skill: Skill) -> None:
    rules.check_skill_values(skill.kind, skill.values)


def _check_leader(team: Team) -> None:
    if team.leader_id is not None:
        _require_staff(team.leader_id, team.tenant_id)


def _announce_routing(tenant_id: UUID) -> None:
    announce(tenant_id, ROUTING)


teams = Writes(Team, check=_check_leader, announce=_announce_routing)
skills = Writes(Skill, check=_check_skill, announce=_announce_routing)


def agent_values(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a body with its skills as the rules read them."""
    if "skills" not in values:
        return values
    return {**values, "skills": msgspec.convert(msgspec.to_builtins(values["skills"]), list[rules.SkillGrade])}


def restore_skills(admin: Actor, tenant_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
    """Give the tenant's skills their names, kinds and values of these rows again, within a write. One that is gone
    stays gone: those who held it no longer do."""
    stored = {
        str(skill.pk): skill for skill in Skill.objects.select_for_update(no_key=True).filter(tenant_id=tenant_id)
    }
    for row in rows:
        skill = stored.get(row["id"])
        values = {name: row[name] for name in ("name", "kind", "values")}
        if skill is not None and any(getattr(skill, name) != value for name, value in values.items()):
            revise(admin, skill, values, _check_skill)


class AgentWrites:
    """Create, change and remove for agents, with their skills."""

    def create(self, actor: Actor, values: AgentValues, tenant_id: UUID | None = None) -> UUID:
        """The id of the new agent. The user must have a role in the tenant and not be an agent yet."""
        with setup_write(actor) as admin:
            tenant = admin.tenant_or_only(tenant_id)
            user = _require_staff(values["user_id"], tenant)
            _require_no_agent(user)
            agent = Agent(tenant_id=tenant, **{"capacity": {"voice": 1}, **_columns(values, tenant)})
            agent.capacity = rules.check_capacity(agent.capacity)
            grades = _stored_grades(agent, values.get("skills", []))
            groups = _group_rows(agent, values.get("group_ids", []))
            add(admin, agent, skills=audited_grades(grades), group_ids=_team_ids(groups))
            AgentSkill.objects.bulk_create(grades)
            AgentGroup.objects.bulk_create(groups)
            announce(tenant, ROUTING, NODE)
            return agent.pk

    def change(self, actor: Actor, agent_id: UUID | str, version: int, values: AgentValues) -> None:
        """Set the given values; the user of an agent stays who they are."""
        with setup_write(actor) as admin:
            agent = locked(Agent, agent_id, version)
            details: dict[str, Any] = {}
            if "skills" in values:
                details["skills"] = _replace_grades(agent, values["skills"])
            if "group_ids" in values:
                details["group_ids"] = replace_groups(agent, values["group_ids"])
            if "capacity" in values:
                rules.check_capacity(values["capacity"])
            changes = {name: value for name, value in _columns(values, agent.tenant_id).items() if name != "user_id"}
            revise(admin, agent, changes, **details)
            announce(agent.tenant_id, ROUTING, NODE)

    def remove(self, actor: Actor, agent_id: UUID | str, version: int) -> None:
        with setup_write(actor) as admin:
            agent = locked(Agent, agent_id, version)
            AgentSkill.objects.filter(user_id=agent.user_id).delete()
            remove(admin, agent)
            announce(agent.tenant_id, ROUTING, NODE)


agents = AgentWrites()


def place_hold(
    actor: Actor, agent_id: UUID | str, kind: str, reason: dict[str, str], until: datetime | None = None
) -> UUID:
    """The id of a hold that keeps the agent from signing in. One at work is signed out when that work ends."""
    with setup_write(actor) as admin:
        agent = locked(Agent, agent_id)
        if until is not None and until <= timezone.now():
            raise errors.HoldBackwardsError
        hold = Hold(tenant_id=agent.tenant_id, agent=agent, kind=kind, reason=reason, until=until)
        hold.save()
        details = {"kind": kind, "reason": reason, "until": until and until.isoformat(), "hold_id": str(hold.pk)}
        audit.record(admin, "agent.held", "agent", agent.pk, agent.tenant_id, details)
        announce(agent.tenant_id, ROUTING)
        return hold.pk


def lift_hold(actor: Actor, agent_id: UUID | str, hold_id: UUID) -> None:
    """End a hold now. Lifting it twice changes nothing."""
    with setup_write(actor) as admin:
        agent = locked(Agent, agent_id)
        hold = Hold.objects.select_for_update().filter(pk=hold_id, agent=agent).first()
        if hold is None:
            raise NotFoundError(object_type="hold", object_id=str(hold_id))
        if hold.lifted_at is None:
            hold.lifted_at = timezone.now()
            hold.save()
            audit.record(admin, "agent.hold_lifted", "agent", agent.pk, agent.tenant_id, {"hold_id": str(hold.pk)})
            announce(agent.tenant_id, ROUTING)


def _columns(values: AgentValues, tenant_id: UUID) -> dict[str, Any]:
    plain = {name: value for name, value in values.items() if name not in ("skills", "group_ids")}
    return resolved(Agent, plain, tenant_id)


def _require_staff(user_id: UUID, tenant_id: UUID) -> User:
    """The user, who has a role in the tenant. Raises UserNotStaffError."""
    membership = Membership.objects.select_related("user").filter(user_id=user_id, tenant_id=tenant_id).first()
    if membership is None:
        # The name of a user of other tenants must not leak: the id that was sent is all that is said.
        raise errors.UserNotStaffError(username=str(user_id))
    return membership.user


def _require_no_agent(user: User) -> None:
    agent = Agent.objects.filter(user=user).first()
    if agent is not None:
        raise errors.UserIsAgentError(username=user.username, number=agent.number)


def _stored_grades(agent: Agent, grades: Iterable[rules.SkillGrade]) -> list[AgentSkill]:
    """Unsaved rows of the grades, each in its skill's tenant."""
    wanted = list(grades)
    rules.check_grades(wanted)
    found = {str(skill.pk): skill for skill in Skill.objects.filter(pk__in=[grade.skill_id for grade in wanted])}
    rows = []
    for grade in wanted:
        skill = found.get(grade.skill_id) or referenced(Skill, grade.skill_id, agent.tenant_id, "skill_id")
        assert skill is not None  # `referenced` raises for an id that is not there
        _require_staff(agent.user_id, skill.tenant_id)
        rows.append(
            AgentSkill(
                tenant_id=skill.tenant_id,
                user_id=agent.user_id,
                skill=skill,
                level=grade.level,
                valid_to=grade.valid_to,
            )
        )
    return rows


def _replace_grades(agent: Agent, grades: Iterable[rules.SkillGrade]) -> dict[str, Any]:
    """Replace the agent's skills within the scope; answers the audit's before and after."""
    rows = _stored_grades(agent, grades)
    stored = AgentSkill.objects.filter(user_id=agent.user_id)
    before = audited_grades(stored)
    stored.all().delete()
    AgentSkill.objects.bulk_create(rows)
    return {"before": before, "after": audited_grades(rows)}


def audited_grades(rows: Iterable[AgentSkill]) -> list[dict[str, Any]]:
    """Skills with their levels as the audit tells them."""
    return [
        {"skill_id": str(row.skill_id), "level": row.level, "valid_to": row.valid_to and row.valid_to.isoformat()}
        for row in rows
    ]


def _group_rows(agent: Agent, team_ids: Iterable[UUID]) -> list[AgentGroup]:
    """Unsaved rows of the further teams, all of the agent's own tenant."""
    rows: dict[str, AgentGroup] = {}
    for team_id in team_ids:
        if str(team_id) in rows:
            raise errors.AgentGroupTwiceError(team=str(team_id))
        team = referenced(Team, team_id, agent.tenant_id, "group_ids")
        rows[str(team_id)] = AgentGroup(tenant_id=agent.tenant_id, agent=agent, team=team)
    return list(rows.values())


def replace_groups(agent: Agent, team_ids: Iterable[UUID]) -> dict[str, list[str]]:
    """Replace the further teams, within a write; answers the audit's before and after."""
    rows = _group_rows(agent, team_ids)
    stored = AgentGroup.objects.filter(agent=agent)
    before = _team_ids(stored)
    stored.all().delete()
    AgentGroup.objects.bulk_create(rows)
    return {"before": before, "after": _team_ids(rows)}


def _team_ids(rows: Iterable[AgentGroup]) -> list[str]:
    return [str(row.team_id) for row in rows]
