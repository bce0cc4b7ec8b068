"""Service level by day of a month and by month of a year (GZ-09): sums first, cut at the tenant's own midnight."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.contacts import periods
from hotline.domains.contacts.models import QueueInterval
from hotline.domains.routing.models import Queue
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.contacts import project
from tests.factories.customers import make_agent, make_queue
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import Road

pytestmark = pytest.mark.django_db
URL = "/api/v1/reports/service-levels"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def queue(tenant: Tenant) -> Queue:
    return make_queue(tenant, service_level_target=8500)


def leader_of(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="team_leader"))


@pytest.fixture
def leader(tenant: Tenant) -> Client:
    return leader_of(tenant)


def quarter(queue: Queue, starts_at: datetime, asked: int, in_time: int, **sums: Any) -> None:
    row = {"queue_id": queue.pk, "starts_at": starts_at, "asked": asked, "answered_in_time": in_time}
    with tenant_scope(queue.tenant_id):
        QueueInterval.objects.create(tenant_id=queue.tenant_id, **{**row, "answered": in_time, **sums})


def told(client: Client, **query: str) -> list[dict[str, Any]]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    queues: list[dict[str, Any]] = answer.json()["queues"]
    return queues


def asked_by_row(queue: dict[str, Any]) -> dict[str, int]:
    return {row["starts_on"]: row["asked"] for row in queue["rows"] if row["asked"]}


def test_a_day_of_84_99_per_cent_is_shown_so_and_missed_and_one_of_85_00_is_met(queue: Queue, leader: Client) -> None:
    quarter(queue, datetime(2026, 3, 2, 1, tzinfo=UTC), 5_000, 4_999)
    quarter(queue, datetime(2026, 3, 2, 2, tzinfo=UTC), 5_000, 3_500)
    quarter(queue, datetime(2026, 3, 3, 2, tzinfo=UTC), 10_000, 8_500)
    (found,) = told(leader, month="2026-03")
    levels = [(row["service_level"], row["is_target_met"]) for row in found["rows"][:4]]
    assert levels == [("", None), ("84.99", False), ("85.00", True), ("", None)]
    assert (found["total"]["service_level"], found["total"]["is_target_met"]) == ("84.99", False)


def test_the_months_figure_comes_from_sums_and_is_no_average_of_days(queue: Queue, leader: Client) -> None:
    quarter(queue, datetime(2026, 3, 2, 1, tzinfo=UTC), 1, 1)
    quarter(queue, datetime(2026, 3, 3, 1, tzinfo=UTC), 99, 0)
    (found,) = told(leader, month="2026-03")
    assert [row["service_level"] for row in found["rows"][1:3]] == ["100.00", "0.00"]
    assert found["total"]["service_level"] == "1.00"
    (found,) = told(leader, year="2026")
    assert (found["total"]["service_level"], asked_by_row(found)) == ("1.00", {"2026-03-01": 100})


def test_a_month_begins_and_ends_at_the_tenants_midnight(queue: Queue, leader: Client) -> None:
    midnight = datetime(2026, 2, 28, 16, tzinfo=UTC)  # the first of March in Shanghai
    for minutes in (-15, 0, 24 * 60 - 15, 24 * 60):
        quarter(queue, midnight + timedelta(minutes=minutes), 1, 1)
    (march,) = told(leader, month="2026-03")
    assert asked_by_row(march) == {"2026-03-01": 2, "2026-03-02": 1}
    assert (march["rows"][0]["begins_at"], march["rows"][0]["ends_at"]) == (
        "2026-02-28T16:00:00Z",
        "2026-03-01T16:00:00Z",
    )
    (february,) = told(leader, month="2026-02")
    assert asked_by_row(february) == {"2026-02-28": 1}
    (year,) = told(leader, year="2026")
    assert asked_by_row(year) == {"2026-02-01": 1, "2026-03-01": 3}


def test_days_on_which_clocks_change_last_23_and_25_hours() -> None:
    berlin = make_tenant(time_zone="Europe/Berlin")
    queue = make_queue(berlin)
    for day, hours in ((datetime(2026, 3, 28, 23, tzinfo=UTC), 23), (datetime(2026, 10, 24, 22, tzinfo=UTC), 25)):
        for hour in range(-1, hours + 1):
            quarter(queue, day + timedelta(hours=hour), 1, 1)
    client = leader_of(berlin)
    (march,) = told(client, month="2026-03")
    assert asked_by_row(march) == {"2026-03-28": 1, "2026-03-29": 23, "2026-03-30": 1}
    (october,) = told(client, month="2026-10")
    assert asked_by_row(october) == {"2026-10-24": 1, "2026-10-25": 25, "2026-10-26": 1}


def test_where_midnight_does_not_exist_the_day_begins_with_its_first_moment() -> None:
    santiago = make_tenant(time_zone="America/Santiago")  # 2025-09-07 00:00 is 01:00
    queue = make_queue(santiago)
    first = datetime(2025, 9, 7, 4, tzinfo=UTC)
    for minutes in (-15, 0):
        quarter(queue, first + timedelta(minutes=minutes), 1, 1)
    (found,) = told(leader_of(santiago), month="2025-09")
    assert asked_by_row(found) == {"2025-09-06": 1, "2025-09-07": 1}


def test_a_leap_year_has_its_29th_of_february(queue: Queue, leader: Client) -> None:
    quarter(queue, datetime(2024, 2, 29, 3, tzinfo=UTC), 7, 7)
    (found,) = told(leader, month="2024-02")
    assert len(found["rows"]) == 29
    assert asked_by_row(found) == {"2024-02-29": 7}
    assert asked_by_row(told(leader, year="2024")[0]) == {"2024-02-01": 7}


def test_tenants_of_several_zones_each_have_their_own_days(tenant: Tenant, queue: Queue) -> None:
    berlin = make_tenant(time_zone="Europe/Berlin")
    other = make_queue(berlin)
    user = make_user(tenant=tenant, role="team_leader")
    user.memberships.create(tenant=berlin, role="team_leader")
    moment = datetime(2026, 3, 1, 20, tzinfo=UTC)
    quarter(queue, moment, 1, 1)
    quarter(other, moment, 1, 1)
    found = {one["queue_id"]: asked_by_row(one) for one in told(client_of(user), month="2026-03")}
    assert found == {str(queue.pk): {"2026-03-02": 1}, str(other.pk): {"2026-03-01": 1}}


def test_who_may_yet_be_answered_in_time_is_left_out_of_the_running_row_and_the_total(tenant: Tenant) -> None:
    queue = make_queue(tenant, service_level_s=3600)
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    project([Road(tenant_id=str(tenant.pk), queue_id=str(queue.pk), asked_ms=now_ms - 1000).queued()])
    zone_day = (datetime.now(UTC) + timedelta(hours=8) - timedelta(seconds=1)).date()
    for query, first in (
        ({"month": f"{zone_day:%Y-%m}"}, zone_day),
        ({"year": f"{zone_day:%Y}"}, zone_day.replace(day=1)),
    ):
        (found,) = told(leader_of(tenant), **query)
        for row in (found["rows"][-1], found["total"]):
            assert (row["asked"], row["counted"], row["service_level"]) == (1, 0, "")
        assert found["rows"][-1]["starts_on"] == first.isoformat()


def test_only_rows_that_have_begun_are_shown_and_the_future_is_empty(queue: Queue, leader: Client) -> None:
    now = datetime.now(UTC)
    local = now + timedelta(hours=8)
    quarter(queue, now - timedelta(seconds=now.timestamp() % 900), 1, 1)
    (found,) = told(leader, month=f"{local:%Y-%m}")
    assert len(found["rows"]) == local.day
    assert len(told(leader, year=f"{local:%Y}")[0]["rows"]) == local.month
    assert told(leader, year=str(local.year + 1)) == []
    assert told(leader, month=f"{local.year + 1}-01") == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"month": "2026-03", "year": "2026"},
        {"month": "2026-13"},
        {"month": "2026-00"},
        {"month": "2026-3"},
        {"month": "March"},
        {"month": "1999-12"},
        {"year": "26"},
        {"year": "9999"},
        {"year": "-2026"},
        {"year": "２０２６"},
    ],
)
def test_a_wrong_period_says_what_to_ask_for(leader: Client, query: dict[str, str]) -> None:
    answer = leader.get(URL, query)
    assert (answer.status_code, answer.json()["code"]) == (422, "contact.report_period_invalid")
    assert "2000" in answer.json()["sentence"]
    assert "2026-11" in answer.json()["sentence"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_calendar_is_refused(leader: Client, day: str) -> None:
    answer = leader.get("/api/v1/reports/intervals", {"date": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "contact.report_day_unreachable")


def test_the_day_tells_when_it_begins_and_ends(queue: Queue, leader: Client) -> None:
    quarter(queue, datetime(2026, 3, 2, 1, tzinfo=UTC), 1, 1)
    (found,) = leader.get("/api/v1/reports/intervals", {"date": "2026-03-02"}).json()["queues"]
    assert (found["begins_at"], found["ends_at"]) == ("2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z")


def test_a_simulated_quarter_marks_the_whole_and_a_removed_queue_keeps_its_figures(
    tenant: Tenant, queue: Queue, leader: Client
) -> None:
    quarter(queue, datetime(2026, 3, 2, 1, tzinfo=UTC), 1, 1, is_simulated=True)
    quarter(queue, datetime(2026, 3, 3, 1, tzinfo=UTC), 1, 1)
    (found,) = told(leader, month="2026-03")
    assert found["is_simulated"] is True
    with tenant_scope(tenant.pk):
        Queue.objects.filter(pk=queue.pk).delete()
    (found,) = told(leader, month="2026-03")
    assert (found["queue_name"]["en"], found["target"], found["total"]["is_target_met"]) == (str(queue.pk), None, None)
    assert found["total"]["service_level"] == "100.00"


def test_a_second_tenant_and_an_agent_see_nothing(tenant: Tenant, queue: Queue) -> None:
    quarter(queue, datetime(2026, 3, 2, 1, tzinfo=UTC), 1, 1)
    for query in ({"month": "2026-03"}, {"year": "2026"}):
        assert told(leader_of(make_tenant()), **query) == []
        refused = client_of(make_agent(tenant).user).get(URL, query)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission.missing")
    assert Client().get(URL, {"year": "2026"}).status_code == 401


def test_a_report_takes_the_same_number_of_queries_however_many_quarters(
    tenant: Tenant, queue: Queue, leader: Client
) -> None:
    def count(**query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            told(leader, **query)
        return len(caught)

    quarter(queue, datetime(2026, 3, 2, 1, tzinfo=UTC), 1, 1)
    few = count(month="2026-03")
    other = make_queue(tenant)
    for day in range(1, 29):
        quarter(other, datetime(2026, 3, day, 3, tzinfo=UTC), 1, 1)
        quarter(queue, datetime(2026, 3, day, 3, tzinfo=UTC), 1, 1)
    assert count(month="2026-03") == few
    assert count(year="2026") == few


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu"])


@given(st.integers(2000, 2100), st.integers(1, 12), ZONES)
def test_rows_follow_each_other_without_gap_and_months_are_whole_days(year: int, month: int, zone: str) -> None:
    days = periods.period_of(f"{year}-{month:02d}", None)
    months = periods.period_of(None, str(year))
    moments = days.moments(zone)
    assert all(before < after for before, after in pairwise(moments))
    assert (moments[0], moments[-1]) == months.moments(zone)[month - 1 : month + 1]
    assert len(months.edges) == 13
    assert days.edges[0] == date(year, month, 1)
