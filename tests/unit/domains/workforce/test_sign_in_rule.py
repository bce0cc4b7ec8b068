"""Who is not rostered is allowed, flagged or refused at sign-in, as the tenant wants it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotline.domains.workforce import day_schemas, team_day
from hotline.foundation.models import Membership, Tenant, User
from tests.factories.day import make_roster, make_shift, make_shift_kind, make_span, set_up_workforce
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.setup import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def water() -> Tenant:
    return make_tenant(time_zone="UTC")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The shift of the tests is from 8:00 to 16:00 today, and it is noon unless a test says otherwise."""
    return at_the_clock(monkeypatch, 12 * 60)


def at_the_clock(monkeypatch: pytest.MonkeyPatch, minute: int) -> datetime:
    now = datetime.combine(timezone.now().date(), datetime.min.time(), timezone.now().tzinfo)
    moment = now + timedelta(minutes=minute)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def live_token(user: User) -> Any:
    client: Client = client_of(user)
    return client.post("/api/v1/live-token")


def make_worker(tenant: Tenant, now: datetime, *, is_rostered: bool, role: str = "agent") -> User:
    """An agent on a day of which a roster is published."""
    user = make_user(tenant=tenant, role=role)
    agent, other = make_agent(tenant, user_id=user.pk), make_agent(tenant)
    roster, kind = make_roster(tenant, now.date()), make_shift_kind(tenant)
    make_shift(roster, agent if is_rostered else other, now.date(), kind)
    return user


@pytest.mark.parametrize(
    ("rule", "is_rostered", "status"),
    [
        ("allow", False, 200),
        ("flag", False, 200),
        ("refuse", False, 403),
        ("refuse", True, 200),
    ],
)
def test_the_tenants_rule_decides(water: Tenant, noon: datetime, rule: str, is_rostered: bool, status: int) -> None:
    set_up_workforce(water, not_rostered=rule)
    answer = live_token(make_worker(water, noon, is_rostered=is_rostered))
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "workforce.not_rostered"
        assert "30" in answer.json()["sentence"]


@pytest.mark.parametrize(("minute", "status"), [(449, 403), (450, 200), (959, 200), (960, 403)])
def test_a_shift_opens_half_an_hour_before_it_begins(
    water: Tenant, noon: datetime, monkeypatch: pytest.MonkeyPatch, minute: int, status: int
) -> None:
    set_up_workforce(water, not_rostered="refuse", early_min=30)
    user = make_worker(water, noon, is_rostered=True)
    at_the_clock(monkeypatch, minute)
    assert live_token(user).status_code == status


def test_nobody_who_is_at_work_is_cut_off_when_the_shift_ends(
    water: Tenant, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_workforce(water, not_rostered="refuse")
    user = make_user(tenant=water, role="agent")
    agent = make_agent(water, user_id=user.pk)
    make_shift(make_roster(water, noon.date()), agent, noon.date(), make_shift_kind(water))
    make_span(water, agent, "work", noon)
    at_the_clock(monkeypatch, 17 * 60)
    assert live_token(user).status_code == 200


def test_without_a_published_roster_everybody_may_work(water: Tenant, noon: datetime) -> None:
    set_up_workforce(water, not_rostered="refuse")
    user = make_user(tenant=water, role="agent")
    make_agent(water, user_id=user.pk)
    make_roster(water, noon.date(), "draft")
    assert live_token(user).status_code == 200


def test_a_leader_who_is_not_rostered_still_watches_the_floor(water: Tenant, noon: datetime) -> None:
    set_up_workforce(water, not_rostered="refuse")
    assert live_token(make_worker(water, noon, is_rostered=False, role="team_leader")).status_code == 200


def test_the_rule_of_another_tenant_refuses_nobody(water: Tenant, noon: datetime) -> None:
    other = make_tenant(time_zone="UTC")
    set_up_workforce(other, not_rostered="refuse")
    make_worker(other, noon, is_rostered=False)
    user = make_worker(water, noon, is_rostered=False)
    Membership.objects.create(user=user, tenant=other, role="agent")
    assert live_token(user).status_code == 200


@pytest.mark.parametrize(("rule", "is_flagged"), [("allow", False), ("flag", True), ("refuse", True)])
def test_the_team_day_marks_them_where_the_tenant_wants_it(
    water: Tenant, noon: datetime, rule: str, is_flagged: bool
) -> None:
    set_up_workforce(water, not_rostered=rule)
    found = team_day.team_day(make_actor(water, "planner"), day_schemas.DayFilter(), noon)
    assert found.flags_not_rostered is is_flagged
