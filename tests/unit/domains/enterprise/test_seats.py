"""The seat registry (row JS-03): single seats and rows of them, faults, and what the switch is told."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.enterprise import actions, errors, queries, rules
from hotline.domains.enterprise.announcements import ROUTING, current_version
from hotline.domains.enterprise.models import Seat
from hotline.domains.setup_records import TakenError
from hotline.foundation.errors import NotFoundError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.messages.routing import SeatFaultReason
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import administrator_of, make_seat, make_site

ROW = {"first": "A001", "last": "A040"}


@pytest.mark.parametrize(
    ("first", "last", "begins", "ends", "count"),
    [
        ("A001", "A040", "A001", "A040", 40),
        ("A1", "A12", "A1", "A12", 12),
        ("A098", "A101", "A098", "A101", 4),
        ("3F-07", "3F-07", "3F-07", "3F-07", 1),
        ("1", "3", "1", "3", 3),
        ("二层08", "二层11", "二层08", "二层11", 4),
    ],
)
def test_a_row_of_labels(first: str, last: str, begins: str, ends: str, count: int) -> None:
    labels = rules.seat_labels(first, last, 500)
    assert (labels[0], labels[-1], len(labels), len(set(labels))) == (begins, ends, count, count)


@pytest.mark.parametrize(
    ("first", "last"),
    [("A001", "B040"), ("A040", "A001"), ("A", "A040"), ("A01", "A040"), ("A001", "A501"), ("A001", "A0x"), ("", "")],
)
def test_what_is_no_row_is_refused_with_an_example(first: str, last: str) -> None:
    with pytest.raises(errors.SeatRangeError, match="A001 to A040"):
        rules.seat_labels(first, last, 500)


@given(st.integers(0, 9_999), st.integers(0, 499), st.integers(1, 5))
def test_a_row_begins_and_ends_as_it_was_written(low: int, more: int, width: int) -> None:
    first, last = f"A{low:0{width}d}", f"A{low + more:0{width}d}"
    labels = rules.seat_labels(first, last, 500)
    assert (labels[0], labels[-1], len(labels)) == (first, last, more + 1)


def test_the_faults_of_registry_and_floor_are_the_same() -> None:
    assert tuple(Seat.Fault.values) == SeatFaultReason.__args__  # type: ignore[attr-defined]


@pytest.mark.django_db
class TestRegistry:
    @pytest.fixture
    def tenant(self) -> Tenant:
        return make_tenant()

    @pytest.fixture
    def site(self, tenant: Tenant) -> UUID:
        return make_site(tenant)

    def configured(self, tenant: Tenant) -> dict[str, Any]:
        with tenant_scope(tenant.pk):
            return {seat.label: seat for site in queries.site_configurations() for seat in site.seats}

    def test_a_row_is_made_at_once_audited_once_and_announced_once(self, tenant: Tenant, site: UUID) -> None:
        before = current_version(ROUTING)
        added = actions.add_seats(administrator_of(tenant), site, **ROW)
        assert added == actions.SeatsAdded(created=40, existing=0)
        assert len(self.configured(tenant)) == 40
        assert current_version(ROUTING) == before + 1
        assert AuditEntry.objects.filter(action="seat.row_created", object_id=str(site)).count() == 1

    def test_seats_that_exist_are_left_as_they_are(self, tenant: Tenant, site: UUID) -> None:
        make_seat(tenant, site, "A002", state="out_of_order", fault="power")
        added = actions.add_seats(administrator_of(tenant), site, "A001", "A003", "reserve")
        assert added == actions.SeatsAdded(created=2, existing=1)
        found = self.configured(tenant)
        assert [(label, found[label].fault, found[label].is_reserve) for label in sorted(found)] == [
            ("A001", None, True),
            ("A002", "power", False),
            ("A003", None, True),
        ]

    def test_each_change_of_a_seat_is_told_to_the_switch(self, tenant: Tenant, site: UUID) -> None:
        admin = administrator_of(tenant)
        seat = make_seat(tenant, site, "A1")
        before = current_version(ROUTING)
        actions.seats.change(admin, seat, 1, {"state": "out_of_order"})
        assert self.configured(tenant)["A1"].fault == "other"
        actions.seats.change(admin, seat, 2, {"state": "usable"})
        assert self.configured(tenant)["A1"].fault is None
        actions.seats.remove(admin, seat, 3)
        assert current_version(ROUTING) == before + 3

    def test_a_label_is_once_at_a_site(self, tenant: Tenant, site: UUID) -> None:
        make_seat(tenant, site, "A1")
        make_seat(tenant, make_site(tenant), "A1")
        with pytest.raises(TakenError):
            make_seat(tenant, site, "A1")

    def test_another_tenants_site_takes_no_row(self, tenant: Tenant, site: UUID) -> None:
        with pytest.raises(NotFoundError):
            actions.add_seats(administrator_of(make_tenant()), site, **ROW)
        assert self.configured(tenant) == {}

    def test_rows_through_the_api_need_the_permission_to_configure(self, tenant: Tenant, site: UUID) -> None:
        body = {"site_id": str(site), **ROW}
        agent = client_of(make_user(tenant=tenant, role="agent"))
        assert agent.post("/api/v1/admin/seat-rows", body, content_type="application/json").status_code == 403
        administrator = client_of(make_user(tenant=tenant, role="administrator"))
        made = administrator.post("/api/v1/admin/seat-rows", body, content_type="application/json")
        assert (made.status_code, made.json()) == (201, {"created": 40, "existing": 0})
        stranger = client_of(make_user(tenant=make_tenant(), role="administrator"))
        assert stranger.post("/api/v1/admin/seat-rows", body, content_type="application/json").status_code == 404

    def test_the_list_is_filtered_by_site_and_state(self, tenant: Tenant, site: UUID) -> None:
        make_seat(tenant, site, "A1")
        make_seat(tenant, site, "A2", state="out_of_order", fault="network")
        make_seat(tenant, make_site(tenant), "B1", state="out_of_order")
        client = client_of(make_user(tenant=tenant, role="administrator"))
        asked = {"site_id": str(site), "state": "out_of_order"}
        items = client.get("/api/v1/admin/seats", asked).json()["items"]
        assert [(item["label"], item["fault"]) for item in items] == [("A2", "network")]
