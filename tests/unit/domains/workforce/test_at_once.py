"""Two people who say yes at the same instant: one has it, the other reads why not, and nothing is half-written.

On a file of SQLite and on PostgreSQL; both have read everything before either may write."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from hotline.domains.workforce import (
    bids,
    call_in,
    day_moves,
    leave_offer_queries,
    leave_offers,
    open_shifts,
    requests,
    rosters,
    shift_moves,
)
from hotline.domains.workforce.day_schemas import BreakMoveIn
from hotline.domains.workforce.leave_schemas import LeaveOfferIn, LeaveQuery
from hotline.domains.workforce.models import Absence, LeaveOffer, OpenShift, Roster, RosterShift, ShiftRequest
from hotline.domains.workforce.request_completion import locked_shifts
from hotline.foundation.actors import Actor
from hotline.foundation.models import AuditEntry, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant
from tests.factories.rosters import (
    EARLY,
    LATE,
    make_labour_rules,
    make_roster,
    make_settings,
    make_shift,
    make_shift_kind,
    make_worker,
    next_monday,
)
from tests.factories.same_moment import at_once, code_of, shared_database
from tests.factories.setup import make_agent
from tests.unit.domains.workforce.test_call_in import Centre
from tests.unit.domains.workforce.test_early_leave import Member, Quiet

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = next_monday()
TOO_LATE = {"workforce.request_ended", "workforce.shift_changed"}  # both are 409


@pytest.fixture(autouse=True)
def database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        yield


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@dataclass
class House:
    """A tenant whose swaps a colleague's yes does, with a published roster and a planner."""

    tenant: Tenant
    roster: Roster
    planner: Actor
    actors: dict[UUID, Actor] = field(default_factory=dict)

    def worker(self) -> UUID:
        actor, agent_id = make_worker(self.tenant)
        self.actors[agent_id] = actor
        return agent_id

    def shift(self, agent_id: UUID, number: int, begin: int = EARLY, **values: Any) -> RosterShift:
        return make_shift(self.roster, agent_id, day(number), begin, **values)

    def opened(self, **values: Any) -> UUID:
        whole = {"day": day(2), "start": "08:00", "closes_at": datetime.now(UTC) + timedelta(days=2), **values}
        return open_shifts.open_shift(self.planner, open_shifts.Opening(**whole))

    def asked(self, agent_id: UUID, **values: Any) -> ShiftRequest:
        with tenant_scope(self.tenant.pk):
            return ShiftRequest.objects.get(agent_id=agent_id, **values)

    def states(self) -> list[str]:
        with tenant_scope(self.tenant.pk):
            return sorted(ShiftRequest.objects.values_list("state", flat=True))

    def works(self) -> list[tuple[UUID, int]]:
        """Who works on which day of the roster, by day."""
        with tenant_scope(self.tenant.pk):
            rows = RosterShift.objects.order_by("day", "pk").values_list("agent_id", "day")
            return [(agent_id, (one - MONDAY).days) for agent_id, one in rows]

    def at_once(self, *acts: Any) -> list[str]:
        return sorted(code_of(one) for one in at_once(self.tenant, *acts))

    def accepts(self, agent_id: UUID, request_id: UUID, version: int = 1) -> Any:
        return lambda: requests.answer(self.actors[agent_id], request_id, version, "accept")

    def takes(self, agent_id: UUID, request_id: UUID) -> Any:
        return lambda: bids.answer_offer(self.actors[agent_id], request_id, 1, "accept")

    def lines(self, *prefixes: str) -> Counter[str]:
        return lines(self.tenant, *prefixes)


def lines(tenant: Tenant, *prefixes: str) -> Counter[str]:
    """How many lines of each kind the audit has, of what begins like one of these."""
    actions = AuditEntry.objects.filter(tenant_id=tenant.pk).values_list("action", flat=True)
    return Counter(action for action in actions if action.startswith(prefixes))


def new_house(*, swaps_need_approval: bool = False, **of_rules: Any) -> House:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    make_labour_rules(tenant, **of_rules)
    make_settings(tenant, swaps_need_approval=swaps_need_approval)
    return House(tenant, make_roster(tenant, MONDAY), make_actor(tenant, "planner"))


