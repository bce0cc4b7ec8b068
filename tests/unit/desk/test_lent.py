"""An agent of a shared pool writes for the company whose contact is in hand: as far as it allows, and no longer."""

from typing import Any

import pytest
from django.test import Client

from hotline.domains.contacts.models import Draft, Matter, WrapUp
from hotline.domains.people.models import Agent
from hotline.domains.routing import actions as routing
from hotline.domains.routing.models import PoolUse
from hotline.domains.tickets.models import Ticket
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from tests.factories.contacts import project
from tests.factories.customers import make_agent, make_customer, make_department, make_disposition, make_ticket_type
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.pools import connected_by, make_pool, offered_by
from tests.factories.routing_log import Road
from tests.factories.setup import administrator_of

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def lender() -> Tenant:
    return make_tenant("outsourcer")


@pytest.fixture
def guest(lender: Tenant) -> Agent:
    return make_agent(lender)


@pytest.fixture
def desk(guest: Agent) -> Client:
    return client_of(guest.user)


@pytest.fixture
def pool_id(lender: Tenant, water: Tenant) -> str:
    return make_pool(lender, water)


def road_of(water: Tenant, guest: Agent, **values: Any) -> Road:
    return Road(tenant_id=str(water.pk), agent_id=str(guest.pk), **values)


@pytest.fixture
def road(water: Tenant, guest: Agent, pool_id: str) -> Road:
    """A contact of the water company that the outsourcer's agent has in hand."""
    made = road_of(water, guest, customer_id=str(make_customer(water, name="陈玉")))
    project([made.queued(), offered_by(made, pool_id), connected_by(made, pool_id)])
    return made


def allow(water: Tenant, **values: bool) -> None:
    with tenant_scope(water.pk):
        use = PoolUse.objects.get()
    routing.pool_uses.change(administrator_of(water), use.pk, use.version, values)


def place(road: Road, what: str = "") -> str:
    return f"/api/v1/desk/lent-contacts/{road.contact_id}{what}"


def wrap_up(client: Client, road: Road, *nodes: Any, note: str = "已关阀") -> Any:
    body = {"matters": [{"disposition_id": str(node.pk), "note": "漏水"} for node in nodes], "note": note}
    return client.post(place(road, "/wrap-up"), body, content_type=JSON)


def ticket(client: Client, road: Road, kind: Any, text: str = "水表前漏水", **headers: str) -> Any:
    body = {"ticket_type_id": str(kind.pk), "text": text}
    return client.post(place(road, "/tickets"), body, content_type=JSON, headers=headers)


def save_draft(client: Client, road: Road, field: str, text: str) -> Any:
    return client.put(place(road, f"/drafts/{field}"), {"text": text}, content_type=JSON)


def finish(road: Road) -> None:
    project([road.interaction_ended(20_000), *road.wrapped_up(31_000, 5_000)])


def written(water: Tenant) -> tuple[int, int, int]:
    with tenant_scope(water.pk):
        return Matter.objects.count(), WrapUp.objects.count(), Ticket.objects.count()


def test_reason_and_note_are_filed_from_the_companys_tree_and_say_who_lent_the_agent(
    water: Tenant, lender: Tenant, guest: Agent, desk: Client, road: Road, pool_id: str
) -> None:
    leak = make_disposition(water)
    shown = desk.get(place(road)).json()
    assert (shown["is_in_hand"], shown["allows_notes"], shown["allows_tickets"]) == (True, True, False)
    assert [node["disposition_id"] for node in shown["dispositions"]] == [str(leak.pk)]
    assert wrap_up(desk, road, leak).status_code == 204
    assert wrap_up(desk, road, leak).status_code == 204  # sent again: nothing changes
    reader = client_of(make_user(tenant=water, role="supervisor"))
    found = reader.get(f"/api/v1/contacts/{road.contact_id}").json()
    assert [(one["note"], one["lender_name"]) for one in found["matters"]] == [("漏水", lender.name)]
    assert [(one["note"], one["lender_name"]) for one in found["wrap_ups"]] == [("已关阀", lender.name)]
    (line,) = AuditEntry.objects.filter(action="contact.wrap_up_filed")
    assert (line.tenant_id, line.actor_id, line.actor_name) == (water.pk, guest.user_id, guest.user.name)
    told = {name: line.details[name] for name in ("agent_id", "lender_id", "lender_name", "pool_id")}
    assert told == {
        "agent_id": str(guest.pk),
        "lender_id": str(lender.pk),
        "lender_name": lender.name,
        "pool_id": pool_id,
    }


