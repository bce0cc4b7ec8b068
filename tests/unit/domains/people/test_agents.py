"""Agents: capacity, skills, holds, and who may sign in to take contacts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from hotline.domains.people import actions, errors, queries, rules
from hotline.foundation.models import AuditEntry, Membership, Tenant, User
from hotline.kernel.signing import verify
from hotline.messages.live import LiveToken
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.setup import administrator_of, make_agent, make_skill, make_team

REASON = {"zh": "课程未通过", "en": "Course not passed"}
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("capacity", "refused"),
    [
        ({"voice": 2}, errors.CapacityError),
        ({"chat": -1}, errors.CapacityError),
        ({"chat": True}, errors.CapacityError),
        ({"chat": 11}, errors.CapacityError),
        ({"smoke": 1}, errors.ChannelUnknownError),
    ],
)
def test_impossible_capacity_is_refused(capacity: dict[str, Any], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        rules.check_capacity(capacity)


def test_capacity_by_channel_is_kept() -> None:
    assert rules.check_capacity({"voice": 1, "chat": 3}) == {"voice": 1, "chat": 3}


@pytest.mark.parametrize(
    ("hold", "is_open"),
    [
        (rules.HoldSpan(until=None, lifted_at=None), True),
        (rules.HoldSpan(until=NOW + timedelta(seconds=1), lifted_at=None), True),
        (rules.HoldSpan(until=NOW, lifted_at=None), False),
        (rules.HoldSpan(until=None, lifted_at=NOW - timedelta(days=1)), False),
    ],
)
def test_hold_counts_until_its_end_or_lifting(hold: rules.HoldSpan, is_open: bool) -> None:
    assert rules.is_open_hold(hold, NOW) is is_open


@pytest.mark.parametrize(
    ("zone", "ends_at"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 22, 16, tzinfo=UTC)),
        ("Asia/Urumqi", datetime(2026, 11, 22, 18, tzinfo=UTC)),
        ("UTC", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_skill_counts_through_its_last_day_where_the_tenant_is(zone: str, ends_at: datetime) -> None:
    grade = rules.SkillGrade(skill_id="one", level=3, valid_to=date(2026, 11, 22))
    assert rules.ends_at(grade, zone) == ends_at
    assert rules.ends_at(rules.SkillGrade(skill_id="one", level=3), zone) is None


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def user(water: Tenant) -> User:
    return make_user("li", tenant=water, role="agent")


def _token(client: Client) -> LiveToken:
    payload = verify(client.post("/api/v1/live-token").json()["token"], settings.HOTLINE.secret("live-token"))
    assert payload is not None
    return msgspec.json.decode(payload, type=LiveToken)


@pytest.mark.django_db
def test_live_token_names_the_agent(water: Tenant, user: User) -> None:
    agent = make_agent(water, user_id=user.pk)
    assert _token(client_of(user)).agent_id == str(agent)
    assert _token(client_of(make_user(tenant=water, role="supervisor"))).agent_id is None


@pytest.mark.django_db
def test_held_agent_cannot_sign_in_and_learns_why(water: Tenant, user: User) -> None:
    agent = make_agent(water, user_id=user.pk)
    hold = actions.place_hold(administrator_of(water), agent, "course", REASON)
    answer = client_of(user).post("/api/v1/live-token")
    assert (answer.status_code, answer.json()["code"]) == (403, "people.agent_held")
    assert "Course not passed" in answer.json()["sentence"]
    actions.lift_hold(administrator_of(water), agent, hold)
    assert _token(client_of(user)).agent_id == str(agent)


@pytest.mark.django_db
def test_agent_switched_off_cannot_sign_in(water: Tenant, user: User) -> None:
    agent = make_agent(water, user_id=user.pk)
    actions.agents.change(administrator_of(water), agent, 1, {"is_active": False})
    assert client_of(user).post("/api/v1/live-token").json()["code"] == "people.agent_inactive"


@pytest.mark.django_db
def test_hold_over_http_is_shown_lifted_and_audited(water: Tenant, user: User) -> None:
    agent = make_agent(water, user_id=user.pk)
    client = client_of(make_user(tenant=water))
    url = f"/api/v1/admin/agents/{agent}/holds"
    body = msgspec.json.encode({"kind": "suspension", "reason": REASON})
    held = client.post(url, body, content_type="application/json")
    assert held.status_code == 201
    hold_id = held.json()["holds"][0]["id"]
    assert client.delete(f"{url}/{hold_id}").json()["holds"] == []
    assert client.delete(f"{url}/{hold_id}").status_code == 200  # lifting twice changes nothing
    actions_taken = list(
        AuditEntry.objects.filter(object_id=str(agent)).order_by("pk").values_list("action", flat=True)
    )
    assert actions_taken == ["agent.created", "agent.held", "agent.hold_lifted"]


@pytest.mark.django_db
def test_hold_of_another_tenants_agent_is_not_found(water: Tenant, user: User) -> None:
    agent = make_agent(water, user_id=user.pk)
    stranger = client_of(make_user(tenant=make_tenant("gas")))
    body = msgspec.json.encode({"kind": "suspension", "reason": REASON})
    answer = stranger.post(f"/api/v1/admin/agents/{agent}/holds", body, content_type="application/json")
    assert answer.status_code == 404
    assert queries.agent_for_sign_in(user.pk) == str(agent)


@pytest.mark.django_db
def test_hold_that_would_be_over_is_refused(water: Tenant) -> None:
    agent = make_agent(water)
    with pytest.raises(errors.HoldBackwardsError):
        actions.place_hold(administrator_of(water), agent, "course", REASON, timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_user_of_another_tenant_cannot_be_made_an_agent(water: Tenant) -> None:
    stranger = make_user(tenant=make_tenant("gas"))
    with pytest.raises(errors.UserNotStaffError) as caught:
        make_agent(water, user_id=stranger.pk)
    assert stranger.username not in str(caught.value)


@pytest.mark.django_db
def test_user_is_one_agent_only(water: Tenant, user: User) -> None:
    make_agent(water, user_id=user.pk)
    with pytest.raises(errors.UserIsAgentError):
        make_agent(water, user_id=user.pk)


@pytest.mark.django_db
def test_changing_skills_replaces_them_and_audits_both(water: Tenant) -> None:
    first, second = make_skill(water), make_skill(water)
    agent = make_agent(water, skills={first: 3})
    grade = rules.SkillGrade(skill_id=str(second), level=9)
    actions.agents.change(administrator_of(water), agent, 1, {"skills": [grade]})
    shown = queries.agent_records.one(administrator_of(water), agent)
    assert [(row.skill_id, row.level) for row in shown.skills] == [(second, 9)]
    line = AuditEntry.objects.get(object_id=str(agent), action="agent.changed")
    assert [row["skill_id"] for row in line.details["skills"]["before"]] == [str(first)]
    assert [row["skill_id"] for row in line.details["skills"]["after"]] == [str(second)]


@pytest.mark.django_db
@pytest.mark.parametrize(("levels", "refused"), [([0], errors.SkillLevelError), ([3, 4], errors.SkillTwiceError)])
def test_wrong_skills_are_refused(water: Tenant, levels: list[int], refused: type[Exception]) -> None:
    skill = str(make_skill(water))
    agent = make_agent(water)
    grades = [rules.SkillGrade(skill_id=skill, level=level) for level in levels]
    with pytest.raises(refused):
        actions.agents.change(administrator_of(water), agent, 1, {"skills": grades})


@pytest.mark.django_db
def test_skill_of_a_second_tenant_needs_a_role_there(water: Tenant, user: User) -> None:
    gas = make_tenant("gas")
    agent, skill = make_agent(water, user_id=user.pk), make_skill(gas)
    both = administrator_of(water, gas)
    grade = rules.SkillGrade(skill_id=str(skill), level=2)
    with pytest.raises(errors.UserNotStaffError):
        actions.agents.change(both, agent, 1, {"skills": [grade]})
    Membership.objects.create(user=user, tenant=gas, role="agent")
    actions.agents.change(both, agent, 1, {"skills": [grade]})
    assert [row.skill_id for row in queries.agent_records.one(both, agent).skills] == [skill]
    # The home tenant's own administrator neither sees nor drops what the other tenant has granted.
    own = administrator_of(water)
    actions.agents.change(own, agent, 2, {"skills": []})
    assert queries.agent_records.one(own, agent).skills == []
    assert [row.skill_id for row in queries.agent_records.one(both, agent).skills] == [skill]


@pytest.mark.django_db
def test_team_leader_must_belong_to_the_tenant(water: Tenant) -> None:
    with pytest.raises(errors.UserNotStaffError):
        make_team(water, leader_id=make_user(tenant=make_tenant("gas")).pk)
    leader = make_user(tenant=water, role="team_leader")
    team = make_team(water, leader_id=leader.pk)
    assert queries.team_records.one(administrator_of(water), team).leader_id == leader.pk


@pytest.mark.django_db
def test_transfer_targets_leave_out_oneself_the_held_and_strangers(water: Tenant, user: User) -> None:
    make_agent(water, user_id=user.pk)
    colleague, held = make_agent(water), make_agent(water)
    actions.place_hold(administrator_of(water), held, "course", REASON)
    make_agent(make_tenant("gas"))
    answer = client_of(user).get("/api/v1/desk/transfer-targets").json()
    assert [row["agent_id"] for row in answer["agents"]] == [str(colleague)]


@pytest.mark.django_db
def test_agent_without_the_permission_changes_nothing(water: Tenant) -> None:
    agent = make_agent(water)
    with pytest.raises(Exception, match=r"admin\.configure"):
        actions.place_hold(make_actor(water, "agent"), agent, "course", REASON)