@pytest.fixture
def house() -> House:
    return new_house()


def one_was_done(came_to: Sequence[str], *refusals: str) -> bool:
    """Whether one had it and the other was refused in one of these ways."""
    done, *others = sorted(came_to, key=lambda code: code != "done")
    return done == "done" and bool(others) and set(others) <= set(refusals)


def test_two_colleagues_accept_a_swap_of_the_same_shift(house: House) -> None:
    one, other, third = (house.worker() for _ in range(3))
    mine = house.shift(one, 1)
    shifts = {other: house.shift(other, 3), third: house.shift(third, 5)}
    asked = {agent: requests.ask_swap(house.actors[one], mine.pk, shift.pk) for agent, shift in shifts.items()}
    came_to = house.at_once(*(house.accepts(agent, request) for agent, request in asked.items()))
    assert one_was_done(came_to, *TOO_LATE)
    assert house.states() == ["done", "expired"]
    assert sorted(number for _, number in house.works()) == [1, 3, 5]
    assert Counter(agent for agent, _ in house.works()) == {one: 1, other: 1, third: 1}
    assert house.lines("roster_shift", "shift_request.done", "shift_request.expired") == {
        "roster_shift.swapped": 2,  # one of each shift
        "shift_request.done": 1,
        "shift_request.expired": 1,
    }


def test_a_yes_that_is_clicked_twice_is_done_once(house: House) -> None:
    one, other = house.worker(), house.worker()
    asked = requests.ask_swap(house.actors[one], house.shift(one, 1).pk, house.shift(other, 3).pk)
    came_to = house.at_once(*[house.accepts(other, asked)] * 3)
    assert came_to == ["done", "workforce.request_ended", "workforce.request_ended"]
    assert house.works() == [(other, 1), (one, 3)]
    assert house.lines("roster_shift", "shift_request") == {
        "roster_shift.swapped": 2,
        "shift_request.asked": 1,
        "shift_request.done": 1,
    }


def test_a_yes_and_a_withdrawal_do_not_both_happen(house: House) -> None:
    one, other = house.worker(), house.worker()
    asked = requests.ask_swap(house.actors[one], house.shift(one, 1).pk, house.shift(other, 3).pk)
    came_to = house.at_once(
        house.accepts(other, asked), lambda: requests.answer(house.actors[one], asked, 1, "withdraw")
    )
    assert one_was_done(came_to, "workforce.request_ended")
    swapped = house.states() == ["done"]
    assert swapped or house.states() == ["withdrawn"]
    assert house.works() == ([(other, 1), (one, 3)] if swapped else [(one, 1), (other, 3)])
    assert house.lines("roster_shift") == ({"roster_shift.swapped": 2} if swapped else {})


def test_two_planners_approve_and_refuse_the_same_swap() -> None:
    house = new_house(swaps_need_approval=True)
    one, other = house.worker(), house.worker()
    asked = requests.ask_swap(house.actors[one], house.shift(one, 1).pk, house.shift(other, 3).pk)
    house.accepts(other, asked)()
    second = make_actor(house.tenant, "planner")
    came_to = house.at_once(
        lambda: requests.decide(house.planner, asked, 2, "approve"),
        lambda: requests.decide(second, asked, 2, "refuse", "too few on that day"),
    )
    assert one_was_done(came_to, "workforce.request_ended")
    assert house.works() == ([(other, 1), (one, 3)] if house.states() == ["done"] else [(one, 1), (other, 3)])
    assert sum(house.lines("shift_request.done", "shift_request.refused").values()) == 1


def test_two_takers_accept_the_same_shift_given_away(house: House) -> None:
    one, other, third = (house.worker() for _ in range(3))
    mine = house.shift(one, 1)
    asked = {taker: requests.ask_give_away(house.actors[one], mine.pk, taker) for taker in (other, third)}
    came_to = house.at_once(*(house.accepts(taker, request) for taker, request in asked.items()))
    assert one_was_done(came_to, *TOO_LATE)
    ((taker, number),) = house.works()
    assert taker in (other, third)
    assert number == 1
    assert house.states() == ["done", "expired"]
    assert house.lines("roster_shift") == {"roster_shift.given_away": 1}


