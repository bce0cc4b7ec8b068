"""Wishes, the monthly mood and the calendar address: what agents say of themselves, and read elsewhere."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from hotline.domains.workforce import calendar_feeds, own_roster, request_errors, requests, wishes
from hotline.domains.workforce.calendar_text import CalendarDay, calendar_text
from hotline.domains.workforce.models import CalendarFeed, MoodAnswer, Roster, RosterShift, Wish
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError
from hotline.foundation.models import AuditEntry, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant
from tests.factories.rosters import (
    make_labour_rules,
    make_roster,
    make_settings,
    make_shift,
    make_shift_kind,
    make_worker,
    next_monday,
)

pytestmark = pytest.mark.django_db
MONDAY = next_monday()


@pytest.fixture
def water() -> Tenant:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    make_labour_rules(tenant)
    return tenant


@pytest.fixture
def worker(water: Tenant) -> tuple[Actor, UUID]:
    return make_worker(water)


def kept(tenant: Tenant) -> list[tuple[date, str, int]]:
    with tenant_scope(tenant.pk):
        return list(Wish.objects.order_by("day").values_list("day", "kind", "weight"))


def test_a_day_has_one_wish_which_can_be_changed_and_removed(water: Tenant, worker: tuple[Actor, UUID]) -> None:
    kind = make_shift_kind(water)
    made = wishes.wish(worker[0], MONDAY, "off")
    assert wishes.wish(worker[0], MONDAY, "shift_kind", kind.pk, 5) == made
    assert kept(water) == [(MONDAY, "shift_kind", 5)]
    with pytest.raises(NotFoundError):
        wishes.forget_wish(make_worker(water)[0], made)
    wishes.forget_wish(worker[0], made)
    assert kept(water) == []


def test_wishes_end_when_the_days_roster_is_published(water: Tenant, worker: tuple[Actor, UUID]) -> None:
    made = wishes.wish(worker[0], MONDAY, "off")
    make_roster(water, MONDAY, state="draft")
    wishes.wish(worker[0], MONDAY, "no_night")
    make_roster(water, MONDAY)
    for late in (
        lambda: wishes.wish(worker[0], MONDAY, "off"),
        lambda: wishes.forget_wish(worker[0], made),
        lambda: wishes.wish(worker[0], datetime.now(UTC).date() - timedelta(days=1), "off"),
    ):
        with pytest.raises(request_errors.WishTooLateError):
            late()


def test_a_month_has_so_many_wishes(water: Tenant, worker: tuple[Actor, UUID]) -> None:
    first = (MONDAY + timedelta(days=40)).replace(day=1)
    for number in range(wishes.MOST_WISHES_A_MONTH):
        wishes.wish(worker[0], first + timedelta(days=number), "off")
    with pytest.raises(request_errors.TooManyWishesError):
        wishes.wish(worker[0], first + timedelta(days=20), "off")
    wishes.wish(worker[0], first, "no_night")
    wishes.wish(worker[0], first - timedelta(days=1), "off")


@pytest.mark.parametrize("kind", ["off", "shift_kind"])
def test_wish_for_a_kind_names_one_of_the_tenant(water: Tenant, worker: tuple[Actor, UUID], kind: str) -> None:
    foreign = make_shift_kind(make_tenant())
    with pytest.raises(request_errors.WishKindError):
        wishes.wish(worker[0], MONDAY, kind, foreign.pk)


def test_mood_is_answered_once_a_month_and_stays_out_of_the_audit(water: Tenant, worker: tuple[Actor, UUID]) -> None:
    assert own_roster.own_mood(worker[0]).score is None
    wishes.answer_mood(worker[0], 3)
    with pytest.raises(request_errors.MoodMonthError):
        wishes.answer_mood(worker[0], 9)
    assert own_roster.own_mood(worker[0]).score == 3
    assert own_roster.own_mood(make_worker(water)[0]).score is None
    assert "score" not in AuditEntry.objects.get(action="mood_answer.given").details
    with tenant_scope(water.pk):
        assert MoodAnswer.objects.get().agent_id == worker[1]


@pytest.mark.parametrize(("score", "status"), [(0, 422), (1, 201), (10, 201), (11, 422)])
def test_mood_is_from_1_to_10(worker: tuple[Actor, UUID], score: int, status: int) -> None:
    client = client_of(User.objects.get(pk=worker[0].user_id))
    answered = client.post("/api/v1/workforce/my-mood", {"score": score}, content_type="application/json")
    assert answered.status_code == status


def read(path: str) -> Calendar:
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    found = Calendar.from_ical(answer.content)
    assert isinstance(found, Calendar)
    return found


def events(calendar: Calendar) -> dict[str, Any]:
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_calendar_program_reads_the_shifts_without_a_log_in(water: Tenant, worker: tuple[Actor, UUID]) -> None:
    roster = make_roster(water, MONDAY)
    shift = make_shift(roster, worker[1], MONDAY)
    make_shift(roster, make_worker(water)[1], MONDAY)
    calendar = read(calendar_feeds.renew(worker[0]).path)
    (event,) = events(calendar).values()
    assert event["dtstart"].dt == shift.starts_at
    assert event["dtstart"].params["tzid"] == "Asia/Shanghai"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert str(event["summary"]) == shift.shift_kind.name["zh"]


def test_uid_stays_and_sequence_grows_when_the_days_shift_changes(water: Tenant, worker: tuple[Actor, UUID]) -> None:
    shift = make_shift(make_roster(water, MONDAY), worker[1], MONDAY)
    path = calendar_feeds.renew(worker[0]).path
    ((uid, before),) = events(read(path)).items()
    with tenant_scope(water.pk):
        later = shift.updated_at + timedelta(seconds=5)
        moved = {"starts_at": shift.starts_at + timedelta(hours=1), "updated_at": later}
        RosterShift.objects.filter(pk=shift.pk).update(**moved)
    ((same, after),) = events(read(path)).items()
    assert (same, after["dtstart"].dt) == (uid, shift.starts_at + timedelta(hours=1))
    assert int(after["sequence"]) > int(before["sequence"])


def test_swapped_and_replaced_days_are_cancelled(water: Tenant, worker: tuple[Actor, UUID]) -> None:
    make_settings(water, swaps_need_approval=False)
    other, other_id = make_worker(water)
    roster = make_roster(water, MONDAY)
    shift = make_shift(roster, worker[1], MONDAY)
    theirs = make_shift(roster, other_id, MONDAY + timedelta(days=2))
    path = calendar_feeds.renew(worker[0]).path
    asked = requests.ask_swap(worker[0], shift.pk, theirs.pk)
    requests.answer(other, asked, 1, "accept")
    states = {uid[-18:-8]: str(event["status"]) for uid, event in events(read(path)).items()}
    assert states == {
        MONDAY.isoformat(): "CANCELLED",
        (MONDAY + timedelta(days=2)).isoformat(): "CONFIRMED",
    }
    with tenant_scope(water.pk):
        Roster.objects.filter(pk=roster.pk).update(state="replaced")
    assert {str(event["status"]) for event in events(read(path)).values()} == {"CANCELLED"}


def test_address_can_be_renewed_and_revoked_and_only_its_hash_is_kept(
    water: Tenant, worker: tuple[Actor, UUID]
) -> None:
    first = calendar_feeds.renew(worker[0]).path
    second = calendar_feeds.renew(worker[0]).path
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    with tenant_scope(water.pk):
        stored = CalendarFeed.objects.get()
    token = second.split("/")[-1].removesuffix(".ics")
    assert token not in str(vars(stored)) + str(list(AuditEntry.objects.values()))
    assert calendar_feeds.feed(worker[0]).is_on
    calendar_feeds.revoke(worker[0])
    assert Client().get(second).status_code == 404
    assert not calendar_feeds.feed(worker[0]).is_on


def test_address_of_who_may_no_longer_log_in_is_unknown(worker: tuple[Actor, UUID]) -> None:
    path = calendar_feeds.renew(worker[0]).path
    User.objects.filter(pk=worker[0].user_id).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_only_agents_have_wishes_mood_and_calendar(water: Tenant) -> None:
    planner = make_actor(water, "planner")
    for refused in (
        lambda: wishes.wish(planner, MONDAY, "off"),
        lambda: wishes.answer_mood(planner, 5),
        lambda: calendar_feeds.renew(planner),
    ):
        with pytest.raises(ForbiddenError):
            refused()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Shanghai", "America/New_York"])
def test_times_are_right_on_both_sides_of_a_change_of_the_clocks(zone: str) -> None:
    """2026-03-29 and 2026-03-08 the clocks go forward in Berlin and New York; read back, each event is the same moment,
    and the described zone gives the same offset as the zone's own data."""
    days = [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)]
    local = ZoneInfo(zone)
    made = [
        CalendarDay(
            key=str(n),
            title="N8",
            starts_at=datetime.combine(day, time(22), local),
            ends_at=datetime.combine(day + timedelta(days=1), time(6), local),
            changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for n, day in enumerate(days)
    ]
    calendar = Calendar.from_ical(calendar_text("x", made, local))
    (described,) = calendar.walk("VTIMEZONE")
    for one, event in zip(made, calendar.walk("VEVENT"), strict=True):
        assert event["dtstart"].dt == one.starts_at
        naive = one.starts_at.replace(tzinfo=None)
        assert described.to_tz().utcoffset(naive) == one.starts_at.utcoffset()
