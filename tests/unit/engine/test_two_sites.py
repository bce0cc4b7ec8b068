"""One centre on two sites (row JS-01): whatever takes one of them away, the other answers all who wait, with the clock
that they came with, within 30 seconds."""

import pytest

from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, queue

NANJING, HUAIAN = ("nan-1", "nan-2", "nan-3"), ("hua-1", "hua-2", "hua-3")
WAITING = tuple(f"k{number}" for number in range(6))
ASKED_BEFORE_MS = 3_000  # between one caller and the next


def two_sites() -> Centre:
    """Everybody at both sites is available, and nobody has called yet."""
    people = [agent(name, site_id="nanjing") for name in NANJING] + [agent(name, site_id="huaian") for name in HUAIAN]
    centre = Centre([queue("water", offer_timeout_s=20)], people)
    centre.enter(*NANJING, *HUAIAN)
    return centre


def calls_ring(centre: Centre) -> dict[str, int]:
    """Six calls ring at six agents; when each asked."""
    asked = {}
    for contact_id in WAITING:
        asked[contact_id] = centre.now_ms
        centre.call(contact_id)
        centre.wait(ASKED_BEFORE_MS / 1000)
    return asked


def mark_down(centre: Centre) -> None:
    centre.do(m.MarkSite, site_id="nanjing", is_down=True, supervisor_id="u-sue")


def lose_everybody(centre: Centre) -> None:
    for name in NANJING:
        view = centre.router.agent(name)
        assert view is not None
        centre.do(m.LoseAgentConnection, agent_id=name, session_id=view.session_id)


def answer_all(centre: Centre, until_ms: int) -> set[str]:
    """The other site answers what rings, and is done with each call at once; who was answered, and by when at most."""
    answered: set[str] = set()
    while len(answered) < len(WAITING) and centre.now_ms <= until_ms:
        for contact_id in WAITING:
            taker = centre.offered_to(contact_id) if centre.stage(contact_id) == "proposed" else None
            if taker in HUAIAN:
                centre.answer(contact_id)
                answered.add(contact_id)
                centre.do(m.HangUpContact, agent_id=taker, contact_id=contact_id)
                centre.do(m.FinishWrapUp, agent_id=taker, contact_id=contact_id)
        centre.wait(1)
    return answered


@pytest.mark.parametrize("fail", [mark_down, lose_everybody])
def test_the_other_site_takes_all_who_wait_with_their_clock_within_30_s(fail: object) -> None:
    assert callable(fail)
    centre = two_sites()
    asked = calls_ring(centre)
    failed_ms = centre.now_ms
    fail(centre)
    answered = answer_all(centre, failed_ms + 30_000)
    assert answered == set(WAITING)
    connected = {event.contact_id: event for event in centre.log if isinstance(event, m.ContactConnected)}
    assert {event.agent_id for event in connected.values()} <= set(HUAIAN)
    for contact_id, event in connected.items():
        assert event.wait_ms == event.at_ms - asked[contact_id]
        assert event.at_ms <= failed_ms + 30_000
    ended = {event.contact_id: event.outcome for event in centre.log if isinstance(event, m.ContactEnded)}
    assert ended == dict.fromkeys(WAITING, "handled")


def test_what_rang_at_the_lost_site_keeps_its_place_before_who_came_later() -> None:
    centre = two_sites()
    for name in HUAIAN[1:]:
        centre.do(m.SignOut, agent_id=name)
    first = centre.call("first")
    assert first
    ringing_at_nanjing = centre.offered_to("first") in NANJING
    centre.do(m.SetAgentState, agent_id="hua-1", state="away", reason_id="lunch")
    centre.wait(5)
    mark_down(centre)
    centre.call("later")
    centre.do(m.SetAgentState, agent_id="hua-1", state="available")
    assert ringing_at_nanjing
    assert (centre.offered_to("first"), centre.offered_to("later")) == ("hua-1", None)


def test_conversations_at_a_site_that_is_down_go_on_and_its_agents_come_back_when_it_is_up() -> None:
    centre = Centre([queue("water")], [agent("nan-1", site_id="nanjing")])
    centre.enter("nan-1")
    centre.talk("k1")
    mark_down(centre)
    assert centre.stage("k1") == "talking"
    centre.do(m.HangUpContact, agent_id="nan-1", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="nan-1", contact_id="k1")
    centre.call("k2")
    assert centre.offered_to("k2") is None
    centre.do(m.MarkSite, site_id="nanjing", is_down=False, supervisor_id="u-sue")
    assert centre.offered_to("k2") == "nan-1"