def test_one_taker_cannot_have_two_shifts_of_a_day_by_taking_them_at_once(house: House) -> None:
    one, other, taker = (house.worker() for _ in range(3))
    asked = [
        requests.ask_give_away(house.actors[giver], house.shift(giver, 1, begin).pk, taker)
        for giver, begin in ((one, EARLY), (other, LATE))
    ]
    came_to = house.at_once(*(house.accepts(taker, request) for request in asked))
    assert one_was_done(came_to, "workforce.rule_second_shift")
    assert len({agent for agent, _ in house.works()} & {one, other}) == 1
    assert house.lines("roster_shift") == {"roster_shift.given_away": 1}


def test_rest_holds_over_the_border_of_two_rosters_when_both_sides_are_taken_at_once(house: House) -> None:
    one, other, taker = (house.worker() for _ in range(3))
    following = make_roster(house.tenant, day(28), name="following")
    late, early = house.shift(one, 27, LATE), make_shift(following, other, day(28), EARLY)
    asked = [
        requests.ask_give_away(house.actors[giver], shift.pk, taker) for giver, shift in ((one, late), (other, early))
    ]
    came_to = house.at_once(*(house.accepts(taker, request) for request in asked))
    assert one_was_done(came_to, "workforce.rule_rest")
    assert Counter(agent for agent, _ in house.works())[taker] == 1


@pytest.mark.parametrize("comes_first", ["edit", "yes"])
def test_rest_holds_over_the_border_when_a_planner_edits_one_side_and_a_colleague_takes_a_shift_of_the_other(
    house: House, comes_first: str
) -> None:
    giver, taker = house.worker(), house.worker()
    kind = make_shift_kind(house.tenant)
    following = make_roster(house.tenant, day(28), name="following")
    early = make_shift(following, giver, day(28), EARLY)
    asked = requests.ask_give_away(house.actors[giver], early.pk, taker)
    late = rosters.Edit(agent_id=taker, day=day(27), shift_kind_id=kind.pk, start=LATE)
    acts = [
        lambda: rosters.edit(house.planner, house.roster.pk, house.roster.version, [late]),
        house.accepts(taker, asked),
    ]
    came_to = house.at_once(*(acts if comes_first == "edit" else reversed(acts)))
    assert one_was_done(came_to, "workforce.rule_rest")
    assert Counter(agent for agent, _ in house.works())[taker] == 1


def test_leave_is_granted_while_a_colleague_takes_a_shift_of_these_days(house: House) -> None:
    one, other = house.worker(), house.worker()
    mine = house.shift(one, 1)
    taken = requests.ask_give_away(house.actors[one], mine.pk, other)
    leave = requests.ask_leave(house.actors[one], day(0), day(3))
    came_to = at_once(
        house.tenant, house.accepts(other, taken), lambda: requests.decide(house.planner, leave, 1, "approve")
    )
    # Leave may always be granted: it takes away what is there when its turn comes.
    assert code_of(came_to[1]) == "done"
    assert code_of(came_to[0]) in {"done", *TOO_LATE}
    was_taken = code_of(came_to[0]) == "done"
    assert house.works() == ([(other, 1)] if was_taken else [])
    assert house.states() == (["done", "done"] if was_taken else ["done", "expired"])
    assert house.lines("roster_shift") == {f"roster_shift.{'given_away' if was_taken else 'leave'}": 1}
    with tenant_scope(house.tenant.pk):
        assert Absence.objects.count() == 1


def test_leave_is_granted_while_a_shift_of_these_days_is_awarded_to_the_same_person(house: House) -> None:
    worker, opened = house.worker(), house.opened(shift_kind_id=make_shift_kind(house.tenant).pk)
    bid = bids.bid(house.actors[worker], opened)
    leave = requests.ask_leave(house.actors[worker], day(0), day(3))
    second = make_actor(house.tenant, "planner")
    came_to = at_once(
        house.tenant,
        lambda: bids.award(second, opened, 1, [bid]),
        lambda: requests.decide(house.planner, leave, 1, "approve"),
    )
    assert code_of(came_to[1]) == "done"
    assert code_of(came_to[0]) in ("done", "workforce.rule_absent")
    assert house.works() == []  # awarded and taken away again, or not awarded
    with tenant_scope(house.tenant.pk):
        assert Absence.objects.count() == 1


