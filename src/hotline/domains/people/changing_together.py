"""One change of several agents: a skill that all of them get, a team that they stand in for. All of them or none."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from hotline.domains.enterprise.announcements import NODE, ROUTING, announce
from hotline.domains.people import actions, errors
from hotline.domains.people.models import Agent, AgentSkill, Skill, Team
from hotline.domains.setup_records import locked, referenced, revise, setup_write
from hotline.foundation.actors import Actor


class AgentAsRead(msgspec.Struct, frozen=True, kw_only=True):
    """An agent with the version that was seen."""

    id: UUID
    version: int


class SkillWish(msgspec.Struct, frozen=True, kw_only=True):
    """The level, 1-9, at which all of them shall hold the skill; none takes it from them."""

    skill_id: UUID
    level: int | None


class JointChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the agents. Skills and teams that are not named stay as they are with each."""

    agents: list[AgentAsRead]
    skills: list[SkillWish] = []
    team_id: UUID | None = None  # their own team from now on; none: each keeps theirs
    add_group_ids: list[UUID] = []
    remove_group_ids: list[UUID] = []


def change_together(actor: Actor, change: JointChange) -> None:
    """Make it. Raises NotFoundError for an agent out of reach, StaleVersionError for one whom somebody has changed
    since, UnknownReferenceError for a skill or a team of another tenant, NothingToChangeError, AgentTwiceError,
    SkillTwiceError."""
    _check(change)
    with setup_write(actor) as admin:
        tenants: dict[UUID, None] = {}
        for one in sorted(change.agents, key=lambda agent: agent.id):
            agent = locked(Agent, one.id, one.version)
            _change(admin, agent, change)
            tenants[agent.tenant_id] = None
        for tenant_id in tenants:
            announce(tenant_id, ROUTING, NODE)


def _check(change: JointChange) -> None:
    if not (change.skills or change.team_id or change.add_group_ids or change.remove_group_ids):
        raise errors.NothingToChangeError
    agent = _twice(one.id for one in change.agents)
    if agent is not None:
        raise errors.AgentTwiceError(agent=str(agent))
    skill = _twice(one.skill_id for one in change.skills)
    if skill is not None:
        raise errors.SkillTwiceError(skill=str(skill))


def _twice(ids: Iterable[UUID]) -> UUID | None:
    return next((one for one, many in Counter(ids).items() if many > 1), None)


def _change(admin: Actor, agent: Agent, change: JointChange) -> None:
    details: dict[str, Any] = {}
    if change.skills:
        details["skills"] = _grade(agent, change.skills)
    if change.add_group_ids or change.remove_group_ids:
        details["group_ids"] = actions.replace_groups(agent, _groups(agent, change))
    columns = {}
    if change.team_id is not None:
        columns["team"] = referenced(Team, change.team_id, agent.tenant_id, "team_id")
    revise(admin, agent, columns, **details)


def _grade(agent: Agent, wishes: Iterable[SkillWish]) -> dict[str, Any]:
    """Set the levels; a last day on which a skill counts stays. Answers the audit's before and after."""
    stored = AgentSkill.objects.filter(user_id=agent.user_id).order_by("pk")
    before = actions.audited_grades(stored)
    for wish in wishes:
        skill = referenced(Skill, wish.skill_id, agent.tenant_id, "skill_id")
        assert skill is not None  # `referenced` raises for an id that is not there
        held = AgentSkill.objects.filter(user_id=agent.user_id, skill=skill)
        if wish.level is None:
            held.delete()
        elif not held.update(level=wish.level):
            AgentSkill(tenant_id=skill.tenant_id, user_id=agent.user_id, skill=skill, level=wish.level).save()
    return {"before": before, "after": actions.audited_grades(stored.all())}


def _groups(agent: Agent, change: JointChange) -> list[UUID]:
    """The teams beside their own that the agent stands in for then."""
    given_up = set(change.remove_group_ids)
    kept = [group.team_id for group in agent.groups.order_by("pk") if group.team_id not in given_up]
    return list(dict.fromkeys([*kept, *change.add_group_ids]))
