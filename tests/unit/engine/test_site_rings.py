"""Rings that name sites: who works there, by the seat and without one by the team, may take a contact from then on."""

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.messages import routing as m
from hotline.messages.configuration import RingConfiguration, SeatConfiguration, SiteConfiguration
from tests.unit.engine.centre import Centre, agent, only, queue
from tests.unit.engine.test_boundary import replayed

OWN_FIRST = (
    RingConfiguration(after_s=0, site_ids=("nanjing",)),
    RingConfiguration(after_s=20, site_ids=("huaian",)),
    RingConfiguration(after_s=60),
)
WATER = queue("water", rings=OWN_FIRST, offer_timeout_s=600)
PEOPLE = (
    agent("nan", team_id="north", site_id="nanjing"),
    agent("hua", team_id="south", site_id="huaian"),
    agent("home"),
)
SITES = tuple(
    SiteConfiguration(site_id=site, tenant_id="t1", name_zh=site, name_en=site, seats=(SeatConfiguration(seat, seat),))
    for site, seat in (("nanjing", "n1"), ("huaian", "h1"))
)


@pytest.fixture
def centre() -> Centre:
    return Centre([WATER], PEOPLE, sites=SITES)


def sit(centre: Centre, agent_id: str, seat_id: str | None = None) -> None:
    centre.do(m.SignIn, agent_id=agent_id, session_id=f"s-{agent_id}", seat_id=seat_id)
    centre.do(m.SetAgentState, agent_id=agent_id, state="available")


def test_own_site_first_then_the_other_then_everybody(centre: Centre) -> None:
    sit(centre, "hua")
    sit(centre, "home")
    centre.call("k1")
    centre.call("k2")
    assert centre.stage("k1") == "waiting"
    centre.wait(20)
    assert centre.offered_to("k1") == "hua"
    assert centre.stage("k2") == "waiting"
    centre.wait(40)
    assert centre.offered_to("k2") == "home"


def test_the_seat_says_where_somebody_works(centre: Centre) -> None:
    sit(centre, "hua", "n1")
    sit(centre, "nan", "h1")
    centre.call("k1")
    assert centre.offered_to("k1") == "hua"


def test_whoever_moves_to_a_seat_of_the_site_has_what_waits_there(centre: Centre) -> None:
    sit(centre, "hua")
    centre.call("k1")
    events = centre.do(m.SignIn, agent_id="hua", session_id="s-hua", seat_id="n1")
    assert only(events, m.ContactOffered).agent_id == "hua"


def test_whoever_moves_away_has_it_no_more_and_keeps_what_rings(centre: Centre) -> None:
    sit(centre, "nan")
    centre.call("k1")
    sit(centre, "nan", "h1")
    assert centre.offered_to("k1") == "nan"
    centre.answer("k1")
    centre.do(m.HangUpContact, agent_id="nan", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="nan", contact_id="k1")
    centre.call("k2")
    assert centre.stage("k2") == "waiting"
    centre.do(m.SignOut, agent_id="nan")
    sit(centre, "nan")  # at no seat: at the team's site
    assert centre.offered_to("k2") == "nan"


def test_teams_and_sites_of_a_ring_both_count() -> None:
    rings = (RingConfiguration(after_s=0, group_ids=("north",), site_ids=("huaian",)), RingConfiguration(after_s=30))
    centre = Centre([queue("water", rings=rings)], PEOPLE, sites=SITES)
    sit(centre, "nan")
    sit(centre, "hua")
    centre.call("k1")
    assert centre.stage("k1") == "waiting"
    sit(centre, "nan", "h1")
    assert centre.offered_to("k1") == "nan"


def test_a_new_set_up_and_a_seat_that_it_moves_are_followed(centre: Centre) -> None:
    sit(centre, "hua", "n1")
    centre.configure([queue("water")], PEOPLE, sites=SITES)
    centre.configure([WATER], PEOPLE, sites=SITES)
    seats = (SeatConfiguration("h1", "h1"), SeatConfiguration("n1", "n1"))
    centre.configure([WATER], PEOPLE, sites=(msgspec.structs.replace(SITES[1], seats=seats),))
    centre.call("k1")
    assert centre.stage("k1") == "waiting"
    centre.configure([WATER], PEOPLE, sites=SITES)
    assert centre.offered_to("k1") == "hua"  # who sits at that seat all the while


def test_agents_differ_by_site_only_where_a_ring_names_it() -> None:
    plain = Centre([queue("water")], PEOPLE, sites=SITES)
    north = Centre([queue("water", rings=OWN_FIRST[:1])], PEOPLE, sites=SITES)
    assert [len(one.router._engine.board.profiles) for one in (plain, north)] == [1, 2]


def test_a_restored_router_and_a_replayed_one_choose_alike(centre: Centre) -> None:
    sit(centre, "hua", "n1")
    sit(centre, "nan", "h1")
    restored, replica = Router.restore(centre.router.snapshot()), replayed(centre.log)
    centre.call("k1")
    for other in (restored, replica):
        twin = Centre([WATER], PEOPLE, sites=SITES)
        twin.router, twin.now_ms = other, centre.now_ms
        twin._made = centre._made
        twin._commands = 1_000
        twin.call("k1")
        assert twin.offered_to("k1") == "hua"


def test_whoever_asks_is_told_whom_the_next_ring_adds(centre: Centre) -> None:
    sit(centre, "hua")
    centre.call("k1")
    why = centre.router.why_waiting("k1")
    assert why is not None
    assert why.next_step is not None
    assert (why.able, why.later, why.next_step.agents) == ({}, 1, 1)