def test_the_end_of_its_time_comes_while_a_request_is_accepted(house: House) -> None:
    one, other = house.worker(), house.worker()
    asked = requests.ask_swap(house.actors[one], house.shift(one, 1).pk, house.shift(other, 3).pk)
    late = datetime.now(UTC) + timedelta(days=60)
    came_to = at_once(house.tenant, house.accepts(other, asked), lambda: requests.expire(late, 10))
    swapped = code_of(came_to[0]) == "done"
    assert swapped or code_of(came_to[0]) == "workforce.request_ended"
    assert came_to[1] == (0 if swapped else 1)
    assert house.works() == ([(other, 1), (one, 3)] if swapped else [(one, 1), (other, 3)])


def test_a_bid_that_is_clicked_twice_is_one_bid(house: House) -> None:
    worker, opened = house.worker(), house.opened(shift_kind_id=make_shift_kind(house.tenant).pk)
    came_to = house.at_once(*[lambda: bids.bid(house.actors[worker], opened)] * 2)
    assert came_to == ["done", "workforce.already_asked"]
    assert house.states() == ["open"]
    assert house.lines("shift_request") == {"shift_request.asked": 1}


def test_two_planners_grant_the_last_place_to_different_people(house: House) -> None:
    workers = house.worker(), house.worker()
    opened = house.opened(shift_kind_id=make_shift_kind(house.tenant).pk)
    mine, theirs = (bids.bid(house.actors[worker], opened) for worker in workers)
    second = make_actor(house.tenant, "planner")
    came_to = house.at_once(
        lambda: bids.award(house.planner, opened, 1, [mine]), lambda: bids.award(second, opened, 1, [theirs])
    )
    assert came_to == ["done", "object.stale"]
    assert [number for _, number in house.works()] == [2]
    assert house.states() == ["done", "refused"]
    assert house.lines("roster_shift", "open_shift.closed") == {"roster_shift.bid": 1, "open_shift.closed": 1}


def test_the_end_of_bidding_comes_while_a_planner_chooses(house: House) -> None:
    workers = house.worker(), house.worker()
    opened = house.opened(shift_kind_id=make_shift_kind(house.tenant).pk)
    _, theirs = (bids.bid(house.actors[worker], opened) for worker in workers)
    late = datetime.now(UTC) + timedelta(days=3)
    came_to = at_once(
        house.tenant,
        lambda: bids.award(house.planner, opened, 1, [theirs]),
        lambda: bids.close_what_is_due(late, 10),
    )
    assert code_of(came_to[0]) in ("done", "object.stale")
    assert code_of(came_to[1]) == "done"
    (work,) = house.works()
    assert work == (workers[1 if code_of(came_to[0]) == "done" else 0], 2)
    assert house.states() == ["done", "refused"]
    assert house.lines("roster_shift", "open_shift.closed") == {"roster_shift.bid": 1, "open_shift.closed": 1}


def test_two_accept_the_last_place_of_offered_overtime(house: House) -> None:
    workers = house.worker(), house.worker()
    house.opened(shift_kind_id=make_shift_kind(house.tenant).pk, is_overtime=True, offer_to=workers)
    came_to = house.at_once(*(house.takes(worker, house.asked(worker).pk) for worker in workers))
    assert one_was_done(came_to, "workforce.request_ended")
    assert [number for _, number in house.works()] == [2]
    assert house.states() == ["done", "expired"]
    assert house.lines("roster_shift", "open_shift.closed") == {"roster_shift.overtime": 1, "open_shift.closed": 1}
    with tenant_scope(house.tenant.pk):
        assert OpenShift.objects.get().closed_at is not None


def test_hours_beside_a_shift_are_added_once_however_often_the_yes_is_clicked(house: House) -> None:
    worker = house.worker()
    house.shift(worker, 2)
    house.opened(start="16:00", end="18:00", is_overtime=True, offer_to=(worker,), people=2)
    came_to = house.at_once(*[house.takes(worker, house.asked(worker).pk)] * 2)
    assert came_to == ["done", "workforce.request_ended"]
    with tenant_scope(house.tenant.pk):
        shift = RosterShift.objects.get()
    assert (shift.pieces, shift.paid_min, shift.overtime_min) == ([[480, 1080]], 600, 120)
    assert house.lines("roster_shift") == {"roster_shift.lengthened": 1}


