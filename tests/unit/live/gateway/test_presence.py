"""Which agents' browsers are gone, and when that is noticed."""

from hotline.live.gateway.presence import CLOSED_MS, SILENT_MS, Presence, session_of

WINDOW = session_of("window-1")
START = 1_000_000


def watched() -> Presence:
    presence = Presence()
    presence.taken("ann", WINDOW, START)
    return presence


def test_a_silent_browser_is_reported_once() -> None:
    presence = watched()
    assert list(presence.lost(START + SILENT_MS)) == []
    assert list(presence.lost(START + SILENT_MS + 1)) == [("ann", WINDOW)]
    assert list(presence.lost(START + 10 * SILENT_MS)) == []


def test_silence_is_noticed_within_eight_seconds() -> None:
    assert SILENT_MS + 500 <= 8_000


def test_each_sign_of_life_starts_the_patience_anew() -> None:
    presence = watched()
    presence.heard("ann", WINDOW, START + 5_000)
    assert list(presence.lost(START + 5_000 + SILENT_MS)) == []
    assert list(presence.lost(START + 5_001 + SILENT_MS)) == [("ann", WINDOW)]


def test_a_closed_socket_leaves_time_for_a_reload_only() -> None:
    presence = watched()
    presence.closed("ann", WINDOW, START + 1_000)
    assert list(presence.lost(START + 1_000 + CLOSED_MS)) == []
    assert list(presence.lost(START + 1_001 + CLOSED_MS)) == [("ann", WINDOW)]


def test_a_browser_that_returns_in_time_was_never_lost() -> None:
    presence = watched()
    presence.closed("ann", WINDOW, START)
    assert not presence.found("ann", WINDOW, START + 2_000)
    assert list(presence.lost(START + 2_000 + CLOSED_MS + 1)) == []


def test_a_browser_that_returns_late_is_told_apart() -> None:
    presence = watched()
    list(presence.lost(START + SILENT_MS + 1))
    assert presence.found("ann", WINDOW, START + 20_000)
    assert not presence.found("ann", WINDOW, START + 20_001)


def test_another_window_neither_keeps_nor_ends_the_post() -> None:
    presence = watched()
    other = session_of("window-2")
    presence.heard("ann", other, START + 60_000)
    presence.closed("ann", other, START)
    assert not presence.found("ann", other, START)
    assert list(presence.lost(START + SILENT_MS)) == []
    assert list(presence.lost(START + SILENT_MS + 1)) == [("ann", WINDOW)]


def test_posts_without_a_browser_are_not_watched() -> None:
    presence = watched()
    presence.taken("ann", "simulated-7", START)
    presence.taken("bob", "sip-phone", START)
    assert list(presence.lost(START + 10 * SILENT_MS)) == []


def test_a_post_that_was_lost_before_a_restart_is_not_reported_again_but_can_return() -> None:
    presence = Presence()
    presence.taken("ann", WINDOW, START, is_connected=False)
    assert list(presence.lost(START + 10 * SILENT_MS)) == []
    assert presence.found("ann", WINDOW, START + 11 * SILENT_MS)


def test_who_has_signed_out_is_not_missed() -> None:
    presence = watched()
    presence.left("ann")
    assert list(presence.lost(START + 10 * SILENT_MS)) == []
