"""Which agents' browsers are gone, and when that is noticed."""

import pytest

from hotline.live.gateway.presence import CLOSED_MS, SILENT_MS, Presence, session_of

WINDOW, OTHER_WINDOW = session_of("window-1"), session_of("window-2")
START = 1_000_000
LONG_AFTER = START + 10 * SILENT_MS


class Floor:
    """Presence, and when each connected window was last heard of."""

    def __init__(self) -> None:
        self.presence = Presence()
        self.presence.taken("ann", WINDOW, START)
        self.heard_ms: dict[str, int] = {}

    def lost(self, now_ms: int) -> list[tuple[str, str]]:
        return self.presence.lost(now_ms, self.heard_ms.get)


@pytest.fixture
def floor() -> Floor:
    return Floor()


def test_a_silent_browser_is_reported_once(floor: Floor) -> None:
    floor.heard_ms[WINDOW] = START
    assert floor.lost(START + SILENT_MS) == []
    assert floor.lost(START + SILENT_MS + 1) == [("ann", WINDOW)]
    assert floor.lost(LONG_AFTER) == []


def test_silence_is_noticed_within_eight_seconds() -> None:
    assert SILENT_MS + 500 <= 8_000


def test_each_sign_of_life_starts_the_patience_anew(floor: Floor) -> None:
    floor.heard_ms[WINDOW] = START + 5_000
    assert floor.lost(START + 5_000 + SILENT_MS) == []
    assert floor.lost(START + 5_001 + SILENT_MS) == [("ann", WINDOW)]


def test_a_closed_socket_leaves_time_for_a_reload_only(floor: Floor) -> None:
    floor.presence.closed("ann", WINDOW, START + 1_000, START)
    assert floor.lost(START + 1_000 + CLOSED_MS) == []
    assert floor.lost(START + 1_001 + CLOSED_MS) == [("ann", WINDOW)]


def test_a_reload_has_its_time_whenever_the_window_was_last_looked_at(floor: Floor) -> None:
    """Who is heard regularly is looked at only when the former patience has run out."""
    closed_ms = START + SILENT_MS - 100
    floor.presence.closed("ann", WINDOW, closed_ms, closed_ms - 1_000)
    assert floor.lost(closed_ms + CLOSED_MS) == []
    assert floor.lost(closed_ms + CLOSED_MS + 1) == [("ann", WINDOW)]


def test_a_window_that_was_silent_already_gets_no_more_time_by_its_socket_closing(floor: Floor) -> None:
    floor.presence.closed("ann", WINDOW, START + SILENT_MS - 100, START)
    assert floor.lost(START + SILENT_MS) == []
    assert floor.lost(START + SILENT_MS + 1) == [("ann", WINDOW)]


def test_a_browser_that_returns_in_time_was_never_lost(floor: Floor) -> None:
    floor.presence.closed("ann", WINDOW, START, START)
    assert not floor.presence.found("ann", WINDOW, START + 2_000)
    floor.heard_ms[WINDOW] = START + 2_000
    assert floor.lost(START + 2_000 + CLOSED_MS + 1) == []


def test_a_browser_that_returns_late_is_told_apart(floor: Floor) -> None:
    assert floor.lost(START + SILENT_MS + 1)
    assert floor.presence.found("ann", WINDOW, START + 20_000)
    assert not floor.presence.found("ann", WINDOW, START + 20_001)


def test_another_window_neither_keeps_nor_ends_the_post(floor: Floor) -> None:
    floor.heard_ms[OTHER_WINDOW] = START + 60_000
    floor.presence.closed("ann", OTHER_WINDOW, START, START)
    assert not floor.presence.found("ann", OTHER_WINDOW, START)
    assert floor.lost(START + SILENT_MS) == []
    assert floor.lost(START + SILENT_MS + 1) == [("ann", WINDOW)]


def test_posts_without_a_browser_are_not_watched(floor: Floor) -> None:
    floor.presence.taken("ann", "simulated-7", START)
    floor.presence.taken("bob", "sip-phone", START)
    assert floor.lost(LONG_AFTER) == []


def test_a_post_lost_before_a_restart_is_not_reported_again_but_can_return() -> None:
    presence = Presence()
    presence.taken("ann", WINDOW, START, is_connected=False)
    assert presence.lost(LONG_AFTER, lambda session_id: None) == []
    assert presence.found("ann", WINDOW, LONG_AFTER + 1)


def test_who_has_signed_out_is_not_missed(floor: Floor) -> None:
    floor.presence.left("ann")
    assert floor.lost(LONG_AFTER) == []
