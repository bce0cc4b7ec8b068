"""Overtime on a day with a shift: offered by the planner, judged as the longer day, accepted once, counted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.workforce import (
    actions,
    added_hours,
    bids,
    open_shifts,
    own_roster,
    request_errors,
    request_queries,
    requests,
    roster_cells,
    roster_checks,
    roster_errors,
    rosters,
    rule_errors,
    rules,
)
from hotline.domains.workforce.models import Contract, LabourRules, OpenShift, Roster, RosterShift, ShiftKind
from hotline.domains.workforce.work_rule_checks import Shift
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import AuditEntry, Tenant, User
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
    make_shift_kind,
    make_worker,
    next_monday,
)
from tests.factories.setup import administrator_of

pytestmark = pytest.mark.django_db
MONDAY = next_monday()
KIND = uuid4()
DAY = MONDAY + timedelta(days=2)


@dataclass
class House:
    """A tenant with a published roster; one agent works from 08:00 to 16:00 on the day."""

    tenant: Tenant
    roster: Roster
    kind: ShiftKind
    planner: Actor
    one: Actor
    one_id: UUID
    shift: RosterShift

    def offered(self, start: str = "16:00", end: str = "18:00", **values: Any) -> UUID:
        whole: dict[str, Any] = {
            "day": DAY,
            "closes_at": datetime.now(UTC) + timedelta(days=2),
            "is_overtime": True,
            "offer_to": (self.one_id,),
            **values,
        }
        return open_shifts.open_shift(self.planner, open_shifts.Opening(start=start, end=end, **whole))

    def accept(self, actor: Actor | None = None) -> None:
        offer = request_queries.own_requests(actor or self.one)[0]
        bids.answer_offer(actor or self.one, offer.id, offer.version, "accept")

    def stored(self) -> RosterShift:
        with tenant_scope(self.tenant.pk):
            return RosterShift.objects.get(pk=self.shift.pk)


def new_house(**of_rules: Any) -> House:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    make_labour_rules(tenant, **of_rules)
    make_settings(tenant, swaps_need_approval=False)
    roster, kind = make_roster(tenant, MONDAY), make_shift_kind(tenant)
    one, one_id = make_worker(tenant)
    shift = make_shift(roster, one_id, DAY, EARLY, shift_kind=kind)
    return House(tenant, roster, kind, make_actor(tenant, "planner"), one, one_id, shift)


@pytest.fixture
def house() -> House:
    return new_house()


@pytest.mark.parametrize(
    ("start", "end", "pieces"), [("16:00", "18:00", [[480, 1080]]), ("06:30", "08:00", [[390, 960]])]
)
def test_accepted_hours_lengthen_the_shift_and_are_paid_as_overtime(
    house: House, start: str, end: str, pieces: list[list[int]]
) -> None:
    house.offered(start, end)
    (offer,) = request_queries.own_requests(house.one)
    assert (offer.kind, offer.may, offer.shift.shift_kind if offer.shift else "") == (
        "overtime",
        ["accept", "refuse"],
        None,
    )
    house.accept()
    added = pieces[0][1] - pieces[0][0] - 480
    found = house.stored()
    assert (found.pieces, found.paid_min, found.overtime_min) == (pieces, 480 + added, added)
    assert (found.source, found.version, found.shift_kind_id) == ("overtime", 2, house.kind.pk)
    assert (found.ends_at - found.starts_at).total_seconds() // 60 == 480 + added
    (shown,) = own_roster.own_roster(house.one, DAY, DAY).shifts
    assert (shown.paid_min, shown.overtime_min) == (480 + added, added)
    checks = roster_checks.checks(house.planner, house.roster.pk, "en")
    assert (checks.paid_min, checks.overtime_min, checks.version) == (480 + added, added, 2)
    assert "roster_shift.lengthened" in set(AuditEntry.objects.values_list("action", flat=True))


def test_night_is_lengthened_into_the_morning_of_the_next_day_also_over_the_rosters_border(house: House) -> None:
    before = make_roster(house.tenant, MONDAY - timedelta(days=7), 7)
    other, other_id = make_worker(house.tenant)
    make_shift(before, other_id, MONDAY - timedelta(days=1), NIGHT)
    house.offered("06:00", "08:00", day=MONDAY, offer_to=(other_id,))
    house.accept(other)
    with tenant_scope(house.tenant.pk):
        found = RosterShift.objects.get(agent_id=other_id)
    assert (found.roster_id, found.pieces, found.overtime_min) == (before.pk, [[1320, 1920]], 120)


def test_who_works_from_two_is_asked_to_come_earlier_and_who_is_off_is_not_asked(house: House) -> None:
    late, late_id = make_worker(house.tenant)
    make_shift(house.roster, late_id, DAY, LATE)
    _, off_id = make_worker(house.tenant)
    opening = open_shifts.Opening(day=DAY, start="12:00", end="14:00", is_overtime=True, closes_at=None)
    assert set(open_shifts.able(house.planner, opening)) == {late_id}
    with pytest.raises(request_errors.NoShiftBesideError):
        house.offered("12:00", "14:00", offer_to=(off_id,))
    with pytest.raises(request_errors.HoursTakenError):
        house.offered("12:00", "14:00")
    house.offered("12:00", "14:00", offer_to=(late_id,))
    house.accept(late)
    with tenant_scope(house.tenant.pk):
        assert RosterShift.objects.get(agent_id=late_id).pieces == [[720, 1320]]


def test_day_is_never_longer_than_the_rules_allow() -> None:
    house = new_house(most_day_min=600)
    with pytest.raises(rule_errors.DayHoursRuleError, match="11 hours"):
        house.offered("16:00", "19:00")
    house.offered("16:00", "18:00")


def test_rest_before_the_next_shift_is_kept(house: House) -> None:
    make_shift(house.roster, house.one_id, DAY + timedelta(days=1), EARLY)
    house.offered("16:00", "21:00")
    with pytest.raises(rule_errors.RestRuleError):
        house.offered("16:00", "21:30")


def test_hours_a_week_are_a_limit_of_overtime_too() -> None:
    house = new_house(most_week_min=540)
    with pytest.raises(rule_errors.WeekHoursRuleError):
        house.offered("16:00", "18:00")
    house.offered("16:00", "17:00")


def test_hours_of_the_roster_are_owed_without_overtime() -> None:
    house = new_house(week_min=120, tolerance_percent=0)
    house.offered()
    house.accept()
    broken = roster_checks.checks(house.planner, house.roster.pk, "en").breaches
    assert [breach.rule for breach in broken] == []


def join(house: House, **of_rotation: Any) -> None:
    """The agent is in a rotation."""
    latest = of_rotation.pop("latest_end", None)
    rotation = actions.rotations.create(
        administrator_of(house.tenant),
        {
            "code": "family",
            "name": {"zh": "幸福家庭", "en": "Happy Family"},
            "valid_from": date(2026, 1, 1),
            **of_rotation,
        },
    )
    application = rules.Application(
        valid_from=MONDAY - timedelta(days=9), valid_to=MONDAY + timedelta(days=60), evidence="x", latest_end=latest
    )
    actions.decide(house.planner, actions.apply(house.one, rotation, application), 1, "approve")


def test_latest_end_of_the_rotation_holds_and_is_named(house: House) -> None:
    join(house, asks_latest_end=True, latest_end=time(17))
    with pytest.raises(rule_errors.HomeTimeRuleError, match="Happy Family"):
        house.offered("16:00", "18:00")
    house.offered("16:00", "17:00")


def test_second_piece_is_for_those_who_work_split_shifts(house: House) -> None:
    with pytest.raises(request_errors.SplitNotAllowedError):
        house.offered("18:00", "20:00")
    split = make_shift_kind(house.tenant, pieces=[[0, 240], [480, 240]])
    house.offered("18:00", "20:00")
    house.accept()
    assert (house.stored().pieces, house.stored().overtime_min) == ([[480, 960], [1080, 1200]], 120)
    with tenant_scope(house.tenant.pk):
        law = LabourRules.objects.get()
        Contract.objects.create(
            tenant=house.tenant, agent_id=house.one_id, labour_rules=law, shift_kind_ids=[str(house.kind.pk)]
        )
    with pytest.raises(request_errors.SplitNotAllowedError):
        house.offered("21:00", "22:00")
    with tenant_scope(house.tenant.pk):
        Contract.objects.update(shift_kind_ids=[str(house.kind.pk), str(split.pk)])
    join(house, allows_split=False)
    with pytest.raises(rule_errors.SplitShiftRuleError):
        house.offered("21:00", "22:00")


def test_first_who_accepts_has_the_hours(house: House) -> None:
    other, other_id = make_worker(house.tenant)
    make_shift(house.roster, other_id, DAY, EARLY)
    house.offered(offer_to=(house.one_id, other_id))
    theirs = request_queries.own_requests(other)[0]
    house.accept()
    with pytest.raises(request_errors.RequestEndedError):
        bids.answer_offer(other, theirs.id, theirs.version, "accept")
    mine = request_queries.own_requests(house.one)[0]
    with pytest.raises(request_errors.RequestEndedError):
        bids.answer_offer(house.one, mine.id, mine.version, "accept")
    with tenant_scope(house.tenant.pk):
        assert sorted(RosterShift.objects.values_list("overtime_min", flat=True)) == [0, 120]
        assert OpenShift.objects.get().closed_at is not None


def test_accepted_offer_is_judged_by_the_shift_as_it_is_then(house: House) -> None:
    house.offered()
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(pk=house.shift.pk).update(pieces=[[840, 1320]])  # moved to the afternoon meanwhile
    with pytest.raises(request_errors.HoursTakenError):
        house.accept()
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(pk=house.shift.pk).delete()
    with pytest.raises(request_errors.NoShiftBesideError):
        house.accept()


def test_swap_of_the_shift_as_it_was_is_over_once_it_is_longer(house: House) -> None:
    other, other_id = make_worker(house.tenant)
    theirs = make_shift(house.roster, other_id, DAY + timedelta(days=3))
    asked = requests.ask_swap(house.one, house.shift.pk, theirs.pk)
    house.offered()
    house.accept()
    assert request_queries.own_request(other, asked).state == "expired"


def edited(house: House, kind: ShiftKind | None, start: int | None = None, **values: Any) -> rosters.Edited:
    with tenant_scope(house.tenant.pk):
        version = Roster.objects.get(pk=house.roster.pk).version
    kind_id = kind.pk if kind else None
    one = roster_cells.Edit(agent_id=house.one_id, day=DAY, shift_kind_id=kind_id, start=start, **values)
    return rosters.edit(house.planner, house.roster.pk, version, [one])


@pytest.mark.parametrize(
    ("hours", "sent", "pieces"),
    [
        (("16:00", "18:00"), 480, ((480, 1080),)),
        (("06:30", "08:00"), 390, ((390, 960),)),  # whoever read the longer day sends its start
        (("06:30", "08:00"), 480, ((390, 960),)),
    ],
)
def test_an_edit_of_the_same_shift_keeps_the_hours_beside_it(
    house: House, hours: tuple[str, str], sent: int, pieces: tuple[tuple[int, int], ...]
) -> None:
    house.offered(*hours)
    house.accept()
    (cell,) = edited(house, house.kind, sent).cells
    added = pieces[0][1] - pieces[0][0] - 480
    assert cell.layout is not None
    assert (cell.layout.pieces, cell.layout.paid_min, cell.layout.overtime_min) == (pieces, 480 + added, added)
    found = house.stored()
    assert (found.pieces, found.paid_min, found.overtime_min) == ([list(pieces[0])], 480 + added, added)
    assert (found.ends_at - found.starts_at).total_seconds() // 60 == 480 + added


def test_another_kind_that_the_hours_still_touch_keeps_them(house: House) -> None:
    """That the hours are those in the afternoon is seen by the break, which belongs to the shift."""
    with tenant_scope(house.tenant.pk):
        breaks = [{"length_min": 30, "earliest_min": 180, "latest_min": 300, "is_paid": False}]
        ShiftKind.objects.filter(pk=house.kind.pk).update(breaks=breaks)
        RosterShift.objects.filter(pk=house.shift.pk).update(breaks=[[720, 750]], paid_min=450)
    house.offered("16:00", "18:00")
    house.accept()
    six = make_shift_kind(house.tenant, pieces=[[0, 360]], starts_every_min=0, starts=["10:00"])
    edited(house, six)
    found = house.stored()
    assert (found.pieces, found.breaks) == ([[600, 1080]], [[840, 870]])  # eight hours, with the break of such a day
    assert (found.paid_min, found.overtime_min) == (450, 90)


def test_where_the_hours_may_have_been_others_the_planner_is_asked(house: House) -> None:
    """Two hours in the morning or in the afternoon: without breaks the longer day does not tell."""
    house.offered("16:00", "18:00")
    house.accept()
    five = make_shift_kind(house.tenant, pieces=[[0, 300]], starts_every_min=0, starts=["10:00"])
    with pytest.raises(roster_errors.RosterOvertimeError):
        edited(house, five)


def test_hours_that_were_apart_stay_apart() -> None:
    house = new_house()
    make_shift_kind(house.tenant, pieces=[[0, 240], [480, 240]])
    house.offered("18:00", "20:00")
    house.accept()
    edited(house, house.kind, 540)
    assert (house.stored().pieces, house.stored().overtime_min) == ([[540, 1020], [1080, 1200]], 120)


@pytest.mark.parametrize("start", [420, 540, LATE])
def test_overtime_that_does_not_fit_beside_the_new_shift_goes_only_when_the_planner_says_so(
    house: House, start: int
) -> None:
    house.offered("16:00", "18:00")
    house.accept()
    before = house.stored()
    with pytest.raises(roster_errors.RosterOvertimeError) as refused:
        edited(house, house.kind, start)
    assert (refused.value.data["minutes"], refused.value.data["shifts"]) == (120, 1)
    assert (house.stored().pieces, house.stored().version) == (before.pieces, before.version)
    edited(house, house.kind, start, drops_overtime=True)
    found = house.stored()
    assert (found.pieces, found.paid_min, found.overtime_min) == ([[start, start + 480]], 480, 0)
    told = AuditEntry.objects.filter(action="roster.edited").latest("pk").details["edits"]
    assert told == [[str(house.one_id), DAY.isoformat(), str(house.kind.pk), start, {"overtime_dropped_min": 120}]]


def test_taking_the_shift_off_takes_its_overtime_along_once_the_planner_says_so(house: House) -> None:
    house.offered()
    house.accept()
    with pytest.raises(roster_errors.OvertimeTakenOffError) as refused:
        edited(house, None)
    assert (refused.value.data["minutes"], refused.value.data["shifts"]) == (120, 1)
    assert house.stored().overtime_min == 120
    edited(house, None, drops_overtime=True)
    with tenant_scope(house.tenant.pk):
        assert not RosterShift.objects.filter(agent_id=house.one_id).exists()
    told = AuditEntry.objects.filter(action="roster.edited").latest("pk").details["edits"]
    assert told[0][-1] == {"overtime_dropped_min": 120}


def test_a_whole_day_of_overtime_stays_one_whatever_is_worked(house: House) -> None:
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(pk=house.shift.pk).update(overtime_min=480)
    edited(house, make_shift_kind(house.tenant, pieces=[[0, 300]]), LATE)
    assert (house.stored().paid_min, house.stored().overtime_min) == (300, 300)


def test_an_edit_is_judged_with_the_overtime_that_stays() -> None:
    """One shift is all that the roster's hours allow: beside it there is room for overtime alone."""
    house = new_house(week_min=120, tolerance_percent=0)
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(pk=house.shift.pk).update(overtime_min=480)
    make_shift(house.roster, house.one_id, DAY + timedelta(days=3), shift_kind=house.kind)
    edited(house, house.kind, LATE)
    assert (house.stored().pieces, house.stored().overtime_min) == ([[LATE, LATE + 480]], 480)


