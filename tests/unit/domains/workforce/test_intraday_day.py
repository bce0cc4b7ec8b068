"""The running day from the database: made each quarter of an hour, by tenant; breaks and trainings go to quiet
times."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from hotline.domains.contacts.models import QueueInterval
from hotline.domains.workforce import day_errors, day_moves, day_schemas, intraday_queries, intraday_work
from hotline.domains.workforce.models import Activity, IntradayForecast, Roster, RosterShift
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, NotYourTenantError, StaleVersionError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.day import make_roster, make_shift, make_shift_kind, wall
from tests.factories.foundation import make_actor, make_tenant
from tests.factories.setup import make_agent, make_queue, make_skill

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)


class Centre:
    """One queue with four weeks of history, busiest at noon, and agents who serve it."""

    def __init__(self) -> None:
        self.tenant: Tenant = make_tenant(time_zone="Asia/Shanghai")
        self.leader: Actor = make_actor(self.tenant, "team_leader")
        self.skill = make_skill(self.tenant)
        self.queue = make_queue(self.tenant, skills={self.skill: 1})
        self.roster: Roster = make_roster(self.tenant, DAY)
        self.kind = make_shift_kind(self.tenant)

    def at(self, clock: str, day: date = DAY) -> datetime:
        hour, minute = clock.split(":")
        return wall(self.tenant, day, int(hour) * 60 + int(minute))

    def counts(self, day: date, calls: dict[int, int]) -> None:
        """So many calls in the quarters of these hours, each of three minutes."""
        rows = [
            QueueInterval(
                tenant=self.tenant,
                queue_id=self.queue,
                starts_at=wall(self.tenant, day, hour * 60 + part),
                asked=number,
                interactions=number,
                talk_ms=180_000 * number,
            )
            for hour, number in calls.items()
            for part in (0, 15, 30, 45)
        ]
        with tenant_scope(self.tenant.pk):
            QueueInterval.objects.bulk_create(rows)

    def history(self) -> None:
        for week in (1, 2, 3, 4):
            usual = dict.fromkeys(range(8, 16), 20)
            self.counts(DAY - timedelta(weeks=week), {**usual, 12: 80})

    def person(self, **shift: Any) -> tuple[UUID, RosterShift]:
        agent = make_agent(self.tenant, skills={self.skill: 5})
        return agent, make_shift(self.roster, agent, DAY, self.kind, **shift)

    def training(self, agent: UUID, begins: str, ends: str, **values: Any) -> Activity:
        with tenant_scope(self.tenant.pk):
            return Activity.objects.create(
                tenant=self.tenant,
                agent_id=agent,
                kind="training",
                name="tariffs",
                starts_at=self.at(begins),
                ends_at=self.at(ends),
                made_by="tests",
                **values,
            )

    def made(self) -> list[IntradayForecast]:
        with tenant_scope(self.tenant.pk):
            return list(IntradayForecast.objects.order_by("made_at"))


@pytest.fixture
def centre() -> Centre:
    return Centre()


def test_each_quarter_of_an_hour_has_its_forecast_once(centre: Centre) -> None:
    centre.history()
    times = ("8:00", "8:14", "8:15", "8:16", "8:31")
    made = [intraday_work.make_due(centre.at(clock) + timedelta(seconds=30), 10) for clock in times]
    assert made == [1, 0, 1, 0, 1]
    assert len(centre.made()) == 3


def test_a_quarter_counts_as_over_when_the_projector_had_time_to_count_it(centre: Centre) -> None:
    centre.history()
    for clock, seconds, known in (("9:00", 10, 35), ("9:00", 21, 36)):
        intraday_work.make_due(centre.at(clock) + timedelta(seconds=seconds), 10)
        (content,) = centre.made()[-1].content["queues"]
        assert sum(count is not None for count in content["actual"]) == known


def test_without_history_and_forecast_nothing_is_made(centre: Centre) -> None:
    assert intraday_work.make_due(centre.at("9:00"), 10) == 0


def test_what_came_changes_the_rest_and_the_people_required(centre: Centre) -> None:
    centre.history()
    centre.counts(DAY, {8: 30, 9: 30})
    intraday_work.make_due(centre.at("10:00") + timedelta(seconds=30), 10)
    found = intraday_queries.intraday(centre.leader, None, centre.at("10:01"))
    (queue,) = found.queues
    assert (found.source, queue.known, queue.actual[32:40]) == ("history", 40, [30] * 8)
    assert queue.planned[48] == 80
    assert 1.15 < queue.level < 1.3  # counts of 160 expected calls say half as much as is known of days
    assert queue.calls[48] == pytest.approx(80 * queue.level, rel=0.001)
    assert queue.required[48] > queue.required[44] > 0
    assert {one.kind for one in found.proposals} == set()


def test_people_of_the_roster_are_present_and_a_shortage_brings_proposals(centre: Centre) -> None:
    centre.history()
    for _ in range(6):
        centre.person()
    centre.person(pieces=[[240, 720]], breaks=[])
    found = intraday_queries.intraday(centre.leader, None, centre.at("11:00"))
    (queue,) = found.queues
    assert queue.present[44:46] == [7, 7]
    assert queue.present[48] == 0  # all at their break
    kinds = {one.kind for one in found.proposals}
    assert {"move_breaks", "overtime"} <= kinds
    moving = next(one for one in found.proposals if one.kind == "move_breaks")
    assert len(moving.moves) >= 1
    assert moving.level_after > moving.level_before


def test_the_day_of_another_tenant_is_not_shown(centre: Centre) -> None:
    centre.history()
    stranger = make_actor(make_tenant(), "planner")
    assert intraday_queries.intraday(stranger, None, centre.at("11:00")).queues == []
    with pytest.raises(NotYourTenantError):
        intraday_queries.intraday(stranger, centre.tenant.pk, centre.at("11:00"))


def test_old_forecasts_are_forgotten(centre: Centre) -> None:
    centre.history()
    intraday_work.make_due(centre.at("9:00"), 10)
    assert intraday_work.forget_old(centre.at("9:00") + timedelta(days=99), 10) == 0
    assert intraday_work.forget_old(centre.at("9:00") + timedelta(days=101), 10) == 1


# --- moving breaks and trainings --------------------------------------------------------------------------------------


def moved(centre: Centre, shift: RosterShift, now: str = "9:00", **asked: Any) -> tuple[datetime, datetime]:
    payload = day_schemas.BreakMoveIn(**{"version": shift.version, "index": 0, **asked})
    found = day_moves.move_break(centre.leader, shift.pk, payload, centre.at(now))
    return found.begins_at, found.ends_at


def test_a_break_leaves_the_busiest_hour_by_itself(centre: Centre) -> None:
    """The kind of shift lets it begin from 11:00 to 13:00, and noon is four times as busy."""
    centre.history()
    intraday_work.make_due(centre.at("8:30"), 10)
    _, shift = centre.person()
    begins, ends = moved(centre, shift)
    assert (begins, ends) == (centre.at("11:30"), centre.at("12:00"))
    with tenant_scope(centre.tenant.pk):
        shift.refresh_from_db()
        assert Roster.objects.get(pk=centre.roster.pk).version == 2
    assert (shift.breaks, shift.version) == ([[690, 720]], 2)
    assert AuditEntry.objects.get(action="roster_shift.break_moved").details["from_min"] == 720
    with pytest.raises(day_errors.NoQuieterTimeError):
        moved(centre, shift)


def test_where_nothing_is_expected_a_break_stays(centre: Centre) -> None:
    _, shift = centre.person()
    with pytest.raises(day_errors.NoQuieterTimeError):
        moved(centre, shift)


@pytest.mark.parametrize(
    ("clock", "now", "error"),
    [
        ("10:55", "9:00", day_errors.BreakOutsideWindowError),
        ("13:05", "9:00", day_errors.BreakOutsideWindowError),
        ("11:30", "11:31", day_errors.BreakOutsideWindowError),
        ("11:30", "12:00", day_errors.BreakBegunError),
        ("11:30", "9:00", day_errors.BreakOverlapError),
    ],
)
def test_the_rules_of_breaks_hold_for_a_chosen_time_too(
    centre: Centre, clock: str, now: str, error: type[Exception]
) -> None:
    agent, shift = centre.person()
    centre.training(agent, "11:45", "12:00")
    with pytest.raises(error):
        moved(centre, shift, now, begins_at=centre.at(clock))


def test_a_chosen_time_within_the_rules_is_taken(centre: Centre) -> None:
    _, shift = centre.person()
    assert moved(centre, shift, begins_at=centre.at("13:00"))[0] == centre.at("13:00")


def test_a_stale_or_foreign_shift_is_not_changed(centre: Centre) -> None:
    _, shift = centre.person()
    with pytest.raises(StaleVersionError):
        moved(centre, shift, version=9)
    with pytest.raises(day_errors.BreakUnknownError):
        moved(centre, shift, index=3)
    stranger = make_actor(make_tenant(), "planner")
    payload = day_schemas.BreakMoveIn(version=1, index=0)
    with pytest.raises(NotFoundError):
        day_moves.move_break(stranger, shift.pk, payload, centre.at("9:00"))


def test_a_training_goes_to_a_quiet_time_of_the_shift_and_a_fixed_one_stays(centre: Centre) -> None:
    centre.history()
    intraday_work.make_due(centre.at("8:30"), 10)
    agent, _ = centre.person(breaks=[[720, 750]])
    training = centre.training(agent, "12:30", "13:00")
    payload = day_schemas.ActivityMoveIn(version=1)
    found = day_moves.move_activity(centre.leader, training.pk, payload, centre.at("9:00"))
    assert found.begins_at == centre.at("13:00")
    fixed = centre.training(agent, "14:00", "15:00", is_movable=False)
    with pytest.raises(day_errors.ActivityFixedError):
        day_moves.move_activity(centre.leader, fixed.pk, payload, centre.at("9:00"))
    later = day_schemas.ActivityMoveIn(version=2)
    with pytest.raises(day_errors.ActivityBegunError):
        day_moves.move_activity(centre.leader, training.pk, later, centre.at("13:30"))


@pytest.mark.parametrize(
    ("begins", "ends", "error"),
    [
        ("7:30", "8:30", day_errors.ActivityOutsideShiftError),
        ("15:30", "16:30", day_errors.ActivityOutsideShiftError),
        ("12:15", "13:00", day_errors.BreakOverlapError),
        ("12:00", "11:00", day_errors.TimesBackwardsError),
    ],
)
def test_a_training_is_planned_within_the_shift(centre: Centre, begins: str, ends: str, error: type[Exception]) -> None:
    agent, _ = centre.person()

    def planned(since: str, until: str) -> UUID:
        asked = day_schemas.ActivityIn(
            agent_id=agent, kind="training", name="tariffs", begins_at=centre.at(since), ends_at=centre.at(until)
        )
        return day_moves.plan_activity(centre.leader, asked)

    with pytest.raises(error):
        planned(begins, ends)
    assert planned("13:00", "14:00")
