"""Seats per site (row JS-03): kept from the routing log, reported with peaks, chosen from at sign-in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.contacts.seat_report import peak_of
from hotline.domains.enterprise import seat_log
from hotline.domains.enterprise.announcements import ROUTING, current_version
from hotline.domains.enterprise.models import Seat, SeatUse
from hotline.foundation.models import AuditEntry, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.messages import routing as m
from tests.factories.contacts import project
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS
from tests.factories.setup import make_agent, make_seat, make_site, make_team

pytestmark = pytest.mark.django_db
DAY = "2026-02-25"  # of ASKED_MS, in Shanghai
MINUTE_MS = 60_000


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def wu(tenant: Tenant) -> User:
    return make_user(tenant=tenant, role="supervisor", name="吴敏")


@pytest.fixture
def site(tenant: Tenant) -> UUID:
    return make_site(tenant, code="nanjing")


@pytest.fixture
def seats(tenant: Tenant, site: UUID) -> list[str]:
    return [str(make_seat(tenant, site, f"A{number}")) for number in range(1, 5)]


def at(minutes: int) -> int:
    return ASKED_MS + minutes * MINUTE_MS


def comes(agent_id: str, seat_id: str | None, minutes: int) -> m.AgentSignedIn:
    return m.AgentSignedIn(at_ms=at(minutes), agent_id=agent_id, session_id="s", seat_id=seat_id)


def goes(agent_id: str, minutes: int) -> m.AgentSignedOut:
    return m.AgentSignedOut(at_ms=at(minutes), agent_id=agent_id, cause="")


def marked(seat_id: str, by: User, *, is_broken: bool = True) -> m.SeatMarked:
    reason: Any = "headset" if is_broken else None
    return m.SeatMarked(at_ms=at(0), seat_id=seat_id, is_broken=is_broken, reason=reason, actor_id=str(by.pk))


def report(client: Client, *days: str) -> list[dict[str, Any]]:
    asked = dict(zip(("first_day", "last_day"), days, strict=False))
    found: list[dict[str, Any]] = client.get("/api/v1/reports/seats", asked).json()["sites"]
    return found


def uses(tenant: Tenant) -> list[tuple[str, int, int | None]]:
    """Seat, minute of beginning, minute of end of each use, in order."""

    def minute(moment: datetime | None) -> int | None:
        return None if moment is None else round((moment.timestamp() * 1000 - ASKED_MS) / MINUTE_MS)

    with tenant_scope(tenant.pk):
        rows = SeatUse.objects.order_by("began_at", "seat_id")
        return [(str(row.seat_id), minute(row.began_at) or 0, minute(row.ended_at)) for row in rows]


def test_who_sat_where_is_kept_from_sign_in_to_sign_out_or_move(tenant: Tenant, seats: list[str]) -> None:
    ann, bob = new_id(), new_id()
    project([comes(ann, seats[0], 0), comes(bob, None, 1), comes(ann, seats[0], 2)])
    project([m.AgentMovedSeat(at_ms=at(3), agent_id=ann, seat_id=seats[1]), comes(bob, seats[0], 4), goes(ann, 5)])
    assert uses(tenant) == [(seats[0], 0, 3), (seats[1], 3, 5), (seats[0], 4, None)]


def test_a_log_that_lost_a_sign_out_never_puts_two_on_one_seat(tenant: Tenant, seats: list[str]) -> None:
    project([comes(new_id(), seats[0], 0)])
    project([comes(new_id(), seats[0], 5)])
    assert uses(tenant) == [(seats[0], 0, 5), (seats[0], 5, None)]


def test_free_in_use_and_broken_are_counted_now_and_the_peak_of_the_day(wu: User, seats: list[str], site: UUID) -> None:
    ann, bob, cai = new_id(), new_id(), new_id()
    project([comes(ann, seats[0], 0), comes(bob, seats[1], 1), comes(cai, seats[2], 2), goes(bob, 3), goes(cai, 4)])
    project([marked(seats[3], wu), comes(bob, seats[1], 5)])
    (found,) = report(client_of(wu), DAY)
    counts = {name: found[name] for name in ("seats", "free", "in_use", "broken", "reserve")}
    assert counts == {"seats": 4, "free": 1, "in_use": 2, "broken": 1, "reserve": 0}
    assert found["site_id"] == str(site)
    (peak,) = found["peaks"]
    assert (peak["day"], peak["in_use"]) == (DAY, 3)
    assert datetime.fromisoformat(peak["at"]).timestamp() * 1000 == at(2)


def test_a_mark_of_the_floor_comes_into_registry_audit_and_set_up(tenant: Tenant, wu: User, seats: list[str]) -> None:
    before = current_version(ROUTING)
    project([marked(seats[0], wu)])
    with tenant_scope(tenant.pk):
        seat = Seat.objects.get(pk=seats[0])
    assert (seat.state, seat.fault, seat.version) == ("out_of_order", "headset", 2)
    assert current_version(ROUTING) == before + 1
    project([marked(seats[0], wu, is_broken=False)])
    with tenant_scope(tenant.pk):
        assert Seat.objects.get(pk=seats[0]).state == "usable"
    deeds = AuditEntry.objects.filter(object_id=seats[0]).order_by("id").values_list("action", "actor_name")
    assert list(deeds) == [("seat.created", "tests"), ("seat.marked_broken", "吴敏"), ("seat.marked_usable", "吴敏")]


def test_a_reserve_seat_that_is_repaired_is_in_reserve_again(tenant: Tenant, wu: User, site: UUID) -> None:
    seat = str(make_seat(tenant, site, "R1", state="reserve"))
    project([marked(seat, wu)])
    project([marked(seat, wu, is_broken=False)])
    with tenant_scope(tenant.pk):
        assert Seat.objects.get(pk=seat).state == "reserve"


def test_unknown_seats_of_the_log_stop_nothing(tenant: Tenant, wu: User, seats: list[str]) -> None:
    project([comes(new_id(), new_id(), 0), marked(new_id(), wu), comes(new_id(), seats[0], 1)])
    assert uses(tenant) == [(seats[0], 1, None)]


def test_1800_sign_ins_are_kept_and_counted(tenant: Tenant, wu: User, site: UUID) -> None:
    with tenant_scope(tenant.pk):
        rows = [Seat(tenant=tenant, site_id=site, label=f"A{number:04}") for number in range(1_800)]
        Seat.objects.bulk_create(rows)
    project([comes(new_id(), str(seat.pk), 0) for seat in rows])
    (found,) = report(client_of(wu), DAY)
    assert (found["seats"], found["free"], found["in_use"], found["peaks"][0]["in_use"]) == (1_800, 0, 1_800, 1_800)


def test_the_report_as_a_file_has_a_line_for_each_site_and_day(wu: User, seats: list[str]) -> None:
    project([comes(new_id(), seats[0], 0)])
    asked = {"first_day": "2026-02-24", "last_day": DAY}
    client = client_of(wu)
    client.patch("/api/v1/me/preferences", {"language": "en"}, content_type="application/json")
    answer = client.get("/api/v1/reports/seats.csv", asked)
    lines = b"".join(answer).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert lines[0].startswith("site,seats,free,in use,broken")
    assert [line.split(",")[1:8] for line in lines[1:]] == [
        ["4", "3", "1", "0", "0", "2026-02-24", "0"],
        ["4", "3", "1", "0", "0", DAY, "1"],
    ]


def test_another_tenant_sees_no_seat_and_an_agent_no_report(tenant: Tenant, wu: User, seats: list[str]) -> None:
    project([comes(new_id(), seats[0], 0)])
    stranger = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    assert report(stranger, DAY) == []
    file = b"".join(stranger.get("/api/v1/reports/seats.csv"))  # type: ignore[arg-type]
    assert len(file.splitlines()) == 1
    assert client_of(make_user(tenant=tenant, role="agent")).get("/api/v1/reports/seats").status_code == 403


def test_the_desk_offers_free_seats_the_own_site_first(tenant: Tenant, wu: User, site: UUID, seats: list[str]) -> None:
    elsewhere = make_site(tenant, code="huaian")
    make_seat(tenant, elsewhere, "H1")
    make_site(tenant, code="without-seats")
    user = make_user(tenant=tenant, role="agent")
    make_agent(tenant, user_id=user.pk, team_id=make_team(tenant, site_id=site))
    project([comes(new_id(), seats[0], 0), marked(seats[1], wu)])
    sites = client_of(user).get("/api/v1/desk/seats").json()["sites"]
    assert [(one["is_own"], [seat["label"] for seat in one["seats"]]) for one in sites] == [
        (True, ["A3", "A4"]),
        (False, ["H1"]),
    ]
    other_tenant = make_tenant()
    foreign = make_user(tenant=other_tenant, role="agent")
    make_agent(other_tenant, user_id=foreign.pk)
    assert client_of(foreign).get("/api/v1/desk/seats").json()["sites"] == []


def test_who_sat_where_is_forgotten_after_its_time(tenant: Tenant, seats: list[str]) -> None:
    ann = new_id()
    project([comes(ann, seats[0], 0), goes(ann, 10), comes(ann, seats[1], 20)])
    ended = datetime.fromtimestamp(at(10) / 1000, UTC)
    assert seat_log.forget_old_uses(ended + seat_log.KEPT, 100) == 0
    assert seat_log.forget_old_uses(ended + seat_log.KEPT + timedelta(seconds=1), 100) == 1
    assert uses(tenant) == [(seats[1], 20, None)]


_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(-100, 200), st.integers(0, 100) | st.none()), max_size=30))
def test_the_peak_is_the_most_at_any_beginning(spans: list[tuple[int, int | None]]) -> None:
    begins, ends = _NOON, _NOON + timedelta(minutes=100)
    seated = [
        (_NOON + timedelta(minutes=start), None if length is None else _NOON + timedelta(minutes=start + length))
        for start, length in spans
    ]
    most, moment = peak_of(seated, begins, ends)
    moments = [begins, *[start for start, _ in seated if begins < start < ends]]

    def present(now: datetime) -> int:
        return sum(start <= now and (end is None or end > now) for start, end in seated)

    assert most == max(map(present, moments))
    assert moment is None or present(moment) == most
