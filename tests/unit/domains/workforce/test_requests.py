"""Swaps, shifts given away and leave: from the asking to the roster, judged each time, behind the tenant wall."""

import json
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from hotline.domains.workforce import (
    actions,
    errors,
    own_roster,
    request_errors,
    request_queries,
    requests,
    rule_errors,
    rules,
)
from hotline.domains.workforce import request_schemas as shown
from hotline.domains.workforce.models import Absence, Roster, RosterShift, ShiftRequest
from hotline.foundation.access import actor_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import AuditEntry, Membership, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.rosters import (
    EARLY,
    LATE,
    NIGHT,
    make_labour_rules,
    make_roster,
    make_settings,
    make_shift,
    make_worker,
    next_monday,
)
from tests.factories.setup import administrator_of, make_skill

pytestmark = pytest.mark.django_db
MONDAY = next_monday()


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@dataclass
class House:
    """A tenant with a published roster of four weeks, two agents with a shift each, and a planner."""

    tenant: Tenant
    roster: Roster
    planner: Actor
    one: Actor
    other: Actor
    one_id: UUID
    other_id: UUID
    shift: RosterShift
    other_shift: RosterShift

    def works(self) -> set[tuple[UUID, date, int]]:
        """Who works on which day from which minute."""
        with tenant_scope(self.tenant.pk):
            rows = RosterShift.objects.values_list("agent_id", "day", "pieces")
            return {(agent, day, pieces[0][0]) for agent, day, pieces in rows}

    def request(self, request_id: UUID) -> ShiftRequest:
        with tenant_scope(self.tenant.pk):
            return ShiftRequest.objects.get(pk=request_id)

    def swap(self) -> UUID:
        return requests.ask_swap(self.one, self.shift.pk, self.other_shift.pk)

    def accepted_swap(self) -> UUID:
        asked = self.swap()
        requests.answer(self.other, asked, 1, "accept")
        return asked


def new_house(code: str | None = None, **of_settings: Any) -> House:
    tenant = make_tenant(code, time_zone="Asia/Shanghai")
    make_labour_rules(tenant)
    make_settings(tenant, **of_settings)
    roster = make_roster(tenant, MONDAY)
    (one, one_id), (other, other_id) = make_worker(tenant), make_worker(tenant)
    return House(
        tenant=tenant,
        roster=roster,
        planner=make_actor(tenant, "planner"),
        one=one,
        other=other,
        one_id=one_id,
        other_id=other_id,
        shift=make_shift(roster, one_id, day(0), EARLY),
        other_shift=make_shift(roster, other_id, day(2), LATE),
    )


@pytest.fixture
def house() -> House:
    return new_house()


def join_hope(house: House, member: Actor) -> None:
    """The agent is in Hope Project: no work from 18:00 to 08:00."""
    rotation = actions.rotations.create(
        administrator_of(house.tenant),
        {
            "code": "hope",
            "name": {"zh": "希望工程", "en": "Hope Project"},
            "valid_from": date(2026, 1, 1),
            "closed_hours": [("18:00", "08:00")],
        },
    )
    asked = actions.apply(member, rotation, rules.Application(valid_from=day(-10), valid_to=day(60), evidence="x"))
    actions.decide(house.planner, asked, 1, "approve")


def test_swap_goes_from_asking_over_the_colleague_to_the_planner_into_the_roster(house: House) -> None:
    asked = house.swap()
    assert house.request(asked).state == "open"
    requests.answer(house.other, asked, 1, "accept", "gladly")
    assert house.request(asked).state == "accepted"
    assert house.works() == {(house.one_id, day(0), EARLY), (house.other_id, day(2), LATE)}
    requests.decide(house.planner, asked, 2, "approve")
    assert house.works() == {(house.one_id, day(2), LATE), (house.other_id, day(0), EARLY)}
    found = house.request(asked)
    assert (found.state, found.decided_by_id) == ("done", house.planner.user_id)
    with tenant_scope(house.tenant.pk):
        assert Roster.objects.get().version > house.roster.version
        assert set(RosterShift.objects.values_list("source", flat=True)) == {"swap"}
    actions_told = set(AuditEntry.objects.values_list("action", flat=True))
    steps = {f"shift_request.{step}" for step in ("asked", "accepted", "done")}
    assert steps | {"roster_shift.swapped"} <= actions_told


