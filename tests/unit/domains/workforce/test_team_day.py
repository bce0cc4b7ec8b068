"""A team's day through the API: plan beside deeds, by tenant, also when the clocks change; absences change the plan."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotline.domains.workforce import absences, day_errors, day_schemas, team_day
from hotline.domains.workforce.day_plan import window_of
from hotline.domains.workforce.models import Absence, Activity
from hotline.domains.workforce.wall_time import minute_at, moment_at
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.day import make_roster, make_shift, make_shift_kind, make_span, set_up_workforce, wall
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.setup import make_agent, make_team

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)  # a Wednesday


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water", time_zone="Asia/Shanghai")


@pytest.fixture
def leader(water: Tenant) -> Actor:
    return make_actor(water, "team_leader")


def shown(actor: Actor, now: datetime, **wanted: Any) -> day_schemas.TeamDayOut:
    return team_day.team_day(actor, day_schemas.DayFilter(**wanted), now)


def at(tenant: Tenant, clock: str, day: date = DAY) -> datetime:
    hour, minute = clock.split(":")
    return wall(tenant, day, int(hour) * 60 + int(minute))


def test_plan_and_deeds_stand_beside_each_other_with_their_figures(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    make_shift(make_roster(water, DAY), agent, DAY, make_shift_kind(water))
    make_span(water, agent, "work", at(water, "8:20"), at(water, "12:00"))
    make_span(water, agent, "away", at(water, "12:00"), at(water, "12:30"))
    make_span(water, agent, "work", at(water, "12:30"))
    found = shown(leader, at(water, "13:00"), day=DAY)
    (person,) = found.people
    assert [(one.kind, one.begins_at, one.ends_at) for one in person.plan] == [
        ("work", at(water, "8:00"), at(water, "12:00")),
        ("break", at(water, "12:00"), at(water, "12:30")),
        ("work", at(water, "12:30"), at(water, "16:00")),
    ]
    assert [one.doing for one in person.done] == ["work", "away", "work"]
    assert (person.figures.late_s, person.figures.planned_s, person.figures.kept_s) == (1200, 18_000, 16_800)
    assert (person.figures.adherence, found.adherence) == (9333, 9333)  # 280 of 300 minutes, cut off
    assert person.figures.conformance == 250 * 10_000 // 270
    assert found.is_published


def test_without_a_day_it_is_today_where_the_tenant_is(water: Tenant, leader: Actor) -> None:
    late_evening = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)  # 0:30 of the 4th in Shanghai
    assert shown(leader, late_evening).day == DAY


def test_who_works_without_a_shift_is_listed_as_not_rostered(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    make_span(water, agent, "work", at(water, "9:00"))
    (person,) = shown(leader, at(water, "10:00"), day=DAY).people
    assert (person.is_rostered, person.figures.adherence, person.figures.worked_s) == (False, None, 3600)


def test_a_draft_is_nobodys_plan(water: Tenant, leader: Actor) -> None:
    make_shift(make_roster(water, DAY, "draft"), make_agent(water), DAY, make_shift_kind(water))
    found = shown(leader, at(water, "10:00"), day=DAY)
    assert (found.people, found.is_published) == ([], False)


def test_a_night_shift_counts_on_both_days(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    make_shift(make_roster(water, DAY), agent, DAY, make_shift_kind(water), pieces=[[1320, 1800]], breaks=[])
    next_day = DAY + timedelta(days=1)
    for day, minutes in ((DAY, 120), (next_day, 360)):
        (person,) = shown(leader, at(water, "23:59", next_day), day=day).people
        assert person.figures.planned_s == minutes * 60, day


def test_only_the_team_asked_for_is_shown(water: Tenant, leader: Actor) -> None:
    team, roster, kind = make_team(water), make_roster(water, DAY), make_shift_kind(water)
    inside, outside = make_agent(water, team_id=team), make_agent(water)
    for agent in (inside, outside):
        make_shift(roster, agent, DAY, kind)
    assert [one.agent_id for one in shown(leader, at(water, "9:00"), day=DAY, team_id=team).people] == [inside]


def test_nothing_of_another_tenant_is_shown(water: Tenant) -> None:
    make_shift(make_roster(water, DAY), make_agent(water), DAY, make_shift_kind(water))
    gas = make_tenant("gas")
    assert shown(make_actor(gas, "planner"), at(water, "9:00"), day=DAY).people == []
    answer = client_of(make_user(tenant=gas, role="planner")).get(
        "/api/v1/workforce/day", {"day": DAY.isoformat(), "tenant_id": str(water.pk)}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("planner", 200), ("team_leader", 200), ("agent", 403), ("client_viewer", 403)]
)
def test_who_may_see_the_day(water: Tenant, role: str, status: int) -> None:
    answer = client_of(make_user(tenant=water, role=role)).get("/api/v1/workforce/day")
    assert answer.status_code == status


def test_the_number_of_queries_does_not_grow_with_the_team(water: Tenant, leader: Actor) -> None:
    roster, kind = make_roster(water, DAY), make_shift_kind(water)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            shown(leader, at(water, "9:00"), day=DAY)
        return len(seen)

    make_shift(roster, make_agent(water), DAY, kind)
    few = queries()
    for _ in range(5):
        agent = make_agent(water)
        make_shift(roster, agent, DAY, kind)
        make_span(water, agent, "work", at(water, "8:00"))
    assert queries() == few


# --- clocks that change ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours", "night_s"),
    [
        (date(2026, 3, 29), 23, 5 * 3600),  # Berlin: 2:00 becomes 3:00, so 0:00 to 6:00 are five hours
        (date(2026, 10, 25), 25, 7 * 3600),
        (date(2026, 6, 1), 24, 6 * 3600),
    ],
)
def test_a_day_on_which_the_clocks_change(day: date, hours: int, night_s: int) -> None:
    berlin = make_tenant("berlin", time_zone="Europe/Berlin")
    with tenant_scope(berlin.pk):
        window = window_of(berlin.pk, day)
    assert window.ends - window.begins == timedelta(hours=hours)
    agent = make_agent(berlin)
    make_shift(make_roster(berlin, day), agent, day, make_shift_kind(berlin), pieces=[[0, 360]], breaks=[])
    make_span(berlin, agent, "work", window.begins, moment_at(day, 360, window.zone))
    (person,) = shown(make_actor(berlin, "planner"), window.ends, day=day).people
    assert (person.figures.planned_s, person.figures.kept_s) == (night_s, night_s)
    assert minute_at(day, moment_at(day, 600, window.zone), window.zone) == 600


# --- absences --------------------------------------------------------------------------------------------------------


def sick(tenant: Tenant, agent: UUID, begins: str = "8:00", ends: str = "16:00") -> day_schemas.AbsenceIn:
    return day_schemas.AbsenceIn(
        agent_id=agent, begins_at=at(tenant, begins), ends_at=at(tenant, ends), words="发烧 39 度"
    )


def test_a_sick_person_is_not_absent_without_leave(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    make_shift(make_roster(water, DAY), agent, DAY, make_shift_kind(water))
    assert shown(leader, at(water, "9:00"), day=DAY).people[0].figures.is_absent
    absence = absences.report(leader, sick(water, agent))
    (person,) = shown(leader, at(water, "9:00"), day=DAY).people
    assert (person.figures.is_absent, person.figures.planned_s) == (False, 0)
    assert [(one.id, one.kind) for one in person.absences] == [(absence, "sick")]
    absences.cancel(leader, absence, 1)
    assert shown(leader, at(water, "9:00"), day=DAY).people[0].figures.is_absent


def test_what_is_said_of_an_illness_is_sealed_and_not_in_the_audit(water: Tenant, leader: Actor) -> None:
    absence = absences.report(leader, sick(water, make_agent(water)))
    line = AuditEntry.objects.get(action="absence.reported")
    assert "发烧" not in str(line.details)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM workforce_absence")
        assert "发烧" not in str(cursor.fetchone())
    with tenant_scope(water.pk):
        assert Absence.objects.get(pk=absence).words == "发烧 39 度"


def test_the_same_time_is_reported_once(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    absences.report(leader, sick(water, agent))
    with pytest.raises(day_errors.AlreadyAbsentError):
        absences.report(leader, sick(water, agent, "15:59", "18:00"))
    absences.report(leader, sick(water, agent, "16:00", "18:00"))


@pytest.mark.parametrize(
    ("begins", "ends", "error"),
    [("8:00", "8:00", day_errors.TimesBackwardsError), ("9:00", "8:00", day_errors.TimesBackwardsError)],
)
def test_impossible_times_are_refused(
    water: Tenant, leader: Actor, begins: str, ends: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        absences.report(leader, sick(water, make_agent(water), begins, ends))


def test_nobody_reports_or_cancels_for_another_tenant(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    absence = absences.report(leader, sick(water, agent))
    stranger = make_actor(make_tenant("gas"), "planner")
    with pytest.raises(NotFoundError):
        absences.report(stranger, sick(water, agent, "17:00", "18:00"))
    with pytest.raises(NotFoundError):
        absences.cancel(stranger, absence, 1)
    with pytest.raises(StaleVersionError):
        absences.cancel(leader, absence, 7)
    with pytest.raises(ForbiddenError):
        absences.report(make_actor(water, "agent"), sick(water, agent, "17:00", "18:00"))


def test_training_and_absence_lie_over_the_shift(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    make_shift(make_roster(water, DAY), agent, DAY, make_shift_kind(water))
    with tenant_scope(water.pk):
        Activity.objects.create(
            tenant=water,
            agent_id=agent,
            kind="training",
            name="tariffs",
            starts_at=at(water, "9:00"),
            ends_at=at(water, "10:00"),
            made_by="tests",
        )
    absences.report(leader, sick(water, agent, "9:30", "11:00"))
    (person,) = shown(leader, at(water, "7:00"), day=DAY).people
    assert [one.kind for one in person.plan] == ["work", "training", "absence", "work", "break", "work"]


def test_the_tolerance_is_the_tenants_own(water: Tenant, leader: Actor) -> None:
    agent = make_agent(water)
    make_shift(make_roster(water, DAY), agent, DAY, make_shift_kind(water))
    make_span(water, agent, "work", at(water, "8:09"))
    assert shown(leader, at(water, "9:00"), day=DAY).people[0].figures.late_s == 9 * 60
    set_up_workforce(water, late_min=10)
    assert shown(leader, at(water, "9:00"), day=DAY).people[0].figures.late_s == 0


def test_through_http(water: Tenant) -> None:
    agent = make_agent(water)
    now = timezone.now()
    client = client_of(make_user(tenant=water, role="supervisor"))
    body = {
        "agent_id": str(agent),
        "begins_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=2)).isoformat(),
    }
    made = client.post("/api/v1/workforce/absences", body, content_type="application/json")
    assert made.status_code == 201
    again = client.post("/api/v1/workforce/absences", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "workforce.already_absent")
    day = client.get("/api/v1/workforce/day").json()
    assert [one["kind"] for one in day["people"][0]["absences"]] == ["sick"]
    address = f"/api/v1/workforce/absences/{made.json()['id']}/cancel"
    assert client.post(address, {"version": 1}, content_type="application/json").status_code == 204
