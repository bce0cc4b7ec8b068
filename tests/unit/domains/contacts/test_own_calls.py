"""A promised call-back whose customer called meanwhile: what the pages, the audit and the search say of it."""

from typing import Any, Literal

import pytest

from hotline.foundation.models import AuditEntry, Tenant
from hotline.messages.base import Event
from hotline.messages.routing import CallbackMet, CallbackPromised, CallbackResumed, CallbackSettled, ContactEnded
from tests.factories.contacts import project
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road

pytestmark = pytest.mark.django_db


def own_call(promised: Road, talk: Road, choice: Literal["close", "keep"], agent_id: str | None = None) -> list[Event]:
    """A promise, the customer's own call, and what the agent of that name (none: the rule) made of the promise."""
    ids = {"contact_id": promised.contact_id, "by_contact_id": talk.contact_id}
    told: list[Event] = [
        promised.queued(),
        CallbackPromised(at_ms=ASKED_MS + 1, contact_id=promised.contact_id, number="sealed", not_before_ms=0),
        talk.queued(),
        talk.offered(),
        talk.connected(),
        CallbackMet(at_ms=ASKED_MS + 9_000, agent_id=talk.agent_id, **ids),
        CallbackSettled(at_ms=ASKED_MS + 9_001, choice=choice, agent_id=agent_id, **ids),
    ]
    if choice == "keep":
        return [*told, CallbackResumed(at_ms=ASKED_MS + 9_002, contact_id=promised.contact_id)]
    how: dict[str, Any] = {"outcome": "own_call", "cause": "own_call", "wait_ms": 9_001}
    by: Literal["agent", "platform"] = "agent" if agent_id else "platform"
    return [*told, ContactEnded(at_ms=ASKED_MS + 9_002, contact_id=promised.contact_id, ended_by=by, **how)]


def lines(tenant: Tenant) -> list[tuple[str, str, str, str]]:
    found = AuditEntry.objects.filter(action__startswith="call_back.", tenant_id=tenant.pk)
    return [(line.action, line.actor_kind, line.actor_name, line.object_id) for line in found]


@pytest.mark.parametrize(
    ("choice", "is_by_agent", "action", "sentence"),
    [
        ("close", True, "call_back.answered_by_own_call", "李静: it was done"),
        ("close", False, "call_back.answered_by_own_call", "The customer's own call is over and"),
        ("keep", True, "call_back.kept", "李静: the call-back is still wanted"),
        ("keep", False, "call_back.kept", "The talk broke off"),
    ],
)
def test_both_histories_and_the_audit_say_who_settled_it(
    choice: Literal["close", "keep"], is_by_agent: bool, action: str, sentence: str
) -> None:
    tenant = make_tenant()
    li = make_user(tenant=tenant, role="agent", name="李静")
    agent = make_agent(tenant, li)
    promised, talk = Road(tenant_id=str(tenant.pk)), Road(tenant_id=str(tenant.pk), agent_id=str(agent.pk))
    told = own_call(promised, talk, choice, str(agent.pk) if is_by_agent else None)
    project(told)
    who = ("user", "李静") if is_by_agent else ("system", "call-back after talk")
    assert lines(tenant) == [(action, *who, promised.contact_id)]
    reader = client_of(make_user(tenant=tenant, role="supervisor"))
    for road in (promised, talk):
        steps = reader.get(f"/api/v1/contacts/{road.contact_id}").json()["timeline"]
        told_here = {step["kind"]: step["explanation"] for step in steps if step["kind"].startswith("callback_")}
        assert told_here["callback_settled"]["en"].startswith(sentence)
        assert "nobody calls them" in told_here["callback_met"]["en"]
        assert told_here["callback_met"]["zh"]
    foreign = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    assert foreign.get(f"/api/v1/contacts/{promised.contact_id}").status_code == 404


def test_it_is_neither_lost_nor_reached_but_found_as_answered_by_own_call() -> None:
    tenant = make_tenant()
    promised, talk = Road(tenant_id=str(tenant.pk)), Road(tenant_id=str(tenant.pk))
    project(own_call(promised, talk, "close"))
    reader = client_of(make_user(tenant=tenant, role="supervisor"))

    def found(outcome: str) -> list[str]:
        return [row["id"] for row in reader.get(f"/api/v1/contacts?outcome={outcome}").json()["items"]]

    assert found("own_call") == [promised.contact_id]
    assert (found("abandoned"), found("callback_failed"), found("handled")) == ([], [], [])
    page = reader.get(f"/api/v1/contacts/{promised.contact_id}").json()
    (ended,) = [step for step in page["timeline"] if step["kind"] == "ended"]
    assert ended["explanation"]["en"].startswith("The customer's own call has answered it")


def test_what_is_settled_in_a_later_part_of_the_log_still_finds_both_histories() -> None:
    tenant = make_tenant()
    promised, talk = Road(tenant_id=str(tenant.pk)), Road(tenant_id=str(tenant.pk))
    told = own_call(promised, talk, "close")
    *before, settled, ended = told
    project(before)
    project([settled, ended])
    reader = client_of(make_user(tenant=tenant, role="supervisor"))
    steps = reader.get(f"/api/v1/contacts/{talk.contact_id}").json()["timeline"]
    assert [step["kind"] for step in steps if step["kind"].startswith("callback_")] == [
        "callback_met",
        "callback_settled",
    ]