def test_two_shifts_of_one_day_can_be_exchanged(house: House) -> None:
    late = make_shift(house.roster, house.other_id, day(0), LATE)
    asked = requests.ask_swap(house.one, house.shift.pk, late.pk)
    requests.answer(house.other, asked, 1, "accept")
    requests.decide(house.planner, asked, 2, "approve")
    assert {(house.one_id, day(0), LATE), (house.other_id, day(0), EARLY)} <= house.works()


def test_without_approval_the_colleagues_yes_does_it() -> None:
    house = new_house(swaps_need_approval=False)
    asked = house.accepted_swap()
    assert house.request(asked).state == "done"
    assert (house.one_id, day(2), LATE) in house.works()


def test_hope_project_cannot_swap_into_the_night_and_is_told_by_which_rotation(house: House) -> None:
    night = make_shift(house.roster, house.other_id, day(4), NIGHT)
    join_hope(house, house.one)
    with pytest.raises(rule_errors.ClosedHoursRuleError) as refused:
        requests.ask_swap(house.one, house.shift.pk, night.pk)
    assert refused.value.data["rotation"] == {"zh": "希望工程", "en": "Hope Project"}
    assert house.works() == {
        (house.one_id, day(0), EARLY),
        (house.other_id, day(2), LATE),
        (house.other_id, day(4), NIGHT),
    }
    assert night.pk not in [offer.shift_id for offer in own_roster.swap_offers(house.one, house.shift.pk).offers]


def test_colleague_is_not_told_whose_life_stands_against_a_swap(house: House) -> None:
    night = make_shift(house.roster, house.other_id, day(4), NIGHT)
    join_hope(house, house.one)
    with pytest.raises(request_errors.ColleagueCannotError) as refused:
        requests.ask_swap(house.other, night.pk, house.shift.pk)
    assert "Hope" not in str(refused.value)


def test_rotation_that_began_after_the_asking_stops_the_planner_by_name(house: House) -> None:
    asked = house.accepted_swap()
    join_hope(house, house.one)  # the late shift ends at 22:00
    with pytest.raises(rule_errors.ClosedHoursRuleError, match="Hope Project"):
        requests.decide(house.planner, asked, 2, "approve")
    assert house.works() == {(house.one_id, day(0), EARLY), (house.other_id, day(2), LATE)}
    assert house.request(asked).state == "accepted"


@pytest.mark.parametrize(
    ("neighbour", "refused"),
    [
        ((1, NIGHT), rule_errors.RestRuleError),  # ends at 06:00 of the day of the late shift
        ((2, EARLY), request_errors.SecondShiftError),
    ],
)
def test_swap_that_breaks_a_rule_of_work_is_refused(
    house: House, neighbour: tuple[int, int], refused: type[Exception]
) -> None:
    make_shift(house.roster, house.one_id, day(neighbour[0]), neighbour[1])
    before = house.works()
    with pytest.raises(refused):
        house.swap()
    assert house.works() == before


def test_skill_of_the_shift_is_needed_to_take_it() -> None:
    house = new_house()
    skill = make_skill(house.tenant)
    german = make_shift(house.roster, house.other_id, day(5), skill_id=skill)
    with pytest.raises(request_errors.LacksSkillError):
        requests.ask_swap(house.one, house.shift.pk, german.pk)


def test_first_of_two_swaps_of_one_shift_wins_and_the_other_is_over(house: House) -> None:
    third, third_id = make_worker(house.tenant)
    thirds = make_shift(house.roster, third_id, day(3))
    first, second = house.swap(), requests.ask_swap(third, thirds.pk, house.other_shift.pk)
    requests.answer(house.other, first, 1, "accept")
    requests.answer(house.other, second, 1, "accept")
    requests.decide(house.planner, first, 2, "approve")
    with pytest.raises(request_errors.RequestEndedError):
        requests.decide(house.planner, second, 2, "approve")
    assert house.request(second).state == "expired"
    assert (third_id, day(3), EARLY) in house.works()


