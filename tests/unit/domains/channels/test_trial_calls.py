"""Trying a flow out over HTTP: what the caller meets, by the tenant's own calendars, prompts and outbound list."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.test import Client

from hotline.domains.channels import actions, queries
from hotline.domains.channels.models import PromptRecording
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.scope import tenant_scope
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import (
    administrator_of,
    goodbye,
    make_calendar,
    make_flow,
    make_funnel_level,
    make_module,
    make_prompt,
    make_queue,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def client(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, language="en"))


def _try(client: Client, flow: UUID, definition: dict[str, Any], *answers: str, **more: Any) -> Any:
    body = {"definition": definition, "answers": answers, **more}
    url = f"/api/v1/admin/flows/{flow}/trial-call"
    return client.post(url, msgspec.json.encode(body), content_type="application/json")


def _hotline(queue: UUID, calendar: UUID) -> dict[str, Any]:
    return {
        "first_step": "hours",
        "time_zone": "Asia/Shanghai",
        "steps": {
            "hours": {"kind": "opening_hours", "calendar_id": str(calendar), "if_open": "menu", "if_closed": "bye"},
            "menu": {
                "kind": "menu",
                "messages": [{"zh": "报修请按1。", "en": "For repairs press 1."}],
                "choices": {"1": "repair"},
                "if_invalid": "bye",
                "if_no_input": "bye",
            },
            "repair": {"kind": "queue", "queue_id": str(queue), "priority": 7},
            **goodbye()["steps"],
        },
    }


def test_unsaved_definition_is_walked_and_nothing_is_kept(water: Tenant, client: Client) -> None:
    flow, queue = make_flow(water), make_queue(water)
    body = _hotline(queue, make_calendar(water))
    before = AuditEntry.objects.count()
    answer = _try(client, flow, body, "1", local_moment="2030-03-04T09:00:00").json()
    assert [(line["step_id"], line["kind"], line["detail"]) for line in answer["lines"]] == [
        ("hours", "opening_hours", "open"),
        ("menu", "asked", ""),
        ("menu", "keyed", "1"),
        ("menu", "menu", "1"),
        ("repair", "queue", ""),
    ]
    assert answer["lines"][1]["said"][0]["text"] == "报修请按1。"
    assert (answer["outcome"], answer["queue_id"], answer["priority"]) == ("queued", str(queue), 7)
    assert answer["began_at"] == "2030-03-04T01:00:00Z"
    assert queries.current_node_configuration().flows[0].definition == goodbye()
    assert AuditEntry.objects.count() == before


def test_moment_is_meant_in_the_flows_time_zone(water: Tenant, client: Client) -> None:
    body = _hotline(make_queue(water), make_calendar(water))
    late = _try(client, make_flow(water), body, local_moment="2030-03-04T18:00:00").json()
    assert (late["lines"][0]["detail"], late["outcome"]) == ("closed", "ended")


def test_call_that_waits_says_what_for(water: Tenant, client: Client) -> None:
    body = _hotline(make_queue(water), make_calendar(water))
    answer = _try(client, make_flow(water), body, language="en", local_moment="2030-03-04T09:00:00").json()
    assert answer["outcome"] == "waits"
    assert answer["question"] == {"options": ["1"], "max_length": 1, "terminator": "", "timeout_s": 6}
    assert answer["lines"][1]["said"][0]["text"] == "For repairs press 1."


def test_recorded_prompt_is_named_and_takes_its_own_time(water: Tenant, client: Client) -> None:
    prompt = make_prompt(water, name={"zh": "公告", "en": "Notice"})
    with tenant_scope(water.pk):
        PromptRecording(
            tenant=water, prompt_id=prompt, language="en", audio=b"", sha256="0" * 64, duration_ms=4321
        ).save()
    said = {"kind": "say", "messages": [{"prompt": str(prompt)}, {"prompt": "goodbye"}], "next": "end"}
    body = {"first_step": "hi", "steps": {"hi": said, "end": {"kind": "hang_up"}}}
    answer = _try(client, make_flow(water), body, language="en").json()
    texts = [one["text"] for one in answer["lines"][0]["said"]]
    assert texts == ["Notice", queries.built_in_prompts()["goodbye"]["en"]]
    assert answer["lines"][1]["at_ms"] == 4321 + 65 * len(texts[1])


def test_outside_number_is_dialled_only_when_it_is_listed(water: Tenant, client: Client) -> None:
    steps = {"out": {"kind": "transfer", "number": "02163000000", "if_failed": "bye"}, **goodbye()["steps"]}
    flow, body = make_flow(water), {"first_step": "out", "steps": steps}
    assert _try(client, flow, body).json()["outcome"] == "ended"
    actions.outbound_prefixes.create(administrator_of(water), {"prefix": "021"})
    assert _try(client, flow, body).json()["outcome"] == "transferred"


def test_definition_with_problems_is_refused_with_all_of_them(water: Tenant, client: Client) -> None:
    refused = _try(client, make_flow(water), {"first_step": "x", "steps": {}})
    assert refused.status_code == 422
    assert refused.json()["data"]["problems"][0]["code"] == "flow.unknown_first_step"


@pytest.mark.parametrize("answers", [["1a"], ["1" * 41], ["1"] * 101])
def test_answer_that_no_telephone_can_give_is_refused(answers: list[str], water: Tenant, client: Client) -> None:
    assert _try(client, make_flow(water), goodbye(), *answers).status_code == 422


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "2030-03-04T09:00:00+08:00"])
def test_moment_at_an_end_of_the_calendar_is_refused(moment: str, water: Tenant, client: Client) -> None:
    answer = _try(client, make_flow(water), goodbye(), local_moment=moment)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


def test_other_tenants_flow_is_not_found_and_agents_may_not_try(water: Tenant) -> None:
    flow = make_flow(water)
    assert _try(client_of(make_user(tenant=make_tenant("gas"))), flow, goodbye()).status_code == 404
    assert _try(client_of(make_user(tenant=water, role="agent")), flow, goodbye()).status_code == 403


def test_other_tenants_calendar_is_a_problem(water: Tenant, client: Client) -> None:
    foreign = _hotline(make_queue(water), make_calendar(make_tenant("gas")))
    refused = _try(client, make_flow(water), foreign)
    assert [problem["code"] for problem in refused.json()["data"]["problems"]] == ["flow.unknown_calendar"]


def test_a_trial_call_begins_where_the_business_begins(water: Tenant, client: Client) -> None:
    wide, general = make_queue(water), make_queue(water)
    make_funnel_level(water, 2, wide)
    step = {"kind": "queue", "queue_id": str(general), "business": str(make_module(water, 1))}
    told = _try(client, make_flow(water), {"first_step": "person", "steps": {"person": step}})
    assert told.json()["queue_id"] == str(wide)
