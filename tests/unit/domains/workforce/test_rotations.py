"""From application to automatic end, behind the tenant wall and with an audit that tells nothing of somebody's life."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext

from hotline.domains.workforce import actions, errors, queries, rules, schemas
from hotline.domains.workforce.models import RotationMembership
from hotline.foundation.access import actor_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import AuditEntry, Membership, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.setup import administrator_of, make_agent, make_team

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 1), date(2026, 8, 31)
EVIDENCE = "怀孕证明已交人事部"


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water", time_zone="Asia/Shanghai")


@pytest.fixture
def planner(water: Tenant) -> Actor:
    return make_actor(water, "planner")


def make_rotation(tenant: Tenant, **values: Any) -> UUID:
    whole: Any = {
        "code": "hope",
        "name": {"zh": "希望工程", "en": "Hope Project"},
        "valid_from": date(2026, 1, 1),
        "closed_hours": [("18:00", "08:00")],
        **values,
    }
    return actions.rotations.create(administrator_of(tenant), whole)


def make_member(tenant: Tenant, **values: Any) -> Actor:
    user = make_user(tenant=tenant, role="agent")
    make_agent(tenant, user_id=user.pk, **values)
    return actor_of(user)


def asked(**values: Any) -> rules.Application:
    return rules.Application(**{"valid_from": FIRST, "valid_to": LAST, "evidence": EVIDENCE, **values})


def stored(tenant: Tenant, membership_id: UUID) -> RotationMembership:
    with tenant_scope(tenant.pk):
        return RotationMembership.objects.get(pk=membership_id)


def approved(tenant: Tenant, planner: Actor, member: Actor, rotation: UUID, **values: Any) -> UUID:
    membership = actions.apply(member, rotation, asked(**values))
    actions.decide(planner, membership, 1, "approve")
    return membership


def _late_shift(day: date) -> tuple[datetime, datetime]:
    return datetime.combine(day, time(10)), datetime.combine(day, time(18, 30))


def test_approved_application_is_a_promise_until_its_last_day(water: Tenant, planner: Actor) -> None:
    member = make_member(water)
    membership = approved(water, planner, member, make_rotation(water))
    agent_id = str(stored(water, membership).agent_id)
    with tenant_scope(water.pk):
        (promise,) = queries.promises(LAST, date(2026, 9, 30))[agent_id]
        assert queries.promises(date(2026, 9, 1), date(2026, 9, 30)) == {}
    assert rules.broken_by([promise], [_late_shift(LAST)]) == [("hope", "closed_hours")]
    assert rules.broken_by([promise], [_late_shift(LAST + timedelta(days=1))]) == []


def test_application_alone_promises_nothing(water: Tenant) -> None:
    actions.apply(make_member(water), make_rotation(water), asked())
    with tenant_scope(water.pk):
        assert queries.promises(FIRST, LAST) == {}


def test_term_ends_by_itself_when_its_last_day_is_over_where_the_tenant_is(water: Tenant, planner: Actor) -> None:
    membership = approved(water, planner, make_member(water), make_rotation(water))
    last_minute = datetime(2026, 8, 31, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    assert actions.end_what_is_over(last_minute, 100) == 0
    assert actions.end_what_is_over(last_minute + timedelta(minutes=1), 100) == 1
    assert actions.end_what_is_over(last_minute + timedelta(minutes=1), 100) == 0
    assert stored(water, membership).state == "ended"
    line = AuditEntry.objects.get(action="rotation_membership.ended")
    assert (line.actor_name, line.object_id) == ("rotations", str(membership))


def test_ending_early_keeps_today_and_frees_tomorrow(water: Tenant, planner: Actor) -> None:
    today = datetime.now(UTC).date()
    rotation = make_rotation(water, valid_from=today - timedelta(days=30))
    term = {"valid_from": today - timedelta(days=9), "valid_to": today + timedelta(days=90)}
    membership = approved(water, planner, make_member(water), rotation, **term)
    with pytest.raises(errors.DecisionTextNeededError):
        actions.decide(planner, membership, 2, "end", " ")
    actions.decide(planner, membership, 2, "end", "agreed with her")
    found = stored(water, membership)
    assert (found.state, found.valid_to - today) in {("ended", timedelta(0)), ("ended", timedelta(days=1))}


def test_term_that_never_began_leaves_no_promise(water: Tenant, planner: Actor) -> None:
    soon = datetime.now(UTC).date() + timedelta(days=10)
    rotation = make_rotation(water, valid_from=soon)
    membership = approved(
        water, planner, make_member(water), rotation, valid_from=soon, valid_to=soon + timedelta(days=9)
    )
    actions.decide(planner, membership, 2, "end", "no longer wanted")
    with tenant_scope(water.pk):
        assert queries.promises(soon, soon + timedelta(days=9)) == {}


def test_refusal_says_why_to_the_applicant_only(water: Tenant, planner: Actor) -> None:
    member, colleague = make_member(water), make_member(water)
    membership = actions.apply(member, make_rotation(water), asked())
    actions.decide(planner, membership, 1, "refuse", "the paper is missing")
    assert queries.own_reasons(member, membership).decision_text == "the paper is missing"
    with pytest.raises(NotFoundError):
        queries.own_reasons(colleague, membership)
    with pytest.raises(errors.DecisionNotAllowedError):
        actions.decide(planner, membership, 2, "approve")


def test_same_decision_twice_changes_nothing_and_a_stale_one_is_refused(water: Tenant, planner: Actor) -> None:
    membership = approved(water, planner, make_member(water), make_rotation(water))
    actions.decide(planner, membership, 2, "approve")
    assert stored(water, membership).version == 2
    with pytest.raises(StaleVersionError):
        actions.decide(planner, membership, 1, "end", "why not")


def test_one_person_cannot_apply_twice_for_the_same_days(water: Tenant) -> None:
    member, rotation = make_member(water), make_rotation(water)
    actions.apply(member, rotation, asked())
    with pytest.raises(errors.AlreadyMemberError):
        actions.apply(member, rotation, asked(valid_from=LAST, valid_to=LAST))


def test_withdrawn_application_makes_room_for_another(water: Tenant) -> None:
    member, rotation = make_member(water), make_rotation(water)
    membership = actions.apply(member, rotation, asked())
    with pytest.raises(NotFoundError):
        actions.withdraw(make_member(water), membership, 1)
    actions.withdraw(member, membership, 1)
    actions.apply(member, rotation, asked())


def test_most_members_are_not_exceeded(water: Tenant, planner: Actor) -> None:
    rotation = make_rotation(water, most_members=1)
    approved(water, planner, make_member(water), rotation)
    second = actions.apply(make_member(water), rotation, asked())
    with pytest.raises(errors.RotationFullError):
        actions.decide(planner, second, 1, "approve")


def test_rotation_is_open_to_its_teams(water: Tenant) -> None:
    team = make_team(water)
    make_rotation(water, team_ids=[team])
    assert [one.name.en for one in queries.open_rotations(make_member(water, team_id=team))] == ["Hope Project"]
    assert queries.open_rotations(make_member(water)) == []


def test_nobody_decides_on_their_own_application(water: Tenant) -> None:
    user = make_user(tenant=water, role="agent")
    Membership.objects.create(user=user, tenant=water, role="planner")
    make_agent(water, user_id=user.pk)
    membership = actions.apply(actor_of(user), make_rotation(water), asked())
    with pytest.raises(errors.OwnDecisionError):
        actions.decide(actor_of(user), membership, 1, "approve")


def test_evidence_is_sealed_and_reading_it_is_audited(water: Tenant, planner: Actor) -> None:
    membership = actions.apply(make_member(water), make_rotation(water), asked())
    with tenant_scope(water.pk):
        stored_text = RotationMembership.objects.annotate(raw=Cast("evidence", TextField())).values_list(
            "raw", flat=True
        )
        assert EVIDENCE not in stored_text.get(pk=membership)
    assert EVIDENCE not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert queries.reasons(planner, membership).evidence == EVIDENCE
    line = AuditEntry.objects.get(is_read=True)
    assert (line.action, line.object_id) == ("rotation_membership.evidence_read", str(membership))


def test_rotation_with_members_stays(water: Tenant, planner: Actor) -> None:
    rotation = make_rotation(water)
    approved(water, planner, make_member(water), rotation)
    with pytest.raises(Exception, match="still used"):
        actions.rotations.remove(administrator_of(water), rotation, 1)


def test_another_tenant_sees_and_decides_nothing(water: Tenant) -> None:
    gas = make_tenant("gas")
    stranger, rotation = make_actor(gas, "planner"), make_rotation(water)
    member = make_member(water)
    membership = actions.apply(member, rotation, asked())
    assert queries.memberships(stranger, schemas.MembershipFilter(), None, 50)[0] == []
    for refused in (
        lambda: actions.decide(stranger, membership, 1, "approve"),
        lambda: queries.reasons(stranger, membership),
        lambda: actions.apply(make_member(gas), rotation, asked()),
    ):
        with pytest.raises(NotFoundError):
            refused()
    with tenant_scope(gas.pk):
        assert queries.promises(FIRST, LAST) == {}


@pytest.mark.parametrize("role", ["agent", "team_leader", "supervisor", "client_viewer"])
def test_only_planners_decide(water: Tenant, role: str) -> None:
    membership = actions.apply(make_member(water), make_rotation(water), asked())
    with pytest.raises(ForbiddenError):
        actions.decide(make_actor(water, role), membership, 1, "approve")


def test_list_costs_the_same_for_few_and_many(water: Tenant, planner: Actor) -> None:
    rotation = make_rotation(water)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queried:
            queries.memberships(planner, schemas.MembershipFilter(), None, 50)
        return len(queried)

    approved(water, planner, make_member(water), rotation)
    few = cost()
    for _ in range(5):
        approved(water, planner, make_member(water), rotation)
    assert cost() == few


def test_the_way_through_the_api(water: Tenant) -> None:
    user = make_user(tenant=water, role="agent")
    make_agent(water, user_id=user.pk)
    agent, planner = client_of(user), client_of(make_user(tenant=water, role="planner"))
    administrator = client_of(make_user(tenant=water))
    made = administrator.post(
        "/api/v1/admin/rotations",
        {
            "code": "learning",
            "name": {"zh": "学无止境", "en": "Perpetual Learning"},
            "valid_from": "2026-01-01",
            "asks_timetable": True,
            "travel_minutes": 45,
        },
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    (open_one,) = agent.get("/api/v1/workforce/open-rotations").json()
    applied = agent.post(
        "/api/v1/workforce/my-rotations",
        {
            "rotation_id": open_one["id"],
            "valid_from": "2026-03-01",
            "valid_to": "2026-06-30",
            "timetable": "周三,18:00,20:30,2026-03-01,2026-06-30",
        },
        content_type="application/json",
    )
    assert applied.status_code == 201, applied.content
    lesson = {"weekday": 2, "starts": "18:00:00", "ends": "20:30:00", "valid_from": "2026-03-01"}
    assert lesson.items() <= applied.json()["lessons"][0].items()
    (listed,) = planner.get("/api/v1/workforce/rotation-memberships?state=applied").json()["items"]
    decided = planner.post(
        f"/api/v1/workforce/rotation-memberships/{listed['id']}/decisions",
        {"version": listed["version"], "decision": "approve"},
        content_type="application/json",
    )
    assert decided.json()["state"] == "approved"
    assert agent.get("/api/v1/workforce/my-rotations").json()[0]["state"] == "approved"
    assert agent.get("/api/v1/workforce/rotation-memberships").status_code == 403
    assert planner.get("/api/v1/workforce/my-rotations").status_code == 403


def test_wrong_timetable_is_refused_and_nothing_is_kept(water: Tenant) -> None:
    user = make_user(tenant=water, role="agent")
    make_agent(water, user_id=user.pk)
    rotation = make_rotation(water, code="learning", asks_timetable=True)
    body = {"rotation_id": str(rotation), "valid_from": "2026-03-01", "valid_to": "2026-06-30", "timetable": "wed"}
    refused = client_of(user).post("/api/v1/workforce/my-rotations", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "workforce.timetable")
    with tenant_scope(water.pk):
        assert not RotationMembership.objects.exists()


def test_times_at_home_are_kept_as_said(water: Tenant, planner: Actor) -> None:
    rotation = make_rotation(water, code="family", closed_hours=[], asks_latest_end=True, allows_split=False)
    approved(water, planner, make_member(water), rotation, latest_end=time(17))
    with tenant_scope(water.pk):
        ((promise,),) = queries.promises(FIRST, FIRST).values()
    assert (promise.latest_end, promise.allows_split) == (time(17), False)