def test_shift_that_a_planner_changed_meanwhile_is_not_swapped(house: House) -> None:
    asked = house.accepted_swap()
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(pk=house.shift.pk).update(day=day(6))
    with pytest.raises(request_errors.ShiftChangedError) as refused:
        requests.decide(house.planner, asked, 2, "approve")
    assert (refused.value.status, refused.value.data["day"]) == (409, day(0).isoformat())


def test_same_swap_asked_twice_is_one_request(house: House) -> None:
    house.swap()
    with pytest.raises(request_errors.AlreadyAskedError):
        house.swap()


def test_decision_on_what_was_read_before_is_refused(house: House) -> None:
    asked = house.accepted_swap()
    with pytest.raises(StaleVersionError):
        requests.decide(house.planner, asked, 1, "approve")


def test_planner_cannot_approve_before_the_colleague_has_said_yes(house: House) -> None:
    with pytest.raises(request_errors.AnswerNotYoursError):
        requests.decide(house.planner, house.swap(), 1, "approve")


def test_refusal_needs_words_which_only_the_two_read(house: House) -> None:
    asked = house.accepted_swap()
    with pytest.raises(errors.DecisionTextNeededError):
        requests.decide(house.planner, asked, 2, "refuse", " ")
    requests.decide(house.planner, asked, 2, "refuse", "too few that day")
    assert request_queries.own_words(house.one, asked).answer_text == "too few that day"
    with pytest.raises(NotFoundError):
        request_queries.own_words(make_worker(house.tenant)[0], asked)


@pytest.mark.parametrize(
    ("who", "step", "refused"),
    [
        ("one", "accept", request_errors.AnswerNotYoursError),
        ("other", "withdraw", request_errors.AnswerNotYoursError),
        ("third", "accept", NotFoundError),
    ],
)
def test_each_step_belongs_to_one_person(house: House, who: str, step: Any, refused: type[Exception]) -> None:
    asked = house.swap()
    actor = make_worker(house.tenant)[0] if who == "third" else getattr(house, who)
    with pytest.raises(refused):
        requests.answer(actor, asked, 1, step)


def test_withdrawn_and_refused_requests_take_no_further_step(house: House) -> None:
    asked = house.swap()
    requests.answer(house.one, asked, 1, "withdraw")
    with pytest.raises(request_errors.RequestEndedError):
        requests.answer(house.other, asked, 2, "accept")


def test_nobody_approves_their_own_swap(house: House) -> None:
    user = User.objects.get(pk=house.one.user_id)
    Membership.objects.create(user=user, tenant=house.tenant, role="planner")
    with pytest.raises(errors.OwnDecisionError):
        requests.decide(actor_of(user), house.accepted_swap(), 2, "approve")


def test_request_expires_so_many_hours_before_the_shift(house: House) -> None:
    asked = house.swap()
    end = house.shift.starts_at - timedelta(hours=12)
    assert requests.expire(end - timedelta(minutes=1), 100) == 0
    assert requests.expire(end, 100) == 1
    assert house.request(asked).state == "expired"


def test_shift_that_begins_soon_cannot_be_asked_about(house: House) -> None:
    soon = datetime.now(UTC).astimezone() + timedelta(hours=3)
    roster = make_roster(house.tenant, soon.date() - timedelta(days=1), days=3)
    shift = make_shift(roster, house.one_id, soon.date())
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(pk=shift.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=8))
    for refused in (
        lambda: own_roster.swap_offers(house.one, shift.pk),
        lambda: requests.ask_give_away(house.one, shift.pk, house.other_id),
    ):
        with pytest.raises(request_errors.RequestTooLateError):
            refused()


def test_draft_is_seen_and_swapped_by_nobody(house: House) -> None:
    draft = make_roster(house.tenant, MONDAY, state="draft")
    hidden = make_shift(draft, house.one_id, day(9))
    assert hidden.pk not in [shift.id for shift in own_roster.own_roster(house.one).shifts]
    with pytest.raises(request_errors.NotPublishedError):
        requests.ask_swap(house.one, hidden.pk, house.other_shift.pk)


