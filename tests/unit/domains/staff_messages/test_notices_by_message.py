"""From a notice to the outbox and to the pages that show it: who is told, by which way, when, and who may look."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotline.domains.staff_messages import outbox, sending
from hotline.domains.staff_messages.models import StaffMessage
from hotline.domains.workforce import calendar_feeds, notices, requests, rosters
from hotline.foundation.models import AuditEntry
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import checked_transaction, client_of, make_tenant, make_user
from tests.factories.rosters import make_worker
from tests.factories.staff_messages import choose, confirm, make_account, outbox_of
from tests.unit.domains.workforce.test_requests import House, day, new_house

pytestmark = pytest.mark.django_db


@dataclass
class Told:
    """A house whose two agents take messages by mail at any hour."""

    house: House
    planner: Client


@pytest.fixture
def told() -> Told:
    house = new_house()
    make_account(house.tenant)
    for number, agent in enumerate((house.one, house.other)):
        confirm(house.tenant, agent, f"agent{number}@example.org")
        choose(agent)
    return Told(house, client_of(make_user(tenant=house.tenant, role="planner", language="en")))


def texts(house: House) -> list[tuple[UUID | None, str, str]]:
    return [(row.agent_id, row.topic, row.text_code) for row in outbox_of(house.tenant)]


def test_swap_is_told_by_message_to_whoever_is_asked_and_then_to_both(told: Told) -> None:
    house = told.house
    asked = house.swap()
    assert texts(house) == [(house.other_id, "requests", "roster.asked_swap")]
    requests.answer(house.other, asked, 1, "accept")
    requests.decide(house.planner, asked, 2, "approve", "")
    done = {(house.one_id, "requests", "roster.done"), (house.other_id, "requests", "roster.done")}
    assert set(texts(house)[1:]) == done
    over_at = house.request(asked).expires_at
    assert over_at is not None
    assert outbox_of(house.tenant)[0].expires_at <= over_at


def test_publication_goes_to_everybody_with_a_shift_in_few_queries(told: Told) -> None:
    house = told.house
    wanted = rosters.NewRoster(name="next", first_day=day(0), last_day=day(27), copy_of=house.roster.pk)
    rosters.publish(house.planner, rosters.create(house.planner, wanted), 1)
    assert {agent for agent, _, _ in texts(house)} == {house.one_id, house.other_id}
    agents = [make_worker(house.tenant)[1] for _ in range(40)]
    with (
        checked_transaction(),
        tenant_scope(house.tenant.pk),
        CaptureQueriesContext(
            connection,
        ) as one,
    ):
        notices.published(house.tenant.pk, agents[:1], day(0), day(27))
    with checked_transaction(), tenant_scope(house.tenant.pk), CaptureQueriesContext(connection) as many:
        notices.published(house.tenant.pk, agents, day(0), day(27))
    assert len(many) == len(one)


def test_nothing_is_written_for_those_without_a_confirmed_address_or_wish(told: Told) -> None:
    house = told.house
    _silent, silent_id = make_worker(house.tenant)
    choose(house.one, ways={"roster": []})
    with tenant_scope(house.tenant.pk), checked_transaction():
        notices.published(house.tenant.pk, [house.one_id, house.other_id, silent_id], day(0), day(27))
    assert texts(house) == [(house.other_id, "roster", "roster.published")]


def test_a_tenant_without_account_costs_one_query_and_writes_nothing() -> None:
    house = new_house()
    with tenant_scope(house.tenant.pk), checked_transaction():
        said = outbox.Notice(agent_id=house.one_id, topic="roster", text_code="roster.published")
        with CaptureQueriesContext(connection) as queries:
            assert outbox.tell(house.tenant.pk, [said]) == 0
        assert len([one for one in queries if "SET LOCAL" not in one["sql"].upper()]) == 1
    assert outbox_of(house.tenant) == []


def test_quiet_hours_hold_back_all_but_urgent_ones_of_those_who_said_so(told: Told) -> None:
    house = told.house
    now = timezone.now()
    local = now.astimezone(outbox.time_zone(house.tenant.pk))
    quiet = ((local - timedelta(hours=1)).strftime("%H:%M"), (local + timedelta(hours=2)).strftime("%H:%M"))
    choose(house.one, quiet=quiet, urgent_breaks_quiet=True)
    choose(house.other, quiet=quiet)
    with tenant_scope(house.tenant.pk), checked_transaction():
        for topic in ("roster", "urgent"):
            said = [
                outbox.Notice(agent_id=agent, topic=topic, text_code="roster.asked_call_in")  # type: ignore[arg-type]
                for agent in (house.one_id, house.other_id)
            ]
            outbox.tell(house.tenant.pk, said)
    waits = {(row.agent_id, row.topic): row.due_at > now + timedelta(hours=1) for row in outbox_of(house.tenant)}
    assert waits == {
        (house.one_id, "roster"): True,
        (house.other_id, "roster"): True,
        (house.one_id, "urgent"): False,
        (house.other_id, "urgent"): True,
    }


def test_a_notice_needs_the_transaction_of_what_it_tells_of(transactional_db: None) -> None:
    tenant = make_tenant()
    with tenant_scope(tenant.pk), pytest.raises(TransactionManagementError):
        outbox.tell(tenant.pk, [])


def test_messages_go_when_what_they_tell_of_is_rolled_back(told: Told) -> None:
    house = told.house
    with tenant_scope(house.tenant.pk), transaction.atomic():
        notices.published(house.tenant.pk, [house.one_id], day(0), day(1))
        transaction.set_rollback(True)
    assert outbox_of(house.tenant) == []


def test_planner_sees_what_waits_reads_one_under_audit_and_sends_a_failed_one_again(told: Told) -> None:
    house, planner = told.house, told.planner
    house.swap()
    (line,) = planner.get("/api/v1/staff-messages").json()["items"]
    assert (line["state"], line["way"], line["topic"]) == ("waiting", "email", "requests")
    assert line["subject"].startswith("A colleague asks for a swap")
    assert "example.org" not in str(line)
    read = planner.get(f"/api/v1/staff-messages/{line['id']}/words").json()
    assert read["to"] == "agent1@example.org"
    assert AuditEntry.objects.filter(action="staff_message.read", object_id=line["id"], is_read=True).count() == 1
    again = f"/api/v1/staff-messages/{line['id']}/again"
    assert planner.post(again).status_code == 409  # it waits
    with tenant_scope(house.tenant.pk):
        StaffMessage.objects.update(state="failed", error_code="recipient_refused", error_status="550", attempts=1)
    assert planner.get("/api/v1/staff-messages?state=failed").json()["items"][0]["error"].endswith("(550)")
    assert planner.post(again).json()["state"] == "waiting"
    assert planner.post(again).status_code == 409  # the second click
    counts = planner.get("/api/v1/staff-messages/counts").json()
    assert counts == {"waiting": 1, "sending": 0, "sent": 0, "failed": 0, "dropped": 0}


def test_another_tenants_planner_and_ones_own_agents_see_nothing(told: Told) -> None:
    house = told.house
    house.swap()
    message_id = outbox_of(house.tenant)[0].pk
    stranger = client_of(make_user(tenant=make_tenant(), role="planner"))
    assert stranger.get("/api/v1/staff-messages").json()["items"] == []
    assert stranger.get(f"/api/v1/staff-messages/{message_id}/words").status_code == 404
    assert stranger.post(f"/api/v1/staff-messages/{message_id}/again").status_code == 404
    agent = client_of(make_user(tenant=house.tenant, role="agent"))
    assert agent.get("/api/v1/staff-messages").status_code == 403


def test_planner_never_reads_a_persons_calendar_address_or_code(told: Told) -> None:
    house = told.house
    path = calendar_feeds.renew(house.one, in_messages=True).path
    with tenant_scope(house.tenant.pk), checked_transaction():
        notices.published(house.tenant.pk, [house.one_id], day(0), day(1))
    (row,) = outbox_of(house.tenant)
    read = told.planner.get(f"/api/v1/staff-messages/{row.pk}/words").json()
    assert path not in str(read)
    claimed = sending.claim(timezone.now())
    assert isinstance(claimed, sending.Claimed)
    assert path in claimed.outgoing.text
    calendar_feeds.revoke(house.one)
    with tenant_scope(house.tenant.pk):
        StaffMessage.objects.update(state="waiting", due_at=timezone.now())
    claimed = sending.claim(timezone.now() + timedelta(seconds=1))
    assert isinstance(claimed, sending.Claimed)
    assert path not in claimed.outgoing.text