def test_the_shift_is_swapped_away_while_its_owner_accepts_hours_beside_it(house: House) -> None:
    one, other = house.worker(), house.worker()
    swap = requests.ask_swap(house.actors[one], house.shift(one, 2).pk, house.shift(other, 4).pk)
    house.opened(start="16:00", end="18:00", is_overtime=True, offer_to=(one,))
    hours = house.asked(one, kind="overtime").pk
    came_to = at_once(house.tenant, house.takes(one, hours), house.accepts(other, swap))
    assert one_was_done([code_of(one) for one in came_to], "workforce.no_shift_beside", *TOO_LATE)
    were_added = code_of(came_to[0]) == "done"
    with tenant_scope(house.tenant.pk):
        rows = set(RosterShift.objects.values_list("agent_id", "day", "overtime_min"))
    assert rows == ({(one, day(2), 120), (other, day(4), 0)} if were_added else {(other, day(2), 0), (one, day(4), 0)})
    assert house.lines("roster_shift") == (
        {"roster_shift.lengthened": 1} if were_added else {"roster_shift.swapped": 2}
    )


def test_the_same_click_sent_twice_with_one_key_is_answered_twice_with_the_same(house: House) -> None:
    worker = house.worker()
    house.shift(worker, 2)
    house.opened(start="16:00", end="18:00", is_overtime=True, offer_to=(worker,))
    path = f"/api/v1/workforce/my-requests/{house.asked(worker).pk}/answers"
    user = User.objects.get(pk=house.actors[worker].user_id)
    clients = [client_of(user), client_of(user)]
    said = {"version": 1, "answer": "accept"}
    key = {"Idempotency-Key": "accepted-in-one-click"}
    answers: list[Any] = at_once(
        house.tenant,
        *(
            lambda client=client: client.post(path, said, content_type="application/json", headers=key)  # type: ignore[misc]
            for client in clients
        ),
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert sorted(answer.headers.get("Idempotency-Replayed", "") for answer in answers) == ["", "true"]
    assert house.lines("roster_shift") == {"roster_shift.lengthened": 1}


def test_of_several_yes_to_leaving_early_only_so_many_go_as_there_are_places() -> None:
    centre = Quiet()
    team = [centre.member() for _ in range(8)]
    centre.offer(1, *(member[0] for member in team[:4]))
    came_to = at_once(centre.tenant, *(_goes(centre, member) for member in team[:4]))
    assert sorted(map(code_of, came_to)) == ["done", *["workforce.request_ended"] * 3]
    assert _gone(centre, team) == 1
    assert lines(centre.tenant, "roster_shift", "leave_offer.closed", "shift_request.done") == {
        "roster_shift.left_early": 1,
        "leave_offer.closed": 1,
        "shift_request.done": 1,
    }
    with tenant_scope(centre.tenant.pk):
        assert LeaveOffer.objects.get().closed_at == centre.now


def test_cover_keeps_when_two_offers_are_accepted_at_once() -> None:
    """Each offer alone leaves enough people; the last yes of both together would not."""
    centre = Quiet()
    team = [centre.member() for _ in range(8)]
    most = centre.candidates().most
    assert 1 <= most < len(team)
    centre.offer(most, *(member[0] for member in team[:most]))
    centre.offer(1, team[most][0])
    came_to = at_once(centre.tenant, *(_goes(centre, member) for member in team[: most + 1]))
    assert sorted(map(code_of, came_to)) == [*["done"] * most, "workforce.leave_needed"]
    assert _gone(centre, team) == most
    assert centre.candidates().most == 0
    found = leave_offer_queries.candidates(
        centre.leader, LeaveQuery(queue_id=centre.queue, leaves_at=centre.leaves), centre.now
    )
    assert found.needed == len(team) - most
    assert lines(centre.tenant, "roster_shift") == {"roster_shift.left_early": most}


def test_the_leader_takes_the_offer_back_while_somebody_says_yes() -> None:
    centre = Quiet()
    team = [centre.member() for _ in range(8)]
    made = centre.offer(1, team[0][0])
    came_to = at_once(
        centre.tenant, _goes(centre, team[0]), lambda: leave_offers.close(centre.leader, made, 1, centre.now)
    )
    assert one_was_done(
        [code_of(one) for one in came_to], "workforce.request_ended", "workforce.leave_taken", "object.stale"
    )
    assert _gone(centre, team) == (1 if code_of(came_to[0]) == "done" else 0)
    assert lines(centre.tenant, "leave_offer.closed") == {"leave_offer.closed": 1}


def test_two_offers_to_the_same_person_at_once_ask_them_once() -> None:
    centre = Quiet()
    team = [centre.member() for _ in range(8)]
    asked = LeaveOfferIn(queue_id=centre.queue, leaves_at=centre.leaves, people=1, agent_ids=[team[0][0]])
    came_to = at_once(centre.tenant, *[lambda: leave_offers.offer(centre.leader, asked, centre.now)] * 2)
    assert sorted(map(code_of, came_to)) == ["done", "workforce.replacement_asked"]
    assert lines(centre.tenant, "leave_offer", "shift_request") == {"leave_offer.made": 1, "shift_request.asked": 1}


def test_leaving_early_is_offered_while_the_shift_goes_to_somebody_else() -> None:
    centre = Quiet()
    team = [centre.member() for _ in range(8)]
    taker = make_agent(centre.tenant, skills={centre.skill: 5})
    asked = LeaveOfferIn(queue_id=centre.queue, leaves_at=centre.leaves, people=1, agent_ids=[team[0][0]])

    def goes_to_somebody_else() -> None:
        with tenant_scope(centre.tenant.pk), transaction.atomic():
            (shift,) = locked_shifts([team[0][2].pk]).values()
            shift_moves.hand_over(centre.leader, shift, taker)

    came_to = at_once(
        centre.tenant, lambda: leave_offers.offer(centre.leader, asked, centre.now), goes_to_somebody_else
    )
    assert code_of(came_to[0]) in ("done", "workforce.leave_cannot")
    assert code_of(came_to[1]) == "done"
    assert centre.shift(team[0]).agent_id == taker


def test_a_break_is_moved_while_its_shift_ends_earlier() -> None:
    centre = Quiet()
    team = [centre.member() for _ in range(8)]
    centre.now = centre.at("11:00")
    centre.offer(1, team[0][0])
    later = BreakMoveIn(version=1, index=0, begins_at=centre.at("12:30"))
    came_to = at_once(
        centre.tenant,
        _goes(centre, team[0]),
        lambda: day_moves.move_break(centre.leader, team[0][2].pk, later, centre.now),
    )
    assert code_of(came_to[0]) == "done"
    assert code_of(came_to[1]) in ("done", "object.stale")
    shift = centre.shift(team[0])
    assert shift.pieces == [[480, 840]]
    assert shift.breaks == ([[750, 780]] if code_of(came_to[1]) == "done" else [[720, 750]])


def test_two_who_are_called_in_say_yes_at_once() -> None:
    centre = Centre()
    members = [centre.member() for _ in range(2)]
    asked = centre.ask(*(agent for agent, _ in members))
    came_to = at_once(
        centre.tenant,
        *(
            lambda actor=actor, request=request: call_in.accept(actor, request, 1, centre.seven)  # type: ignore[misc]
            for (_, actor), request in zip(members, asked, strict=True)
        ),
    )
    assert one_was_done([code_of(one) for one in came_to], "workforce.request_answered", "object.stale")
    with tenant_scope(centre.tenant.pk):
        called = list(RosterShift.objects.filter(source="call_in").values_list("agent_id", flat=True))
    assert len(called) == 1
    assert lines(centre.tenant, "shift_request.done", "shift_request.expired") == {
        "shift_request.done": 1,
        "shift_request.expired": 1,
    }


def _goes(centre: Quiet, member: Member) -> Any:
    request = centre.request(member[0])
    return lambda: leave_offers.answer(member[1], request.pk, request.version, "accept", "", centre.now)


def _gone(centre: Quiet, team: Sequence[Member]) -> int:
    return sum(centre.shift(member).pieces == [[480, 840]] for member in team)
