"""Flexible shifts beside fixed ones at the same coverage (row GZ-45)."""

import pytest

from hotline.domains.workforce.shift_costs import shift_costs
from hotline.foundation.errors import NotFoundError
from hotline.foundation.models import Tenant
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.planning import make_night_kind, make_roster, make_shift_kind
from tests.factories.setup import make_skill

pytestmark = pytest.mark.django_db
HUMPS = [n for n in [2, 2, 1, 1, 1, 1, 2, 4, 8, 11, 12, 11, 9, 9, 11, 12, 11, 9, 7, 6, 6, 5, 4, 3] for _ in range(2)]


@pytest.fixture
def water() -> Tenant:
    tenant = make_tenant("water", time_zone="Asia/Shanghai")
    make_shift_kind(tenant, "early", ("06:00", "07:00"))
    make_shift_kind(tenant, "day", ("09:00",))
    make_shift_kind(tenant, "late", ("14:00", "15:30"))
    make_night_kind(tenant)
    return tenant


def test_kinds_that_follow_the_curve_pay_fewer_hours_for_the_same_coverage(water: Tenant) -> None:
    roster = make_roster(water, {make_skill(water): HUMPS})
    planner = make_actor(water, "planner")
    few = shift_costs(planner, roster)
    make_shift_kind(water, "four", ("08:00", "10:00", "14:00", "18:00"), pieces=[(0, 240)], breaks=[])
    make_shift_kind(water, "split", ("08:00", "09:00"), pieces=[(0, 240), (480, 240)], breaks=[])
    many = shift_costs(planner, roster)
    assert few.fixed_min == many.fixed_min
    assert few.flexible_min is not None
    assert many.flexible_min is not None
    assert many.saving is not None
    assert many.flexible_min < few.flexible_min
    assert many.saving >= 500


def test_kinds_that_leave_the_night_bare_cannot_cover_it(water: Tenant) -> None:
    other = make_tenant("gas", time_zone="Asia/Shanghai")
    make_shift_kind(other)
    found = shift_costs(make_actor(other, "planner"), make_roster(other, {make_skill(other): [5] * 48}))
    assert (found.fixed_min, found.flexible_min, found.saving) == (None, None, None)


def test_a_curve_of_one_whole_shift_costs_that_shift(water: Tenant) -> None:
    kind = [0] * 16 + [3] * 16 + [0] * 16
    other = make_tenant("gas", time_zone="Asia/Shanghai")
    make_shift_kind(other, pieces=[(0, 480)], breaks=[])
    found = shift_costs(make_actor(other, "planner"), make_roster(other, {make_skill(other): kind}, weeks=1))
    assert found.flexible_min == round(0.98 * 3 * 480 * 7)


def test_another_tenants_roster_is_not_found_and_agents_may_not_ask(water: Tenant) -> None:
    roster = make_roster(water, {make_skill(water): HUMPS})
    with pytest.raises(NotFoundError):
        shift_costs(make_actor(make_tenant("gas"), "planner"), roster)
    path = f"/api/v1/workforce/rosters/{roster}/shift-costs"
    assert client_of(make_user(tenant=water, role="agent")).get(path).status_code == 403
    assert client_of(make_user(tenant=water, role="planner")).get(path).json()["days"] == 14
