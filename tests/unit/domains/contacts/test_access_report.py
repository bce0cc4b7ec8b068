"""How reachable the centre was: everybody who wanted a person, by quarter of an hour and by day, against the limits."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from hotline.domains.contacts.access_report import share_above
from hotline.domains.contacts.fact_intake import take_facts
from hotline.foundation.models import Membership, Tenant
from hotline.kernel.ids import new_id
from hotline.messages.facts import CallRefused
from hotline.messages.routing import ContactDiverted, ContactEnded
from tests.factories.contacts import Call, project
from tests.factories.customers import make_queue
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road, answered_call
from tests.factories.setup import make_entry_point

pytestmark = pytest.mark.django_db
DAY = {"first_day": "2026-02-25", "last_day": "2026-02-25"}  # of ASKED_MS, in Shanghai
QUARTER_MS = 900_000
PATH = "/api/v1/reports/access"


def report(client: Client, **query: Any) -> Any:
    answer = client.get(PATH, {**DAY, **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def road_of(tenant: Tenant, queue_id: Any, after_ms: int = 0, **more: Any) -> Road:
    return Road(tenant_id=str(tenant.pk), queue_id=str(queue_id), asked_ms=ASKED_MS + after_ms, **more)


def gave_up(road: Road) -> list[Any]:
    gone = {"outcome": "abandoned", "ended_by": "caller", "cause": "caller_gone", "wait_ms": 9_000}
    return [road.queued(), ContactEnded(at_ms=road.asked_ms + 9_000, contact_id=road.contact_id, **gone)]  # type: ignore[arg-type]


def turned_away(road: Road) -> list[Any]:
    out = ContactDiverted(
        at_ms=road.asked_ms, contact_id=road.contact_id, queue_id=road.queue_id, cause="full", wait_ms=0
    )
    return [road.queued(), out]


def busy_day(tenant: Tenant) -> None:
    """Three answered, one gave up, one turned away; in the next quarter one heard that it is closed."""
    queue = make_queue(tenant).pk
    answered = [event for number in range(3) for event in answered_call(road_of(tenant, queue, number))]
    full = road_of(tenant, queue, 5)
    project([*answered, *gave_up(road_of(tenant, queue, 4)), *turned_away(full)])
    away = Call(tenant, contact_id=full.contact_id)
    closed = Call(tenant, arrived_ms=ASKED_MS + QUARTER_MS)
    take_facts([away.left("blocked", "full", full.queue_id), closed.arrived(), closed.left("contained", "closed")])


def test_each_is_counted_once_in_the_quarter_of_asking(tenant: Tenant, supervisor: Client) -> None:
    busy_day(tenant)
    told = report(supervisor)
    first, second = told["rows"]
    assert {name: first[name] for name in ("wanted", "asked", "answered", "abandoned", "turned_away", "blocked")} == {
        "wanted": 5, "asked": 5, "answered": 3, "abandoned": 1, "turned_away": 1, "blocked": 1,
    }  # fmt: skip
    assert (first["blocked_share"], first["is_blocked_within"]) == ("20.00", False)
    assert (first["abandoned_share"], first["is_abandoned_within"]) == ("20.00", False)
    assert (second["wanted"], second["closed"], second["blocked"], second["abandoned_share"]) == (1, 1, 1, "")
    assert second["is_abandoned_within"] is None
    assert (told["total"]["wanted"], told["total"]["blocked"], told["is_simulated"]) == (6, 2, False)
    (day,) = report(supervisor, by="day")["rows"]
    assert (day["day"], day["starts_at"], day["wanted"], day["blocked"]) == ("2026-02-25", None, 6, 2)


def test_a_refused_call_belongs_to_whose_number_was_called(tenant: Tenant, supervisor: Client) -> None:
    make_entry_point(tenant, address="962740")
    for called in ("+96 27 40", "962741"):
        refused = CallRefused(
            fact_id=new_id(), at_ms=ASKED_MS, contact_id=new_id(), tenant_id="", node_id="node-1",
            called_address=called, caller_address="13900000001", cause="no_configuration",
        )  # fmt: skip
        take_facts([refused])
    (row,) = report(supervisor)["rows"]
    assert (row["wanted"], row["refused"], row["blocked"], row["blocked_share"]) == (1, 1, 1, "100.00")


def test_nobody_sees_another_tenants_day_and_agents_see_none(tenant: Tenant, supervisor: Client) -> None:
    busy_day(tenant)
    other = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    assert report(other)["rows"] == []
    agent = client_of(make_user(tenant=tenant, role="agent"))
    assert [agent.get(f"{PATH}{form}").status_code for form in ("", ".csv")] == [403, 403]


def test_the_tenant_says_which_limits_it_keeps_and_of_several_the_strictest_count(
    tenant: Tenant, supervisor: Client
) -> None:
    busy_day(tenant)
    other = make_tenant()
    Tenant.objects.filter(pk=tenant.pk).update(blocked_limit=10_000, abandoned_limit=0)
    Tenant.objects.filter(pk=other.pk).update(blocked_limit=20)
    told = report(supervisor)
    assert (told["blocked_limit"], told["abandoned_limit"]) == (10_000, 0)
    assert (told["total"]["is_blocked_within"], told["total"]["is_abandoned_within"]) == (True, False)
    both = make_user(tenant=tenant, role="supervisor")
    Membership.objects.create(user=both, tenant=other, role="supervisor")
    told = report(client_of(both))
    assert (told["blocked_limit"], told["abandoned_limit"]) == (20, 0)


def test_the_file_says_what_the_page_says_and_what_is_simulated(tenant: Tenant, supervisor: Client) -> None:
    queue = make_queue(tenant).pk
    project(answered_call(road_of(tenant, queue, is_simulated=True)))
    text = supervisor.get(f"{PATH}.csv", {**DAY, "by": "day"}).content.decode("utf-8-sig")
    head, row, total = csv.reader(io.StringIO(text))
    assert "未能接入率 % (≤ 0.1)" in head
    assert (row[0], total[0], row[2:6], row[-1]) == ("2026-02-25", "合计", ["1", "1", "1", "0"], "是")


@pytest.mark.parametrize(
    ("count", "whole", "shown"),
    [(1, 1000, "0.10"), (1001, 1_000_000, "0.11"), (0, 7, "0.00"), (1, 20, "5.00"), (7, 7, "100.00"), (0, 0, "")],
)
def test_a_missed_limit_never_looks_kept(count: int, whole: int, shown: str) -> None:
    assert share_above(count, whole) == shown
