"""Who sits where (row JS-03): one agent a seat, one seat an agent, out-of-order seats, and what a restart remembers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.boundary import Router
from hotline.engine.errors import SeatBrokenError, SeatTakenError, SeatUnknownError
from hotline.engine.seating import SeatCounts, SeatFault
from hotline.kernel.errors import HotlineError
from hotline.messages import routing as m
from hotline.messages.configuration import SeatConfiguration, SiteConfiguration
from tests.unit.engine.centre import START_MS, Centre, agent, names, queue
from tests.unit.engine.test_boundary import replayed

SEATS = tuple(SeatConfiguration(f"s{number}", f"A{number:03}") for number in range(1, 5))
AGENTS = tuple(agent(name) for name in ("ann", "bob", "cai"))
EVA = agent("eva", tenant_ids=("t2",))


def site(*seats: SeatConfiguration, **given: Any) -> SiteConfiguration:
    fields = {"site_id": "nanjing", "tenant_id": "t1", "name_zh": "南京", "name_en": "Nanjing", **given}
    return SiteConfiguration(seats=seats, **fields)


@pytest.fixture
def centre() -> Centre:
    return Centre(agents=(*AGENTS, EVA), sites=(site(*SEATS),))


def sign_in(centre: Centre, agent_id: str, seat_id: str | None, session: str = "one") -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.SignIn, agent_id=agent_id, session_id=f"{session}-{agent_id}", seat_id=seat_id)


def mark(
    centre: Centre, seat_id: str, *, is_broken: bool = True, reason: str = "headset"
) -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.MarkSeat, seat_id=seat_id, is_broken=is_broken, reason=reason, supervisor_id="u-sue")


def fault(centre: Centre, seat_id: str) -> str | None:
    found = centre.router.seating.fault_of(seat_id)
    return found.reason if found is not None else None


def test_who_signs_in_at_a_seat_sits_there_until_signing_out(centre: Centre) -> None:
    assert [e.seat_id for e in sign_in(centre, "ann", "s1") if isinstance(e, m.AgentSignedIn)] == ["s1"]
    assert centre.router.seating.agent_at("s1") == "ann"
    assert centre.router.seating.counts("nanjing") == SeatCounts(free=3, in_use=1)
    centre.do(m.SignOut, agent_id="ann")
    assert centre.router.seating.agent_at("s1") is None
    assert centre.router.seating.counts("nanjing") == SeatCounts(free=4)


def test_a_taken_seat_is_refused_and_the_sentence_names_who_sits_there(centre: Centre) -> None:
    sign_in(centre, "ann", "s1")
    with pytest.raises(SeatTakenError, match="ann is signed in at seat A001") as refused:
        sign_in(centre, "bob", "s1")
    assert (refused.value.code, refused.value.status) == ("routing.seat_taken", 409)
    assert centre.state("bob") == ("signed_out", None)


def test_the_seat_of_an_agent_in_wrap_up_is_taken_until_they_are_gone(centre: Centre) -> None:
    sign_in(centre, "ann", "s1")
    centre.do(m.SetAgentState, agent_id="ann", state="available")
    centre.talk("k1")
    centre.do(m.SignOut, agent_id="ann")
    with pytest.raises(SeatTakenError):
        sign_in(centre, "bob", "s1")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    sign_in(centre, "bob", "s1")
    assert centre.router.seating.agent_at("s1") == "bob"


@pytest.mark.parametrize("session", ["one", "other"])
def test_the_same_agent_signing_in_at_another_seat_moves_there(centre: Centre, session: str) -> None:
    sign_in(centre, "ann", "s1")
    sign_in(centre, "ann", "s2", session)
    assert centre.router.seating.seat_of("ann") == "s2"
    assert centre.router.seating.agent_at("s1") is None
    sign_in(centre, "bob", "s1")


def test_moving_in_the_same_session_is_an_event_of_its_own(centre: Centre) -> None:
    sign_in(centre, "ann", "s1")
    assert names(sign_in(centre, "ann", "s2")) == ["AgentMovedSeat"]
    assert sign_in(centre, "ann", "s2") == ()


@pytest.mark.parametrize("session", ["one", "other"])
def test_signing_in_again_without_a_seat_keeps_the_seat(centre: Centre, session: str) -> None:
    sign_in(centre, "ann", "s1")
    sign_in(centre, "ann", None, session)
    assert centre.router.seating.seat_of("ann") == "s1"


def test_agents_at_home_need_no_seat(centre: Centre) -> None:
    sign_in(centre, "ann", None)
    assert centre.state("ann")[0] == "away"
    assert centre.router.seating.counts("nanjing").in_use == 0


@pytest.mark.parametrize(("who", "seat_id"), [("ann", "nowhere"), ("eva", "s1"), ("ann", "")])
def test_an_unknown_seat_and_another_tenants_are_refused(centre: Centre, who: str, seat_id: str) -> None:
    with pytest.raises(SeatUnknownError):
        sign_in(centre, who, seat_id)
    assert centre.state(who)[0] == "signed_out"


def test_nobody_signs_in_at_a_broken_seat_until_it_is_usable_again(centre: Centre) -> None:
    mark(centre, "s1")
    with pytest.raises(SeatBrokenError, match="A001") as refused:
        sign_in(centre, "ann", "s1")
    assert (refused.value.code, refused.value.status) == ("routing.seat_broken", 409)
    mark(centre, "s1", is_broken=False)
    sign_in(centre, "ann", "s1")


def test_who_sits_at_a_seat_that_breaks_stays_and_it_counts_as_broken(centre: Centre) -> None:
    sign_in(centre, "ann", "s1")
    mark(centre, "s1")
    assert centre.router.seating.seat_of("ann") == "s1"
    assert centre.router.seating.counts("nanjing") == SeatCounts(free=3, broken=1)
    sign_in(centre, "ann", None, "other")
    assert centre.router.seating.seat_of("ann") == "s1"


def test_marking_a_seat_as_it_is_already_says_nothing(centre: Centre) -> None:
    assert names(mark(centre, "s1")) == ["SeatMarked"]
    assert mark(centre, "s1") == ()
    assert names(mark(centre, "s1", reason="power")) == ["SeatMarked"]
    assert mark(centre, "s2", is_broken=False) == ()


def test_an_unknown_seat_cannot_be_marked(centre: Centre) -> None:
    with pytest.raises(SeatUnknownError):
        mark(centre, "nowhere")


def test_a_mark_says_who_made_it_and_when(centre: Centre) -> None:
    mark(centre, "s1")
    assert centre.router.seating.fault_of("s1") == SeatFault("headset", START_MS, "u-sue")


def test_a_reserve_seat_is_free_and_counted_as_reserve() -> None:
    centre = Centre(agents=AGENTS, sites=(site(SEATS[0], SeatConfiguration("s9", "R1", is_reserve=True)),))
    assert centre.router.seating.counts("nanjing") == SeatCounts(free=2, reserve=1)
    sign_in(centre, "ann", "s9")
    assert centre.router.seating.counts("nanjing") == SeatCounts(free=1, in_use=1)


class TestTheRegistryChanges:
    def configure(self, centre: Centre, *seats: SeatConfiguration) -> None:
        centre.configure((queue("water"),), AGENTS, sites=(site(*seats),))

    def test_what_it_newly_says_of_a_seat_holds(self, centre: Centre) -> None:
        self.configure(centre, SeatConfiguration("s1", "A001", "power"), *SEATS[1:])
        assert fault(centre, "s1") == "power"
        self.configure(centre, *SEATS)
        assert fault(centre, "s1") is None

    def test_a_mark_of_the_floor_outlives_a_set_up_that_does_not_know_of_it_yet(self, centre: Centre) -> None:
        mark(centre, "s1")
        self.configure(centre, *SEATS)
        assert fault(centre, "s1") == "headset"

    def test_a_registry_that_says_what_the_floor_said_leaves_who_said_it(self, centre: Centre) -> None:
        mark(centre, "s1")
        self.configure(centre, SeatConfiguration("s1", "A001", "headset"), *SEATS[1:])
        assert centre.router.seating.fault_of("s1") == SeatFault("headset", START_MS, "u-sue")

    def test_who_sits_at_a_seat_that_is_removed_works_on_without_one(self, centre: Centre) -> None:
        sign_in(centre, "ann", "s1")
        self.configure(centre, *SEATS[1:])
        assert centre.router.seating.seat_of("ann") is None
        assert centre.state("ann")[0] == "away"
        self.configure(centre, *SEATS)
        sign_in(centre, "bob", "s1")

    def test_a_seat_that_moves_to_another_site_is_counted_there(self, centre: Centre) -> None:
        sign_in(centre, "ann", "s1")
        elsewhere = site(SEATS[0], site_id="huaian")
        centre.configure((queue("water"),), AGENTS, sites=(site(*SEATS[1:]), elsewhere))
        assert centre.router.seating.counts("huaian") == SeatCounts(in_use=1)
        assert centre.router.seating.counts("nanjing") == SeatCounts(free=3)


def test_a_restart_and_a_standby_know_who_sits_where(centre: Centre) -> None:
    sign_in(centre, "ann", "s1")
    sign_in(centre, "bob", "s2")
    sign_in(centre, "bob", "s3")
    mark(centre, "s4")
    for router in (Router.restore(centre.router.snapshot()), replayed(centre.log)):
        assert router.snapshot() == centre.router.snapshot()
        assert [router.seating.agent_at(f"s{number}") for number in (1, 2, 3, 4)] == ["ann", None, "bob", None]
        assert router.seating.fault_of("s4") == SeatFault("headset", START_MS, "u-sue")
        assert router.seating.counts("nanjing") == SeatCounts(free=1, in_use=2, broken=1)
        command = m.SignIn(command_id="x", at_ms=START_MS, agent_id="cai", session_id="one-cai", seat_id="s1")
        with pytest.raises(SeatTakenError):
            router.decide(command, START_MS, centre.new_id)


def test_1800_agents_sign_in_at_1800_seats_and_the_counts_are_right() -> None:
    """Every fifth at the second site; what is left of each is free."""
    places = [("huaian" if number % 5 == 0 else "nanjing", f"s{number}") for number in range(1_800)]
    sites = [
        site(*[SeatConfiguration(id_, id_) for where, id_ in places if where == site_id], site_id=site_id)
        for site_id in ("nanjing", "huaian")
    ]
    people = [agent(f"a{number}") for number in range(1_800)]
    centre = Centre(agents=people, sites=tuple(sites))
    for number in range(1_800):
        sign_in(centre, f"a{number}", f"s{number}")
    assert centre.router.seating.counts("nanjing") == SeatCounts(in_use=1_440)
    assert centre.router.seating.counts("huaian") == SeatCounts(in_use=360)
    mark(centre, "s5")
    centre.do(m.SignOut, agent_id="a10")
    assert centre.router.seating.counts("huaian") == SeatCounts(free=1, in_use=358, broken=1)


STEP = st.one_of(
    st.tuples(
        st.just("in"),
        st.sampled_from(["ann", "bob", "cai", "eva"]),
        st.sampled_from([None, "s1", "s2", "s3", "nowhere"]),
        st.sampled_from(["one", "other"]),
    ),
    st.tuples(st.just("out"), st.sampled_from(["ann", "bob", "cai"])),
    st.tuples(st.just("mark"), st.sampled_from(["s1", "s2"]), st.booleans()),
    st.tuples(st.just("set up"), st.sets(st.sampled_from([0, 1, 2, 3])), st.booleans()),
)


@given(st.lists(STEP, max_size=40))
def test_never_two_agents_on_one_seat_and_a_replay_agrees(steps: list[tuple[Any, ...]]) -> None:
    centre = Centre(agents=(*AGENTS, EVA), sites=(site(*SEATS),))
    for what, *given_ in steps:
        try:
            take_step(centre, what, *given_)
        except HotlineError:
            continue
        check_seating(centre)
    assert replayed(centre.log).snapshot() == centre.router.snapshot()


def take_step(centre: Centre, what: str, *given_: Any) -> None:
    if what == "in":
        sign_in(centre, *given_)
    elif what == "out":
        centre.do(m.SignOut, agent_id=given_[0])
    elif what == "mark":
        mark(centre, given_[0], is_broken=given_[1])
    else:
        kept, has_fault = given_
        fault_ = "power" if has_fault else None
        seats = [SeatConfiguration(f"s{number + 1}", "A", fault_) for number in sorted(kept)]
        centre.configure((queue("water"),), (*AGENTS, EVA), sites=(site(*seats),))


def check_seating(centre: Centre) -> None:
    seating = centre.router.seating
    seated = [seating.seat_of(name) for name in ("ann", "bob", "cai", "eva")]
    taken = [seat_id for seat_id in seated if seat_id is not None]
    assert len(taken) == len(set(taken))
    for name, seat_id in zip(("ann", "bob", "cai", "eva"), seated, strict=True):
        if seat_id is not None:
            assert seating.agent_at(seat_id) == name
            assert centre.state(name)[0] != "signed_out"
    counts = seating.counts("nanjing")
    assert counts.free + counts.in_use + counts.broken == len(list(seating.seat_ids()))
    assert seating.counts("nanjing") == seating._counted(list(seating.seat_ids()))
