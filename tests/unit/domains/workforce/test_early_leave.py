"""Leaving early on offer: only whom cover spares, in fair order; the first who say yes go, and their day ends then."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from hotline.domains.contacts.models import QueueInterval
from hotline.domains.workforce import (
    day_errors,
    leave_offer_queries,
    leave_offers,
    notices,
    request_queries,
    roster_cells,
    roster_errors,
    rosters,
    rules,
)
from hotline.domains.workforce.early_leave import shortened
from hotline.domains.workforce.errors import OwnDecisionError
from hotline.domains.workforce.judging import judge
from hotline.domains.workforce.leave_schemas import LeaveCandidatesOut, LeaveOfferIn, LeaveQuery
from hotline.domains.workforce.models import LeaveOffer, Roster, RosterShift, ShiftKind, ShiftRequest
from hotline.domains.workforce.planned_people import horizon, planned_people, work_of
from hotline.domains.workforce.request_errors import AnswerNotYoursError, RequestEndedError, ShiftChangedError
from hotline.foundation.access import actor_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, NotYourTenantError, StaleVersionError
from hotline.foundation.models import AuditEntry
from hotline.foundation.tenancy import tenant_scope
from tests.factories.day import make_roster, make_shift, make_shift_kind, set_up_workforce, wall
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.setup import make_agent, make_queue, make_skill
from tests.unit.domains.workforce.test_intraday_day import DAY, Centre

pytestmark = pytest.mark.django_db
Member = tuple[UUID, Actor, RosterShift]


class Quiet(Centre):
    """Busiest at noon; from 14:00 on a few people are enough."""

    def __init__(self) -> None:
        super().__init__()
        for week in (1, 2, 3, 4):
            self.counts(DAY - timedelta(weeks=week), {**dict.fromkeys(range(8, 14), 20), 12: 80, 14: 5, 15: 5})
        self.now = self.at("13:00")
        self.leaves = self.at("14:00")

    def member(self, begin: int = 480, end: int = 960) -> Member:
        user = make_user(tenant=self.tenant, role="agent")
        agent = make_agent(self.tenant, skills={self.skill: 5}, user_id=user.pk)
        shift = make_shift(self.roster, agent, DAY, self.kind, pieces=[[begin, end]], paid_min=end - begin - 30)
        return agent, actor_of(user), shift

    def candidates(self, clock: str = "14:00") -> LeaveCandidatesOut:
        wanted = LeaveQuery(queue_id=self.queue, leaves_at=self.at(clock))
        return leave_offer_queries.candidates(self.leader, wanted, self.now)

    def offer(self, people: int, *agents: UUID, leader: Actor | None = None) -> UUID:
        asked = LeaveOfferIn(queue_id=self.queue, leaves_at=self.leaves, people=people, agent_ids=list(agents))
        return leave_offers.offer(leader or self.leader, asked, self.now)

    def request(self, agent: UUID) -> ShiftRequest:
        with tenant_scope(self.tenant.pk):
            return ShiftRequest.objects.filter(agent_id=agent, kind="early_end").latest("pk")

    def says(self, member: Member, given: str = "accept", now: datetime | None = None, version: int = 1) -> None:
        leave_offers.answer(member[1], self.request(member[0]).pk, version, given, "", now or self.now)

    def shift(self, member: Member) -> RosterShift:
        with tenant_scope(self.tenant.pk):
            return RosterShift.objects.get(pk=member[2].pk)


@pytest.fixture
def centre() -> Quiet:
    return Quiet()


@pytest.fixture
def team(centre: Quiet) -> list[Member]:
    """Eight people until 16:00."""
    return [centre.member() for _ in range(8)]


@pytest.mark.parametrize(
    ("minute", "is_paid", "pieces", "breaks", "paid", "excused"),
    [
        (840, False, ((480, 840),), ((720, 750),), 330, 120),
        (840, True, ((480, 840),), ((720, 750),), 450, 0),
        (735, False, ((480, 735),), ((720, 735),), 240, 210),
        (600, False, ((480, 600),), (), 120, 330),
    ],
)
def test_a_shift_ends_earlier_with_its_breaks_and_paid_minutes(
    minute: int,
    is_paid: bool,
    pieces: tuple[tuple[int, int], ...],
    breaks: tuple[tuple[int, int], ...],
    paid: int,
    excused: int,
) -> None:
    left = shortened([[480, 960]], [[720, 750]], 450, minute, is_paid=is_paid)
    assert (left.pieces, left.breaks, left.paid_min, left.excused_min) == (pieces, breaks, paid, excused)


def test_the_second_part_of_a_split_shift_falls_away() -> None:
    left = shortened([[480, 720], [840, 1080]], [], 480, 780, is_paid=False)
    assert (left.pieces, left.paid_min, left.excused_min) == (((480, 720),), 240, 240)


def test_only_so_many_can_leave_together_as_cover_spares(centre: Quiet, team: list[Member]) -> None:
    found = centre.candidates()
    assert 0 < found.most < len(team) == len(found.people)
    with pytest.raises(day_errors.LeaveNotSpareError):
        centre.offer(found.most + 1, *(member[0] for member in team))
    assert centre.candidates().most == found.most


def test_nobody_can_leave_when_all_are_needed(centre: Quiet, team: list[Member]) -> None:
    centre.now = centre.at("9:00")
    found = centre.candidates("9:30")
    assert (found.most, found.people, found.needed) == (0, [], len(team))
    with pytest.raises(day_errors.LeaveCannotError):
        leave_offers.offer(
            centre.leader,
            LeaveOfferIn(queue_id=centre.queue, leaves_at=centre.at("9:30"), people=1, agent_ids=[team[0][0]]),
            centre.now,
        )


def test_who_was_let_go_the_fewest_times_is_asked_first(centre: Quiet, team: list[Member]) -> None:
    lucky = team[0]
    with tenant_scope(centre.tenant.pk):
        for back in (1, 2):
            day = DAY - timedelta(days=back)
            ShiftRequest.objects.create(
                tenant=centre.tenant, kind="early_end", state="done", agent_id=lucky[0], first_day=day, last_day=day
            )
    found = centre.candidates().people
    assert (found[-1].agent_id, found[-1].granted, found[0].granted) == (lucky[0], 2, 0)


def test_a_training_at_the_end_and_a_shift_that_ends_anyway_are_no_early_leave(
    centre: Quiet, team: list[Member]
) -> None:
    centre.training(team[0][0], "15:00", "15:30")
    ending = centre.member(480, 865)
    shown = {one.agent_id for one in centre.candidates().people}
    assert team[1][0] in shown
    assert not shown & {team[0][0], ending[0]}


def test_after_a_yes_the_day_ends_then_without_pay_and_nothing_is_owed_for_it(
    centre: Quiet, team: list[Member]
) -> None:
    centre.offer(1, team[0][0], team[1][0])
    centre.says(team[0])
    shift = centre.shift(team[0])
    assert (shift.pieces, shift.ends_at, shift.paid_min, shift.excused_min) == (
        [[480, 840]],
        centre.leaves,
        330,
        120,
    )
    assert (shift.version, shift.source) == (2, "hand")
    with tenant_scope(centre.tenant.pk):
        assert Roster.objects.get(pk=centre.roster.pk).version == 2
        days = horizon(centre.tenant.pk, centre.roster.first_day, centre.roster.last_day)
        person = planned_people(centre.tenant.pk, days, centre.now, [team[0][0]])[str(team[0][0])]
        before, after = judge(person, [work_of(team[0][2])], days), judge(person, [work_of(shift)], days)
    assert [(one.rule, dict(one.data)) for one in before] == [(one.rule, dict(one.data)) for one in after]
    told = AuditEntry.objects.get(action="roster_shift.left_early")
    assert (told.details["before"]["paid_min"], told.details["after"]["paid_min"]) == (450, 330)


def test_the_rest_is_paid_where_the_tenants_rule_says_so(centre: Quiet, team: list[Member]) -> None:
    set_up_workforce(centre.tenant, early_leave_is_paid=True)
    assert centre.candidates().is_paid
    centre.offer(1, team[0][0])
    centre.says(team[0])
    shift = centre.shift(team[0])
    assert (shift.pieces, shift.paid_min, shift.excused_min) == ([[480, 840]], 450, 0)


def test_the_first_yes_takes_the_place_and_the_others_are_asked_no_longer(centre: Quiet, team: list[Member]) -> None:
    made = centre.offer(1, *(member[0] for member in team[:3]))
    centre.says(team[1])
    assert [centre.request(member[0]).state for member in team[:3]] == ["expired", "done", "expired"]
    with pytest.raises(RequestEndedError):
        centre.says(team[0], version=2)
    (shown,) = leave_offer_queries.offers(centre.leader, None, centre.now).offers
    assert (shown.id, shown.people, shown.taken, shown.closed_at) == (made, 1, 1, centre.now)
    assert [one.state for one in shown.asked] == ["expired", "done", "expired"]
    assert centre.shift(team[0]).pieces == [[480, 960]]


def test_a_yes_is_refused_when_so_many_have_gone_that_cover_would_break(centre: Quiet, team: list[Member]) -> None:
    """Two offers, each spare by itself, are not both: the day is looked at anew with every yes."""
    most = centre.candidates().most
    centre.offer(most, *(member[0] for member in team[:most]))
    centre.offer(1, team[most][0])
    for member in team[:most]:
        centre.says(member)
    with pytest.raises(day_errors.LeaveNeededError):
        centre.says(team[most])
    assert centre.request(team[most][0]).state == "open"
    assert centre.shift(team[most]).pieces == [[480, 960]]


def test_answers_count_within_the_limit_only(centre: Quiet, team: list[Member]) -> None:
    set_up_workforce(centre.tenant, early_leave_answer_min=20)
    centre.offer(2, team[0][0], team[1][0])
    assert centre.request(team[0][0]).expires_at == centre.now + timedelta(minutes=20)
    with pytest.raises(day_errors.LeaveTakenError):
        centre.says(team[0], now=centre.now + timedelta(minutes=20))
    centre.says(team[1], now=centre.now + timedelta(minutes=19))
    assert centre.shift(team[1]).pieces == [[480, 840]]


def test_the_limit_ends_when_they_would_leave(centre: Quiet, team: list[Member]) -> None:
    centre.now = centre.at("13:52")
    centre.offer(1, team[0][0])
    assert centre.request(team[0][0]).expires_at == centre.leaves


def test_a_no_leaves_the_shift_and_an_offer_taken_back_asks_nobody(centre: Quiet, team: list[Member]) -> None:
    made = centre.offer(2, team[0][0], team[1][0])
    centre.says(team[0], "refuse")
    assert centre.shift(team[0]).pieces == [[480, 960]]
    with pytest.raises(StaleVersionError):
        leave_offers.close(centre.leader, made, 4, centre.now)
    leave_offers.close(centre.leader, made, 1, centre.now)
    assert [centre.request(member[0]).state for member in team[:2]] == ["refused", "expired"]
    with pytest.raises(day_errors.LeaveTakenError):
        leave_offers.close(centre.leader, made, 2, centre.now)
    with pytest.raises(AnswerNotYoursError):
        centre.says(team[1], "withdraw", version=2)


def test_a_shift_that_changed_meanwhile_is_not_shortened(centre: Quiet, team: list[Member]) -> None:
    centre.offer(1, team[0][0])
    with tenant_scope(centre.tenant.pk):
        RosterShift.objects.filter(pk=team[0][2].pk).update(ends_at=centre.at("17:00"), pieces=[[480, 1020]])
    with pytest.raises(ShiftChangedError):
        centre.says(team[0])


def test_the_agent_sees_it_in_their_requests_and_notices(centre: Quiet, team: list[Member]) -> None:
    centre.offer(1, team[0][0])
    (seen,) = request_queries.own_requests(team[0][1])
    assert (seen.kind, seen.may, seen.leaves_at, seen.is_paid) == (
        "early_end",
        ["accept", "refuse"],
        centre.leaves,
        False,
    )
    (notice,) = notices.own(team[0][1]).notices
    assert (notice.kind, notice.request_kind) == ("asked", "early_end")


def test_nobody_is_asked_twice_at_once_nor_offers_it_to_themselves(centre: Quiet, team: list[Member]) -> None:
    centre.offer(1, team[0][0])
    with pytest.raises(day_errors.ReplacementAskedError):
        centre.offer(1, team[0][0])
    leader = make_user(tenant=centre.tenant, role="team_leader")
    own = make_agent(centre.tenant, skills={centre.skill: 5}, user_id=leader.pk)
    make_shift(centre.roster, own, DAY, centre.kind)
    with pytest.raises(OwnDecisionError):
        centre.offer(1, own, leader=actor_of(leader))
    with tenant_scope(centre.tenant.pk):
        assert LeaveOffer.objects.count() == 1


@pytest.mark.parametrize("clock", ["13:04", "12:00", "23:59"])
def test_the_moment_is_ahead_and_of_today(centre: Quiet, team: list[Member], clock: str) -> None:
    if clock == "23:59":
        centre.leaves = centre.at("0:30", DAY + timedelta(days=1))
    else:
        centre.leaves = centre.at(clock)
    with pytest.raises(day_errors.LeaveTimeError):
        centre.offer(1, team[0][0])


def test_another_tenant_and_who_keeps_no_day_are_refused(centre: Quiet, team: list[Member]) -> None:
    made = centre.offer(1, team[0][0])
    stranger = make_actor(make_tenant(), "planner")
    with pytest.raises(NotFoundError):
        leave_offers.close(stranger, made, 1, centre.now)
    with pytest.raises(NotFoundError):
        leave_offer_queries.offer(stranger, made, centre.now)
    with pytest.raises(NotYourTenantError):
        leave_offer_queries.offers(stranger, centre.tenant.pk, centre.now)
    with pytest.raises(day_errors.NoExpectationError):
        centre.offer(1, team[1][0], leader=stranger)
    with pytest.raises(ForbiddenError):
        centre.offer(1, team[1][0], leader=team[0][1])
    with pytest.raises(NotFoundError):
        leave_offers.answer(team[1][1], centre.request(team[0][0]).pk, 1, "accept", "", centre.now)


def test_a_queue_of_which_nothing_is_expected_says_so(centre: Quiet, team: list[Member]) -> None:
    other = make_queue(centre.tenant, skills={centre.skill: 1})
    with pytest.raises(day_errors.NoExpectationError):
        leave_offer_queries.candidates(centre.leader, LeaveQuery(queue_id=other, leaves_at=centre.leaves), centre.now)


def test_the_whole_road_through_http() -> None:
    """Choose, offer, answer, look: at the present time, at noon where the tenant is."""
    now = timezone.now()
    ahead = 12 - now.hour
    tenant = make_tenant(time_zone=f"Etc/GMT{'-' if ahead > 0 else '+'}{abs(ahead)}")
    today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
    skill = make_skill(tenant)
    queue, roster, kind = make_queue(tenant, skills={skill: 1}), make_roster(tenant, today), make_shift_kind(tenant)
    with tenant_scope(tenant.pk):
        for week in (1, 2, 3, 4):
            QueueInterval.objects.create(
                tenant=tenant,
                queue_id=queue,
                starts_at=wall(tenant, today - timedelta(weeks=week), 12 * 60),
                asked=1,
            )
    user = make_user(tenant=tenant, role="agent")
    agent = make_agent(tenant, skills={skill: 5}, user_id=user.pk)
    for one in (agent, *(make_agent(tenant, skills={skill: 5}) for _ in range(4))):
        make_shift(roster, one, today, kind, breaks=[])
    leader, client = client_of(make_user(tenant=tenant, role="team_leader")), client_of(user)
    leaves = wall(tenant, today, 14 * 60).isoformat()

    found = leader.get("/api/v1/workforce/leave-candidates", {"queue_id": queue, "leaves_at": leaves}).json()
    assert str(agent) in {one["agent_id"] for one in found["people"]}
    body = {"queue_id": str(queue), "leaves_at": leaves, "people": 1, "agent_ids": [str(agent)]}
    made = leader.post("/api/v1/workforce/leave-offers", body, content_type="application/json")
    assert made.status_code == 201
    (request,) = client.get("/api/v1/workforce/my-requests").json()
    answer = {"version": request["version"], "answer": "accept"}
    address = f"/api/v1/workforce/my-requests/{request['id']}/answers"
    assert client.post(address, answer, content_type="application/json").json()["state"] == "done"
    (shown,) = leader.get("/api/v1/workforce/leave-offers").json()["offers"]
    assert (shown["taken"], [one["state"] for one in shown["asked"]]) == (1, ["done"])
    (shift,) = client.get("/api/v1/workforce/my-roster").json()["shifts"]
    assert shift["pieces"] == [[480, 840]]
    closed = leader.post(
        f"/api/v1/workforce/leave-offers/{shown['id']}/close",
        {"version": shown["version"]},
        content_type="application/json",
    )
    assert (closed.status_code, closed.json()["code"]) == (409, "workforce.leave_taken")


# --- a planner lays the day out anew ----------------------------------------------------------------------------------


def _edited(centre: Quiet, member: Member, kind: ShiftKind | None, start: int | None = None, **values: Any) -> None:
    planner = make_actor(centre.tenant)
    with tenant_scope(centre.tenant.pk):
        version = Roster.objects.get(pk=centre.roster.pk).version
    kind_id = None if kind is None else kind.pk
    one = roster_cells.Edit(agent_id=member[0], day=DAY, shift_kind_id=kind_id, start=start, **values)
    rosters.edit(planner, centre.roster.pk, version, [one])


@pytest.fixture
def gone(centre: Quiet, team: list[Member]) -> Member:
    """Somebody of the eight, who goes at 14:00: 330 paid minutes, and 120 that are not owed."""
    centre.offer(1, team[0][0])
    centre.says(team[0])
    return team[0]


def _kind(centre: Quiet, *starts: str, length: int = 480) -> ShiftKind:
    breaks = [{"length_min": 30, "earliest_min": 240, "latest_min": 240, "is_paid": False}]
    return make_shift_kind(
        centre.tenant, pieces=[[0, length]], breaks=breaks, starts_every_min=0, starts=list(starts), is_active=True
    )


@pytest.mark.parametrize(
    ("clock", "breaks", "paid", "excused"),
    [("08:00", [[720, 750]], 330, 120), ("07:00", [[660, 690]], 390, 60), ("10:00", [[840, 870]], 240, 210)],
)
def test_whoever_goes_early_still_does_when_the_planner_moves_the_shift(
    centre: Quiet, gone: Member, clock: str, breaks: list[list[int]], paid: int, excused: int
) -> None:
    _edited(centre, gone, _kind(centre, "07:00", "08:00", "10:00"), rules.minute_of(clock))
    found = centre.shift(gone)
    assert found.pieces == [[rules.minute_of(clock), 840]]
    assert found.breaks == [span for span in breaks if span[0] < 840]
    assert (found.paid_min, found.excused_min) == (paid, excused)
    assert found.ends_at == centre.leaves


@pytest.mark.parametrize("clock", ["05:00", "15:00", None])
def test_going_early_that_does_not_fit_the_new_shift_is_undone_only_when_the_planner_says_so(
    centre: Quiet, gone: Member, clock: str | None
) -> None:
    kind = None if clock is None else _kind(centre, clock)
    with pytest.raises(roster_errors.RosterLeaveError) as refused:
        _edited(centre, gone, kind)
    assert (refused.value.data["minutes"], refused.value.data["shifts"]) == (120, 1)
    assert centre.shift(gone).excused_min == 120
    _edited(centre, gone, kind, drops_leave=True)
    told = AuditEntry.objects.filter(action="roster.edited").latest("pk").details["edits"]
    assert told[0][-1] == {"excused_dropped_min": 120}
    with tenant_scope(centre.tenant.pk):
        assert list(RosterShift.objects.filter(agent_id=gone[0]).values_list("excused_min", flat=True)) == [0] * (
            kind is not None
        )


def test_breaks_of_the_shorter_day_that_an_undo_sends_back_are_placed_anew(centre: Quiet, gone: Member) -> None:
    _edited(centre, gone, _kind(centre, "10:00"), breaks=())
    assert (centre.shift(gone).pieces, centre.shift(gone).excused_min) == ([[600, 840]], 210)


def test_with_overtime_beside_it_the_planner_is_asked_about_both_in_turn(centre: Quiet, gone: Member) -> None:
    with tenant_scope(centre.tenant.pk):
        RosterShift.objects.filter(pk=gone[2].pk).update(pieces=[[480, 840], [900, 960]], overtime_min=60)
    kind = _kind(centre, "10:00")
    with pytest.raises(roster_errors.RosterOvertimeError):
        _edited(centre, gone, kind)
    with pytest.raises(roster_errors.RosterLeaveError):
        _edited(centre, gone, kind, drops_overtime=True)
    _edited(centre, gone, kind, drops_overtime=True, drops_leave=True)
    assert (centre.shift(gone).pieces, centre.shift(gone).paid_min) == ([[600, 1080]], 450)
