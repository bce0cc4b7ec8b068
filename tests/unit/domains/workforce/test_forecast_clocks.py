"""Forecasts over a change of clocks: intervals are moments, so that such a day has 46 or 50 half-hours.

The centres here are called evenly day and night by the clock on the wall, so that what is true can be counted by hand:
ten calls in each quarter of an hour, twenty between 02:00 and 03:00 (in Santiago from 23:00 to 01:00)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.test import Client

from hotline.domains.contacts.models import QueueInterval
from hotline.domains.workforce import expectations, forecast_queries
from hotline.domains.workforce.day_plan import window_of
from hotline.domains.workforce.intraday import QueueDay, QueueTargets, reforecast
from hotline.domains.workforce.passing_time import PassingDays, passing_days
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.unit.domains.workforce.test_forecasts import FORECASTS, body_of, made, post

pytestmark = pytest.mark.computes

BERLIN, SANTIAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Santiago")
SPRING, AUTUMN = date(2025, 3, 30), date(2025, 10, 26)
USUAL, BUSY = 10, 20
PLAIN_DAY = 92 * USUAL + 4 * BUSY


def day(day: date, zone: ZoneInfo = BERLIN, interval_s: int = 1800) -> PassingDays:
    return passing_days(day, day, interval_s, zone)


def shown(days: PassingDays) -> list[str]:
    return [f"{start.astimezone(days.zone):%H:%M}" for start in days.starts]


@pytest.mark.parametrize(
    ("days", "number", "begin"),
    [
        (day(SPRING), 46, ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30"]),
        (day(AUTUMN), 50, ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00"]),
        (day(date(2025, 9, 7), SANTIAGO), 46, ["01:00", "01:30", "02:00"]),
        (day(date(2025, 4, 5), SANTIAGO), 50, ["00:00", "00:30"]),
        (day(date(2025, 10, 27)), 48, ["00:00", "00:30"]),
    ],
)
def test_a_day_has_the_intervals_that_pass(days: PassingDays, number: int, begin: list[str]) -> None:
    assert len(days.starts) == number
    assert shown(days)[: len(begin)] == begin
    assert set(np.diff(days.starts_s)) == {1800}
    assert [f"{place // 2:02}:{place % 2 * 30:02}" for place in days.place] == shown(days)
    assert [days.index(start + timedelta(minutes=29)) for start in days.starts] == list(range(number))


def test_an_evening_that_comes_twice_belongs_to_its_day() -> None:
    days = day(date(2025, 4, 5), SANTIAGO)
    assert shown(days)[-4:] == ["23:00", "23:30", "23:00", "23:30"]
    assert days.times_shown()[0].tolist() == [1] * 46 + [2, 2]


def test_values_by_the_wall_pass_once_twice_or_never() -> None:
    days = passing_days(SPRING - timedelta(days=1), SPRING, 3600, BERLIN)
    table = np.arange(24.0)[None, :]
    assert days.passed(table, [SPRING]).tolist() == [0.0] * 24 + [0.0, 1.0, *range(3, 24)]
    autumn = day(AUTUMN, interval_s=3600)
    passed = autumn.passed(table, [AUTUMN])
    assert passed.tolist() == [0.0, 1.0, 2.0, 2.0, *range(3, 24)]
    assert autumn.by_the_wall(passed).tolist() == table.tolist()
    assert autumn.totals(passed).tolist() == [sum(range(24)) + 2]


class Centre:
    """A centre without a night, with ten weeks of history."""

    def __init__(self, zone: ZoneInfo, busy_hours: frozenset[int], first_wanted: date) -> None:
        self.tenant: Tenant = make_tenant(time_zone=zone.key)
        self.queue: UUID = setup.make_queue(self.tenant, code="lines")
        self.planner: Client = client_of(make_user(tenant=self.tenant, role="planner", language="en"))
        self.zone, self.busy = zone, busy_hours
        self.count(first_wanted - timedelta(days=70), first_wanted - timedelta(days=1))

    def count(self, first: date, last: date) -> None:
        days = passing_days(first, last, 900, self.zone)
        numbers = [BUSY if at.astimezone(self.zone).hour in self.busy else USUAL for at in days.starts]
        rows = [
            QueueInterval(
                tenant=self.tenant,
                queue_id=self.queue,
                starts_at=at,
                asked=n,
                interactions=n,
                talk_ms=100_000 * n,
            )
            for at, n in zip(days.starts, numbers, strict=True)
        ]
        with tenant_scope(self.tenant.pk):
            QueueInterval.objects.bulk_create(rows, batch_size=2000)

    def forecast(self, first: date, days: int, **values: Any) -> dict[str, Any]:
        return made(self.planner, body_of(first, days, **values))

    def curve(self, forecast: dict[str, Any], **query: str) -> dict[str, Any]:
        return dict(self.planner.get(f"{FORECASTS}/{forecast['id']}/curve", query).json())


def berlin(first_wanted: date) -> Centre:
    return Centre(BERLIN, frozenset({2}), first_wanted)


@pytest.mark.django_db
def test_the_hour_that_comes_twice_is_forecast_twice_and_days_add_up() -> None:
    first = AUTUMN - timedelta(days=2)
    centre = berlin(first)
    found = centre.forecast(first, 4)
    assert found["run"]["state"] == "done", found["run"]["sentence"]
    totals = centre.curve(found)["expected"][56:]
    assert totals == pytest.approx([PLAIN_DAY, PLAIN_DAY, PLAIN_DAY + 4 * BUSY, PLAIN_DAY], rel=0.01)
    curve = centre.curve(found, day=AUTUMN.isoformat())
    assert len(curve["begins"]) == len(curve["expected"]) == 50
    assert curve["begins"][4:9] == [
        *("2025-10-26T02:00+02:00", "2025-10-26T02:30+02:00"),
        *("2025-10-26T02:00+01:00", "2025-10-26T02:30+01:00", "2025-10-26T03:00+01:00"),
    ]
    assert curve["expected"][4:8] == pytest.approx([2 * BUSY] * 4, rel=0.01)
    assert curve["expected"][8] == pytest.approx(2 * USUAL, rel=0.01)
    (series,) = found["series"]
    assert series["calls"] == pytest.approx(sum(totals), rel=1e-3)
    bounds = centre.curve(found)
    wide = [high - low for low, high in zip(bounds["low"][56:], bounds["high"][56:], strict=True)]
    assert wide[2] > wide[3]


@pytest.mark.django_db
def test_the_hour_that_never_comes_has_no_forecast() -> None:
    centre = berlin(SPRING)
    found = centre.forecast(SPRING, 2)
    assert centre.curve(found)["expected"][56:] == pytest.approx([PLAIN_DAY - 4 * BUSY, PLAIN_DAY], rel=0.01)
    curve = centre.curve(found, day=SPRING.isoformat())
    assert len(curve["begins"]) == 46
    assert not any("T02:" in begin for begin in curve["begins"])


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [SPRING, AUTUMN])
def test_a_history_with_changed_clocks_teaches_what_other_days_teach(changed: date) -> None:
    """An hour counted twice is no spike, a missing one no outage: the day after is forecast as ever."""
    first = changed + timedelta(days=2)
    centre = berlin(first)
    found = centre.forecast(first, 7)
    assert centre.curve(found)["expected"][56:] == pytest.approx([PLAIN_DAY] * 7, rel=0.01)
    assert centre.curve(found, day=first.isoformat())["expected"][4] == pytest.approx(2 * BUSY, rel=0.01)
    marks = [(one["day"], one["kind"], one["intervals"]) for one in found["series"][0]["marks"]]
    filled = [(SPRING.isoformat(), "clocks", ["02:00", "02:30"])]
    assert marks == (filled if changed == SPRING else [])
    past = dict(zip(centre.curve(found)["begins"], centre.curve(found)["actual"], strict=True))
    assert past[changed.isoformat()] == PLAIN_DAY + (4 * BUSY if changed == AUTUMN else -4 * BUSY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "number", "total"),
    [
        (date(2025, 9, 7), 46, 88 * USUAL + 8 * BUSY - 4 * BUSY),
        (date(2025, 4, 5), 50, 88 * USUAL + 8 * BUSY + 4 * BUSY),
    ],
)
def test_clocks_that_change_at_midnight(changed: date, number: int, total: int) -> None:
    centre = Centre(SANTIAGO, frozenset({23, 0}), changed)
    found = centre.forecast(changed, 2)
    curve = centre.curve(found, day=changed.isoformat())
    assert len(curve["begins"]) == number
    assert sum(curve["expected"]) == pytest.approx(total, rel=0.01)
    following = centre.curve(found, day=(changed + timedelta(days=1)).isoformat())
    assert len(following["begins"]) == 48


@pytest.mark.django_db
def test_what_came_on_such_a_day_is_compared_hour_by_hour() -> None:
    centre = berlin(AUTUMN)
    found = centre.forecast(AUTUMN, 1)
    centre.count(AUTUMN, AUTUMN)
    assert sum(centre.curve(found, day=AUTUMN.isoformat())["actual"]) == PLAIN_DAY + 4 * BUSY
    total, _own = centre.planner.get(f"{FORECASTS}/{found['id']}/accuracy").json()
    assert (total["days"], total["actual"]) == (1, PLAIN_DAY + 4 * BUSY)
    assert total["wape"] < 0.01
    assert total["baseline_wape"] == 0  # last Sunday was the same by the wall
    later = centre.forecast(AUTUMN + timedelta(days=1), 1)  # and the baseline may be the changed day itself
    centre.count(AUTUMN + timedelta(days=1), AUTUMN + timedelta(days=1))
    total, _own = centre.planner.get(f"{FORECASTS}/{later['id']}/accuracy").json()
    assert (total["days"], total["baseline_day_wape"]) == (1, 0)


@pytest.mark.django_db
def test_a_change_touches_the_second_of_the_two_hours_alone() -> None:
    centre = berlin(AUTUMN)
    found = centre.forecast(AUTUMN, 1)
    change = {
        "version": found["version"],
        "begins_at": "2025-10-26T02:00:00+01:00",
        "ends_at": "2025-10-26T03:00:00+01:00",
        "factor": 2,
        "reason": "a broadcast",
    }
    assert post(centre.planner, f"/{found['id']}/changes", change).status_code == 201
    expected = centre.curve(found, day=AUTUMN.isoformat())["expected"]
    assert expected[4:9] == pytest.approx([2 * BUSY, 2 * BUSY, 4 * BUSY, 4 * BUSY, 2 * USUAL], rel=0.01)


@pytest.mark.django_db
def test_the_download_tells_the_two_hours_apart_and_can_be_sent_again() -> None:
    centre = berlin(AUTUMN)
    found = centre.forecast(AUTUMN, 1)
    text = centre.planner.get(f"{FORECASTS}/{found['id']}/export.csv").content.decode("utf-8-sig")
    starts = [line.split(",")[0] for line in text.splitlines()[1:]]
    assert len(starts) == len(set(starts)) == 50
    assert starts[4:7:2] == ["2025-10-26T02:00+02:00", "2025-10-26T02:00+01:00"]


@pytest.mark.django_db
@pytest.mark.parametrize(("changed", "quarters"), [(SPRING, 92), (AUTUMN, 100)])
@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_running_day_expects_what_passes(changed: date, quarters: int, is_accepted: bool) -> None:
    centre = berlin(changed)
    if is_accepted:
        found = centre.forecast(changed, 1)
        assert post(centre.planner, f"/{found['id']}/accept", {"version": found["version"]}).status_code == 200
    with tenant_scope(centre.tenant.pk):
        source, expected = expectations.of_day(window_of(centre.tenant.pk, changed))
    usual = expected[centre.queue]
    assert source == ("forecast" if is_accepted else "history")
    assert len(usual.calls) == len(usual.handle_s) == quarters
    busy = 8 if changed == AUTUMN else 0
    assert sum(usual.calls) == pytest.approx((quarters - busy) * USUAL + busy * BUSY, rel=0.01)
    came = [int(calls) for calls in usual.calls[:20]]
    day_now = QueueDay("q", QueueTargets(0.8, 20), usual.calls, usual.handle_s, [*came, *[None] * (quarters - 20)])
    reforecast(day_now)
    assert len(day_now.calls) == len(day_now.required) == quarters
    assert day_now.calls[40] == pytest.approx(USUAL, rel=0.05)


@pytest.mark.django_db
def test_the_same_weekday_of_last_month_counts_a_changed_day_by_the_wall() -> None:
    """A doubled hour a week ago does not double what is expected now."""
    centre = berlin(AUTUMN + timedelta(days=7))
    with tenant_scope(centre.tenant.pk):
        _source, expected = expectations.of_day(window_of(centre.tenant.pk, AUTUMN + timedelta(days=7)))
    assert expected[centre.queue].calls == pytest.approx([USUAL] * 8 + [BUSY] * 4 + [USUAL] * 84)


@pytest.mark.django_db
def test_other_rooms_get_the_curve_by_moments() -> None:
    centre = berlin(AUTUMN)
    found = centre.forecast(AUTUMN, 1)
    post(centre.planner, f"/{found['id']}/accept", {"version": found["version"]})
    with tenant_scope(centre.tenant.pk):
        accepted = forecast_queries.accepted(centre.tenant.pk, AUTUMN)
    assert accepted is not None
    (one,) = accepted.curves
    assert len(one.curve.starts) == len(one.curve.calls) == 50
    assert one.curve.starts[0] == datetime(2025, 10, 25, 22, 0, tzinfo=UTC)
    assert one.curve.handle_s is not None
    assert one.curve.handle_s[4:8] == pytest.approx([100.0] * 4, rel=0.01)
