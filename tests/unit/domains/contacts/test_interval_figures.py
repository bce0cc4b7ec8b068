"""The 15-minute figures of a day, as they are shown."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from tests.factories.contacts import project
from tests.factories.customers import make_queue
from tests.factories.routing_log import Road, answered_call

pytestmark = pytest.mark.django_db


def test_two_thirds_are_shown_as_66_66_and_miss_66_67(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    queue = make_queue(tenant, service_level_target=6667)
    asked = 1_772_000_000_000
    project([event for wait in (15_000, 5_000, 15_001) for event in one_call(tenant, queue.pk, agent.pk, asked, wait)])
    day = datetime.fromtimestamp(asked / 1000, UTC).date().isoformat()
    (found,) = supervisor.get("/api/v1/reports/intervals", {"date": day}).json()["queues"]
    total = found["total"]
    assert (total["asked"], total["answered_in_time"], total["service_level"]) == (3, 2, "66.66")
    assert (total["is_target_met"], total["average_handle_s"]) == (False, 80)
    assert [interval["asked"] for interval in found["intervals"]] == [3]


def one_call(tenant: Tenant, queue_id: UUID, agent_id: UUID, asked: int, wait_ms: int) -> list[Any]:
    road = Road(tenant_id=str(tenant.pk), queue_id=str(queue_id), agent_id=str(agent_id), asked_ms=asked)
    return answered_call(road, wait_ms=wait_ms)


def test_a_waiting_caller_within_the_threshold_is_not_counted_yet(tenant: Tenant, supervisor: Client) -> None:
    queue = make_queue(tenant, service_level_s=3600)
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    road = Road(tenant_id=str(tenant.pk), queue_id=str(queue.pk), asked_ms=now_ms - 1000)
    project([road.queued()])
    (found,) = supervisor.get("/api/v1/reports/intervals").json()["queues"]
    assert (found["total"]["asked"], found["total"]["counted"], found["total"]["service_level"]) == (1, 0, "")
