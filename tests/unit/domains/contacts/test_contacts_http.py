"""Contacts through HTTP: searched, read, listened to, exported, wrapped up; a second tenant sees nothing of them."""

import csv
import io
import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import Contact, Recording
from hotline.domains.people.models import Agent
from hotline.foundation.fields import keyring
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.kernel.ids import new_id
from hotline.kernel.sealed_files import seal_file
from hotline.messages.facts import CallRefused
from tests.factories.contacts import ARRIVED_MS, Call, make_handled_contact, project
from tests.factories.customers import make_agent, make_customer, make_disposition, make_queue
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road, answered_call

pytestmark = pytest.mark.django_db
JSON = "application/json"
WAV = b"RIFF....WAVEfmt " + bytes(range(200))


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def desk(agent: Agent) -> Client:
    return client_of(agent.user)


@pytest.fixture
def supervisor(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="supervisor"))


@pytest.fixture
def stranger() -> Client:
    return client_of(make_agent(make_tenant(), role="supervisor").user)


def listed(client: Client, **query: Any) -> list[str]:
    answer = client.get("/api/v1/contacts", query)
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


def test_an_agent_sees_own_contacts_and_a_supervisor_all(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    own = make_handled_contact(tenant, agent.pk).contact_id
    other = make_handled_contact(tenant, make_agent(tenant).pk).contact_id
    assert listed(desk) == [own]
    assert listed(supervisor) == [other, own]
    assert desk.get(f"/api/v1/contacts/{own}").status_code == 200
    assert desk.get(f"/api/v1/contacts/{other}").json()["code"] == "object.not_found"


def test_contacts_are_found_by_number_agent_queue_time_and_outcome(
    tenant: Tenant, agent: Agent, supervisor: Client
) -> None:
    queue = make_queue(tenant)
    handled = make_handled_contact(tenant, agent.pk, queue.pk)
    call = Call(tenant)
    take_facts([call.arrived(caller="13900000077"), call.left("contained")])
    day = datetime.fromtimestamp(ARRIVED_MS / 1000, UTC)
    assert listed(supervisor, number="139 0000 0077") == [call.contact_id]
    assert listed(supervisor, agent_id=agent.pk) == [handled.contact_id]
    assert listed(supervisor, queue_id=queue.pk) == [handled.contact_id]
    assert listed(supervisor, outcome="contained") == [call.contact_id]
    assert listed(supervisor, outcome="open") == []
    assert listed(supervisor, until=day.replace(year=2025).isoformat()) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"outcome": "wonderful"}, "contact.filter_invalid"),
        ({"since": "2026-03-01T08:00:00"}, "contact.filter_invalid"),
        ({"cursor": "nonsense"}, "page.cursor_invalid"),
        ({"agent_id": "nobody"}, "request.invalid"),
    ],
)
def test_a_wrong_filter_says_what_to_do(supervisor: Client, query: dict[str, str], code: str) -> None:
    answer = supervisor.get("/api/v1/contacts", query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_pages_go_on_where_the_last_one_ended(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    made = [make_handled_contact(tenant, agent.pk).contact_id for _ in range(5)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = supervisor.get("/api/v1/contacts", query).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


def test_a_list_takes_the_same_number_of_queries_however_long(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            listed(supervisor)
        return len(captured)

    make_handled_contact(tenant, agent.pk)
    few = queries()
    for _ in range(4):
        make_handled_contact(tenant, agent.pk)
    assert queries() == few


def test_the_detail_tells_every_step_and_the_handle_time(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    call = Call(tenant)
    take_facts([call.arrived(), call.step("menu", "1"), call.left(), call.recording()])
    road = Road(
        contact_id=call.contact_id, tenant_id=str(tenant.pk), agent_id=str(agent.pk), asked_ms=ARRIVED_MS + 9_000
    )
    project(
        [
            road.queued(),
            road.offered(),
            road.connected(),
            road.interaction_ended(180_000, 0),
            *road.wrapped_up(191_000, 60_000),
        ]
    )
    found = supervisor.get(f"/api/v1/contacts/{call.contact_id}").json()
    kinds = [step["kind"] for step in found["timeline"]]
    assert kinds[:4] == ["arrived", "flow_step", "left_flow", "queued"] or kinds[:4] == [
        "arrived",
        "flow_step",
        "queued",
        "left_flow",
    ]
    assert {"offered", "connected", "interaction_ended", "wrapped_up", "recording_stored"} <= set(kinds)
    assert found["interactions"][0]["handle_ms"] == 240_000
    assert found["caller"] == "139****0001"
    assert "13900000001" not in str(found)


def wrap_up(client: Client, contact_id: str, *dispositions: Any, **values: Any) -> Any:
    matters = [{"disposition_id": str(node.pk), "note": "漏水"} for node in dispositions]
    payload = {"matters": matters, "note": "关阀"} | values
    return client.post(f"/api/v1/desk/contacts/{contact_id}/wrap-up", payload, content_type=JSON)


def test_wrap_up_files_several_matters_and_may_be_sent_again(tenant: Tenant, agent: Agent, desk: Client) -> None:
    road = make_handled_contact(tenant, agent.pk)
    leak, bill = make_disposition(tenant), make_disposition(tenant)
    assert wrap_up(desk, road.contact_id, leak, bill).status_code == 204
    assert wrap_up(desk, road.contact_id, leak, bill).status_code == 204
    found = desk.get(f"/api/v1/contacts/{road.contact_id}").json()
    assert [matter["disposition_id"] for matter in found["matters"]] == [str(leak.pk), str(bill.pk)]
    assert (found["matters"][0]["note"], found["wrap_ups"][0]["note"]) == ("漏水", "关阀")
    assert AuditEntry.objects.filter(action="contact.wrap_up_filed").count() == 1
    assert wrap_up(desk, road.contact_id, bill).status_code == 204
    found = desk.get(f"/api/v1/contacts/{road.contact_id}").json()
    assert [matter["disposition_id"] for matter in found["matters"]] == [str(bill.pk)]


def test_wrap_up_needs_a_reason_from_the_own_tree(tenant: Tenant, agent: Agent, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    assert wrap_up(desk, contact_id).json()["code"] == "contact.matter_needed"
    foreign, outcome = make_disposition(make_tenant()), make_disposition(tenant, "outcome")
    assert wrap_up(desk, contact_id, foreign).json()["code"] == "contact.disposition_unknown"
    assert wrap_up(desk, contact_id, outcome).json()["code"] == "contact.disposition_unknown"
    assert desk.get(f"/api/v1/contacts/{contact_id}").json()["matters"] == []


def test_wrap_up_of_somebody_elses_contact_is_refused(tenant: Tenant, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, make_agent(tenant).pk).contact_id
    answer = wrap_up(desk, contact_id, make_disposition(tenant))
    assert (answer.status_code, answer.json()["code"]) == (403, "contact.not_yours")


def test_wrap_up_of_a_contact_on_its_way_here_asks_to_wait(tenant: Tenant, desk: Client) -> None:
    answer = wrap_up(desk, new_id(), make_disposition(tenant))
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (404, "desk.contact_not_yet", "1")


def test_who_is_no_agent_cannot_wrap_up(tenant: Tenant, supervisor: Client) -> None:
    answer = wrap_up(supervisor, new_id(), make_disposition(tenant))
    assert (answer.status_code, answer.json()["code"]) == (403, "contact.not_an_agent")


def test_the_agent_says_who_called(tenant: Tenant, agent: Agent, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    customer_id, foreign = make_customer(tenant), make_customer(make_tenant())
    url = f"/api/v1/desk/contacts/{contact_id}/customer"
    assert desk.put(url, {"customer_id": str(foreign)}, content_type=JSON).status_code == 404
    assert desk.put(url, {"customer_id": str(customer_id)}, content_type=JSON).status_code == 204
    assert desk.get(f"/api/v1/contacts/{contact_id}").json()["customer_id"] == str(customer_id)


@pytest.mark.parametrize(("caller", "masked"), [("13900000001", ["139****0001"]), ("anonymous", []), ("", [])])
def test_a_new_customer_gets_the_calling_number_that_the_desk_never_saw(
    tenant: Tenant, agent: Agent, desk: Client, caller: str, masked: list[str]
) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    with tenant_scope(tenant.pk):
        Contact.objects.filter(pk=contact_id).update(caller=caller)
    made = desk.post("/api/v1/customers", {"name": "新客户"}, content_type=JSON).json()
    url = f"/api/v1/desk/contacts/{contact_id}/customer"
    for _ in range(2):  # sent twice: one number
        payload = {"customer_id": made["id"], "takes_number": True}
        assert desk.put(url, payload, content_type=JSON).status_code == 204
    customer = desk.get(f"/api/v1/customers/{made['id']}").json()
    assert [phone["masked"] for phone in customer["phones"]] == masked
    assert AuditEntry.objects.filter(action="customer.phone_added").count() == len(masked)


def test_drafts_are_kept_per_person_and_field(tenant: Tenant, agent: Agent, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    url = f"/api/v1/desk/contacts/{contact_id}/drafts"
    for text in ("漏", "漏水"):
        assert desk.put(f"{url}/note", {"text": text}, content_type=JSON).json()["text"] == text
    desk.put(f"{url}/matter.1", {"text": "x"}, content_type=JSON)
    assert [(d["field"], d["text"]) for d in desk.get(url).json()["items"]] == [("matter.1", "x"), ("note", "漏水")]
    assert client_of(make_agent(tenant).user).get(url).json()["items"] == []
    assert desk.put(f"{url}/note", {"text": ""}, content_type=JSON).status_code == 204
    assert [d["field"] for d in desk.get(url).json()["items"]] == ["matter.1"]


def test_a_draft_over_64_kb_is_refused_and_the_former_one_stays(tenant: Tenant, agent: Agent, desk: Client) -> None:
    url = f"/api/v1/desk/contacts/{make_handled_contact(tenant, agent.pk).contact_id}/drafts"
    assert desk.put(f"{url}/note", {"text": "水" * 21_845}, content_type=JSON).status_code == 200
    answer = desk.put(f"{url}/note", {"text": "水" * 21_846}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "contact.draft_too_large")
    assert len(desk.get(url).json()["items"][0]["text"]) == 21_845
    assert desk.put(f"{url}/a b", {"text": "x"}, content_type=JSON).json()["code"] == "contact.draft_field_invalid"


def recorded(tenant: Tenant, agent: Agent, *, path: str = "", body: bytes = WAV) -> tuple[str, str]:
    """A handled contact with a sealed recording in the store: its id and the recording's."""
    road, recording_id = make_handled_contact(tenant, agent.pk), new_id()
    place = path or f"{tenant.pk}/2026/02/{recording_id}.sealed"
    file: Path = settings.HOTLINE.recordings_dir / place
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as sealed:
        seal_file(BytesIO(body), sealed, keyring(), "recording", f"{tenant.pk}/{recording_id}")
    take_facts([Call(tenant, contact_id=road.contact_id).recording(recording_id, place)])
    return road.contact_id, recording_id


def audio(client: Client, ids: tuple[str, str], reason: str = "quality check", **headers: str) -> Any:
    url = f"/api/v1/contacts/{ids[0]}/recordings/{ids[1]}/audio"
    return client.get(url, {"reason": reason} if reason else {}, headers=headers)


def test_a_recording_is_played_and_the_audit_knows_who_and_why(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    ids = recorded(tenant, agent)
    answer = audio(supervisor, ids)
    assert (answer.status_code, answer["Content-Type"], answer.getvalue()) == (200, "audio/wav", WAV)
    (entry,) = AuditEntry.objects.filter(action="recording.listened")
    assert (entry.object_id, entry.is_read, entry.details["reason"]) == (ids[1], True, "quality check")
    assert audio(desk, ids).status_code == 403
    assert audio(supervisor, ids, reason="").json()["code"] == "contact.listen_reason_missing"


def test_parts_of_a_recording_come_by_range(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    ids = recorded(tenant, agent)
    answer = audio(supervisor, ids, Range="bytes=16-19")
    assert (answer.status_code, answer.getvalue(), answer["Content-Range"]) == (206, WAV[16:20], "bytes 16-19/216")
    assert answer["Content-Length"] == "4"
    answer = audio(supervisor, ids, Range="bytes=999-")
    assert (answer.status_code, answer.json()["code"]) == (416, "contact.range_not_satisfiable")


def test_an_incomplete_recording_says_why(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    road = make_handled_contact(tenant, agent.pk)
    take_facts([Call(tenant, contact_id=road.contact_id).recording(incomplete="disk_full")])
    found = supervisor.get(f"/api/v1/contacts/{road.contact_id}").json()
    assert [recording["incomplete"] for recording in found["recordings"]] == ["disk_full"]
    (stored,) = [event for event in found["timeline"] if event["kind"] == "recording_stored"]
    assert stored["detail"]["incomplete"] == "disk_full"


def test_a_long_recording_is_played_whole_and_from_its_middle(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    body = bytes(number % 251 for number in range(200_000))
    ids = recorded(tenant, agent, body=body)
    assert audio(supervisor, ids, Range="bytes=0-").getvalue() == body
    answer = audio(supervisor, ids, Range="bytes=65530-131080")
    assert (answer.getvalue(), answer["Content-Length"]) == (body[65530:131081], "65551")


def test_recordings_of_earlier_versions_and_altered_ones(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    """The former ones play as ever; one that was cut short, or exchanged for another, plays not at all."""
    former, cut, exchanged = (recorded(tenant, agent) for _ in range(3))
    files = {ids: settings.HOTLINE.recordings_dir / f"{tenant.pk}/2026/02/{ids[1]}.sealed" for ids in (former, cut)}
    files[former].write_bytes(keyring().seal(WAV, "recording"))
    assert audio(supervisor, former).getvalue() == WAV
    taken = files[cut].read_bytes()
    (settings.HOTLINE.recordings_dir / f"{tenant.pk}/2026/02/{exchanged[1]}.sealed").write_bytes(taken)
    files[cut].write_bytes(taken[:-5])
    for ids in (cut, exchanged):
        answer = audio(supervisor, ids)
        assert (answer.status_code, answer.json()["code"]) == (500, "sealing.cannot_open")


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "other-tenant/2026/02/x.sealed"])
def test_a_path_out_of_the_tenants_store_is_never_opened(
    tenant: Tenant, agent: Agent, supervisor: Client, path: str
) -> None:
    road = make_handled_contact(tenant, agent.pk)
    with tenant_scope(tenant.pk):
        recording = Recording.objects.create(
            tenant=tenant,
            contact_id=UUID(road.contact_id),
            path=path,
            started_at=to_datetime(ASKED_MS),
            duration_ms=1,
            size_bytes=1,
            sha256="",
            key_id="k1",
        )
    answer = audio(supervisor, (road.contact_id, str(recording.pk)))
    assert (answer.status_code, answer.json()["code"]) == (410, "contact.recording_gone")


def csv_rows(client: Client, **query: Any) -> list[dict[str, str]]:
    answer = client.get("/api/v1/contacts.csv", query)
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_export_says_what_is_simulated_and_cannot_carry_a_formula(
    tenant: Tenant, agent: Agent, supervisor: Client
) -> None:
    supervisor_user_language(supervisor)
    customer_id = make_customer(tenant, name='=HYPERLINK("x")')
    queue = make_queue(tenant)
    make_handled_contact(tenant, agent.pk, queue.pk, customer_id=str(customer_id), is_simulated=True)
    make_handled_contact(tenant, agent.pk, queue.pk)
    real, simulated = csv_rows(supervisor)
    assert (real["simulated"], simulated["simulated"]) == ("no", "yes")
    assert simulated["customer"] == '\'=HYPERLINK("x")'
    assert (real["wait s"], real["queue"], real["agent"]) == ("11.000", queue.name["en"], agent.user.name)
    assert AuditEntry.objects.filter(action="contact.exported", is_read=True).count() == 1


def supervisor_user_language(client: Client) -> None:
    client.patch("/api/v1/me/preferences", {"language": "en"}, content_type=JSON)


def test_export_goes_on_past_its_page(
    tenant: Tenant, agent: Agent, supervisor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.domains.contacts.export.PAGE", 2)
    made = [make_handled_contact(tenant, agent.pk).contact_id for _ in range(5)]
    supervisor_user_language(supervisor)
    assert [row["contact"] for row in csv_rows(supervisor)] == made[::-1]


def test_export_needs_its_own_right(desk: Client) -> None:
    assert desk.get("/api/v1/contacts.csv").status_code == 403


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


def test_call_backs_are_listed_and_done_once(tenant: Tenant, supervisor: Client) -> None:
    call = Call(tenant)
    take_facts([call.arrived(), call.cut_short(asked_at_ms=ARRIVED_MS + 500)])
    (item,) = supervisor.get("/api/v1/call-backs").json()["items"]
    assert (item["caller"], item["done_at"]) == ("139****0001", None)
    assert datetime.fromisoformat(item["asked_at"]) == to_datetime(ARRIVED_MS + 500)
    done = [
        supervisor.post(f"/api/v1/call-backs/{item['id']}/done", {"note": note}, content_type=JSON).json()
        for note in ("reached", "again")
    ]
    assert [answer["done_note"] for answer in done] == ["reached", "reached"]
    assert supervisor.get("/api/v1/call-backs").json()["items"] == []
    assert len(supervisor.get("/api/v1/call-backs", {"is_done": True}).json()["items"]) == 1


def test_the_callers_number_is_shown_to_those_who_may_and_audited(tenant: Tenant, supervisor: Client) -> None:
    call = Call(tenant)
    take_facts([call.arrived()])
    url = f"/api/v1/contacts/{call.contact_id}/caller/reveal"
    assert supervisor.post(url, {"reason": "call back"}, content_type=JSON).json() == {"number": "+8613900000001"}
    assert AuditEntry.objects.filter(action="contact.caller_revealed", is_read=True).count() == 1


def test_refused_calls_are_listed_to_whom_they_concern(tenant: Tenant, supervisor: Client) -> None:
    for owner, called in (("", "962740999"), (str(tenant.pk), "962740")):
        take_facts([refused_call(owner, called)])
    own, nobodys = ("962740", "139****0001"), ("962740999", "139****0001")
    assert sorted(refused(supervisor)) == [own, nobodys]  # whose installation it is alone
    neighbour = client_of(make_agent(make_tenant(), role="supervisor").user)
    assert refused(supervisor) == [own]
    assert refused(neighbour) == []


def refused(client: Client) -> list[tuple[str, str]]:
    items = client.get("/api/v1/refused-calls").json()["items"]
    assert {item["node_id"] for item in items} <= {"node-1"}
    return [(item["called_address"], item["caller"]) for item in items]


def refused_call(tenant_id: str, called: str) -> CallRefused:
    return CallRefused(
        fact_id=new_id(),
        at_ms=ARRIVED_MS,
        contact_id=new_id(),
        tenant_id=tenant_id,
        node_id="node-1",
        called_address=called,
        caller_address="13900000001",
        cause="unknown_number",
    )


FOREIGN_ROUTES = [
    ("get", "contacts/{contact}", None, 404),
    ("post", "contacts/{contact}/caller/reveal", {"reason": "why not"}, 404),
    ("get", "contacts/{contact}/recordings/{recording}/audio?reason=x", None, 404),
    ("post", "call-backs/{call_back}/done", {"note": ""}, 404),
    ("post", "desk/contacts/{contact}/wrap-up", {"matters": [{"disposition_id": "$node"}]}, 404),
    ("put", "desk/contacts/{contact}/customer", {"customer_id": "$customer"}, 404),
    ("put", "desk/contacts/{contact}/drafts/note", {"text": "x"}, 404),
    ("get", "desk/contacts/{contact}", None, 404),
]


@pytest.mark.parametrize(("method", "path", "payload", "status"), FOREIGN_ROUTES)
def test_a_second_tenant_is_refused(
    tenant: Tenant, agent: Agent, stranger: Client, method: str, path: str, payload: Any, status: int
) -> None:
    contact_id, recording_id = recorded(tenant, agent)
    take_facts([Call(tenant, contact_id=contact_id).cut_short()])
    with tenant_scope(tenant.pk):
        call_back = Contact.objects.get(pk=contact_id).call_back.pk
    ids = {
        "contact": contact_id,
        "recording": recording_id,
        "call_back": call_back,
        "node": make_disposition(tenant).pk,
        "customer": make_customer(tenant),
    }
    url = "/api/v1/" + path.format(**ids)
    filled = None if payload is None else json.loads(Template(json.dumps(payload)).substitute(ids))
    send = getattr(stranger, method)
    answer = send(url) if filled is None else send(url, filled, content_type=JSON)
    assert answer.status_code == status, answer.content
    assert not AuditEntry.objects.filter(action__in=["recording.listened", "contact.caller_revealed"]).exists()


def test_lists_of_a_second_tenant_are_empty(tenant: Tenant, agent: Agent, stranger: Client) -> None:
    contact_id, _ = recorded(tenant, agent)
    take_facts([Call(tenant, contact_id=contact_id).cut_short()])
    assert listed(stranger) == []
    assert csv_rows(stranger) == []
    assert stranger.get("/api/v1/call-backs").json()["items"] == []
    day = datetime.fromtimestamp(ASKED_MS / 1000, UTC).date().isoformat()
    assert stranger.get("/api/v1/reports/intervals", {"date": day}).json()["queues"] == []
    assert stranger.get(f"/api/v1/desk/contacts/{contact_id}/drafts").json()["items"] == []