def test_only_the_companys_own_tree_can_be_chosen_from(water: Tenant, lender: Tenant, desk: Client, road: Road) -> None:
    assert wrap_up(desk, road).json()["code"] == "contact.matter_needed"
    assert wrap_up(desk, road, make_disposition(lender)).json()["code"] == "contact.disposition_unknown"
    assert written(water) == (0, 0, 0)


def test_nothing_is_written_while_it_rings(water: Tenant, guest: Agent, desk: Client, pool_id: str) -> None:
    ringing = road_of(water, guest)
    project([ringing.queued(), offered_by(ringing, pool_id)])
    shown = desk.get(place(ringing)).json()
    assert (shown["is_in_hand"], shown["allows_notes"], shown["dispositions"]) == (False, False, [])
    answer = wrap_up(desk, ringing, make_disposition(water))
    assert (answer.status_code, answer.json()["code"]) == (404, "desk.lent_not_in_hand")
    assert save_draft(desk, ringing, "wrap_up", "{}").status_code == 404


def test_nothing_is_reachable_once_the_wrap_up_is_over(water: Tenant, desk: Client, road: Road) -> None:
    allow(water, allows_tickets=True, shows_tickets=True)
    leak, kind = make_disposition(water), make_ticket_type(water)
    project([road.interaction_ended(20_000), road.wrapped_up(31_000, 5_000)[0]])
    assert wrap_up(desk, road, leak).status_code == 204  # during the wrap-up
    project([road.wrapped_up(31_000, 5_000)[1]])
    answers = [
        wrap_up(desk, road, leak, note="later"),
        ticket(desk, road, kind),
        save_draft(desk, road, "wrap_up", "later"),
        desk.get(place(road, "/tickets")),
        desk.get(place(road, "/drafts")),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "desk.lent_not_in_hand")}
    assert desk.get(place(road)).status_code == 404
    assert written(water) == (1, 1, 0)


def test_a_colleague_and_a_third_company_reach_nothing(water: Tenant, lender: Tenant, road: Road) -> None:
    allow(water, allows_tickets=True, shows_tickets=True)
    leak, kind = make_disposition(water), make_ticket_type(water)
    for agent in (make_agent(lender), make_agent(make_tenant("gas")), make_agent(water)):
        somebody = client_of(agent.user)
        answers = [
            wrap_up(somebody, road, leak),
            ticket(somebody, road, kind),
            save_draft(somebody, road, "ticket", "x"),
        ]
        answers += [somebody.get(place(road, "/tickets")), somebody.get(place(road, "/drafts"))]
        assert {answer.json()["code"] for answer in answers} == {"desk.lent_not_in_hand"}
    administrator = client_of(make_user(tenant=lender))
    assert wrap_up(administrator, road, leak).status_code == 403  # works at no desk
    assert written(water) == (0, 0, 0)


@pytest.mark.parametrize(
    ("closed", "needed"), [("allows_notes", "notes"), ("allows_tickets", "tickets"), ("shows_tickets", "open")]
)
def test_what_the_company_does_not_allow_is_refused_at_each_call(
    closed: str, needed: str, water: Tenant, desk: Client, road: Road
) -> None:
    everything = {"allows_notes": True, "allows_tickets": True, "shows_tickets": True}
    leak, kind = make_disposition(water), make_ticket_type(water)

    def asked() -> Any:
        return {
            "notes": lambda: wrap_up(desk, road, leak),
            "tickets": lambda: ticket(desk, road, kind),
            "open": lambda: desk.get(place(road, "/tickets")),
        }[needed]()

    allow(water, **{**everything, closed: False})
    answer = asked()
    assert (answer.status_code, answer.json()["code"]) == (403, "desk.lent_not_allowed")
    assert written(water) == (0, 0, 0)
    allow(water, **everything)
    assert asked().status_code in (200, 201, 204)


def test_a_company_that_gave_the_pool_up_lets_nothing_be_written(water: Tenant, desk: Client, road: Road) -> None:
    with tenant_scope(water.pk):
        use = PoolUse.objects.get()
    routing.pool_uses.remove(administrator_of(water), use.pk, use.version)
    assert desk.get(place(road)).json()["allows_notes"] is False
    assert wrap_up(desk, road, make_disposition(water)).json()["code"] == "desk.lent_not_allowed"


