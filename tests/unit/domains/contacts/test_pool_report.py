"""Shared pools in figures: both sides see the same contacts, each on its own days, and nobody else does."""

from typing import Any

import pytest
from django.test import Client

from hotline.domains.contacts.models import PoolDay, ProjectorCursor
from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.messages import routing as events
from tests.factories.contacts import project
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.pools import connected_by, make_pool, offered_by
from tests.factories.routing_log import ASKED_MS, Road, answered_call

pytestmark = pytest.mark.django_db
MONTH, DAY = "2026-02", "2026-02-25"  # of ASKED_MS, in Shanghai
HOUR_MS = 3_600_000


@pytest.fixture
def lender() -> Tenant:
    return make_tenant("outsourcer")


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def guest(lender: Tenant) -> Agent:
    return make_agent(lender)


def reader_of(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="supervisor", language="en"))


def served(road: Road, pool_id: str, wait_ms: int = 11_000, **times: int) -> list[events.RoutingEvent]:
    """A call that an agent of the pool took."""
    told: list[events.RoutingEvent] = []
    for event in answered_call(road, wait_ms, **times):
        if isinstance(event, events.ContactOffered):
            event = offered_by(road, pool_id)
        elif isinstance(event, events.ContactConnected):
            event = connected_by(road, pool_id, wait_ms)
        told.append(event)
    return told


def road_of(tenant: Tenant, agent: Agent, **values: Any) -> Road:
    return Road(tenant_id=str(tenant.pk), agent_id=str(agent.pk), **values)


def parts(client: Client, **period: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/reports/pools", period)
    assert answer.status_code == 200, answer.json()
    found: list[dict[str, Any]] = answer.json()["parts"]
    return found


def figures(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in ("offered", "served", "talk_ms", "hold_ms", "wrap_up_ms", "handle_ms"))


def test_both_sides_read_the_same_sums_by_partner(lender: Tenant, water: Tenant, guest: Agent) -> None:
    gas = make_tenant("gas")
    to_water, to_gas = make_pool(lender, water), make_pool(lender, gas, "evening")
    project(served(road_of(water, guest), to_water, talk_ms=60_000, hold_ms=5_000, wrap_up_ms=20_000))
    project(served(road_of(water, guest), to_water, talk_ms=30_000, wrap_up_ms=10_000))
    project(served(road_of(gas, guest), to_gas, talk_ms=1_000, wrap_up_ms=0))
    lent = parts(reader_of(lender), month=MONTH)
    assert [(one["is_lent"], one["partner_name"]) for one in lent] == [(True, gas.name), (True, water.name)]
    (row,) = lent[1]["rows"]
    assert (row["first_day"], figures(row)) == (DAY, (2, 2, 90_000, 5_000, 30_000, 125_000))
    (borrowed,) = parts(reader_of(water), month=MONTH)
    assert (borrowed["is_lent"], borrowed["partner_name"], borrowed["pool_name"]["en"]) == (
        False,
        lender.name,
        "Night team",
    )
    assert borrowed["rows"] == lent[1]["rows"]
    assert "agent" not in str(borrowed)


def test_a_contact_counts_once_however_often_it_rings_and_who_does_not_answer_serves_nobody(
    lender: Tenant, water: Tenant, guest: Agent
) -> None:
    pool_id = make_pool(lender, water)
    road = road_of(water, guest)
    again = road.next_agent(str(make_agent(lender).pk))
    expired = events.OfferExpired(at_ms=ASKED_MS + 15_000, **road.offer_fields())
    project([road.queued(), offered_by(road, pool_id), expired])
    project([offered_by(again, pool_id, after_ms=15_100), road.ended("abandoned", 20_000, 20_000)])
    (part,) = parts(reader_of(lender), month=MONTH)
    assert figures(part["total"]) == (1, 0, 0, 0, 0, 0)


def test_a_log_that_is_read_again_adds_nothing(lender: Tenant, water: Tenant, guest: Agent) -> None:
    pool_id, log = make_pool(lender, water), new_id()
    told = served(road_of(water, guest), pool_id)
    project(told, log)
    ProjectorCursor.objects.filter(pool=log).delete()
    project(told, log)
    (part,) = parts(reader_of(lender), month=MONTH)
    assert figures(part["total"]) == (1, 1, 60_000, 0, 20_000, 80_000)


def test_each_side_cuts_its_own_days(lender: Tenant, guest: Agent) -> None:
    berlin = make_tenant("berlin", time_zone="Europe/Berlin")
    pool_id = make_pool(lender, berlin)
    evening = ASKED_MS + 13 * HOUR_MS  # 20:13 in Berlin, the next morning in Shanghai
    project(served(road_of(berlin, guest, asked_ms=evening), pool_id))
    (borrowed,) = parts(reader_of(berlin), month=MONTH)
    (lent,) = parts(reader_of(lender), month=MONTH)
    days = [row["first_day"] for part in (borrowed, lent) for row in part["rows"]]
    assert days == ["2026-02-25", "2026-02-26"]


def test_a_year_goes_by_months_and_simulated_figures_say_so(lender: Tenant, water: Tenant, guest: Agent) -> None:
    pool_id = make_pool(lender, water)
    project(served(road_of(water, guest), pool_id))
    later = road_of(water, guest, asked_ms=ASKED_MS + 30 * 24 * HOUR_MS, is_simulated=True)
    project(served(later, pool_id))
    (part,) = parts(reader_of(water), year="2026")
    assert [(row["first_day"], row["served"]) for row in part["rows"]] == [("2026-02-01", 1), ("2026-03-01", 1)]
    assert (part["total"]["served"], part["is_simulated"]) == (2, True)
    (february,) = parts(reader_of(water), month=MONTH)
    assert february["is_simulated"] is False


def test_a_third_company_sees_nothing_and_the_report_needs_its_permission(
    lender: Tenant, water: Tenant, guest: Agent
) -> None:
    project(served(road_of(water, guest), make_pool(lender, water)))
    assert parts(reader_of(make_tenant("gas")), month=MONTH) == []
    assert client_of(guest.user).get(f"/api/v1/reports/pools?month={MONTH}").status_code == 403
    assert (
        reader_of(lender).get("/api/v1/reports/pools?month=2026-13").json()["code"] == "contact.report_period_invalid"
    )


def test_the_file_has_a_line_for_each_partner_and_day(lender: Tenant, water: Tenant, guest: Agent) -> None:
    project(served(road_of(water, guest), make_pool(lender, water), hold_ms=1_500))
    answer = reader_of(water).get(f"/api/v1/reports/pools.csv?month={MONTH}")
    heads, line = answer.content.decode().lstrip("\ufeff").splitlines()
    assert heads.startswith("side,pool,partner,from,contacts offered")
    assert line == f"borrowed,Night team,{lender.name['en']},{DAY},1,1,60.000,1.500,20.000,81.500,no"


def test_calls_of_own_agents_leave_no_sums(water: Tenant) -> None:
    project(answered_call(road_of(water, make_agent(water))))
    with tenant_scope(water.pk):
        assert not PoolDay.objects.exists()
