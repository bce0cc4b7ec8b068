"""Agents work at the site of the seat where they sit, and without one at that of their team (rows JS-01 and JS-03)."""

from collections.abc import Callable, Iterable

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.engine.errors import SiteUnknownError
from hotline.engine.saved import Snapshot
from hotline.messages import routing as m
from hotline.messages.configuration import AgentConfiguration, SeatConfiguration, SiteConfiguration
from tests.unit.engine.centre import Centre, agent, names, only, queue
from tests.unit.engine.test_boundary import replayed

PEOPLE = (agent("nan", site_id="nanjing"), agent("hua", site_id="huaian"), agent("home"))
SEATS = {"nanjing": ("n1", "n2"), "huaian": ("h1", "h2"), "yancheng": ("y1",)}  # no team belongs to Yancheng


def sites(**seats: Iterable[str]) -> tuple[SiteConfiguration, ...]:
    return tuple(
        SiteConfiguration(
            site_id=site_id,
            tenant_id="t1",
            name_zh=site_id,
            name_en=site_id,
            seats=tuple(SeatConfiguration(seat_id, seat_id.upper()) for seat_id in seat_ids),
        )
        for site_id, seat_ids in seats.items()
    )


@pytest.fixture
def centre() -> Centre:
    return Centre([queue("water", offer_timeout_s=600)], PEOPLE, sites=sites(**SEATS))


def configure(centre: Centre, people: Iterable[AgentConfiguration] = PEOPLE, **seats: Iterable[str]) -> None:
    centre.configure([queue("water", offer_timeout_s=600)], people, sites=sites(**{**SEATS, **seats}))


def sit(centre: Centre, agent_id: str, seat_id: str | None, session: str = "s") -> tuple[m.RoutingEvent, ...]:
    events = centre.do(m.SignIn, agent_id=agent_id, session_id=f"{session}-{agent_id}", seat_id=seat_id)
    centre.do(m.SetAgentState, agent_id=agent_id, state="available")
    return events


def mark(centre: Centre, site_id: str, *, is_down: bool = True) -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.MarkSite, site_id=site_id, is_down=is_down, supervisor_id="u-sue")


@pytest.mark.parametrize(
    ("agent_id", "seat_id", "site_id"),
    [
        ("nan", None, "nanjing"),
        ("nan", "n1", "nanjing"),
        ("nan", "h1", "huaian"),
        ("nan", "y1", "yancheng"),
        ("home", None, None),
        ("home", "n1", "nanjing"),
    ],
)
def test_a_seat_says_where_its_agent_works_and_without_one_the_team_does(
    centre: Centre, agent_id: str, seat_id: str | None, site_id: str | None
) -> None:
    sit(centre, agent_id, seat_id)
    assert centre.router.site_of(agent_id) == site_id
    for down in SEATS:
        mark(centre, down)
        centre.call(f"k-{down}")
        assert centre.offered_to(f"k-{down}") == (None if site_id == down else agent_id)
        centre.do(m.EndContact, contact_id=f"k-{down}", ended_by="caller", cause="gone")
        mark(centre, down, is_down=False)


def test_what_rings_at_a_seat_of_a_site_that_is_down_goes_to_somebody_elsewhere(centre: Centre) -> None:
    """Whatever their teams are."""
    sit(centre, "hua", "n1")
    centre.wait(1)
    sit(centre, "nan", "h1")
    centre.call("k0")
    assert centre.offered_to("k0") == "hua"
    down = mark(centre, "nanjing")
    assert only(down, m.OfferWithdrawn).cause == "site_down"
    assert centre.offered_to("k0") == "nan"
    assert centre.state("hua") == ("available", None)  # nobody is to blame


def test_a_conversation_at_a_seat_of_a_site_that_is_down_goes_on_and_nothing_follows_it(centre: Centre) -> None:
    sit(centre, "hua", "n1")
    centre.talk("k0")
    mark(centre, "nanjing")
    centre.call("k1")
    assert (centre.stage("k0"), centre.stage("k1")) == ("talking", "waiting")
    centre.do(m.HangUpContact, agent_id="hua", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="hua", contact_id="k0")
    assert centre.stage("k1") == "waiting"
    mark(centre, "nanjing", is_down=False)
    assert centre.offered_to("k1") == "hua"


