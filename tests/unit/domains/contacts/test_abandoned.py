"""Callers who gave up: who is listed, what is known of them, what can be done; and how blocked contacts end."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from uuid6 import uuid7

from hotline.domains.contacts import abandoned
from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import AbandonedSettlement, Contact, QueueInterval, TimelineEvent
from hotline.domains.customers.numbers import number_index
from hotline.foundation import outbox
from hotline.foundation.fields import keyring
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.messages import facts
from hotline.messages.callbacks import open_order
from hotline.messages.configuration import QueueConfiguration
from hotline.messages.routing import EnqueueContact
from tests.factories.customers import CALLER, make_agent, make_customer, make_queue
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.key_accounts import make_key_account

pytestmark = pytest.mark.django_db
JSON = "application/json"
URL = "/api/v1/abandoned"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def supervisor(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="supervisor"))


def call(tenant: Tenant, outcome: str = "abandoned", caller: str = CALLER, **values: Any) -> Contact:
    now = timezone.now()
    row: dict[str, Any] = {
        "id": UUID(new_id()),
        "arrived_at": now,
        "asked_at": now,
        "ended_at": now,
        "wait_ms": 42_000,
        "node_id": "node-1",
        "language": "zh",
        "called_address": "962740",
    }
    with tenant_scope(tenant.pk):
        index = number_index(caller) if caller else ""
        return Contact.objects.create(
            tenant=tenant, outcome=outcome, caller=caller, caller_index=index, **{**row, **values}
        )


def listed(client: Client, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


# --- the list ---------------------------------------------------------------------------------------------------------


def test_who_gave_up_is_listed_masked_and_how_often(tenant: Tenant, supervisor: Client) -> None:
    call(tenant)
    call(tenant, outcome="handled", caller="13900000002")
    last = call(tenant)
    first_shown, second_shown = listed(supervisor)
    assert first_shown["contact_id"] == str(last.id)
    assert (first_shown["caller"], first_shown["wait_ms"], first_shown["times"]) == ("139****0001", 42_000, 2)
    assert second_shown["times"] == 1
    assert CALLER not in str(first_shown)
    assert AuditEntry.objects.filter(action="abandoned.listed", tenant_id=tenant.pk).count() == 1


def test_who_called_again_since_and_was_answered_is_seen(tenant: Tenant, supervisor: Client) -> None:
    call(tenant)
    (shown,) = listed(supervisor)
    assert (shown["called_again_at"], shown["is_answered_since"]) == (None, False)
    again = call(tenant, outcome="handled", answered_at=timezone.now())
    (shown,) = listed(supervisor)
    assert shown["called_again_at"].startswith(again.arrived_at.isoformat()[:19])
    assert shown["is_answered_since"] is True


def test_withheld_numbers_are_not_taken_for_one_caller(tenant: Tenant, supervisor: Client) -> None:
    call(tenant, caller="")
    call(tenant, caller="")
    assert [(one["times"], one["called_again_at"], one["can_be_called"]) for one in listed(supervisor)] == [
        (1, None, False),
        (1, None, False),
    ]


def test_what_is_a_month_old_is_not_listed(tenant: Tenant, supervisor: Client) -> None:

    old = timezone.now() - abandoned.LISTED - timedelta(days=3)
    ms = int(old.timestamp() * 1000)
    call(tenant, id=UUID(int=(uuid7().int & ((1 << 80) - 1)) | ms << 80), arrived_at=old)
    assert listed(supervisor) == []


def test_second_tenant_and_agents_see_nothing_of_it(tenant: Tenant) -> None:
    row = call(tenant)
    stranger = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    assert listed(stranger) == []
    assert stranger.post(f"{URL}/{row.id}/call-back", content_type=JSON).status_code == 404
    body = {"decision": "done"}
    assert stranger.post(f"{URL}/{row.id}/settlement", body, content_type=JSON).status_code == 404
    agent = client_of(make_user(tenant=tenant, role="agent"))
    assert agent.get(URL).status_code == 403


# --- what is done -----------------------------------------------------------------------------------------------------


def test_settled_caller_leaves_the_list_once(tenant: Tenant, supervisor: Client) -> None:
    row = call(tenant)
    target = f"{URL}/{row.id}/settlement"
    answer = supervisor.post(target, {"decision": "ignored", "reason": " "}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "abandoned.reason_missing")
    assert (
        supervisor.post(target, {"decision": "ignored", "reason": "wrong number"}, content_type=JSON).status_code == 204
    )
    answer = supervisor.post(target, {"decision": "done"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "abandoned.settled")
    assert listed(supervisor) == []
    (settled,) = listed(supervisor, is_settled=True)
    assert (settled["decision"], settled["reason"]) == ("ignored", "wrong number")


@pytest.fixture
def calling_queue(monkeypatch: pytest.MonkeyPatch, tenant: Tenant) -> UUID:
    """A queue that calls back."""
    queue = make_queue(tenant)
    set_up = QueueConfiguration(
        queue_id=str(queue.pk), tenant_id=str(tenant.pk), name_zh="", name_en="", skills=(), callback_attempts=3
    )
    monkeypatch.setattr(abandoned.routing, "waiting_rules", lambda: [set_up])
    return UUID(str(queue.pk))


def test_call_back_goes_to_the_switch_with_the_number_sealed(
    tenant: Tenant, supervisor: Client, calling_queue: UUID
) -> None:
    row = call(tenant, queue_id=calling_queue, entry_point_id=UUID(new_id()))
    answer = supervisor.post(f"{URL}/{row.id}/call-back", content_type=JSON)
    assert answer.status_code == 202, answer.content
    (message,) = outbox.pending(abandoned.CALL_BACK_TOPIC)
    assert CALLER not in str(message.payload)
    command = msgspec.convert(message.payload, EnqueueContact)
    assert (command.contact_id, command.queue_id, command.node_id) == (
        answer.json()["contact_id"],
        str(calling_queue),
        "node-1",
    )
    order = open_order(str(command.callback), keyring())
    assert (order.number, order.entry_point_id) == (CALLER, str(row.entry_point_id))
    assert supervisor.post(f"{URL}/{row.id}/call-back", content_type=JSON).status_code == 409
    assert len(outbox.pending(abandoned.CALL_BACK_TOPIC)) == 1


def test_call_back_is_worth_and_needs_what_the_call_did(
    tenant: Tenant, supervisor: Client, calling_queue: UUID
) -> None:
    customer_id, manager = make_customer(tenant), make_agent(tenant)
    make_key_account(tenant, customer_id, manager)
    attributes = {"brand": "gotone", "region": "32"}
    row = call(tenant, queue_id=calling_queue, attributes=attributes, priority=7)
    with tenant_scope(tenant.pk):
        detail = {"priority": 7, "points": {"brand": 4, "repeat": 1}}
        TimelineEvent.objects.create(tenant=tenant, contact=row, at=row.asked_at, kind="queued", detail=detail)
    assert supervisor.post(f"{URL}/{row.id}/call-back", content_type=JSON).status_code == 202
    (message,) = outbox.pending(abandoned.CALL_BACK_TOPIC)
    command = msgspec.convert(message.payload, EnqueueContact)
    assert (command.attributes, command.priority) == (attributes, 2)  # the switch gives the points by its rules
    assert (command.wanted_agent_id, command.wanted_cause) == (str(manager.pk), "key_account")


def test_call_back_may_be_ordered_for_later(tenant: Tenant, supervisor: Client, calling_queue: UUID) -> None:
    row = call(tenant, queue_id=calling_queue)
    later = (timezone.now() + timedelta(hours=3)).replace(microsecond=0)
    body = {"not_before": later.isoformat()}
    answer = supervisor.post(f"{URL}/{row.id}/call-back", body, content_type=JSON)
    assert answer.status_code == 202, answer.content
    (message,) = outbox.pending(abandoned.CALL_BACK_TOPIC)
    assert msgspec.convert(message.payload, EnqueueContact).callback_not_before_ms == int(later.timestamp() * 1000)
    line = AuditEntry.objects.get(action="abandoned.settled", object_id=str(row.id))
    assert line.details["not_before"] == later.isoformat()


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2020-01-01T10:00:00+08:00", "abandoned.call_back_moment_wrong"),
        ("2099-01-01T10:00:00+08:00", "abandoned.call_back_moment_wrong"),
        ("2099-01-01T10:00:00", "request.invalid"),
        ("tomorrow", "request.invalid"),
    ],
)
def test_moment_that_cannot_be_is_refused_and_orders_nothing(
    tenant: Tenant, supervisor: Client, calling_queue: UUID, moment: str, code: str
) -> None:
    row = call(tenant, queue_id=calling_queue)
    answer = supervisor.post(f"{URL}/{row.id}/call-back", {"not_before": moment}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert outbox.pending(abandoned.CALL_BACK_TOPIC) == []
    assert len(listed(supervisor)) == 1


def test_refused_call_back_says_so_in_the_list(tenant: Tenant, supervisor: Client, calling_queue: UUID) -> None:
    row = call(tenant, queue_id=calling_queue)
    made = UUID(supervisor.post(f"{URL}/{row.id}/call-back", content_type=JSON).json()["contact_id"])
    with tenant_scope(tenant.pk):
        abandoned.refused(made, "routing.queue_unknown")
        assert Contact.objects.get(pk=made).outcome == "failed"
    (settled,) = listed(supervisor, is_settled=True)
    assert (settled["decision"], settled["failure"]) == ("called_back", "routing.queue_unknown")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"caller": ""}, "abandoned.caller_unknown"),
        ({"anonymised_at": timezone.now()}, "contact.anonymised"),
        ({}, "abandoned.queue_calls_nobody_back"),
    ],
)
def test_call_back_that_cannot_be_says_why_and_keeps_nothing(
    tenant: Tenant, supervisor: Client, values: dict[str, Any], code: str
) -> None:
    row = call(tenant, **{"queue_id": make_queue(tenant).pk, **values})
    answer = supervisor.post(f"{URL}/{row.id}/call-back", content_type=JSON)
    assert answer.json()["code"] == code
    with tenant_scope(tenant.pk):
        assert not AbandonedSettlement.objects.exists()
        assert Contact.objects.count() == 1


# --- blocked ----------------------------------------------------------------------------------------------------------


def test_contact_that_left_its_queue_unanswered_ends_as_blocked(tenant: Tenant) -> None:
    row = call(tenant, outcome="", ended_at=None, stage="in_flow")
    fact = facts.ContactLeftFlow(
        fact_id=new_id(),
        at_ms=1_772_000_000_000,
        contact_id=str(row.id),
        tenant_id=str(tenant.pk),
        node_id="node-1",
        how="blocked",
        cause="full",
    )
    take_facts([fact])
    with tenant_scope(tenant.pk):
        ended = Contact.objects.get(pk=row.id)
    assert (ended.stage, ended.outcome, ended.cause) == ("ended", "blocked", "full")


def test_blocked_are_in_the_day_report_within_those_who_asked(tenant: Tenant, supervisor: Client) -> None:
    queue = make_queue(tenant)
    now = timezone.now()
    begins = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    with tenant_scope(tenant.pk):
        QueueInterval.objects.create(
            tenant=tenant, queue_id=queue.pk, starts_at=begins, asked=1000, answered=999, answered_in_time=999
        )
    call(tenant, outcome="blocked", asked_at=now, asked_queue_id=queue.pk)
    call(tenant, outcome="blocked", asked_at=now, asked_queue_id=UUID(new_id()))
    (shown,) = supervisor.get("/api/v1/reports/intervals").json()["queues"]
    assert [(row["asked"], row["blocked"]) for row in (*shown["intervals"], shown["total"])] == [(1000, 1), (1000, 1)]
    month = {"month": f"{timezone.localtime(begins, ZoneInfo(tenant.time_zone)):%Y-%m}"}
    (whole,) = supervisor.get("/api/v1/reports/service-levels", month).json()["queues"]
    assert whole["total"]["blocked"] == 1
