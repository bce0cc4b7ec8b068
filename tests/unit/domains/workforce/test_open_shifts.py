"""Open shifts: bids by the planner's choice or the rule's, overtime that is offered, judged when it is written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.workforce import (
    actions,
    bidding,
    bids,
    errors,
    open_shifts,
    own_roster,
    request_errors,
    request_queries,
    rule_errors,
    rules,
)
from hotline.domains.workforce.models import (
    Contract,
    LabourRules,
    OpenShift,
    Roster,
    RosterShift,
    ShiftKind,
    ShiftRequest,
)
from hotline.foundation.access import actor_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import Membership, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant
from tests.factories.rosters import (
    NIGHT,
    make_labour_rules,
    make_roster,
    make_shift,
    make_shift_kind,
    make_worker,
    next_monday,
)
from tests.factories.setup import administrator_of

pytestmark = pytest.mark.django_db
MONDAY = next_monday()
DAY = MONDAY + timedelta(days=2)


@dataclass
class House:
    """A tenant with a published roster, a kind of shift and a planner."""

    tenant: Tenant
    roster: Roster
    kind: ShiftKind
    planner: Actor

    def opened(self, **values: Any) -> UUID:
        whole: dict[str, Any] = {
            "day": DAY,
            "shift_kind_id": self.kind.pk,
            "start": "08:00",
            "closes_at": datetime.now(UTC) + timedelta(days=2),
            **values,
        }
        return open_shifts.open_shift(self.planner, open_shifts.Opening(**whole))

    def works(self) -> list[tuple[UUID, str]]:
        with tenant_scope(self.tenant.pk):
            return list(RosterShift.objects.filter(day=DAY).order_by("pk").values_list("agent_id", "source"))

    def request(self, request_id: UUID) -> ShiftRequest:
        with tenant_scope(self.tenant.pk):
            return ShiftRequest.objects.get(pk=request_id)

    def open_shift(self, open_shift_id: UUID) -> OpenShift:
        with tenant_scope(self.tenant.pk):
            return OpenShift.objects.get(pk=open_shift_id)


def new_house(**rules_of_work: Any) -> House:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    make_labour_rules(tenant, **rules_of_work)
    breaks = [{"length_min": 30, "earliest_min": 180, "latest_min": 300, "is_paid": False}]
    kind = make_shift_kind(tenant, breaks=breaks)
    return House(tenant, make_roster(tenant, MONDAY), kind, make_actor(tenant, "planner"))


@pytest.fixture
def house() -> House:
    return new_house()


def employed_since(house: House, agent_id: UUID, since: date) -> None:
    with tenant_scope(house.tenant.pk):
        Contract.objects.create(
            tenant=house.tenant, agent_id=agent_id, labour_rules=LabourRules.objects.get(), employed_from=since
        )


def test_planner_chooses_who_gets_an_open_shift_and_the_others_are_refused(house: House) -> None:
    (one, one_id), (other, _) = make_worker(house.tenant), make_worker(house.tenant)
    opened = house.opened()
    mine, theirs = bids.bid(one, opened), bids.bid(other, opened)
    assert bids.award(house.planner, opened, 1, [mine]) == [one_id]
    assert house.works() == [(one_id, "bid")]
    assert (house.request(mine).state, house.request(theirs).state) == ("done", "refused")
    with tenant_scope(house.tenant.pk):
        shift = RosterShift.objects.get(day=DAY)
    assert (shift.pieces, shift.breaks, shift.paid_min) == ([[480, 960]], [[720, 750]], 450)
    with pytest.raises(request_errors.OpenShiftEndedError):
        bids.bid(make_worker(house.tenant)[0], opened)


def test_split_kind_opens_a_split_shift(house: House) -> None:
    """Pieces of a kind are (start, length), those of a shift (start, end)."""
    split = make_shift_kind(house.tenant, pieces=[[0, 240], [480, 240]])
    opened = house.opened(shift_kind_id=split.pk)
    worker, _ = make_worker(house.tenant)
    bids.award(house.planner, opened, 1, [bids.bid(worker, opened)])
    with tenant_scope(house.tenant.pk):
        shift = RosterShift.objects.get(day=DAY)
    assert (shift.pieces, shift.paid_min) == ([[480, 720], [960, 1200]], 480)


def test_rule_chooses_least_granted_then_longest_employed(house: House) -> None:
    (spoilt, spoilt_id), (young, young_id), (old, old_id) = (make_worker(house.tenant) for _ in range(3))
    earlier = house.opened(day=MONDAY)
    bids.award(house.planner, earlier, 1, [bids.bid(spoilt, earlier)])
    employed_since(house, spoilt_id, date(2001, 1, 1))
    employed_since(house, young_id, date(2020, 1, 1))
    employed_since(house, old_id, date(2010, 1, 1))
    opened = house.opened(people=2)
    for actor in (spoilt, young, old):
        bids.bid(actor, opened)
    order = [bid.request.agent_id for bid in request_queries.bids_of(house.planner, opened, "en")]
    assert order == [old_id, young_id, spoilt_id]
    assert bids.award(house.planner, opened, 1) == [old_id, young_id]


BIDS = st.lists(st.tuples(st.integers(0, 5), st.none() | st.dates(), st.datetimes(timezones=st.just(UTC))), max_size=12)


@given(BIDS, st.randoms())
def test_order_of_bids_does_not_hang_on_the_order_of_reading(values: list[Any], chance: Any) -> None:
    given_bids = [
        bidding.Bid(bid_id=str(n), agent_id=str(n), granted_this_year=granted, employed_from=since, asked_at=at)
        for n, (granted, since, at) in enumerate(values)
    ]
    shuffled = list(given_bids)
    chance.shuffle(shuffled)
    ranked = bidding.ranked(shuffled)
    assert ranked == bidding.ranked(given_bids)
    assert [bid.granted_this_year for bid in ranked] == sorted(bid.granted_this_year for bid in ranked)


def test_rule_passes_over_a_bid_that_has_become_unlawful(house: House) -> None:
    (first, first_id), (second, second_id) = make_worker(house.tenant), make_worker(house.tenant)
    opened = house.opened()
    for actor in (first, second):
        bids.bid(actor, opened)
    make_shift(house.roster, first_id, DAY - timedelta(days=1), NIGHT)
    assert bids.award(house.planner, opened, 1) == [second_id]


def test_chosen_bid_that_has_become_unlawful_grants_nothing(house: House) -> None:
    (first, first_id), (second, _) = make_worker(house.tenant), make_worker(house.tenant)
    opened = house.opened(people=2)
    mine, theirs = bids.bid(first, opened), bids.bid(second, opened)
    make_shift(house.roster, first_id, DAY - timedelta(days=1), NIGHT)
    with pytest.raises(rule_errors.RestRuleError):
        bids.award(house.planner, opened, 1, [theirs, mine])
    assert house.works() == []


def test_when_bidding_closes_the_worker_lets_the_rule_choose(house: House) -> None:
    bidder, bidder_id = make_worker(house.tenant)
    opened, unwanted = house.opened(), house.opened(start="09:00")
    bids.bid(bidder, opened)
    later = datetime.now(UTC) + timedelta(days=2, minutes=1)
    assert bids.close_what_is_due(datetime.now(UTC), 100) == 0
    assert bids.close_what_is_due(later, 100) == 2
    assert bids.close_what_is_due(later, 100) == 0
    assert house.works() == [(bidder_id, "bid")]
    assert None not in (house.open_shift(opened).closed_at, house.open_shift(unwanted).closed_at)


def test_overtime_is_the_first_ones_who_accept(house: House) -> None:
    workers = [make_worker(house.tenant) for _ in range(3)]
    house.opened(is_overtime=True, offer_to=tuple(agent_id for _, agent_id in workers))
    offers = [request_queries.own_requests(actor)[0] for actor, _ in workers]
    assert [offer.may for offer in offers] == [["accept", "refuse"]] * 3
    bids.answer_offer(workers[0][0], offers[0].id, 1, "refuse", "not today")
    bids.answer_offer(workers[1][0], offers[1].id, 1, "accept")
    assert house.works() == [(workers[1][1], "overtime")]
    with pytest.raises(request_errors.RequestEndedError):
        bids.answer_offer(workers[2][0], offers[2].id, 1, "accept")


def test_offered_overtime_is_open_to_nobody_else(house: House) -> None:
    _, chosen = make_worker(house.tenant)
    stranger, _ = make_worker(house.tenant)
    opened = house.opened(is_overtime=True, offer_to=(chosen,))
    assert own_roster.own_open_shifts(stranger, "en") == []
    with pytest.raises(NotFoundError):
        bids.bid(stranger, opened)


def test_hope_project_is_offered_no_night_and_the_rotation_is_named(house: House) -> None:
    member, member_id = make_worker(house.tenant)
    rotation = actions.rotations.create(
        administrator_of(house.tenant),
        {
            "code": "hope",
            "name": {"zh": "希望工程", "en": "Hope Project"},
            "valid_from": date(2026, 1, 1),
            "closed_hours": [("18:00", "08:00")],
        },
    )
    term = {"valid_from": MONDAY - timedelta(days=9), "valid_to": MONDAY + timedelta(days=60)}
    asked = actions.apply(member, rotation, rules.Application(evidence="x", **term))
    actions.decide(house.planner, asked, 1, "approve")
    with pytest.raises(rule_errors.ClosedHoursRuleError, match="Hope Project"):
        house.opened(start="22:00", is_overtime=True, offer_to=(member_id,))
    with tenant_scope(house.tenant.pk):
        assert not OpenShift.objects.exists()
    night = house.opened(start="22:00")
    (listed,) = own_roster.own_open_shifts(member, "zh")
    assert "希望工程" in listed.objections[0].sentence
    with pytest.raises(rule_errors.ClosedHoursRuleError):
        bids.bid(member, night)


def test_overtime_may_pass_the_rosters_hours_and_a_bid_may_not() -> None:
    house = new_house(week_min=480, tolerance_percent=0, most_days_week=7)
    worker, worker_id = make_worker(house.tenant)
    for week in range(4):
        make_shift(house.roster, worker_id, MONDAY + timedelta(days=7 * week))
    with pytest.raises(rule_errors.HoursRuleError):
        bids.bid(worker, house.opened())
    bids.bid(worker, house.opened(is_overtime=True))


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"day": MONDAY - timedelta(days=1)}, request_errors.NotPublishedError),
        ({"closes_at": datetime.now(UTC) - timedelta(days=1)}, request_errors.OpenShiftTimesError),
        ({"closes_at": datetime.now(UTC) + timedelta(days=90)}, request_errors.OpenShiftTimesError),
        ({"start": "8 am"}, errors.TimeOfDayError),
        ({"shift_kind_id": UUID(int=0)}, NotFoundError),
    ],
)
def test_shift_that_cannot_be_opened_is_refused(house: House, values: dict[str, Any], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        house.opened(**values)


def test_only_those_are_named_for_overtime_who_may_work_it(house: House) -> None:
    (_, tired_id), (_, fresh_id) = make_worker(house.tenant), make_worker(house.tenant)
    make_worker(new_house().tenant)
    make_shift(house.roster, tired_id, DAY - timedelta(days=1), NIGHT)
    thought_of = open_shifts.Opening(day=DAY, shift_kind_id=house.kind.pk, start="08:00", closes_at=None)
    assert list(open_shifts.able(house.planner, thought_of)) == [fresh_id]


def test_more_bids_than_places_cannot_be_chosen(house: House) -> None:
    opened = house.opened()
    asked = [bids.bid(make_worker(house.tenant)[0], opened) for _ in range(2)]
    with pytest.raises(request_errors.TooManyChosenError):
        bids.award(house.planner, opened, 1, asked)


def test_nobody_bids_twice_nor_grants_their_own_bid(house: House) -> None:
    worker, _ = make_worker(house.tenant)
    opened = house.opened()
    mine = bids.bid(worker, opened)
    with pytest.raises(request_errors.AlreadyAskedError):
        bids.bid(worker, opened)
    user = User.objects.get(pk=worker.user_id)
    Membership.objects.create(user=user, tenant=house.tenant, role="planner")
    with pytest.raises(errors.OwnDecisionError):
        bids.award(actor_of(user), opened, 1, [mine])


def test_withdrawn_bid_gets_nothing(house: House) -> None:
    worker, _ = make_worker(house.tenant)
    opened = house.opened()
    bids.answer_offer(worker, bids.bid(worker, opened), 1, "withdraw")
    with pytest.raises(request_errors.NobodyBidsError):
        bids.award(house.planner, opened, 1)


def test_closed_shift_ends_its_bids(house: House) -> None:
    opened = house.opened()
    asked = bids.bid(make_worker(house.tenant)[0], opened)
    open_shifts.close(house.planner, opened, 1)
    assert house.request(asked).state == "refused"
    with pytest.raises(StaleVersionError):
        open_shifts.close(house.planner, opened, 1)


def test_another_tenant_and_other_roles_get_nothing(house: House) -> None:
    gas = new_house()
    opened = house.opened()
    mine = bids.bid(make_worker(house.tenant)[0], opened)
    assert request_queries.open_shifts_of(gas.planner, True, None, 50)[0] == []
    stranger, stranger_id = make_worker(gas.tenant)
    assert own_roster.own_open_shifts(stranger, "en") == []
    for refused in (
        lambda: bids.bid(stranger, opened),
        lambda: bids.award(gas.planner, opened, 1, [mine]),
        lambda: open_shifts.close(gas.planner, opened, 1),
        lambda: request_queries.bids_of(gas.planner, opened, "en"),
        lambda: bids.answer_offer(stranger, mine, 1, "withdraw"),
        lambda: gas.opened(shift_kind_id=house.kind.pk),
    ):
        with pytest.raises(NotFoundError):
            refused()
    with pytest.raises(Exception, match="offer_to"):
        house.opened(is_overtime=True, offer_to=(stranger_id,))
    with pytest.raises(ForbiddenError):
        bids.award(make_actor(house.tenant, "supervisor"), opened, 1)


def test_the_way_through_the_api(house: House) -> None:
    worker, _ = make_worker(house.tenant)
    agent, planner = (client_of(User.objects.get(pk=actor.user_id)) for actor in (worker, house.planner))
    body = {
        "day": DAY.isoformat(),
        "shift_kind_id": str(house.kind.pk),
        "start": "08:00",
        "closes_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    }
    opened = planner.post("/api/v1/workforce/open-shifts", body, content_type="application/json")
    assert opened.status_code == 201, opened.content
    (listed,) = agent.get("/api/v1/workforce/my-open-shifts").json()
    assert (listed["objections"], listed["places_left"]) == ([], 1)
    bid = agent.post(f"/api/v1/workforce/my-open-shifts/{listed['id']}/bids", {}, content_type="application/json")
    assert bid.status_code == 201, bid.content
    address = f"/api/v1/workforce/open-shifts/{listed['id']}"
    (found,) = planner.get(f"{address}/bids").json()
    assert found["objections"] == []
    granted = planner.post(f"{address}/awards", {"version": 1}, content_type="application/json")
    assert granted.json()["places_left"] == 0
    assert planner.get("/api/v1/workforce/open-shifts").json()["items"] == []
    assert agent.get("/api/v1/workforce/open-shifts").status_code == 403