def test_a_site_with_seats_and_no_team_is_marked(centre: Centre) -> None:
    sit(centre, "nan", "y1")
    centre.call("k0")
    mark(centre, "yancheng")
    assert centre.router.sites_down() == ["yancheng"]
    assert centre.stage("k0") == "waiting"


@pytest.mark.parametrize("site_id", ["bare", "nowhere"])
def test_a_site_without_seats_and_teams_is_unknown(centre: Centre, site_id: str) -> None:
    configure(centre, bare=())
    with pytest.raises(SiteUnknownError):
        mark(centre, site_id)


@pytest.mark.parametrize("session", ["s", "another"])
def test_who_moves_to_a_site_that_is_up_is_offered_what_waits(centre: Centre, session: str) -> None:
    sit(centre, "nan", "n1")
    mark(centre, "nanjing")
    centre.call("k0")
    assert centre.stage("k0") == "waiting"
    sit(centre, "nan", "h1", session)
    assert centre.offered_to("k0") == "nan"


@pytest.mark.parametrize("session", ["s", "another"])
def test_who_moves_to_a_site_that_is_down_loses_what_rings_and_keeps_the_conversation(
    centre: Centre, session: str
) -> None:
    configure(centre, [agent("nan", site_id="nanjing", capacity={"voice": 2}), *PEOPLE[1:]])
    mark(centre, "huaian")
    sit(centre, "nan", "n1")
    centre.talk("k0")
    centre.call("k1")
    sit(centre, "home", None)
    assert centre.offered_to("k1") == "nan"
    sit(centre, "nan", "h1", session)
    assert (centre.stage("k0"), centre.offered_to("k1")) == ("talking", "home")
    centre.call("k2")
    assert centre.stage("k2") == "waiting"


def test_the_move_stands_in_the_log_before_what_follows_from_it(centre: Centre) -> None:
    sit(centre, "nan", "n1")
    mark(centre, "nanjing")
    centre.call("k0")
    moved = sit(centre, "nan", "h1")
    assert names(moved) == ["AgentMovedSeat", "ContactOffered", "AgentStateChanged"]
    assert (moved[0].command_id is None, moved[1].command_id) == (False, None)


def test_who_signs_out_belongs_to_the_team_again(centre: Centre) -> None:
    sit(centre, "nan", "h1")
    mark(centre, "huaian")
    centre.do(m.SignOut, agent_id="nan")
    assert centre.router.site_of("nan") == "nanjing"
    sit(centre, "nan", None)
    centre.call("k0")
    assert centre.offered_to("k0") == "nan"


def test_who_leaves_after_work_is_at_the_seat_until_then(centre: Centre) -> None:
    sit(centre, "nan", "h1")
    centre.talk("k0")
    centre.do(m.SignOut, agent_id="nan")
    assert centre.router.site_of("nan") == "huaian"
    centre.do(m.HangUpContact, agent_id="nan", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="nan", contact_id="k0")
    assert centre.router.site_of("nan") == "nanjing"