def test_given_away_shift_is_the_takers(house: House) -> None:
    (taker,) = own_roster.takers(house.one, house.shift.pk).takers
    assert taker.agent_id == house.other_id
    asked = requests.ask_give_away(house.one, house.shift.pk, house.other_id, "please")
    requests.answer(house.other, asked, 1, "accept")
    requests.decide(house.planner, asked, 2, "approve")
    assert house.works() == {(house.other_id, day(0), EARLY), (house.other_id, day(2), LATE)}


def test_who_works_that_day_already_is_no_taker(house: House) -> None:
    make_shift(house.roster, house.other_id, day(0), LATE)
    assert own_roster.takers(house.one, house.shift.pk).takers == []
    with pytest.raises(request_errors.SecondShiftError):
        requests.ask_give_away(house.one, house.shift.pk, house.other_id)


def test_leave_removes_the_shifts_of_its_days_and_keeps_new_ones_away(house: House) -> None:
    asked = requests.ask_leave(house.one, day(0), day(4), "family")
    with pytest.raises(request_errors.AlreadyAskedError):
        requests.ask_leave(house.one, day(4), day(5))
    waiting, _ = request_queries.requests(house.planner, shown.RequestFilter(awaits_planner=True), None, 50)
    assert [one.id for one in waiting] == [asked]
    requests.decide(house.planner, asked, 1, "approve")
    assert house.works() == {(house.other_id, day(2), LATE)}
    with tenant_scope(house.tenant.pk):
        absence = Absence.objects.get()
    assert absence.starts_at == datetime.combine(day(0), time(), house.shift.starts_at.tzinfo)
    assert absence.ends_at - absence.starts_at == timedelta(days=5)
    third, third_id = make_worker(house.tenant)
    thirds = make_shift(house.roster, third_id, day(3))
    with pytest.raises(request_errors.ColleagueCannotError):
        requests.ask_give_away(third, thirds.pk, house.one_id)


@pytest.mark.parametrize(("first", "last"), [(-30, 0), (3, 2), (0, 400)])
def test_leave_of_impossible_days_is_refused(house: House, first: int, last: int) -> None:
    with pytest.raises(request_errors.LeaveDaysError):
        requests.ask_leave(house.one, day(first), day(last))


def test_words_are_sealed_and_a_planners_reading_is_audited(house: House) -> None:
    asked = requests.ask_leave(house.one, day(0), day(4), "my mother is ill")
    assert "my mother" not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert request_queries.words(house.planner, asked).words == "my mother is ill"
    assert AuditEntry.objects.get(is_read=True).action == "shift_request.words_read"


def test_planner_sees_what_stands_against_a_request_in_the_readers_language(house: House) -> None:
    asked = house.accepted_swap()
    join_hope(house, house.one)
    (objection,) = request_queries.effect_of(house.planner, asked, "zh").objections
    assert "希望工程" in objection.sentence


def test_planner_sees_the_intervals_that_leave_uncovers(house: House) -> None:
    """One person is wanted from 08:00 to 09:00 of the first day, and the agent who asks for leave is the only one."""
    skill = make_skill(house.tenant)
    demand = zlib.compress(json.dumps({str(skill): [0] * 16 + [1] * 2 + [0] * 30}).encode())
    able, able_id = make_worker(house.tenant, skills={skill: 5})
    make_shift(house.roster, able_id, day(0), EARLY)
    with tenant_scope(house.tenant.pk):
        Roster.objects.filter(pk=house.roster.pk).update(demand=demand)
    effect = request_queries.effect_of(house.planner, requests.ask_leave(able, day(0), day(0)), "en")
    midnight = datetime.combine(day(0), time(), ZoneInfo("Asia/Shanghai"))
    assert [(one.starts_at - midnight, one.wanted, one.before, one.after) for one in effect.coverage] == [
        (timedelta(hours=8), 1, 1, 0),
        (timedelta(hours=8, minutes=30), 1, 1, 0),
    ]
    unskilled = request_queries.effect_of(house.planner, requests.ask_leave(house.one, day(0), day(0)), "en")
    assert (unskilled.coverage, unskilled.has_demand) == ([], True)


