"""What-ifs through the API: asked, refused, cancelled, applied; nothing of the set-up changes by asking."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from hotline.domains.routing import queries, what_if_work, what_ifs
from hotline.domains.routing.errors import WhatIfDayError
from hotline.domains.routing.versions import keep_versions
from hotline.foundation import outbox
from hotline.foundation.models import AuditEntry, Tenant
from hotline.kernel.failure import Failure
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
ADMIN = "/api/v1/admin"
RUNS = f"{ADMIN}/routing/what-ifs"


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def queue(water: Tenant) -> UUID:
    return setup.make_queue(water)


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, name="李红", language="en"))


def post(client: Client, url: str, body: Any = None, **headers: Any) -> Any:
    return client.post(url, body or {}, content_type="application/json", headers=headers)


def change_of(queue: UUID, version: int = 1, **values: Any) -> dict[str, Any]:
    return {"change": {"object_type": "queue", "record_id": str(queue), "values": {"version": version, **values}}}


def asked(client: Client, queue: UUID, **values: Any) -> dict[str, Any]:
    answer = post(client, RUNS, change_of(queue, **(values or {"rank": 7})))
    assert answer.status_code == 202, answer.content
    return dict(answer.json())


def taken(water: Tenant, run: dict[str, Any]) -> what_if_work.Work:
    """As the worker takes it."""
    work = what_if_work.take(water.pk, UUID(run["id"]))
    assert work is not None
    return work


def answered(water: Tenant, run: dict[str, Any]) -> None:
    """As the worker leaves it."""
    taken(water, run)
    result = {"queues": [], "figures": [], "curves": [], "recorded_versions": 1, "left_out": {}, "refused": {}}
    what_if_work.finish(water.pk, UUID(run["id"]), {**result, "recorded_version": 1})


def test_asking_changes_nothing_but_leaves_a_run_a_job_and_an_audit_line(
    water: Tenant, admin: Client, queue: UUID
) -> None:
    before = admin.get(f"{ADMIN}/queues/{queue}").json()
    version, told = queries.current_configuration().version, len(outbox.pending("routing.configuration"))
    run = asked(admin, queue, rank=7)
    assert admin.get(f"{ADMIN}/queues/{queue}").json() == before
    assert (queries.current_configuration().version, len(outbox.pending("routing.configuration"))) == (version, told)
    assert (run["state"], run["asked_by"], run["steps"], run["steps_done"]) == ("waiting", "李红", 11, 0)
    (changed,) = run["changes"]
    assert (changed["object_id"], changed["fields"][0]["field"]) == (str(queue), "rank")
    (job,) = outbox.pending("job")
    assert (job.payload["name"], job.payload["payload"]["run_id"]) == ("routing.what_if", run["id"])
    assert AuditEntry.objects.get(action="what_if.asked").details["values"] == {"rank": 7}
    assert admin.get(RUNS).json()["items"] == [run]
    assert {queue.queue_id: queue.rank for queue in taken(water, run).changed.queues} == {str(queue): 7}


def test_yesterday_is_meant_where_no_day_is_named(admin: Client, queue: UUID) -> None:
    run = asked(admin, queue)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    assert run["day"] == (today - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("day", "now", "ends"),
    [
        (date(2026, 3, 2), datetime(2026, 3, 5, 1, tzinfo=UTC), "2026-03-03T00:00:00+08:00"),
        (date(2026, 3, 2), datetime(2026, 3, 2, 1, 14, 59, tzinfo=UTC), "2026-03-02T09:00:00+08:00"),
        (None, datetime(2026, 3, 2, 15, 59, tzinfo=UTC), "2026-03-02T00:00:00+08:00"),
        (None, datetime(2026, 3, 2, 16, 0, tzinfo=UTC), "2026-03-03T00:00:00+08:00"),
    ],
)
def test_a_day_is_the_tenants_own_and_today_goes_to_the_last_whole_quarter(
    day: date | None, now: datetime, ends: str
) -> None:
    _, ends_at = what_ifs.window(day, ZoneInfo("Asia/Shanghai"), now)
    assert ends_at.isoformat() == ends


@pytest.mark.parametrize(
    ("day", "last"), [(date(2026, 3, 4), "2026-03-03"), (date(2026, 3, 3), "2026-03-02"), (date(9999, 12, 31), "")]
)
def test_a_day_without_a_whole_quarter_is_refused_with_one_that_has_some(day: date, last: str) -> None:
    now = datetime(2026, 3, 2, 16, 14, tzinfo=UTC)  # the third has begun in Shanghai
    with pytest.raises(WhatIfDayError) as refused:
        what_ifs.window(day, ZoneInfo("Asia/Shanghai"), now)
    assert last in str(refused.value)


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "2199-01-01", "9999-12-31", "0001-01-01"])
def test_a_bad_day_is_answered_with_a_sentence(admin: Client, queue: UUID, day: str) -> None:
    answer = post(admin, RUNS, {**change_of(queue, rank=7), "day": day})
    assert answer.status_code == 422
    assert "day" in answer.json()["sentence"]
    assert outbox.pending("job") == []


@pytest.mark.parametrize("body", [{}, {"number": 1, "change": {"object_type": "queue", "values": {}}}])
def test_either_a_version_or_a_change_is_asked_about(admin: Client, body: dict[str, Any]) -> None:
    if body:
        body = {**body, "change": {"object_type": "priority_rule", "values": {"kind": "vip", "points": 3}}}
    answer = post(admin, RUNS, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "routing.what_if_basis")


@pytest.mark.parametrize(
    ("values", "code", "sentence"),
    [
        ({"is_emergency": True, "is_background": True}, "routing.setup_worse", "both an emergency"),
        ({"overflows": [{"after_s": 5, "queue_id": str(uuid4())}]}, "setup.unknown_reference", "does not exist"),
        ({"offer_timeout_s": "soon"}, "request.invalid", "offer_timeout_s"),
        ({"misspelt": 1}, "request.invalid", "misspelt"),
        ({"version": 9, "rank": 1}, "object.stale", "changed"),
    ],
)
def test_what_could_not_be_saved_is_refused_with_the_same_sentence(
    admin: Client, queue: UUID, values: dict[str, Any], code: str, sentence: str
) -> None:
    body = {"version": 1, **values}
    answers = [
        admin.patch(f"{ADMIN}/queues/{queue}", body, content_type="application/json"),
        post(admin, RUNS, change_of(queue, **body)),
    ]
    assert answers[0].json() == answers[1].json()
    assert (answers[1].status_code >= 400, answers[1].json()["code"]) == (True, code)
    assert sentence in answers[1].json()["sentence"]
    assert admin.get(RUNS).json()["items"] == []


def test_a_second_submission_is_answered_as_the_first_and_another_question_waits(admin: Client, queue: UUID) -> None:
    body = change_of(queue, rank=7)
    first, second = (post(admin, RUNS, body, **{"Idempotency-Key": "what-if-0001"}) for _ in range(2))
    assert (first.status_code, second.json()) == (202, first.json())
    third = post(admin, RUNS, body)
    assert (third.status_code, third.json()["code"]) == (409, "routing.what_if_open")
    assert "李红" in third.json()["sentence"]
    assert len(outbox.pending("job")) == 1


def test_a_cancelled_run_is_not_played_and_makes_room(water: Tenant, admin: Client, queue: UUID) -> None:
    run = asked(admin, queue)
    assert post(admin, f"{RUNS}/{run['id']}/cancel").status_code == 204
    assert what_if_work.take(water.pk, UUID(run["id"])) is None
    assert admin.get(f"{RUNS}/{run['id']}").json()["state"] == "cancelled"
    assert post(admin, f"{RUNS}/{run['id']}/cancel").status_code == 204
    second = asked(admin, queue)
    taken(water, second)
    assert what_if_work.is_wanted(water.pk, UUID(second["id"]))
    post(admin, f"{RUNS}/{second['id']}/cancel")
    assert not what_if_work.is_wanted(water.pk, UUID(second["id"]))
    what_if_work.finish(water.pk, UUID(second["id"]), {"late": True})
    assert admin.get(f"{RUNS}/{second['id']}").json()["result"] is None
    assert AuditEntry.objects.filter(action="what_if.cancelled").count() == 2


def test_progress_and_failure_are_told_in_the_readers_language(water: Tenant, admin: Client, queue: UUID) -> None:
    run = asked(admin, queue)
    taken(water, run)
    what_if_work.tell(water.pk, UUID(run["id"]), 4)
    told = admin.get(f"{RUNS}/{run['id']}").json()
    assert (told["state"], told["steps_done"]) == ("running", 4)
    failure = Failure(
        code="what_if.not_recorded", data={"first": "2026-03-02 08:00", "last": "2026-03-03 09:00"}, sentence="English."
    )
    what_if_work.fail(water.pk, UUID(run["id"]), failure)
    told = admin.get(f"{RUNS}/{run['id']}").json()
    assert (told["state"], told["failure_code"]) == ("failed", failure.code)
    assert "kept from 2026-03-02 08:00 to 2026-03-03 09:00" in told["sentence"]
    chinese = client_of(make_user(tenant=water, language="zh"))
    assert "2026-03-02 08:00" in chinese.get(f"{RUNS}/{run['id']}").json()["sentence"]


def test_a_run_that_is_put_back_is_taken_again(water: Tenant, admin: Client, queue: UUID) -> None:
    run = asked(admin, queue)
    taken(water, run)
    what_if_work.give_back(water.pk, UUID(run["id"]))
    assert [job.payload["payload"]["run_id"] for job in outbox.pending("job")] == [run["id"]] * 2
    assert admin.get(f"{RUNS}/{run['id']}").json()["state"] == "waiting"
    taken(water, run)


def test_a_change_is_applied_once_and_not_over_somebody_elses(water: Tenant, admin: Client, queue: UUID) -> None:
    run = asked(admin, queue, rank=7)
    assert post(admin, f"{RUNS}/{run['id']}/apply").json()["code"] == "routing.what_if_not_ready"
    answered(water, run)
    assert post(admin, f"{RUNS}/{run['id']}/apply").status_code == 204
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["rank"] == 7
    assert post(admin, f"{RUNS}/{run['id']}/apply").json()["code"] == "routing.what_if_not_ready"
    assert AuditEntry.objects.filter(action="what_if.applied").count() == 1
    late = asked(admin, queue, version=2, rank=9)
    answered(water, late)
    admin.patch(f"{ADMIN}/queues/{queue}", {"version": 2, "rank": 8}, content_type="application/json")
    assert post(admin, f"{RUNS}/{late['id']}/apply").json()["code"] == "object.stale"
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["rank"] == 8


def test_a_version_is_tried_and_gone_back_to(water: Tenant, admin: Client, queue: UUID) -> None:
    keep_versions(queries.current_configuration())
    number = admin.get(f"{ADMIN}/routing/versions").json()["items"][0]["number"]
    admin.patch(f"{ADMIN}/queues/{queue}", {"version": 1, "rank": 8}, content_type="application/json")
    run = post(admin, RUNS, {"number": number}).json()
    assert [field["after"]["en"] for field in run["changes"][0]["fields"]] == ["0"]
    assert taken(water, run).changed.queues[0].rank == 0
    answered(water, run)
    assert post(admin, f"{RUNS}/{run['id']}/apply").status_code == 204
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["rank"] == 0
    assert post(admin, RUNS, {"number": 999_999}).status_code == 404


def test_a_new_ladder_and_a_new_priority_can_be_tried(water: Tenant, admin: Client, queue: UUID) -> None:
    tier = {"name": {"zh": "班组长", "en": "Leaders"}, "trigger": "wait", "threshold": 60, "hold_s": 30}
    tier |= {"stand_down": 20, "stand_down_s": 300, "agent_ids": [str(setup.make_agent(water))], "skills": []}
    ladder = {"code": "l", "name": {"zh": "梯队", "en": "Ladder"}, "queue_ids": [str(queue)], "tiers": [tier]}
    run = post(admin, RUNS, {"change": {"object_type": "ladder", "values": ladder}}).json()
    assert [one["what"] for one in run["changes"]] == ["added"]
    assert len(taken(water, run).changed.ladders) == 1
    answered(water, run)
    rule = {"change": {"object_type": "priority_rule", "values": {"kind": "vip", "points": 3}}}
    run = post(admin, RUNS, rule).json()
    assert taken(water, run).changed.priorities[0].points == 3
    answered(water, run)
    assert post(admin, f"{RUNS}/{run['id']}/apply").status_code == 204
    assert admin.get(f"{ADMIN}/priority-rules").json()["items"][0]["points"] == 3


def test_another_tenant_sees_nothing_of_it_and_agents_may_not_ask(water: Tenant, admin: Client, queue: UUID) -> None:
    run = asked(admin, queue)
    stranger = client_of(make_user(tenant=make_tenant("gas")))
    assert stranger.get(RUNS).json()["items"] == []
    assert stranger.get(f"{RUNS}/{run['id']}").status_code == 404
    assert [post(stranger, f"{RUNS}/{run['id']}/{what}").status_code for what in ("cancel", "apply")] == [404, 404]
    assert stranger.get(f"{RUNS}?tenant_id={water.pk}").status_code == 403
    assert post(stranger, RUNS, {**change_of(queue, rank=1), "tenant_id": str(water.pk)}).status_code == 403
    assert post(stranger, RUNS, change_of(queue, rank=1)).status_code == 404
    agent = client_of(make_user(tenant=water, role="agent"))
    assert [agent.get(RUNS).status_code, post(agent, RUNS, change_of(queue)).status_code] == [403, 403]


def test_only_the_newest_hundred_are_kept(
    water: Tenant, admin: Client, queue: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_ifs, "KEPT", 2)
    runs = []
    for rank in (1, 2, 3):
        runs.append(asked(admin, queue, rank=rank)["id"])
        post(admin, f"{RUNS}/{runs[-1]}/cancel")
    assert [one["id"] for one in admin.get(RUNS).json()["items"]] == runs[:0:-1]
