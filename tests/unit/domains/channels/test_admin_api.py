"""Every kind of set-up record behaves alike over HTTP, and no other tenant gets near it."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import PROTECT
from django.test import Client

from hotline.domains.setup_records import SetupRecord
from hotline.domains.setup_words import type_name
from hotline.foundation.models import AuditEntry, Membership, Tenant
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
NAME = {"zh": "名", "en": "Name"}


class Kind(NamedTuple):
    """One kind of record: its path, a body for a new one, and a change to it."""

    path: str
    body: Callable[[Tenant], dict[str, Any]]
    change: dict[str, Any]
    taken: str = "code"


def _coded(**values: Any) -> Callable[[Tenant], dict[str, Any]]:
    return lambda tenant: {"code": "one", "name": NAME, **values}


def _seat(tenant: Tenant) -> dict[str, Any]:
    return {"site_id": str(setup.make_site(tenant)), "label": "A-01"}


def _agent(tenant: Tenant) -> dict[str, Any]:
    skill = {"skill_id": str(setup.make_skill(tenant)), "level": 5}
    return {"user_id": str(make_user(tenant=tenant, role="agent").pk), "number": "8001", "skills": [skill]}


def _queue(tenant: Tenant) -> dict[str, Any]:
    skill = setup.make_skill(tenant)
    setup.make_agent(tenant, skills={skill: 2})
    return {"code": "one", "name": NAME, "skills": [{"skill_id": str(skill), "level": 2}]}


def _ladder(tenant: Tenant) -> dict[str, Any]:
    tier = {
        "name": NAME,
        "trigger": "wait",
        "threshold": 60,
        "stand_down": 20,
        "agent_ids": [str(setup.make_agent(tenant))],
        "skills": [{"skill_id": str(setup.make_skill(tenant)), "level": 3}],
    }
    return {"code": "one", "name": NAME, "queue_ids": [str(setup.make_queue(tenant))], "tiers": [tier]}


def _entry_point(tenant: Tenant) -> dict[str, Any]:
    return {"name": NAME, "address": "962740", "flow_id": str(setup.make_flow(tenant))}


RENAMED = {"name": {"zh": "新名", "en": "Renamed"}}
KINDS = [
    Kind("sites", _coded(), {"address": "Shanghai"}),
    Kind("seats", _seat, {"state": "out_of_order", "fault": "power"}, "label"),
    Kind("departments", _coded(mailbox="repair@water.example"), {"is_active": False}),
    Kind("calendars", _coded(weekly=setup.EVERY_DAY), RENAMED),
    Kind("disposition-nodes", _coded(kind="reason"), {"position": 3}),
    Kind("ticket-types", _coded(due_hours=24), {"due_hours": 4}),
    Kind("away-reasons", _coded(), {"is_active": False}),
    Kind("teams", _coded(), RENAMED),
    Kind("skills", _coded(), RENAMED),
    Kind("agents", _agent, {"device": "sip_phone"}, "number"),
    Kind("queues", _queue, {"rank": 9}),
    Kind("ladders", _ladder, RENAMED),
    Kind("priority-rules", lambda tenant: {"kind": "value_grade", "value": "gold", "points": 3}, {"points": 5}, "kind"),
    Kind("funnel-levels", lambda tenant: {"number": 1, "name": NAME}, RENAMED, "number"),
    Kind("business-modules", _coded(grade=2), {"grade": 3}),
    Kind("attribute-values", _coded(kind="brand"), {"position": 2}),
    Kind("flows", _coded(definition=setup.goodbye()), RENAMED),
    Kind("entry-points", _entry_point, {"recording": "always"}, "address"),
    Kind("prompts", _coded(), RENAMED),
    Kind("outbound-prefixes", lambda tenant: {"prefix": "021"}, {"note": "Shanghai"}, "prefix"),
    Kind("emergency-numbers", lambda tenant: {"number": "96110", "name": NAME}, RENAMED, "number"),
]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water))


@pytest.fixture
def stranger() -> Client:
    return client_of(make_user(tenant=make_tenant("gas")))


def _url(kind: Kind, record_id: str = "") -> str:
    return f"/api/v1/admin/{kind.path}" + (f"/{record_id}" if record_id else "")


def _send(client: Client, method: str, url: str, body: dict[str, Any]) -> Any:
    return client.generic(method, url, _json(body), content_type="application/json")


def _json(body: dict[str, Any]) -> bytes:
    import msgspec

    return msgspec.json.encode(body)


def _created(client: Client, kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    answer = _send(client, "POST", _url(kind), body)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


@every_kind
def test_created_record_is_read_listed_and_audited(kind: Kind, water: Tenant, admin: Client) -> None:
    body = kind.body(water)
    made = _created(admin, kind, body)
    assert made["version"] == 1
    assert made["tenant_id"] == str(water.pk)
    assert admin.get(_url(kind, made["id"])).json() == made
    listed = admin.get(_url(kind), {"q": body[kind.taken]}).json()["items"]
    assert made["id"] in [found["id"] for found in listed]
    assert AuditEntry.objects.filter(object_id=made["id"], action__endswith=".created", tenant_id=water.pk).count() == 1


@every_kind
def test_change_raises_the_version_and_writes_the_difference(kind: Kind, water: Tenant, admin: Client) -> None:
    made = _created(admin, kind, kind.body(water))
    answer = _send(admin, "PATCH", _url(kind, made["id"]), {"version": 1, **kind.change})
    assert answer.status_code == 200, answer.content
    changed = answer.json()
    assert changed["version"] == 2
    assert {name: changed[name] for name in kind.change} == kind.change
    line = AuditEntry.objects.get(object_id=made["id"], action__endswith=".changed")
    assert set(line.details["difference"]) == set(kind.change)


@every_kind
def test_stale_change_is_refused_and_nothing_is_written(kind: Kind, water: Tenant, admin: Client) -> None:
    made = _created(admin, kind, kind.body(water))
    _send(admin, "PATCH", _url(kind, made["id"]), {"version": 1, **kind.change})
    late = _send(admin, "PATCH", _url(kind, made["id"]), {"version": 1, **kind.change})
    assert (late.status_code, late.json()["code"]) == (409, "object.stale")
    assert late.json()["data"]["version"] == 2
    assert admin.delete(_url(kind, made["id"]) + "?version=1").status_code == 409
    assert admin.get(_url(kind, made["id"])).json()["version"] == 2


@every_kind
def test_removed_record_is_gone_and_the_audit_keeps_what_it_was(kind: Kind, water: Tenant, admin: Client) -> None:
    made = _created(admin, kind, kind.body(water))
    assert admin.delete(_url(kind, made["id"]) + "?version=1").status_code == 204
    assert admin.get(_url(kind, made["id"])).status_code == 404
    assert AuditEntry.objects.get(object_id=made["id"], action__endswith=".removed").details["values"]


@every_kind
def test_same_value_again_is_a_conflict(kind: Kind, water: Tenant, admin: Client) -> None:
    body = kind.body(water)
    _created(admin, kind, body)
    other = {**kind.body(water), kind.taken: body[kind.taken]}
    if "site_id" in body:
        other["site_id"] = body["site_id"]
    answer = _send(admin, "POST", _url(kind), other)
    assert (answer.status_code, answer.json()["code"]) == (409, "setup.taken")


@every_kind
def test_other_tenants_administrator_finds_nothing(kind: Kind, water: Tenant, admin: Client, stranger: Client) -> None:
    made = _created(admin, kind, kind.body(water))
    url = _url(kind, made["id"])
    assert stranger.get(_url(kind)).json()["items"] == []
    assert stranger.get(url).status_code == 404
    assert _send(stranger, "PATCH", url, {"version": 1, **kind.change}).status_code == 404
    assert stranger.delete(url + "?version=1").status_code == 404
    assert stranger.get(_url(kind), {"tenant_id": str(water.pk)}).json()["items"] == []
    assert admin.get(url).json() == made


@every_kind
def test_nothing_can_be_made_for_another_tenant(kind: Kind, water: Tenant, stranger: Client) -> None:
    answer = _send(stranger, "POST", _url(kind), {**kind.body(water), "tenant_id": str(water.pk)})
    assert answer.status_code == 403


@every_kind
def test_other_tenants_references_are_refused(kind: Kind, water: Tenant, stranger: Client) -> None:
    body = kind.body(water)
    has_references = any(name.endswith(("_id", "_ids")) for name in body) or body.get("skills")
    answer = _send(stranger, "POST", _url(kind), body)
    assert answer.status_code == (422 if has_references else 201), answer.content


@every_kind
def test_agents_may_not_configure(kind: Kind, water: Tenant) -> None:
    agent = client_of(make_user(tenant=water, role="agent"))
    assert agent.get(_url(kind)).status_code == 403
    assert _send(agent, "POST", _url(kind), kind.body(water)).status_code == 403
    assert Client().get(_url(kind)).status_code == 401


@every_kind
def test_unknown_id_and_unknown_field_are_told(kind: Kind, water: Tenant, admin: Client) -> None:
    assert admin.get(_url(kind, str(uuid4()))).status_code == 404
    answer = _send(admin, "POST", _url(kind), {**kind.body(water), "misspelt": 1})
    assert answer.status_code == 422
    assert answer.json()["data"]["fields"][0]["field"] == "misspelt"


@every_kind
def test_same_idempotency_key_makes_one_record(kind: Kind, water: Tenant, admin: Client) -> None:
    body = _json(kind.body(water))
    headers = {"Idempotency-Key": "a-double-click"}
    first, second = (admin.post(_url(kind), body, content_type="application/json", headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


def test_lists_are_paged_by_cursor(water: Tenant, admin: Client) -> None:
    for _ in range(5):
        setup.make_skill(water)
    first = admin.get("/api/v1/admin/skills", {"limit": 3}).json()
    rest = admin.get("/api/v1/admin/skills", {"limit": 3, "cursor": first["next_cursor"]}).json()
    ids = [found["id"] for found in first["items"] + rest["items"]]
    assert len(ids) == len(set(ids)) == 5
    assert rest["next_cursor"] is None


def test_administrator_of_several_tenants_must_say_which(water: Tenant) -> None:
    user = make_user(tenant=water)
    gas = make_tenant("gas")
    Membership.objects.create(user=user, tenant=gas, role="administrator")
    client = client_of(user)
    answer = _send(client, "POST", "/api/v1/admin/skills", {"code": "one", "name": NAME})
    assert (answer.status_code, answer.json()["code"]) == (422, "tenant.needed")
    named = {"code": "one", "name": NAME, "tenant_id": str(gas.pk)}
    assert _send(client, "POST", "/api/v1/admin/skills", named).json()["tenant_id"] == str(gas.pk)


@pytest.mark.parametrize(
    ("used", "user_word"),
    [
        ("skills", "queue"),
        ("sites", "team"),
        ("queues", "entry point"),
        ("flows", "entry point"),
        ("teams", "agent"),
        ("departments", "ticket type"),
    ],
)
def test_record_in_use_names_its_users(used: str, user_word: str, water: Tenant, admin: Client) -> None:
    made = {
        "skills": lambda: _used_skill(water),
        "sites": lambda: _used_by(setup.make_site(water), lambda key: setup.make_team(water, site_id=key)),
        "queues": lambda: _used_by(
            setup.make_queue(water), lambda key: setup.make_entry_point(water, fallback_queue_id=key)
        ),
        "flows": lambda: _used_by(setup.make_flow(water), lambda key: setup.make_entry_point(water, flow_id=key)),
        "teams": lambda: _used_by(setup.make_team(water), lambda key: setup.make_agent(water, team_id=key)),
        "departments": lambda: _used_by(
            setup.make_department(water), lambda key: setup.make_ticket_type(water, department_id=key)
        ),
    }[used]()
    version = admin.get(f"/api/v1/admin/{used}/{made}").json()["version"]
    answer = admin.delete(f"/api/v1/admin/{used}/{made}?version={version}")
    assert (answer.status_code, answer.json()["code"]) == (409, "object.in_use")
    assert user_word in answer.json()["data"]["used_by"]["en"]


def _used_by(record_id: Any, use: Callable[[Any], Any]) -> Any:
    use(record_id)
    return record_id


def _used_skill(tenant: Tenant) -> Any:
    skill = setup.make_skill(tenant)
    setup.make_queue(tenant, skills={skill: 1})
    return skill


def test_every_record_that_another_can_hold_on_to_has_a_word_in_both_languages() -> None:
    """Refusals name them: what still uses a record is said in the reader's language."""
    protecting = [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field is not None and getattr(field.remote_field, "on_delete", None) is PROTECT
    ]
    holders = {model.object_type for model, _ in protecting if issubclass(model, SetupRecord)}
    assert {kind for kind in holders if type_name(kind)["zh"] == kind} == set()