def test_own_roster_shows_published_shifts_and_what_waits(house: House) -> None:
    house.swap()
    mine = own_roster.own_roster(house.other)
    assert [(shift.id, shift.may_ask) for shift in mine.shifts] == [(house.other_shift.pk, True)]
    assert (mine.waiting, mine.time_zone) == (1, "Asia/Shanghai")
    assert own_roster.own_roster(house.one).waiting == 0


def test_another_tenant_sees_and_changes_nothing(house: House) -> None:
    asked = house.accepted_swap()
    gas = new_house("gas-works")
    assert request_queries.requests(gas.planner, shown.RequestFilter(), None, 50)[0] == []
    for refused in (
        lambda: requests.decide(gas.planner, asked, 2, "approve"),
        lambda: request_queries.words(gas.planner, asked),
        lambda: request_queries.effect_of(gas.planner, asked, "en"),
        lambda: requests.answer(gas.one, asked, 2, "accept"),
        lambda: requests.ask_swap(gas.one, gas.shift.pk, house.other_shift.pk),
        lambda: own_roster.swap_offers(gas.one, house.shift.pk),
        lambda: own_roster.takers(gas.one, house.shift.pk),
        lambda: request_queries.own_request(gas.one, asked),
    ):
        with pytest.raises(NotFoundError):
            refused()
    with pytest.raises(Exception, match="agent_id"):
        requests.ask_give_away(gas.one, gas.shift.pk, house.other_id)


@pytest.mark.parametrize("role", ["team_leader", "supervisor", "client_viewer"])
def test_only_planners_decide(house: House, role: str) -> None:
    asked = house.accepted_swap()
    with pytest.raises(ForbiddenError):
        requests.decide(make_actor(house.tenant, role), asked, 2, "approve")


def test_who_is_no_agent_has_no_roster(house: House) -> None:
    with pytest.raises(request_errors.NoRosterOfYoursError):
        own_roster.own_roster(make_actor(house.tenant, "team_leader"))


def test_the_way_through_the_api(house: House) -> None:
    clients = {
        name: client_of(User.objects.get(pk=getattr(house, name).user_id)) for name in ("one", "other", "planner")
    }
    mine = clients["one"].get("/api/v1/workforce/my-roster").json()
    (shift,) = mine["shifts"]
    offers = clients["one"].get(f"/api/v1/workforce/my-roster/{shift['id']}/swap-offers").json()["offers"]
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": "swap-0001"}}
    body = {"other_shift_id": offers[0]["shift_id"], "words": "please"}
    asked = clients["one"].post(f"/api/v1/workforce/my-roster/{shift['id']}/swaps", body, **sent)
    again = clients["one"].post(f"/api/v1/workforce/my-roster/{shift['id']}/swaps", body, **sent)
    assert (asked.status_code, again.json()["id"]) == (201, asked.json()["id"])
    (waiting,) = clients["other"].get("/api/v1/workforce/my-requests").json()
    assert waiting["may"] == ["accept", "refuse"]
    answered = clients["other"].post(
        f"/api/v1/workforce/my-requests/{waiting['id']}/answers",
        {"version": waiting["version"], "answer": "accept"},
        content_type="application/json",
    )
    assert answered.json()["state"] == "accepted", answered.content
    (listed,) = clients["planner"].get("/api/v1/workforce/requests?awaits_planner=true").json()["items"]
    effect = clients["planner"].get(f"/api/v1/workforce/requests/{listed['id']}/effect").json()
    assert effect == {"objections": [], "coverage": [], "has_demand": False}
    decided = clients["planner"].post(
        f"/api/v1/workforce/requests/{listed['id']}/decisions",
        {"version": listed["version"], "decision": "approve"},
        content_type="application/json",
    )
    assert decided.json()["state"] == "done"
    assert clients["one"].get("/api/v1/workforce/requests").status_code == 403
    assert clients["planner"].get("/api/v1/workforce/my-roster").status_code == 403
    stranger = client_of(make_user(tenant=make_tenant(), role="planner"))
    assert stranger.get(f"/api/v1/workforce/requests/{listed['id']}/words").status_code == 404