def test_the_planner_is_asked_through_http(house: House) -> None:
    house.offered("16:00", "18:00")
    house.accept()
    client = client_of(User.objects.get(pk=house.planner.user_id))
    path = f"/api/v1/workforce/rosters/{house.roster.pk}/edits"
    edit: dict[str, Any] = {"agent_id": house.one_id, "day": DAY, "shift_kind_id": house.kind.pk, "start": LATE}
    refused = client.post(path, {"version": 2, "edits": [edit]}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "workforce.roster_overtime")
    kept = client.post(
        path, {"version": 2, "edits": [{**edit, "drops_overtime": True}]}, content_type="application/json"
    )
    assert kept.status_code == 200
    assert house.stored().overtime_min == 0


def test_swapped_day_keeps_its_overtime_and_so_does_an_edited_one(house: House) -> None:
    other, other_id = make_worker(house.tenant)
    theirs = make_shift(house.roster, other_id, DAY + timedelta(days=3))
    house.offered()
    house.accept()
    asked = requests.ask_swap(house.one, house.shift.pk, theirs.pk)
    requests.answer(other, asked, 1, "accept")
    with tenant_scope(house.tenant.pk):
        longer = RosterShift.objects.get(agent_id=other_id)
        version = Roster.objects.get(pk=house.roster.pk).version
    assert (longer.day, longer.overtime_min) == (DAY, 120)
    rosters.edit(
        house.planner,
        house.roster.pk,
        version,
        [roster_cells.Edit(agent_id=other_id, day=DAY, shift_kind_id=house.kind.pk, start=480)],
    )
    with tenant_scope(house.tenant.pk):
        assert RosterShift.objects.get(agent_id=other_id).overtime_min == 120


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"end": None}, "end"),
        ({"is_overtime": False}, "is_overtime"),
        ({"offer_to": ()}, "offer_to"),
        ({"start": "16:03"}, "start"),
        ({"start": "16:00", "end": "08:00"}, "start"),
    ],
)
def test_hours_that_are_none_are_refused_by_the_field(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(request_errors.AddedHoursError) as refused:
        house.offered(**wrong)
    assert refused.value.data["field"] == field


def test_planner_and_agent_do_it_over_http_and_nobody_else(house: House) -> None:
    client = client_of(make_user(tenant=house.tenant, role="planner"))
    body: dict[str, Any] = {
        "day": DAY.isoformat(),
        "start": "16:00",
        "end": "18:00",
        "closes_at": (datetime.now(UTC) + timedelta(days=2)).isoformat(),
        "is_overtime": True,
        "offer_to": [str(house.one_id)],
    }
    able = client.get(
        "/api/v1/workforce/able-agents", {"day": DAY, "start": "16:00", "end": "18:00", "is_overtime": True}
    ).json()
    assert [one["agent_id"] for one in able] == [str(house.one_id)]
    made = client.post("/api/v1/workforce/open-shifts", body, content_type="application/json")
    assert (made.status_code, made.json()["shift_kind"]) == (201, None), made.content
    bid = client.get(f"/api/v1/workforce/open-shifts/{made.json()['id']}/bids").json()
    assert [(one["request"]["agent_id"], one["objections"]) for one in bid] == [(str(house.one_id), [])]
    agent = client_of(User.objects.get(pk=house.one.user_id))
    (offer,) = agent.get("/api/v1/workforce/my-requests").json()
    address = f"/api/v1/workforce/my-requests/{offer['id']}/answers"
    answered = {"version": offer["version"], "answer": "accept"}
    assert agent.post(address, answered, content_type="application/json").json()["state"] == "done"
    assert agent.post(address, answered, content_type="application/json").status_code == 409
    assert house.stored().overtime_min == 120
    with pytest.raises(ForbiddenError):
        open_shifts.able(house.one, open_shifts.Opening(day=DAY, start="16:00", end="18:00", closes_at=None))


def test_second_tenant_can_neither_offer_nor_answer(house: House) -> None:
    foreign = make_tenant(time_zone="Asia/Shanghai")
    make_roster(foreign, MONDAY)
    stranger = make_actor(foreign, "planner")
    opening = open_shifts.Opening(
        day=DAY,
        start="16:00",
        end="18:00",
        is_overtime=True,
        closes_at=datetime.now(UTC) + timedelta(days=2),
        offer_to=(house.one_id,),
    )
    with pytest.raises(UnknownReferenceError):
        open_shifts.open_shift(stranger, opening)
    house.offered()
    offer = request_queries.own_requests(house.one)[0]
    with pytest.raises(NotFoundError):
        bids.answer_offer(make_worker(foreign)[0], offer.id, 1, "accept")
    with pytest.raises(StaleVersionError):
        bids.answer_offer(house.one, offer.id, 7, "accept")


@given(st.integers(0, 47), st.integers(1, 24), st.integers(0, 47), st.integers(1, 24))
def test_longer_day_holds_exactly_what_was_worked_and_what_is_added(
    start: int, length: int, begin: int, added: int
) -> None:
    """Whatever the times: hours that overlap are refused, others are all there, once, in order."""
    own, new = (start * 30, (start + length) * 30), (begin * 30, (begin + added) * 30)
    found = OpenShift(day=DAY, pieces=[list(new)])
    shift = RosterShift(day=DAY, pieces=[list(own)], paid_min=length * 30, overtime_min=0)
    kind = Shift([(0, length * 30)], [], 30, [], None, serves_some=False, is_on_call=False)
    shift.shift_kind_id = KIND
    rules_of_breaks = added_hours.BreakRules({KIND: kind}, frozenset({KIND}), None, ZoneInfo("Asia/Shanghai"))
    if own[0] < new[1] and new[0] < own[1]:
        with pytest.raises(request_errors.HoursTakenError):
            added_hours.longer(found, shift, rules_of_breaks)
        return
    work, _, _ = added_hours.longer(found, shift, rules_of_breaks)
    assert sum(until - since for since, until in work.pieces) == (length + added) * 30 == work.paid_min
    assert work.overtime_min == added * 30
    assert list(work.pieces) == sorted(work.pieces)
    assert len(work.pieces) == (1 if own[1] == new[0] or new[1] == own[0] else 2)
