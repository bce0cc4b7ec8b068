"""Rosters through HTTP: made, edited under the judge's eyes, published, behind the tenant wall."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.workforce import actions, rosters, rules
from hotline.domains.workforce.models import Roster, RosterShift, Wish
from hotline.foundation.access import actor_of
from hotline.foundation.errors import ForbiddenError
from hotline.foundation.ids import new_uuid
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.roster_drafts import MONDAY, make_labour_rules, make_roster, make_shift_kind, put_shifts
from tests.factories.setup import administrator_of, make_agent, make_skill

pytestmark = pytest.mark.django_db
ROSTERS = "/api/v1/workforce/rosters"


@pytest.fixture
def water() -> Tenant:
    tenant = make_tenant("water", time_zone="Asia/Shanghai")
    make_labour_rules(tenant)
    return tenant


@pytest.fixture
def planner(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, role="planner"))


def _day(offset: int) -> str:
    return (MONDAY + timedelta(days=offset)).isoformat()


def _posted(client: Client, path: str, body: Any) -> tuple[int, Any]:
    answer = client.post(f"{ROSTERS}{path}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def _read(client: Client, path: str) -> Any:
    answer = client.get(f"{ROSTERS}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def _edit(client: Client, roster: UUID, version: int, *edits: tuple[UUID, int, UUID | None]) -> tuple[int, Any]:
    cells = [
        {"agent_id": str(agent), "day": _day(day), "shift_kind_id": str(kind) if kind else None}
        for agent, day, kind in edits
    ]
    return _posted(client, f"/{roster}/edits", {"version": version, "edits": cells})


def test_edited_cell_is_in_the_document_with_its_breaks_and_moments(water: Tenant, planner: Client) -> None:
    agent, kind, roster = make_agent(water), make_shift_kind(water, "D8"), make_roster(water)
    status, told = _edit(planner, roster, 1, (agent, 1, kind))
    assert (status, told["version"], told["breaches"]) == (200, 2, [])
    assert told["cells"] == [[str(agent), _day(1), [1, 0, 480, 960, 450, 720, 750]]]
    found = _read(planner, f"/{roster}")
    assert found["shifts"] == [[0, 1, 0, 480, 960, 450, 720, 750]]
    assert (found["version"], found["days"], found["people"][0]["id"]) == (2, 7, str(agent))
    with tenant_scope(water.pk):
        shift = RosterShift.objects.get(roster_id=roster)
    assert shift.starts_at.isoformat() == "2026-03-03T00:00:00+00:00"  # eight in the morning in Shanghai
    assert (shift.ends_at - shift.starts_at, shift.source) == (timedelta(hours=8), "hand")
    assert AuditEntry.objects.filter(action="roster.edited", object_id=str(roster)).count() == 1


def test_edit_overwrites_and_clears(water: Tenant, planner: Client) -> None:
    agent, roster = make_agent(water), make_roster(water)
    early, late = make_shift_kind(water, "D8"), make_shift_kind(water, "L8", ["14:00"])
    _edit(planner, roster, 1, (agent, 0, early), (agent, 1, early))
    _edit(planner, roster, 2, (agent, 0, late), (agent, 1, None))
    assert _read(planner, f"/{roster}")["shifts"] == [[0, 0, 1, 840, 1320, 450, 1080, 1110]]


def test_breaks_that_were_placed_elsewhere_come_back_with_an_undo(water: Tenant, planner: Client) -> None:
    agent, kind, roster = make_agent(water), make_shift_kind(water, "D8"), make_roster(water)
    cell = {"agent_id": str(agent), "day": _day(0), "shift_kind_id": str(kind), "start": 480}
    status, told = _posted(planner, f"/{roster}/edits", {"version": 1, "edits": [{**cell, "breaks": [[660, 690]]}]})
    assert (status, told["cells"][0][2]) == (200, [0, 0, 480, 960, 450, 660, 690])
    status, told = _posted(planner, f"/{roster}/edits", {"version": 2, "edits": [{**cell, "breaks": [[480, 510]]}]})
    assert (status, told["code"]) == (422, "workforce.shift_breaks")


def test_draft_keeps_what_breaks_a_rule_and_says_so(water: Tenant, planner: Client) -> None:
    agent, roster = make_agent(water), make_roster(water)
    early, late = make_shift_kind(water, "D8"), make_shift_kind(water, "L8", ["14:00"])
    _, told = _edit(planner, roster, 1, (agent, 0, late), (agent, 1, early))
    (breach,) = told["breaches"]
    assert (breach["rule"], breach["day"], breach["data"]) == ("rest", _day(1), {"minutes": 600, "least": 660})
    assert "只有 10 小时休息" in breach["sentence"]
    checks = _read(planner, f"/{roster}/checks")
    assert (checks["breaches"], checks["shifts"], checks["paid_min"]) == ([breach], 2, 900)


def test_roster_with_a_breach_is_not_published(water: Tenant, planner: Client) -> None:
    agent, roster = make_agent(water), make_roster(water)
    early, late = make_shift_kind(water, "D8"), make_shift_kind(water, "L8", ["14:00"])
    _edit(planner, roster, 1, (agent, 0, late), (agent, 1, early))
    status, told = _posted(planner, f"/{roster}/publish", {"version": 2})
    assert (status, told["code"], told["data"]) == (422, "workforce.roster_broken", {"count": 1})
    _edit(planner, roster, 2, (agent, 1, None))
    status, told = _posted(planner, f"/{roster}/publish", {"version": 3})
    assert (status, told["state"], told["version"]) == (200, "published", 4)
    assert AuditEntry.objects.filter(action="roster.published", object_id=str(roster)).count() == 1


def test_published_roster_takes_no_new_breach_but_sick_leave(water: Tenant, planner: Client) -> None:
    agent = make_agent(water)
    early, late = make_shift_kind(water, "D8"), make_shift_kind(water, "L8", ["14:00"])
    roster = make_roster(water)
    put_shifts(water, roster, agent, late, [0, 2])
    _posted(planner, f"/{roster}/publish", {"version": 2})
    status, told = _edit(planner, roster, 3, (agent, 1, early))
    assert (status, told["code"]) == (422, "workforce.rule_rest")
    assert _read(planner, f"/{roster}")["version"] == 3  # nothing of it was written
    status, told = _edit(planner, roster, 3, (agent, 0, None))
    assert (status, told["version"]) == (200, 4)


def test_too_few_hours_are_told_but_not_of_somebody_who_cannot_be_given_more() -> None:
    tenant = make_tenant("gas", time_zone="Asia/Shanghai")
    make_labour_rules(tenant, week_min=900, tolerance_percent=10)
    client = client_of(make_user(tenant=tenant, role="planner"))
    there, kind = make_agent(tenant), make_shift_kind(tenant, "D8")
    make_agent(tenant, is_active=False)
    roster = make_roster(tenant)
    put_shifts(tenant, roster, there, kind, [0])
    found = _read(client, f"/{roster}/checks")["breaches"]
    assert [(one["agent_id"], one["rule"]) for one in found] == [(str(there), "hours")]
    put_shifts(tenant, roster, there, kind, [2])
    assert _read(client, f"/{roster}/checks")["breaches"] == []


def test_published_shifts_before_a_roster_count_for_its_rest(water: Tenant, planner: Client) -> None:
    agent = make_agent(water)
    early, late = make_shift_kind(water, "D8"), make_shift_kind(water, "L8", ["14:00"])
    before = make_roster(water)
    put_shifts(water, before, agent, late, [6])
    _posted(planner, f"/{before}/publish", {"version": 2})
    following = make_roster(water, first_day=MONDAY + timedelta(days=7))
    status, told = _posted(
        planner,
        f"/{following}/edits",
        {"version": 1, "edits": [{"agent_id": str(agent), "day": _day(7), "shift_kind_id": str(early)}]},
    )
    assert (status, [one["rule"] for one in told["breaches"]]) == (200, ["rest"])


def test_rotation_is_judged_and_named(water: Tenant, planner: Client) -> None:
    user = make_user(tenant=water, role="agent")
    agent, roster = make_agent(water, user_id=user.pk), make_roster(water)
    night = make_shift_kind(water, "N8", ["22:00"])
    rotation = actions.rotations.create(
        administrator_of(water),
        {
            "code": "hope",
            "name": {"zh": "希望工程", "en": "Hope Project"},
            "valid_from": date(2026, 1, 1),
            "closed_hours": [("18:00", "08:00")],
        },
    )
    term = rules.Application(valid_from=MONDAY, valid_to=MONDAY + timedelta(days=60))
    actions.decide(make_actor(water, "planner"), actions.apply(actor_of(user), rotation, term), 1, "approve")
    _, told = _edit(planner, roster, 1, (agent, 3, night))
    assert [one["rule"] for one in told["breaches"]] == ["rotation_closed_hours"]
    assert "希望工程" in told["breaches"][0]["sentence"]
    found = _read(planner, f"/{roster}")
    assert found["rotations"][found["people"][0]["rotations"][0]]["code"] == "hope"


def test_lawful_shifts_leave_out_what_breaks_a_rule(water: Tenant, planner: Client) -> None:
    agent, roster = make_agent(water), make_roster(water)
    early, late = make_shift_kind(water, "D8", ["08:00", "09:30"]), make_shift_kind(water, "L8", ["14:00"])
    put_shifts(water, roster, agent, late, [0])
    found = _read(planner, f"/{roster}/lawful-shifts?agent_id={agent}&day={_day(1)}")
    assert [(one["shift_kind_id"], one["start"]) for one in found] == [
        (None, None),
        (str(early), 570),
        (str(late), 840),
    ]


def test_candidates_are_those_who_may_with_the_fewest_hours_first(water: Tenant, planner: Client) -> None:
    skill = make_skill(water)
    early, late = make_shift_kind(water, "D8"), make_shift_kind(water, "L8", ["14:00"])
    fresh, worked, tired, unskilled = (
        make_agent(water, skills={skill: 5}),
        make_agent(water, skills={skill: 5}),
        make_agent(water, skills={skill: 5}),
        make_agent(water),
    )
    roster = make_roster(water)
    put_shifts(water, roster, worked, early, [5])
    put_shifts(water, roster, tired, late, [0])
    path = f"/{roster}/candidates?day={_day(1)}&shift_kind_id={early}&start=480&skill_id={skill}"
    found = [one["agent_id"] for one in _read(planner, path)]
    assert found == [str(fresh), str(worked)]
    assert str(unskilled) not in found


def test_coverage_and_who_is_missing_where(water: Tenant, planner: Client) -> None:
    skill, kind = make_skill(water), make_shift_kind(water, "D8", breaks=[])
    agent = make_agent(water, skills={skill: 5})
    wanted = [0] * 48
    wanted[16:18] = [2, 1]  # two people at eight, one at half past eight
    roster = make_roster(water, days=1, demand={skill: wanted})
    put_shifts(water, roster, agent, kind, [0])
    checks = _read(planner, f"/{roster}/checks")
    assert checks["coverage"] == 6666
    (gap,) = checks["unfilled"]
    assert (gap["from_min"], gap["to_min"], gap["missing"], gap["able"], gap["on_duty"]) == (480, 510, 1, 1, 1)
    assert _read(planner, f"/{roster}")["demand"] == [{"skill": 0, "wanted": wanted}]


def test_more_people_than_seats_are_told_and_not_published(water: Tenant, planner: Client) -> None:
    kind, on_call = make_shift_kind(water, "D8"), make_shift_kind(water, "C8", is_on_call=True)
    agents = [make_agent(water) for _ in range(3)]
    roster = make_roster(water, seats=1)
    put_shifts(water, roster, agents[0], kind, [2])
    put_shifts(water, roster, agents[1], on_call, [2])
    assert _read(planner, f"/{roster}/checks")["seats"] == []
    put_shifts(water, roster, agents[2], kind, [2])
    assert _read(planner, f"/{roster}/checks")["seats"] == [
        {"day": _day(2), "from_min": 480, "to_min": 960, "people": 2}
    ]
    status, told = _posted(planner, f"/{roster}/publish", {"version": 4})
    assert (status, told["code"], told["data"]["time"]) == (422, "workforce.roster_over_seats", "08:00")


def test_published_roster_takes_nobody_beyond_its_seats(water: Tenant, planner: Client) -> None:
    kind = make_shift_kind(water, "D8")
    first, second = make_agent(water), make_agent(water)
    roster = make_roster(water, seats=1)
    put_shifts(water, roster, first, kind, [2])
    _posted(planner, f"/{roster}/publish", {"version": 2})
    assert _edit(planner, roster, 3, (second, 2, kind))[1]["code"] == "workforce.roster_over_seats"
    assert _edit(planner, roster, 3, (second, 3, kind))[0] == 200


def test_stale_version_is_refused(water: Tenant, planner: Client) -> None:
    agent, kind, roster = make_agent(water), make_shift_kind(water, "D8"), make_roster(water)
    _edit(planner, roster, 1, (agent, 0, kind))
    status, told = _edit(planner, roster, 1, (agent, 1, kind))
    assert (status, told["code"], told["data"]) == (409, "object.stale", {"version": 2})
    assert _posted(planner, f"/{roster}/publish", {"version": 1})[0] == 409


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"day": "2026-03-09"}, "workforce.roster_day"),
        ({"start": 495}, "workforce.shift_start"),
        ({"agent_id": str(new_uuid())}, "setup.unknown_reference"),
        ({"shift_kind_id": str(new_uuid())}, "setup.unknown_reference"),
    ],
)
def test_edit_of_what_is_not_there_is_refused_whole(
    water: Tenant, planner: Client, change: dict[str, Any], code: str
) -> None:
    agent, kind, roster = make_agent(water), make_shift_kind(water, "D8"), make_roster(water)
    right = {"agent_id": str(agent), "day": _day(0), "shift_kind_id": str(kind)}
    status, told = _posted(planner, f"/{roster}/edits", {"version": 1, "edits": [right, {**right, **change}]})
    assert (status, told["code"]) == (422, code)
    assert _read(planner, f"/{roster}")["shifts"] == []


def test_copy_has_the_shifts_moved_by_whole_days(water: Tenant, planner: Client) -> None:
    skill, kind = make_skill(water), make_shift_kind(water, "D8")
    agent = make_agent(water, skills={skill: 5})
    roster = make_roster(water, seats=7, demand={skill: [1]})
    put_shifts(water, roster, agent, kind, [0, 4])
    body = {"name": "April", "first_day": _day(28), "last_day": _day(30), "copy_of": str(roster)}
    status, made = _posted(planner, "", body)
    assert (status, made["based_on_id"], made["seats"], made["version"]) == (201, str(roster), 7, 1)
    found = _read(planner, f"/{made['id']}")
    assert found["shifts"] == [[0, 0, 0, 480, 960, 450, 720, 750]]
    assert found["demand"] == [{"skill": 0, "wanted": [1] * (3 * 48)}]  # what is shorter than the days repeats
    with tenant_scope(water.pk):
        copied = RosterShift.objects.get(roster_id=made["id"])
    assert copied.starts_at.isoformat() == "2026-03-30T00:00:00+00:00"


def test_publishing_replaces_what_was_published_for_these_days(water: Tenant, planner: Client) -> None:
    first, second, longer = make_roster(water), make_roster(water), make_roster(water, days=14)
    make_agent(water)
    assert _posted(planner, f"/{first}/publish", {"version": 1})[0] == 200
    assert _posted(planner, f"/{second}/publish", {"version": 1})[0] == 200
    states = {one["id"]: one["state"] for one in _read(planner, "")["items"]}
    assert (states[str(first)], states[str(second)], states[str(longer)]) == ("replaced", "published", "draft")
    agent, kind = make_agent(water), make_shift_kind(water, "D8")
    assert _edit(planner, first, 3, (agent, 0, kind))[1]["code"] == "workforce.roster_replaced"
    assert _posted(planner, f"/{second}/publish", {"version": 2})[1]["code"] == "workforce.roster_not_draft"


def test_published_days_are_never_lost_to_a_shorter_roster(water: Tenant, planner: Client) -> None:
    longer, shorter = make_roster(water, days=14), make_roster(water)
    _posted(planner, f"/{longer}/publish", {"version": 1})
    status, told = _posted(planner, f"/{shorter}/publish", {"version": 1})
    assert (status, told["code"]) == (409, "workforce.roster_overlaps")
    with tenant_scope(water.pk):
        assert Roster.objects.get(pk=longer).state == "published"


def test_publication_settles_which_wishes_are_granted(water: Tenant, planner: Client) -> None:
    agent, roster = make_agent(water), make_roster(water)
    early, night = make_shift_kind(water, "D8"), make_shift_kind(water, "N8", ["22:00"])
    put_shifts(water, roster, agent, early, [0, 1])
    put_shifts(water, roster, agent, night, [2])
    wished = [("off", 0, None), ("shift_kind", 1, early), ("no_night", 2, None), ("off", 3, None), ("off", 9, None)]
    with tenant_scope(water.pk):
        for kind, day, shift_kind in wished:
            values = {"agent_id": agent, "day": _day(day), "kind": kind, "shift_kind_id": shift_kind}
            Wish.objects.create(tenant=water, **values)
    assert _posted(planner, f"/{roster}/publish", {"version": 3})[0] == 200
    with tenant_scope(water.pk):
        found = list(Wish.objects.order_by("day").values_list("is_granted", flat=True))
    assert found == [False, True, False, True, None]


def test_comparison_names_each_cell_that_differs(water: Tenant, planner: Client) -> None:
    agent, roster = make_agent(water), make_roster(water)
    early, late = make_shift_kind(water, "D8"), make_shift_kind(water, "L8", ["14:00"])
    put_shifts(water, roster, agent, early, [0, 1])
    body = {"name": "B", "first_day": _day(0), "last_day": _day(6), "copy_of": str(roster)}
    other = _posted(planner, "", body)[1]["id"]
    _edit(planner, other, 1, (agent, 1, late), (agent, 5, early))
    found = _read(planner, f"/{other}/comparison?base={roster}")
    assert (found["people"], found["cells"]) == (1, 2)
    assert (found["before"]["paid_min"], found["after"]["paid_min"]) == (900, 1350)
    assert [
        (one["day"], one["before"] and one["before"]["start"], one["after"]["start"]) for one in found["changed"]
    ] == [
        (_day(1), 480, 840),
        (_day(5), None, 480),
    ]


def test_draft_is_removed_and_a_published_one_is_kept(water: Tenant, planner: Client) -> None:
    agent, kind = make_agent(water), make_shift_kind(water, "D8")
    draft, published = make_roster(water), make_roster(water)
    put_shifts(water, draft, agent, kind, [0])
    _posted(planner, f"/{published}/publish", {"version": 1})
    assert _posted(planner, f"/{draft}/remove", {"version": 2}) == (204, None)
    assert _posted(planner, f"/{published}/remove", {"version": 2})[0] == 409
    assert [one["id"] for one in _read(planner, "")["items"]] == [str(published)]
    with tenant_scope(water.pk):
        assert not RosterShift.objects.filter(roster_id=draft).exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"first_day": "2026-03-02", "last_day": "2026-03-01"}, "workforce.dates_backwards"),
        ({"first_day": "2026-03-02", "last_day": "2027-06-01"}, "workforce.roster_too_long"),
        ({"first_day": "2026-03-02", "last_day": "2026-03-08", "copy_of": str(new_uuid())}, "object.not_found"),
        (
            {"first_day": "2026-03-02", "last_day": "2026-03-08", "staffing_plan_id": str(new_uuid())},
            "object.not_found",
        ),
        (
            {"first_day": "2026-03-02", "last_day": "2026-03-08", "demand": {str(new_uuid()): [1]}},
            "setup.unknown_reference",
        ),
    ],
)
def test_roster_of_nothing_is_not_made(planner: Client, body: dict[str, Any], code: str) -> None:
    assert _posted(planner, "", {"name": "March", **body})[1]["code"] == code
    assert _read(planner, "")["items"] == []


def test_another_tenant_sees_and_changes_nothing(water: Tenant) -> None:
    agent, kind, roster = make_agent(water), make_shift_kind(water, "D8"), make_roster(water)
    stranger = client_of(make_user(tenant=make_tenant("gas"), role="planner"))
    assert _read(stranger, "")["items"] == []
    for path in ("", "/checks", f"/lawful-shifts?agent_id={agent}&day={_day(0)}", f"/comparison?base={roster}"):
        assert stranger.get(f"{ROSTERS}/{roster}{path}").status_code == 404
    path = f"/{roster}/candidates?day={_day(0)}&shift_kind_id={kind}&start=480"
    assert stranger.get(f"{ROSTERS}{path}").status_code == 404
    assert _edit(stranger, roster, 1, (agent, 0, kind))[0] == 404
    assert _posted(stranger, f"/{roster}/publish", {"version": 1})[0] == 404
    assert _posted(stranger, f"/{roster}/remove", {"version": 1})[0] == 404
    copying = {"name": "C", "first_day": _day(0), "last_day": _day(6), "copy_of": str(roster)}
    assert _posted(stranger, "", copying)[0] == 404


def test_agents_do_not_plan(water: Tenant) -> None:
    with pytest.raises(ForbiddenError):
        make_roster(water, actor=make_actor(water, "agent"))
    assert client_of(make_user(tenant=water, role="agent")).get(ROSTERS).status_code == 403


def test_document_costs_the_same_queries_however_many_there_are(water: Tenant, planner: Client) -> None:
    kind, roster = make_shift_kind(water, "D8"), make_roster(water)
    counts = []
    for _ in range(2):
        put_shifts(water, roster, make_agent(water), kind, [0, 1, 2])
        with CaptureQueriesContext(connection) as asked:
            found = _read(planner, f"/{roster}")
        counts.append(len(asked))
    assert len(found["shifts"]) == 6
    assert counts[0] == counts[1]


def test_roster_that_is_still_being_copied_is_not_seen(water: Tenant, planner: Client) -> None:
    roster = make_roster(water)
    with tenant_scope(water.pk):
        Roster.objects.filter(pk=roster).update(version=0)
        assert not rosters.visible().exists()
    assert planner.get(f"{ROSTERS}/{roster}").status_code == 404


def test_publishing_tells_which_wishes_are_granted(water: Tenant, planner: Client) -> None:
    agent, roster = make_agent(water), make_roster(water)
    early = make_shift_kind(water, "D8")
    put_shifts(water, roster, agent, early, [0])
    with tenant_scope(water.pk):
        worked, free = (
            Wish.objects.create(tenant_id=water.pk, agent_id=agent, day=MONDAY + timedelta(days=n), kind="off")
            for n in (0, 1)
        )
    status, _ = _posted(planner, f"/{roster}/publish", {"version": 2})
    assert status == 200
    with tenant_scope(water.pk):
        worked.refresh_from_db()
        free.refresh_from_db()
    assert (worked.is_granted, free.is_granted) == (False, True)
    audited = AuditEntry.objects.get(action="roster.published", object_id=str(roster)).details
    assert (audited["wishes_granted"], audited["wishes"]) == (1, 2)
