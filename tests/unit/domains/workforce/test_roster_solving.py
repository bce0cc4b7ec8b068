"""A roster solved from what is set up: rules kept by the judge's count, people who cannot be planned named, nobody
else's data."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from hotline.domains.people.models import Agent, AgentSkill, Hold
from hotline.domains.workforce import (
    planning_run_work,
    planning_runs,
    roster_cells,
    roster_question,
    roster_solving,
    rosters,
    work_rules,
)
from hotline.domains.workforce.judging import Breach, hours_owed, judge
from hotline.domains.workforce.models import Absence, Roster, RosterShift, Wish
from hotline.domains.workforce.planned_people import horizon, planned_people, works_of
from hotline.domains.workforce.roster_demand import skills_wanted
from hotline.domains.workforce.roster_judging import breaches_of
from hotline.domains.workforce.roster_solving_errors import RosterWithoutDemandError, SolveDraftOnlyError
from hotline.domains.workforce.rule_errors import SkillEndedRuleError
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.planning import (
    FIRST,
    make_labour_rules,
    make_night_kind,
    make_roster,
    make_shift_kind,
    solved,
    stored_roster,
)
from tests.factories.setup import administrator_of, make_agent, make_seat, make_site, make_skill

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
DAY = [0] * 16 + [2] * 17 + [0] * 15
ROUND_THE_CLOCK = [1] * 48
NOW = datetime(2027, 2, 1, tzinfo=ZONE)


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water", time_zone="Asia/Shanghai")


@pytest.fixture
def planner(water: Tenant) -> Actor:
    return make_actor(water, "planner")


@pytest.fixture
def calls(water: Tenant) -> UUID:
    make_labour_rules(water)
    return make_skill(water, code="calls")


def shifts(tenant: Tenant, roster_id: UUID) -> list[RosterShift]:
    with tenant_scope(tenant.pk):
        return list(RosterShift.objects.filter(roster_id=roster_id).order_by("day", "agent_id"))


def broken(tenant: Tenant, roster_id: UUID) -> list[Breach]:
    """What the judge, which shares no code with the solver, finds."""
    roster = stored_roster(tenant, roster_id)
    with tenant_scope(tenant.pk):
        days = horizon(tenant.pk, roster.first_day, roster.last_day)
        people = planned_people(tenant.pk, days, NOW)
        works = works_of(RosterShift.objects.filter(roster_id=roster_id))
        return [breach for agent_id, own in works.items() for breach in judge(people[agent_id], own, days)]


def question(tenant: Tenant, roster_id: UUID, **more: Any) -> roster_question.Asked:
    with tenant_scope(tenant.pk):
        roster = Roster.objects.get(pk=roster_id)
        return roster_question.question_of(roster, NOW, **{"is_incremental": False, **more})


def person_of(asked: roster_question.Asked, agent_id: UUID) -> Any:
    return next(person for person in asked.problem.people if person.id == str(agent_id))


def test_solved_draft_holds_shifts_that_no_rule_forbids(water: Tenant, planner: Actor, calls: UUID) -> None:
    make_shift_kind(water, starts=("08:00", "08:30"))
    for _ in range(4):
        make_agent(water, skills={calls: 5})
    roster_id = make_roster(water, {calls: DAY})
    run = solved(water, planner, roster_id)
    roster, found = stored_roster(water, roster_id), shifts(water, roster_id)
    assert (run.state, roster.version, roster.figures["breaches"]) == ("done", 2, 0)
    assert broken(water, roster_id) == []
    assert roster.figures["coverage"] > 9000
    first = found[0]
    assert (first.source, str(first.skill_id), first.paid_min) == ("solver", str(calls), 480)
    assert first.starts_at.astimezone(ZONE).hour * 60 + first.starts_at.minute == first.pieces[0][0]
    assert len(first.breaks) == 1


def test_only_a_draft_with_a_demand_is_solved_by_a_planner_of_its_tenant(
    water: Tenant, planner: Actor, calls: UUID
) -> None:
    empty, made = make_roster(water, {}), make_roster(water, {calls: DAY})
    with pytest.raises(RosterWithoutDemandError):
        roster_solving.ask(planner, empty, 1, roster_solving.Wanted())
    with pytest.raises(StaleVersionError):
        roster_solving.ask(planner, made, 2, roster_solving.Wanted())
    with pytest.raises(NotFoundError):
        roster_solving.ask(make_actor(make_tenant("gas"), "planner"), made, 1, roster_solving.Wanted())
    with pytest.raises(ForbiddenError):
        roster_solving.ask(make_actor(water, "agent"), made, 1, roster_solving.Wanted())
    with tenant_scope(water.pk):
        Roster.objects.filter(pk=made).update(state="published")
    with pytest.raises(SolveDraftOnlyError):
        roster_solving.ask(planner, made, 1, roster_solving.Wanted())


def test_asked_over_http_the_run_is_answered(water: Tenant, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    client = client_of(make_user(tenant=water, role="planner"))
    answered = client.post(
        f"/api/v1/workforce/rosters/{roster_id}/solve", {"version": 1}, content_type="application/json"
    )
    assert answered.status_code == 202, answered.content
    run = client.get(f"/api/v1/workforce/runs/{answered.json()['run_id']}").json()
    assert (run["kind"], run["state"]) == ("roster", "waiting")


def test_edits_made_while_the_solver_works_are_kept(water: Tenant, planner: Actor, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    run_id = roster_solving.ask(planner, roster_id, 1, roster_solving.Wanted())
    with tenant_scope(water.pk):
        Roster.objects.filter(pk=roster_id).update(version=2)
    with pytest.raises(StaleVersionError):
        planning_run_work.take(water.pk, run_id)


def test_who_cannot_be_planned_is_named_with_the_reason(water: Tenant, calls: UUID) -> None:
    day = make_shift_kind(water)
    idle = make_shift_kind(water, "old", is_active=False)
    fit, held, unskilled = make_agent(water, skills={calls: 5}), make_agent(water, skills={calls: 5}), make_agent(water)
    gone, bound = make_agent(water, skills={calls: 5}), make_agent(water, skills={calls: 5})
    make_agent(water, skills={calls: 5}, is_active=False)
    law = make_labour_rules(water, "other", is_default=False)
    admin = administrator_of(water)
    work_rules.contracts.create(
        admin, {"agent_id": gone, "labour_rules_id": law, "employed_to": FIRST - timedelta(days=1)}
    )
    work_rules.contracts.create(admin, {"agent_id": bound, "labour_rules_id": law, "shift_kind_ids": [idle]})
    reason = {"zh": "证书过期", "en": "Certificate missing"}
    with tenant_scope(water.pk):
        Hold(tenant_id=water.pk, agent_id=held, kind="certificate", reason=reason).save(force_insert=True)
    asked = question(water, make_roster(water, {calls: DAY}))
    assert [person.id for person in asked.problem.people] == [str(fit)]
    assert [kind.id for kind in asked.problem.shifts] == [str(day)]
    told = {one["agent_id"]: one for one in asked.left_out}
    assert {agent_id: one["code"] for agent_id, one in told.items()} == {
        str(held): "held",
        str(unskilled): "no_skill",
        str(gone): "not_employed",
        str(bound): "no_shift_kind",
    }
    assert told[str(held)]["reason"] == reason


def test_absence_bars_its_time_and_lessens_what_is_owed(water: Tenant, planner: Actor, calls: UUID) -> None:
    make_shift_kind(water)
    ill, _ = make_agent(water, skills={calls: 5}), make_agent(water, skills={calls: 5})
    begin = datetime.combine(FIRST, time(), ZONE)
    with tenant_scope(water.pk):
        Absence(
            tenant_id=water.pk,
            agent_id=ill,
            kind="sick",
            starts_at=begin,
            ends_at=begin + timedelta(days=7),
            reported_by="x",
        ).save(force_insert=True)
    roster_id = make_roster(water, {calls: DAY})
    assert person_of(question(water, roster_id), ill).hours == (36.0, 44.0)
    solved(water, planner, roster_id)
    days = {shift.day for shift in shifts(water, roster_id) if shift.agent_id == ill}
    assert days
    assert min(days) >= FIRST + timedelta(days=7)


@pytest.mark.parametrize("further", [None, "lasting", "unwanted", "longer"])
def test_skill_that_ends_within_the_roster_ends_the_work_for_solver_and_judge_alike(
    water: Tenant, planner: Actor, calls: UUID, further: str | None
) -> None:
    """Who holds no wanted skill any more neither works nor owes hours; the roster is solved and published as it is."""
    make_shift_kind(water, starts=("08:00", "08:30"))
    chat, other = make_skill(water, code="chat"), make_skill(water, code="other")
    agents = [make_agent(water, skills={calls: 5}) for _ in range(3)]
    until = FIRST + timedelta(days=6)
    ends(water, agents[0], calls, until)
    if further is not None:
        also = other if further == "unwanted" else chat
        ends(water, agents[0], also, FIRST + timedelta(days=9) if further == "longer" else None)
    last = {"lasting": None, "longer": FIRST + timedelta(days=9)}.get(further or "", until)
    roster_id = make_roster(water, {calls: DAY, chat: [0] * 20 + [1] * 8 + [0] * 20})
    asked = person_of(question(water, roster_id), agents[0])
    solved(water, planner, roster_id)
    own = [shift for shift in shifts(water, roster_id) if shift.agent_id == agents[0]]
    assert own
    assert all(last is None or shift.day <= last for shift in own)
    days = 14 if last is None else (last - FIRST).days + 1
    roster = stored_roster(water, roster_id)
    with tenant_scope(water.pk):
        judged = horizon(water.pk, roster.first_day, roster.last_day)
        person = planned_people(water.pk, judged, NOW, wanted=skills_wanted(roster))[str(agents[0])]
        owed = hours_owed(person, judged)
        assert breaches_of(roster, judged) == []
    assert owed is not None
    assert asked.hours == (owed[0] / 60, owed[1] / 60)
    assert owed[1] == pytest.approx(2 * 2640 * days / 14, abs=1)
    rosters.publish(planner, roster_id, roster.version)
    if last is not None:
        with pytest.raises(SkillEndedRuleError, match=last.isoformat()):
            rosters.edit(
                planner,
                roster_id,
                roster.version + 1,
                [
                    roster_cells.Edit(
                        agent_id=agents[0], day=last + timedelta(days=1), shift_kind_id=own[0].shift_kind_id
                    )
                ],
            )


def ends(tenant: Tenant, agent_id: UUID, skill_id: UUID, until: date | None) -> None:
    """The agent holds the skill until that day; none: for good."""
    with tenant_scope(tenant.pk):
        user_id = Agent.objects.get(pk=agent_id).user_id
        AgentSkill.objects.update_or_create(
            tenant_id=tenant.pk, user_id=user_id, skill_id=skill_id, defaults={"level": 5, "valid_to": until}
        )


def test_works_of_the_roster_before_count_for_rest_runs_and_the_week(water: Tenant, calls: UUID) -> None:
    kind = make_night_kind(water)
    agent = make_agent(water, skills={calls: 5})
    before = make_roster(
        water, {calls: DAY}, first_day=FIRST - timedelta(days=7), last_day=FIRST - timedelta(days=1), state="published"
    )
    with tenant_scope(water.pk):
        for back in (1, 2, 3):
            day = FIRST - timedelta(days=back)
            begin = datetime.combine(day, time(22), ZONE)
            RosterShift(
                tenant_id=water.pk,
                roster_id=before,
                agent_id=agent,
                day=day,
                shift_kind_id=kind,
                starts_at=begin,
                ends_at=begin + timedelta(hours=8),
                pieces=[[1320, 1800]],
                paid_min=480,
            ).save(force_insert=True)
    asked = question(water, make_roster(water, {calls: ROUND_THE_CLOCK}))
    spans = {(span.start, span.end) for span in person_of(asked, agent).unavailable}
    assert ("2027-03-01T00:00", "2027-03-01T17:00") in spans  # 06:00 and eleven hours
    assert ("2027-03-04T00:00", "2027-03-05T00:00") in spans  # the seventh day running
    assert person_of(asked, agent).nights_before == 0  # nobody else had fewer


def test_borrowing_levels_seats_and_holidays_reach_the_solver(water: Tenant, calls: UUID) -> None:
    make_shift_kind(water)
    chat = make_skill(water, code="chat")
    admin = administrator_of(water)
    work_rules.skill_borrowings.create(admin, {"lender_id": chat, "borrower_id": calls})
    site = make_site(water)
    for label in ("A1", "A2"):
        make_seat(water, site_id=site, label=label)
    make_seat(water, site_id=site, label="A3", state="out_of_order", fault="network")
    helper = make_agent(water, skills={chat: 5})
    asked = question(water, make_roster(water, {calls: DAY}))
    assert asked.problem.seats == 2
    assert person_of(asked, helper).skills == [str(chat)]
    assert [(one.lender, one.borrower) for one in asked.problem.borrowing] == [(str(chat), str(calls))]


def test_intervals_become_as_fine_as_the_shifts(water: Tenant, calls: UUID) -> None:
    make_shift_kind(water, starts=("08:15",))
    asked = question(water, make_roster(water, {calls: DAY}))
    assert asked.problem.interval_min == 15
    assert asked.problem.demand[0].wanted[:70] == [0] * 32 + [2] * 34 + [0] * 4


def test_incremental_solve_keeps_what_was_planned(water: Tenant, planner: Actor, calls: UUID) -> None:
    make_shift_kind(water, starts=("08:00", "08:30"))
    for _ in range(4):
        make_agent(water, skills={calls: 5})
    roster_id = make_roster(water, {calls: DAY})
    solved(water, planner, roster_id)
    before = {(shift.agent_id, shift.day, str(shift.pieces)) for shift in shifts(water, roster_id)}
    solved(water, planner, roster_id, is_incremental=True)
    after = {(shift.agent_id, shift.day, str(shift.pieces)) for shift in shifts(water, roster_id)}
    assert len(before ^ after) <= len(before) // 2


def test_wish_weighs_more_for_who_was_granted_fewer(water: Tenant, calls: UUID) -> None:
    make_shift_kind(water)
    lucky, other = make_agent(water, skills={calls: 5}), make_agent(water, skills={calls: 5})
    with tenant_scope(water.pk):
        for number in range(6):
            Wish(tenant_id=water.pk, agent_id=lucky, day=date(2027, 1, 4 + number), kind="off", is_granted=True).save(
                force_insert=True
            )
        for agent in (lucky, other):
            Wish(tenant_id=water.pk, agent_id=agent, day=FIRST, kind="off").save(force_insert=True)
    asked = question(water, make_roster(water, {calls: DAY}))
    (less,), (more,) = (person_of(asked, agent).wishes for agent in (lucky, other))
    assert less.weight < 1 < more.weight


def test_answer_kept_twice_is_kept_once(water: Tenant, planner: Actor, calls: UUID) -> None:
    make_shift_kind(water)
    make_agent(water, skills={calls: 5})
    roster_id = make_roster(water, {calls: DAY})
    run = solved(water, planner, roster_id)
    done = planning_run_work.Done(
        tenant_id=water.pk,
        run_id=run.id,
        asked_by="x",
        question={"roster_id": str(roster_id), "version": 1},
        answer={},
    )
    with tenant_scope(water.pk):
        assert roster_solving.store(done)["figures"] == stored_roster(water, roster_id).figures
    assert planning_runs.one(planner, run.id).state == "done"