def test_a_ticket_is_opened_for_the_company_about_its_customer_and_once_by_one_key(
    water: Tenant, lender: Tenant, guest: Agent, desk: Client, road: Road
) -> None:
    allow(water, allows_tickets=True)
    kind = make_ticket_type(water, make_department(water))
    assert ticket(desk, road, kind, text=" ").json()["code"] == "ticket.text_missing"
    assert ticket(desk, road, make_ticket_type(lender)).json()["code"] == "ticket.type_unknown"
    key = new_id()
    opened, again = (ticket(desk, road, kind, **{"Idempotency-Key": key}) for _ in range(2))
    assert (opened.status_code, again.json()) == (201, opened.json())
    reader = client_of(make_user(tenant=water, role="supervisor"))
    (listed,) = reader.get("/api/v1/tickets").json()["items"]
    assert (listed["number"], listed["customer_name"], listed["contact_id"]) == (
        opened.json()["number"],
        "陈玉",
        road.contact_id,
    )
    story = reader.get(f"/api/v1/tickets/{listed['id']}").json()["timeline"]
    assert (story[0]["kind"], story[0]["detail"]["lender_name"]) == ("opened", lender.name)
    (line,) = AuditEntry.objects.filter(action="ticket.opened")
    assert (line.tenant_id, line.actor_id, line.details["lender_id"]) == (water.pk, guest.user_id, str(lender.pk))
    assert client_of(make_user(tenant=lender, role="supervisor")).get("/api/v1/tickets").json()["items"] == []


def test_open_tickets_are_shown_without_their_text_and_the_look_is_in_the_companys_audit(
    water: Tenant, lender: Tenant, desk: Client, road: Road
) -> None:
    own = client_of(make_agent(water).user)
    body = {"ticket_type_id": str(make_ticket_type(water).pk), "text": "geheim", "customer_id": road.customer_id}
    number = own.post("/api/v1/tickets", body, content_type=JSON).json()["ticket"]["number"]
    allow(water, shows_tickets=True)
    answer = desk.get(place(road, "/tickets"))
    assert [one["number"] for one in answer.json()] == [number]
    assert "geheim" not in answer.content.decode()
    (line,) = AuditEntry.objects.filter(action="ticket.seen_by_lent_agent")
    assert (line.tenant_id, line.is_read, line.details["lender_name"]) == (water.pk, True, lender.name)


def test_what_is_typed_is_kept_until_it_is_filed_and_goes_to_the_companys_own_agent(
    water: Tenant, guest: Agent, desk: Client, road: Road
) -> None:
    leak = make_disposition(water)
    assert save_draft(desk, road, "wrap_up", '{"matters":[],"note":"halb"}').status_code == 200
    assert save_draft(desk, road, "ticket", "x").json()["code"] == "desk.lent_not_allowed"
    assert save_draft(desk, road, "anything", "x").json()["code"] == "desk.lent_not_allowed"
    assert [one["text"] for one in desk.get(place(road, "/drafts")).json()["items"]] == ['{"matters":[],"note":"halb"}']
    own = make_agent(water)
    project([road.next_agent(str(own.pk)).connected(wait_ms=60_000)])
    pop = client_of(own.user).get(f"/api/v1/desk/contacts/{road.contact_id}").json()
    assert [(one["agent_name"], one["note"]) for one in pop["handed_over"]] == [(guest.user.name, "halb")]
    assert wrap_up(desk, road, leak).status_code == 204
    with tenant_scope(water.pk):
        assert not Draft.objects.exists()


def test_acceptance_says_what_the_pools_agents_may_do_and_each_change_is_audited(water: Tenant, pool_id: str) -> None:
    administrator = client_of(make_user(tenant=water))
    (use,) = administrator.get("/api/v1/admin/pool-uses").json()["items"]
    assert [use[name] for name in ("allows_notes", "allows_tickets", "shows_tickets")] == [True, False, False]
    change = {"version": use["version"], "allows_notes": False, "shows_tickets": True}
    path = f"/api/v1/admin/pool-uses/{use['id']}"
    assert administrator.patch(path, change, content_type=JSON).status_code == 200
    assert administrator.patch(path, change, content_type=JSON).status_code == 409  # somebody changed it meanwhile
    (line,) = AuditEntry.objects.filter(action="pool_use.changed")
    assert line.details["difference"] == {"allows_notes": [True, False], "shows_tickets": [False, True]}
