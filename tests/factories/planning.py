"""Work rules, people and rosters for tests of planning."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from hotline.domains.people.models import Agent, AgentSkill
from hotline.domains.workforce import planning_run_work, planning_runs, roster_solving, work_rules
from hotline.domains.workforce.models import Lesson, Roster, RotationMembership
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant, User
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.errors import HotlineError
from hotline.kernel.failure import failure_of
from hotline.live.planning import players
from tests.factories.setup import administrator_of

FIRST = date(2027, 3, 1)  # a Monday
NAME = {"zh": "名称", "en": "Name"}
MEAL = {"length_min": 30, "earliest_min": 180, "latest_min": 300, "is_paid": False}


def answer_here(payload: dict[str, Any]) -> None:
    """Have what the job's payload names answered in this process. A player of its own needs a second to start, which
    only the tests of players and one of each kind of question spend."""
    tenant_id, run_id = UUID(payload["tenant_id"]), UUID(payload["run_id"])
    worker: Any = Silent()
    try:
        taken = planning_run_work.take(tenant_id, run_id)
        if taken is None:
            return
        answered = players.answer(msgspec.json.encode(taken), worker)
    except HotlineError as error:
        planning_run_work.fail(tenant_id, run_id, failure_of(error))
    else:
        planning_run_work.finish(tenant_id, run_id, msgspec.json.decode(msgspec.json.encode(answered)))


class Silent:
    """A worker that is told news and never stops anybody."""

    def __init__(self) -> None:
        self.news: list[dict[str, Any]] = []

    def tell(self, **news: Any) -> None:
        self.news.append(news)

    def is_stop_asked(self) -> bool:
        return False


def make_shift_kind(tenant: Tenant, code: str = "day", starts: tuple[str, ...] = ("08:00",), **values: Any) -> UUID:
    """An eight-hour day with an unpaid meal, unless told otherwise."""
    whole: Any = {"code": code, "name": NAME, "short": code[:6], "pieces": [(0, 510)], "starts": list(starts)}
    return work_rules.shift_kinds.create(administrator_of(tenant), {**whole, "breaks": [MEAL], **values})


def make_night_kind(tenant: Tenant, **values: Any) -> UUID:
    paid = [{**MEAL, "is_paid": True}]
    return make_shift_kind(tenant, "night", ("22:00",), pieces=[(0, 480)], breaks=paid, **values)


def make_labour_rules(tenant: Tenant, code: str = "law", **values: Any) -> UUID:
    """Rules for everybody: 40 hours within 10 %, at most 5 days a week."""
    whole: Any = {"code": code, "name": NAME, "is_default": True, "tolerance_percent": 10, "most_days_week": 5}
    return work_rules.labour_rules.create(administrator_of(tenant), {**whole, **values})


def make_roster(tenant: Tenant, demand: dict[UUID, list[int]], *, weeks: int = 2, **values: Any) -> UUID:
    """A draft for these numbers of people per half-hour of a day or of all days."""
    told = {str(skill): wanted for skill, wanted in demand.items()}
    whole: Any = {"name": "March", "first_day": FIRST, "last_day": FIRST + timedelta(days=7 * weeks - 1)}
    with tenant_scope(tenant.pk):
        made = Roster(tenant_id=tenant.pk, demand=planning_runs.packed(told), **{**whole, **values})
        made.save(force_insert=True)
    return UUID(str(made.pk))


def stored_roster(tenant: Tenant, roster_id: UUID) -> Roster:
    with tenant_scope(tenant.pk):
        return Roster.objects.get(pk=roster_id)


def solved(tenant: Tenant, planner: Actor, roster_id: UUID, **wanted: Any) -> planning_runs.Run:
    """The run, after the solver has answered it as the worker would have it do."""
    version = stored_roster(tenant, roster_id).version
    run_id = roster_solving.ask(planner, roster_id, version, roster_solving.Wanted(**{"cpu_limit_s": 5.0, **wanted}))
    played(tenant, run_id)
    return planning_runs.one(planner, run_id)


def played(tenant: Tenant, run_id: UUID) -> None:
    """Have the solver answer the run as the worker would."""
    answer_here({"tenant_id": str(tenant.pk), "run_id": str(run_id)})


def make_staff(tenant: Tenant, skills: Sequence[Sequence[UUID]]) -> list[UUID]:
    """The ids of as many agents as there are sets of skills, written in bulk."""
    people = [User(username=f"staff{n:05d}", name=f"Staff {n}") for n in range(len(skills))]
    with tenant_scope(tenant.pk):
        User.objects.bulk_create(people, batch_size=400)
        agents = [
            Agent(tenant_id=tenant.pk, user=user, number=str(10_000 + n), capacity={"voice": 1})
            for n, user in enumerate(people)
        ]
        Agent.objects.bulk_create(agents, batch_size=400)
        grades = [
            AgentSkill(tenant_id=tenant.pk, user=user, skill_id=skill, level=5)
            for user, own in zip(people, skills, strict=True)
            for skill in own
        ]
        AgentSkill.objects.bulk_create(grades, batch_size=400)
    return [UUID(str(agent.pk)) for agent in agents]


def make_member(tenant: Tenant, rotation_id: UUID, agent_id: UUID, *lessons: Lesson, **values: Any) -> None:
    """An approved member for as long as the tests plan."""
    whole: Any = {"valid_from": FIRST - timedelta(days=30), "valid_to": FIRST + timedelta(days=120), **values}
    with tenant_scope(tenant.pk):
        made = RotationMembership(
            tenant_id=tenant.pk, rotation_id=rotation_id, agent_id=agent_id, state="approved", **whole
        )
        made.save(force_insert=True)
        for lesson in lessons:
            lesson.tenant_id, lesson.membership = tenant.pk, made
            lesson.valid_from, lesson.valid_to = made.valid_from, made.valid_to
            lesson.save(force_insert=True)
