"""Flows: drafts, publishing with everything checked, going back, and what keeps their parts from being removed."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.channels import errors, flow_actions, queries, rules
from hotline.domains.people import actions as people
from hotline.domains.routing import actions as routing
from hotline.flows import InvalidFlowError, read_flow
from hotline.foundation.errors import InUseError, StaleVersionError
from hotline.foundation.models import AuditEntry, Tenant
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import (
    administrator_of,
    goodbye,
    make_agent,
    make_calendar,
    make_entry_point,
    make_flow,
    make_prompt,
    make_queue,
    make_skill,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def client(water: Tenant) -> Client:
    return client_of(make_user(tenant=water))


def _to_queue(queue: UUID, **more: Any) -> dict[str, Any]:
    welcome = {"kind": "say", "messages": [{"prompt": "welcome"}], "next": "person"}
    return {"first_step": "hi", "steps": {"hi": welcome, "person": {"kind": "queue", "queue_id": str(queue), **more}}}


def _published() -> list[tuple[str, int]]:
    return [(flow.flow_id, flow.version) for flow in queries.current_node_configuration().flows]


def _call(client: Client, method: str, flow: UUID, path: str, body: dict[str, Any]) -> Any:
    url = f"/api/v1/admin/flows/{flow}/{path}"
    return client.generic(method, url, msgspec.json.encode(body), content_type="application/json")


def test_published_version_reaches_the_nodes_and_a_draft_does_not(water: Tenant) -> None:
    admin = administrator_of(water)
    flow = make_flow(water)
    assert _published() == [(str(flow), 1)]
    number = flow_actions.save_draft(admin, flow, 2, _to_queue(make_queue(water)))
    assert number == 2
    assert _published() == [(str(flow), 1)]
    flow_actions.publish(admin, flow, 3, 2)
    assert _published() == [(str(flow), 2)]
    assert queries.current_node_configuration().flows[0].definition["first_step"] == "hi"


def test_saving_again_replaces_the_draft(water: Tenant) -> None:
    admin = administrator_of(water)
    flow = make_flow(water, is_published=False)
    assert flow_actions.save_draft(admin, flow, 1, {"steps": {}}) == 1
    shown = queries.flow_records.one(admin, flow)
    assert (len(shown.versions), shown.draft_number, shown.published_number) == (1, 1, None)


def test_unfinished_draft_is_kept_and_its_problems_are_listed(water: Tenant, client: Client) -> None:
    flow = make_flow(water, is_published=False)
    wrong = {
        "first_step": "hi",
        "steps": {"hi": {"kind": "say", "messages": [{"prompt": "welcome"}], "next": "nowhere"}},
    }
    answer = _call(client, "PUT", flow, "draft", {"version": 1, "definition": wrong})
    assert answer.status_code == 200
    assert [problem["code"] for problem in answer.json()["problems"]] == ["flow.unknown_step"]
    refused = _call(client, "POST", flow, "publish", {"version": 2, "number": 1})
    assert refused.status_code == 422
    assert refused.json()["data"]["problems"][0]["step_id"] == "hi"
    assert _published() == []


@pytest.mark.parametrize(("language", "part"), [("zh", "步骤“hi”指向“nowhere”"), ("en", "Step 'hi' goes to 'nowhere'")])
def test_problems_are_told_in_the_readers_language(language: str, part: str, water: Tenant) -> None:
    reader = make_user(tenant=water, language=language)
    client = client_of(reader)
    flow = make_flow(water, is_published=False)
    wrong = {
        "first_step": "hi",
        "steps": {"hi": {"kind": "say", "messages": [{"prompt": "welcome"}], "next": "nowhere"}},
    }
    saved = _call(client, "PUT", flow, "draft", {"version": 1, "definition": wrong}).json()
    checked = _call(client, "POST", flow, "check", {"definition": wrong}).json()
    shown = client.get(f"/api/v1/admin/flows/{flow}/versions/1").json()
    refused = _call(client, "POST", flow, "publish", {"version": 2, "number": 1}).json()
    lists = (saved["problems"], checked, shown["problems"], refused["data"]["problems"])
    assert all(found[0]["sentence"].startswith(part) for found in lists)
    assert part in refused["sentence"]
    assert refused["data"]["first"].startswith(part)


@pytest.mark.parametrize("kind", ["queue", "skill", "calendar", "prompt"])
def test_reference_to_another_tenant_is_a_problem(kind: str, water: Tenant) -> None:
    gas = make_tenant("gas")
    foreign = {
        "queue": lambda: _to_queue(make_queue(gas)),
        "skill": lambda: _to_queue(make_queue(water), needs=[{"skill_id": str(make_skill(gas))}]),
        "calendar": lambda: _with_calendar(make_calendar(gas)),
        "prompt": lambda: _with_prompt(make_prompt(gas)),
    }[kind]()
    flow = make_flow(water, foreign, is_published=False)
    with pytest.raises(InvalidFlowError) as caught:
        flow_actions.publish(administrator_of(water), flow, 1, 1)
    assert [problem.code for problem in caught.value.problems] == [f"flow.unknown_{kind}"]


def _with_calendar(calendar: UUID) -> dict[str, Any]:
    hours = {"kind": "opening_hours", "calendar_id": str(calendar), "if_open": "bye", "if_closed": "bye"}
    return {"first_step": "hours", "steps": {"hours": hours, **goodbye()["steps"]}}


def _with_prompt(prompt: UUID) -> dict[str, Any]:
    said = {"kind": "say", "messages": [{"prompt": str(prompt)}], "next": "bye"}
    return {"first_step": "hi", "steps": {"hi": said, **goodbye()["steps"]}}


def test_queue_of_a_published_flow_cannot_be_removed(water: Tenant) -> None:
    admin = administrator_of(water)
    queue = make_queue(water)
    flow = make_flow(water, _to_queue(queue), code="main")
    with pytest.raises(InUseError, match="flow main"):
        routing.queues.remove(admin, queue, 1)
    flow_actions.save_draft(admin, flow, 2, goodbye())
    flow_actions.publish(admin, flow, 3, 2)
    routing.queues.remove(admin, queue, 1)
    assert queries.current_node_configuration().queue_names == {}


def test_going_back_publishes_the_earlier_words_under_a_new_number(water: Tenant, client: Client) -> None:
    admin = administrator_of(water)
    flow = make_flow(water)
    flow_actions.save_draft(admin, flow, 2, _to_queue(make_queue(water)))
    flow_actions.publish(admin, flow, 3, 2)
    answer = _call(client, "POST", flow, "roll-back", {"version": 4, "number": 1})
    assert answer.status_code == 200
    states = [(version["number"], version["state"]) for version in answer.json()["versions"]]
    assert states == [(1, "retired"), (2, "retired"), (3, "published")]
    assert queries.current_node_configuration().flows[0].definition == goodbye()


def test_publishing_twice_or_from_a_stale_page_is_refused(water: Tenant) -> None:
    admin = administrator_of(water)
    flow = make_flow(water)
    with pytest.raises(errors.FlowVersionPublishedError):
        flow_actions.publish(admin, flow, 2, 1)
    with pytest.raises(StaleVersionError):
        flow_actions.publish(admin, flow, 1, 1)
    with pytest.raises(errors.FlowVersionUnknownError):
        flow_actions.publish(admin, flow, 2, 9)


def test_publishing_is_audited_with_the_difference(water: Tenant) -> None:
    admin = administrator_of(water)
    flow = make_flow(water)
    flow_actions.save_draft(admin, flow, 2, _to_queue(make_queue(water)))
    flow_actions.publish(admin, flow, 3, 2)
    line = AuditEntry.objects.filter(action="flow.published", object_id=str(flow)).latest("pk")
    assert line.details["difference"]["added"] == ["hi", "person"]
    assert line.details["difference"]["removed"] == ["bye", "end"]


def test_two_versions_are_compared_over_http(water: Tenant, client: Client) -> None:
    flow = make_flow(water)
    changed = goodbye()
    changed["steps"]["end"]["reason"] = "closed"
    flow_actions.save_draft(administrator_of(water), flow, 2, changed)
    answer = client.get(f"/api/v1/admin/flows/{flow}/versions/1/difference/2").json()
    assert answer == {
        "added": [],
        "removed": [],
        "changed": [{"step_id": "end", "fields": {"reason": [None, "closed"]}}],
        "whole": {},
    }


def test_unsaved_definition_is_compared_with_what_is_published(water: Tenant, client: Client) -> None:
    flow = make_flow(water)
    changed = goodbye()
    del changed["steps"]["end"]
    changed["steps"]["bye"]["next"] = "hello"
    answer = _call(client, "POST", flow, "difference", {"definition": changed}).json()
    assert (answer["removed"], answer["changed"][0]["fields"]) == (["end"], {"next": ["end", "hello"]})
    unpublished = make_flow(water, is_published=False)
    assert _call(client, "POST", unpublished, "difference", {"definition": goodbye()}).json()["added"] == ["bye", "end"]


def test_checking_keeps_nothing(water: Tenant, client: Client) -> None:
    flow = make_flow(water)
    answer = _call(client, "POST", flow, "check", {"definition": {"first_step": "x", "steps": {}}})
    assert answer.json()[0]["code"] == "flow.unknown_first_step"
    assert _call(client, "POST", flow, "check", {"definition": goodbye()}).json() == []
    assert len(queries.flow_records.one(administrator_of(water), flow).versions) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "draft"),
        ("POST", "check"),
        ("POST", "difference"),
        ("POST", "trial-call"),
        ("POST", "publish"),
        ("POST", "roll-back"),
        ("GET", "versions/1"),
        ("GET", "versions/1/difference/1"),
    ],
)
def test_other_tenants_flow_is_not_found(method: str, path: str, water: Tenant) -> None:
    flow = make_flow(water)
    stranger = client_of(make_user(tenant=make_tenant("gas")))
    bodies: dict[str, dict[str, Any]] = {
        "draft": {"version": 2, "definition": goodbye()},
        "check": {"definition": goodbye()},
        "difference": {"definition": goodbye()},
        "trial-call": {"definition": goodbye()},
        "publish": {"version": 2, "number": 1},
        "roll-back": {"version": 2, "number": 1},
    }
    assert _call(stranger, method, flow, path, bodies.get(path, {})).status_code == 404
    agent = client_of(make_user(tenant=water, role="agent"))
    assert _call(agent, method, flow, path, bodies.get(path, {})).status_code == 403


@pytest.mark.parametrize("definition", [{}, {"steps": []}])
def test_draft_that_is_no_dialogue_is_refused(definition: dict[str, Any], water: Tenant, client: Client) -> None:
    flow = make_flow(water)
    answer = _call(client, "PUT", flow, "draft", {"version": 2, "definition": definition})
    assert (answer.status_code, answer.json()["code"]) == (422, "channels.draft_not_dialogue")


def test_oversize_draft_is_refused(water: Tenant) -> None:
    huge = {"steps": {"a": "x" * rules.MOST_DEFINITION_BYTES}}
    with pytest.raises(errors.DefinitionTooLargeError):
        flow_actions.save_draft(administrator_of(water), make_flow(water), 2, huge)


def test_entry_point_needs_a_published_flow(water: Tenant) -> None:
    draft = make_flow(water, is_published=False, code="draft")
    with pytest.raises(errors.FlowNotPublishedError, match="draft"):
        make_entry_point(water, flow_id=draft)
    make_entry_point(water, flow_id=draft, is_active=False)


def test_needs_of_a_flow_are_found_in_every_step(water: Tenant) -> None:
    queue, skill = make_queue(water), make_skill(water)
    needs = rules.needs_of(read_flow(_to_queue(queue, needs=[{"skill_id": str(skill), "level": 3}])))
    assert (set(needs.queue_ids), set(needs.skill_ids)) == ({str(queue)}, {str(skill)})
    assert needs.prompt_ids == {"welcome", "all_agents_busy"}


@pytest.mark.parametrize(("language", "part"), [("en", "needs the skill 'Welding' at level 3"), ("zh", "“焊接”3 级")])
def test_a_step_that_needs_a_skill_nobody_has_is_not_published(language: str, part: str, water: Tenant) -> None:
    reader = client_of(make_user(tenant=water, language=language))
    queue, skill = make_queue(water), make_skill(water, name={"zh": "焊接", "en": "Welding"})
    make_agent(water, skills={skill: 2})
    definition = _to_queue(queue, needs=[{"skill_id": str(skill), "level": 3}])
    flow = make_flow(water, definition, is_published=False)
    checked = _call(reader, "POST", flow, "check", {"definition": definition}).json()
    refused = _call(reader, "POST", flow, "publish", {"version": 1, "number": 1})
    assert (refused.status_code, refused.json()["code"]) == (422, "flow.invalid")
    assert [problem["code"] for problem in checked] == ["flow.unheld_skill"]
    assert part in checked[0]["sentence"]
    assert part in refused.json()["sentence"]
    assert _published() == []


def test_what_a_published_step_needs_may_be_published_again_after_those_who_had_it_left(water: Tenant) -> None:
    admin = administrator_of(water)
    queue, skill = make_queue(water), make_skill(water)
    welder = make_agent(water, skills={skill: 3})
    needed = [{"skill_id": str(skill), "level": 3}]
    flow = make_flow(water, _to_queue(queue, needs=needed))
    people.agents.change(admin, welder, 1, {"is_active": False})
    flow_actions.save_draft(admin, flow, 2, _to_queue(queue, needs=needed, priority=2))
    flow_actions.publish(admin, flow, 3, 2)
    more = [{"skill_id": str(skill), "level": 4}]
    flow_actions.save_draft(admin, flow, 4, _to_queue(queue, needs=more))
    with pytest.raises(InvalidFlowError, match="at level 4"):
        flow_actions.publish(admin, flow, 5, 3)


def test_moved_steps_are_kept_with_their_version_and_reach_no_node(water: Tenant, client: Client) -> None:
    flow = make_flow(water)
    draft = {"version": 2, "definition": goodbye(), "layout": {"bye": {"x": 40, "y": -7}, "gone": {"x": 1, "y": 1}}}
    assert _call(client, "PUT", flow, "draft", draft).json()["layout"] == {"bye": {"x": 40, "y": -7}}
    assert client.get(f"/api/v1/admin/flows/{flow}/versions/1").json()["layout"] == {}
    _call(client, "POST", flow, "publish", {"version": 3, "number": 2})
    assert queries.current_node_configuration().flows[0].definition == goodbye()
    kept = _call(client, "PUT", flow, "draft", {"version": 4, "definition": goodbye()}).json()
    assert (kept["number"], kept["layout"]) == (3, {"bye": {"x": 40, "y": -7}})


def test_going_back_takes_the_positions_along(water: Tenant, client: Client) -> None:
    admin = administrator_of(water)
    flow = make_flow(water, is_published=False)
    flow_actions.save_draft(admin, flow, 1, goodbye(), layout={"bye": {"x": 5, "y": 6}})
    flow_actions.publish(admin, flow, 2, 1)
    flow_actions.save_draft(admin, flow, 3, goodbye(), layout={})
    flow_actions.publish(admin, flow, 4, 2)
    assert flow_actions.roll_back(admin, flow, 5, 1) == 3
    assert client.get(f"/api/v1/admin/flows/{flow}/versions/3").json()["layout"] == {"bye": {"x": 5, "y": 6}}


@pytest.mark.parametrize("place", [{"x": 1}, {"x": "left", "y": 1}, {"x": 1_000_000, "y": 1}])
def test_position_that_is_none_is_refused(place: dict[str, Any], water: Tenant, client: Client) -> None:
    flow = make_flow(water)
    draft = {"version": 2, "definition": goodbye(), "layout": {"bye": place}}
    assert _call(client, "PUT", flow, "draft", draft).status_code == 422


@pytest.mark.parametrize(("path", "large"), [("flows", "definition"), ("prompts", "audio")])
def test_lists_leave_what_is_large_in_the_database(path: str, large: str, water: Tenant, client: Client) -> None:
    make_flow(water, _with_prompt(make_prompt(water)))
    with CaptureQueriesContext(connection) as captured:
        (shown,) = client.get(f"/api/v1/admin/{path}").json()["items"]
    assert shown["versions" if path == "flows" else "recordings"] is not None
    assert [query["sql"] for query in captured if large in query["sql"]] == []


@pytest.mark.parametrize("text", ["a\x00b", "half \ud83d", float("nan")])
def test_text_that_one_of_the_databases_cannot_keep_is_refused_by_both(
    text: Any, water: Tenant, client: Client
) -> None:
    flow = make_flow(water)
    said = {"kind": "say", "messages": [{"zh": text, "en": text}], "next": "end"}
    body = {"version": 2, "definition": {"first_step": "hi", "steps": {"hi": said, **goodbye()["steps"]}}}
    url = f"/api/v1/admin/flows/{flow}/draft"
    answer = client.put(url, json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    searched = client.get("/api/v1/admin/flows", {"q": "a\x00"})
    assert (searched.status_code, searched.json()["code"]) == (422, "request.invalid")
