"""Handle time by agent and by reason (SB-32): 180 s of talk, the hold inside, and 60 s of wrap-up are 240 s."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.catalogue.models import DispositionNode
from hotline.domains.contacts.models import Matter
from hotline.domains.people.models import Agent
from hotline.domains.routing.models import Queue
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from tests.factories.contacts import project
from tests.factories.customers import make_agent, make_disposition, make_queue
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road, answered_call

pytestmark = pytest.mark.django_db
AGENTS = "/api/v1/reports/handle-times/agents"
REASONS = "/api/v1/reports/handle-times/reasons"
ASKED_AT = datetime.fromtimestamp(ASKED_MS / 1000, UTC)
DAY = (ASKED_AT + timedelta(hours=8)).date()  # of the tenant, in Shanghai


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def queue(tenant: Tenant) -> Queue:
    return make_queue(tenant)


@pytest.fixture
def leader(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="team_leader"))


def handled(
    agent: Agent,
    queue: Queue | None = None,
    *reasons: DispositionNode,
    seconds: tuple[int, int, int] = (150, 30, 60),
    **road: Any,
) -> Road:
    """A call with talk, hold and wrap-up of so many seconds, filed under these reasons in order."""
    talk, hold, wrap_up = (part * 1000 for part in seconds)
    made = Road(
        tenant_id=str(agent.tenant_id),
        agent_id=str(agent.pk),
        queue_id=str(queue.pk) if queue else new_id(),
        **road,
    )
    project(answered_call(made, talk_ms=talk, hold_ms=hold, wrap_up_ms=wrap_up))
    file(made, agent, *reasons)
    return made


def file(road: Road, agent: Agent, *reasons: DispositionNode, first_position: int = 0) -> None:
    with tenant_scope(agent.tenant_id):
        for position, reason in enumerate(reasons, first_position):
            Matter.objects.create(
                tenant_id=agent.tenant_id,
                contact_id=UUID(road.contact_id),
                agent_id=agent.pk,
                position=position,
                disposition=reason,
            )


def report(client: Client, url: str, **query: Any) -> dict[str, Any]:
    answer = client.get(url, {"first_day": DAY, **query})
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def averages(row: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(row[f"average_{name}_s"] for name in ("talk", "hold", "wrap_up", "handle"))


def by_name(told: dict[str, Any]) -> dict[str | None, int]:
    return {row["name"]["en"] if row["name"] else None: row["interactions"] for row in told["rows"]}


def test_180_seconds_of_talk_with_a_hold_inside_and_60_of_wrap_up_are_240(
    agent: Agent, queue: Queue, leader: Client
) -> None:
    handled(agent, queue, seconds=(150, 30, 60))
    for url in (AGENTS, REASONS):
        told = report(leader, url)
        (row,) = told["rows"]
        assert averages(row) == averages(told["total"]) == (180, 30, 60, 240)
        assert (row["interactions"], row["talk_ms"], row["longest_s"]) == (1, 150_000, 240)


def test_averages_are_over_all_interactions_and_the_total_is_no_average_of_averages(
    tenant: Tenant, agent: Agent, leader: Client
) -> None:
    other = make_agent(tenant)
    handled(agent, seconds=(100, 0, 0))
    for _ in range(3):
        handled(other, seconds=(200, 0, 20))
    told = report(leader, AGENTS)
    found = {row["subject_id"]: averages(row) for row in told["rows"]}
    assert found == {str(agent.pk): (100, 0, 0, 100), str(other.pk): (200, 0, 20, 220)}
    assert averages(told["total"]) == (175, 0, 15, 190)
    assert (told["total"]["interactions"], told["total"]["longest_s"]) == (4, 220)


def test_what_counts_agrees_with_the_queues_figures(agent: Agent, queue: Queue, leader: Client) -> None:
    """One is done, one wraps up, one talks: the first two have ended and count."""
    done, wrapping, talking = (
        Road(tenant_id=str(agent.tenant_id), queue_id=str(queue.pk), agent_id=str(agent.pk)) for _ in range(3)
    )
    to_end = [wrapping.connected(), wrapping.interaction_ended(90_000), wrapping.ended("handled", 101_000, 11_000)]
    project(
        [
            *answered_call(done, talk_ms=150_000, hold_ms=30_000, wrap_up_ms=60_000),
            *(wrapping.queued(), wrapping.offered(), *to_end, wrapping.wrapped_up(101_000, 1)[0]),
            *(talking.queued(), talking.offered(), talking.connected()),
        ]
    )
    total = report(leader, AGENTS)["total"]
    (day,) = leader.get("/api/v1/reports/intervals", {"date": DAY}).json()["queues"]
    names = ("interactions", "talk_ms", "hold_ms", "wrap_up_ms", "average_handle_s")
    assert (
        [total[name] for name in names] == [day["total"][name] for name in names] == [2, 240_000, 30_000, 60_000, 165]
    )


def test_an_interaction_stands_under_the_first_reason_of_its_own_agent(
    tenant: Tenant, agent: Agent, leader: Client
) -> None:
    leak, bill, other = make_disposition(tenant), make_disposition(tenant), make_disposition(tenant)
    colleague = make_agent(tenant)
    handled(agent, None, leak, bill)
    handled(agent, None, bill)
    handled(agent)
    file(handled(agent), colleague, other)
    late = handled(agent)
    file(late, agent, bill, first_position=2)
    file(late, agent, leak, first_position=1)
    told = report(leader, REASONS)
    assert by_name(told) == {leak.name["en"]: 2, bill.name["en"]: 1, None: 2}
    assert told["rows"][-1]["name"] is None
    assert sum(row["interactions"] for row in told["rows"]) == told["total"]["interactions"] == 5
    for name in ("talk_ms", "hold_ms", "wrap_up_ms"):
        assert sum(row[name] for row in told["rows"]) == told["total"][name]


def test_a_reason_is_named_by_its_way_down_the_tree(tenant: Tenant, agent: Agent, leader: Client) -> None:
    repair = make_disposition(tenant)
    leak = make_disposition(tenant, parent=repair)
    handled(agent, None, leak)
    (row,) = report(leader, REASONS)["rows"]
    assert row["name"] == {language: f"{repair.name[language]} / {leak.name[language]}" for language in ("zh", "en")}


def test_days_begin_and_end_at_the_tenants_midnight(agent: Agent, leader: Client) -> None:
    midnight_ms = 1_772_294_400_000  # 2026-03-01 00:00 in Shanghai
    assert datetime.fromtimestamp(midnight_ms / 1000, UTC).isoformat() == "2026-02-28T16:00:00+00:00"
    for after_ms in (-1, 0, 86_400_000 - 1, 86_400_000):
        handled(agent, asked_ms=midnight_ms + after_ms - 11_000)  # answered after 11 s
    days = {"2026-02-28": 1, "2026-03-01": 2, "2026-03-02": 1, "2026-03-03": 0}
    found = {day: report(leader, AGENTS, first_day=day)["total"]["interactions"] for day in days}
    assert found == days
    month = report(leader, AGENTS, first_day="2026-03-01", last_day="2026-03-31")
    assert (month["total"]["interactions"], month["first_day"], month["last_day"]) == (3, "2026-03-01", "2026-03-31")


def test_a_day_on_which_clocks_change_is_taken_whole() -> None:
    berlin = make_tenant(time_zone="Europe/Berlin")
    agent = make_agent(berlin)
    begins_ms = int(datetime(2026, 10, 24, 22, tzinfo=UTC).timestamp() * 1000)
    for hour in (0, 24, 25):
        handled(agent, asked_ms=begins_ms + hour * 3_600_000 - 11_000)
    client = client_of(make_user(tenant=berlin, role="team_leader"))
    assert report(client, AGENTS, first_day="2026-10-25")["total"]["interactions"] == 2


def test_one_queue_can_be_asked_for_and_all_are_told(
    tenant: Tenant, agent: Agent, queue: Queue, leader: Client
) -> None:
    other = make_queue(tenant)
    handled(agent, queue)
    handled(agent, other, seconds=(10, 0, 0))
    told = report(leader, AGENTS, queue_id=queue.pk)
    assert (told["total"]["interactions"], averages(told["total"])) == (1, (180, 30, 60, 240))
    assert {choice["queue_id"] for choice in told["queues"]} == {str(queue.pk), str(other.pk)}


def test_simulated_conversations_say_so_in_their_own_row_and_the_total(
    tenant: Tenant, agent: Agent, leader: Client
) -> None:
    other = make_agent(tenant)
    handled(agent, is_simulated=True)
    handled(other)
    told = report(leader, AGENTS)
    marks = {row["subject_id"]: row["is_simulated"] for row in told["rows"]}
    assert marks == {str(agent.pk): True, str(other.pk): False}
    assert told["total"]["is_simulated"] is True


def test_without_days_it_is_today_and_nothing_has_no_average(agent: Agent, leader: Client) -> None:
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    handled(agent, asked_ms=now_ms - 11_000)
    answer = leader.get(AGENTS).json()
    assert answer["total"]["interactions"] == 1
    told = report(leader, AGENTS, first_day="2099-01-01")
    assert (told["rows"], averages(told["total"]), told["total"]["longest_s"]) == ([], (None,) * 4, None)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"first_day": "2026-03-01", "last_day": "2026-04-01"}, "contact.report_days_too_many"),
        ({"first_day": "2026-03-02", "last_day": "2026-03-01"}, "contact.report_days_reversed"),
        ({"first_day": "1999-12-31"}, "contact.report_day_unreachable"),
        ({"first_day": "9999-12-31"}, "contact.report_day_unreachable"),
        ({"first_day": "the day before"}, "request.invalid"),
        ({"queue_id": "repair"}, "request.invalid"),
    ],
)
@pytest.mark.parametrize("url", [AGENTS, REASONS])
def test_days_that_cannot_be_reported_are_refused_with_a_reason(
    leader: Client, url: str, query: dict[str, str], code: str
) -> None:
    answer = leader.get(url, query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not AuditEntry.objects.filter(action__startswith="report.").exists()


def test_figures_of_single_agents_need_the_right_to_see_everybody(tenant: Tenant, agent: Agent) -> None:
    for role, agents, reasons in (
        ("agent", 403, 403),
        ("client_viewer", 403, 200),
        ("planner", 403, 200),
        ("quality_inspector", 200, 200),
        ("supervisor", 200, 200),
    ):
        client = client_of(make_user(tenant=tenant, role=role))
        assert [client.get(url).status_code for url in (AGENTS, REASONS)] == [agents, reasons], role
    assert client_of(agent.user).get(AGENTS).json()["code"] == "permission.missing"
    assert Client().get(AGENTS).status_code == 401


def test_who_looked_at_single_agents_is_in_the_audit(tenant: Tenant, queue: Queue, leader: Client) -> None:
    report(leader, REASONS)
    report(leader, AGENTS, queue_id=queue.pk)
    (line,) = AuditEntry.objects.filter(action__startswith="report.")
    assert (line.action, line.is_read, line.tenant_id) == ("report.handle_times_of_agents_read", True, tenant.pk)
    assert line.details == {"first_day": str(DAY), "last_day": str(DAY), "queue_id": str(queue.pk)}


def test_a_second_tenant_is_never_included(tenant: Tenant, agent: Agent, queue: Queue) -> None:
    handled(agent, queue, make_disposition(tenant))
    stranger = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    for url in (AGENTS, REASONS):
        for query in ({}, {"queue_id": queue.pk}):
            told = report(stranger, url, **query)
            assert (told["rows"], told["total"]["interactions"], told["queues"]) == ([], 0, [])


def test_an_agent_at_home_elsewhere_is_counted_and_named(tenant: Tenant, leader: Client) -> None:
    guest = make_agent(make_tenant())
    road = Road(tenant_id=str(tenant.pk), agent_id=str(guest.pk))
    project(answered_call(road))
    (row,) = report(leader, AGENTS)["rows"]
    assert row["name"] == {"zh": guest.user.name, "en": guest.user.name}


def test_a_report_takes_the_same_number_of_queries_however_many_rows(
    tenant: Tenant, agent: Agent, leader: Client
) -> None:
    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            report(leader, url)
        return len(caught)

    handled(agent, None, make_disposition(tenant))
    few = [count(AGENTS), count(REASONS)]
    for _ in range(4):
        handled(make_agent(tenant), make_queue(tenant), make_disposition(tenant))
    assert [count(AGENTS), count(REASONS)] == few