class TestTheRegistryChanges:
    def test_a_seat_that_moves_takes_its_agent_along(self, centre: Centre) -> None:
        mark(centre, "huaian")
        sit(centre, "nan", "n1")
        centre.call("k0")
        sit(centre, "home", None)
        assert centre.offered_to("k0") == "nan"
        configure(centre, nanjing=("n2",), huaian=("h1", "n1"))
        assert centre.router.site_of("nan") == "huaian"
        assert centre.offered_to("k0") == "home"
        assert [e.cause for e in centre.log if isinstance(e, m.OfferWithdrawn)] == ["site_down"]

    def test_a_seat_that_moves_away_from_a_site_that_is_down_lets_its_agent_work(self, centre: Centre) -> None:
        mark(centre, "nanjing")
        sit(centre, "nan", "n1")
        centre.call("k0")
        configure(centre, nanjing=("n2",), yancheng=("n1",))
        assert centre.offered_to("k0") == "nan"

    def test_who_loses_the_seat_belongs_to_the_team_again(self, centre: Centre) -> None:
        sit(centre, "nan", "h1")
        configure(centre, huaian=("h2",))
        assert centre.router.site_of("nan") == "nanjing"

    def test_another_team_changes_nothing_for_who_sits_somewhere(self, centre: Centre) -> None:
        sit(centre, "nan", "h1")
        configure(centre, [agent("nan", site_id="yancheng")])
        assert centre.router.site_of("nan") == "huaian"
        centre.do(m.SignOut, agent_id="nan")
        assert centre.router.site_of("nan") == "yancheng"

    def test_a_team_that_moves_to_a_site_that_is_down_loses_what_rings(self, centre: Centre) -> None:
        mark(centre, "yancheng")
        sit(centre, "nan", None)
        sit(centre, "home", None)
        centre.call("k0")
        assert centre.offered_to("k0") == "nan"
        configure(centre, [agent("nan", site_id="yancheng"), *PEOPLE[1:]])
        assert centre.offered_to("k0") == "home"

    def test_who_was_waited_for_at_a_site_that_is_down_now_is_waited_for_no_longer(self) -> None:
        """A contact that waits for its last agent goes to anybody when that one's seat moves."""
        water = queue("water", offer_timeout_s=600, relationship_s=600)
        centre = Centre([water], PEOPLE, sites=sites(**SEATS))
        mark(centre, "huaian")
        sit(centre, "nan", "n1")
        centre.talk("k0")
        sit(centre, "home", None)
        centre.call("k1", wanted_agent_id="nan")
        assert (centre.stage("k1"), centre.offered_to("k1")) == ("waiting", None)
        centre.configure([water], PEOPLE, sites=sites(nanjing=(), huaian=("n1",)))
        assert centre.offered_to("k1") == "home"
        assert only(centre.log, m.ContactReleased).agent_id == "nan"


def test_why_waiting_says_that_the_site_is_down(centre: Centre) -> None:
    sit(centre, "hua", "n1")
    mark(centre, "nanjing")
    centre.call("k0")
    why = centre.router.why_waiting("k0")
    assert why is not None
    assert [(one.agent_id, one.condition) for one in why.agents] == [("hua", "site_down")]


def restarted(centre: Centre) -> Router:
    return Router.restore(centre.router.snapshot())


def following(centre: Centre) -> Router:
    return replayed(centre.log)


@pytest.mark.parametrize("anew", [restarted, following])
def test_a_restart_and_a_standby_know_who_works_where(centre: Centre, anew: Callable[[Centre], Router]) -> None:
    sit(centre, "nan", "h1")
    sit(centre, "hua", "h2")
    sit(centre, "hua", "y1")
    sit(centre, "home", None)
    mark(centre, "huaian")
    configure(centre, yancheng=("y1", "n2"), nanjing=("n1",))
    router = anew(centre)
    assert router.snapshot() == centre.router.snapshot()
    assert [router.site_of(name) for name in ("nan", "hua", "home")] == ["huaian", "yancheng", None]
    centre.router = router
    taken = []
    for number in range(3):
        centre.call(f"k{number}")
        taken.append(centre.offered_to(f"k{number}"))
    assert taken == ["hua", "home", None]


def test_a_snapshot_of_a_release_that_asked_the_team_is_read(centre: Centre) -> None:
    """It does not name the sites that have seats only; whoever sits there works there from the restart on."""
    sit(centre, "nan", "y1")
    saved = msgspec.msgpack.decode(centre.router.snapshot(), type=Snapshot)
    columns = [
        ([1000, 1001], ["nanjing", "huaian"], 1002) if "yancheng" in texts else (ids, texts, following)
        for ids, texts, following in saved.names
    ]
    router = Router.restore(msgspec.msgpack.encode(msgspec.structs.replace(saved, names=columns)))
    assert router.site_of("nan") == "yancheng"
    assert router.snapshot() == centre.router.snapshot()
    centre.router = router
    mark(centre, "yancheng")
    centre.call("k0")
    assert centre.stage("k0") == "waiting"
