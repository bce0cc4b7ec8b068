"""Call-backs are placed only while the queue's calendar is open, and in the part of the day that the customer chose."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.boundary import Router
from hotline.engine.calendar_hours import CalendarHours
from hotline.engine.effects import effects_for_node, effects_of
from hotline.engine.errors import CallbackRefusedError, ConfigurationInvalidError
from hotline.formulas.opening_hours import is_open
from hotline.messages import effects as f
from hotline.messages import routing as m
from hotline.messages.configuration import (
    CalendarConfiguration,
    CalendarVersion,
    OverflowConfiguration,
    QueueConfiguration,
)
from tests.unit.engine.centre import Centre, agent, names, only, queue

ZONE = ZoneInfo("Asia/Shanghai")
DAY = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
MORNING, AFTERNOON = (9 * 60, 12 * 60), (14 * 60, 17 * 60)


def at(text: str) -> int:
    """Milliseconds of a moment in Shanghai."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()) * 1000


def office(weekly: Any = (DAY,) * 5 + ((), ()), time_zone: str = "Asia/Shanghai") -> CalendarConfiguration:
    """Weekdays 9-12 and 13-18. Thursday 1 October 2026 is a holiday, Saturday 10 October is worked instead."""
    exceptions: dict[str, Any] = {"2026-10-01": (), "2026-10-02": (), "2026-10-10": DAY}
    version = CalendarVersion(valid_from="2026-01-01", weekly=weekly, exceptions=exceptions)
    return CalendarConfiguration(calendar_id="office", time_zone=time_zone, versions=(version,))


_CLOSED = CalendarVersion(valid_from="2026-01-01", weekly=((),) * 7)
NEVER = CalendarConfiguration(calendar_id="never", time_zone="Asia/Shanghai", versions=(_CLOSED,))


def water(**settings: Any) -> QueueConfiguration:
    given = {"callback_attempts": 3, "callback_retry_s": 1_800, "callback_calendar": office(), **settings}
    return queue("water", **given)


def centre_at(text: str, *queues: QueueConfiguration) -> Centre:
    """Ann talks with k0 at that time, k1 waits."""
    centre = Centre(queues or (water(),), [agent("ann"), agent("bob")])
    centre.wait((at(text) - centre.now_ms) / 1000)
    centre.enter("ann")
    centre.talk("k0")
    centre.call("k1")
    return centre


def until(centre: Centre, text: str) -> tuple[m.RoutingEvent, ...]:
    return centre.wait((at(text) - centre.now_ms) / 1000)


def promise(centre: Centre, **wish: Any) -> int:
    """When the call-back of k1 is due."""
    return int(
        only(centre.do(m.RequestCallback, contact_id="k1", number="sealed", **wish), m.CallbackPromised).not_before_ms
    )


def free(centre: Centre) -> None:
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-09-28 22:00", "2026-09-29 09:00"),  # at night: the next morning
        ("2026-09-28 12:30", "2026-09-28 13:00"),  # at noon
        ("2026-09-30 18:00", "2026-10-05 09:00"),  # before two holidays and a week-end
        ("2026-10-09 20:00", "2026-10-10 09:00"),  # before a make-up workday
    ],
)
def test_a_promise_made_outside_the_hours_is_due_when_they_begin_again(asked: str, due: str) -> None:
    centre = centre_at(asked)
    assert promise(centre) == at(due)
    free(centre)
    assert (centre.stage("k1"), centre.offered_to("k1")) == ("scheduled", None)
    before = centre.wait((at(due) - centre.now_ms) / 1000 - 1)
    assert before == ()
    centre.wait(1)
    assert centre.offered_to("k1") == "ann"


def test_within_the_hours_the_customer_is_called_when_it_is_their_turn() -> None:
    centre = centre_at("2026-09-28 10:00")
    assert promise(centre) == 0
    free(centre)
    assert centre.offered_to("k1") == "ann"


def test_a_moment_that_was_asked_for_is_moved_into_the_hours() -> None:
    centre = centre_at("2026-09-28 10:00")
    assert promise(centre, not_before_ms=at("2026-09-28 19:30")) == at("2026-09-29 09:00")


def test_without_a_calendar_it_is_called_at_any_hour() -> None:
    centre = centre_at("2026-09-28 22:00", water(callback_calendar=None))
    assert promise(centre) == 0
    free(centre)
    assert centre.offered_to("k1") == "ann"


def test_a_further_attempt_that_would_come_after_closing_comes_the_next_morning() -> None:
    centre = centre_at("2026-09-28 17:45")
    promise(centre)
    free(centre)
    failed = centre.do(m.FailCallback, offer_id=centre.offer_of("k1"), cause="no_answer")
    assert only(failed, m.CallbackPostponed).due_ms == at("2026-09-29 09:00")


def test_nobody_is_called_at_night_because_an_agent_has_signed_in() -> None:
    centre = centre_at("2026-09-28 17:45")
    promise(centre)
    held = only(until(centre, "2026-09-28 18:00"), m.CallbackHeld)
    assert (held.at_ms, held.due_ms) == (at("2026-09-28 18:00"), at("2026-09-29 09:00"))
    until(centre, "2026-09-28 23:00")
    free(centre)
    centre.enter("bob")
    assert (centre.stage("k1"), centre.offered_to("k1")) == ("scheduled", None)
    assert "CallbackDue" in names(until(centre, "2026-09-29 09:00"))
    assert centre.offered_to("k1") is not None


def test_at_noon_they_are_held_and_no_attempt_is_counted() -> None:
    centre = centre_at("2026-09-28 11:45")
    promise(centre)
    assert only(until(centre, "2026-09-28 12:00"), m.CallbackHeld).due_ms == at("2026-09-28 13:00")
    view = centre.router.contact("k1")
    assert view is not None
    assert (view.callback_attempts, view.callback_due_ms) == (0, at("2026-09-28 13:00"))


def test_an_agent_who_lets_it_ring_over_closing_does_not_pass_it_on() -> None:
    centre = centre_at("2026-09-28 17:59", water(offer_timeout_s=15))
    promise(centre)
    centre.wait(50)
    free(centre)
    assert centre.offered_to("k1") == "ann"
    centre.enter("bob")
    happened = centre.wait(20)
    assert [name for name in names(happened) if "Contact" in name or "Callback" in name] == [
        "ContactRequeued",
        "CallbackHeld",
    ]
    assert centre.stage("k1") == "scheduled"


def test_those_who_wait_on_the_line_are_served_after_closing() -> None:
    centre = centre_at("2026-09-28 17:59")
    centre.wait(120)
    free(centre)
    assert centre.offered_to("k1") == "ann"


def test_a_holiday_that_was_announced_meanwhile_is_kept() -> None:
    centre = centre_at("2026-09-28 22:00")
    assert promise(centre) == at("2026-09-29 09:00")
    version = office().versions[0]
    closed = CalendarVersion(valid_from="2026-01-01", weekly=version.weekly, exceptions={"2026-09-29": ()})
    calendar = CalendarConfiguration(calendar_id="office", time_zone="Asia/Shanghai", versions=(closed,))
    centre.configure([water(callback_calendar=calendar)], [agent("ann"), agent("bob")])
    assert only(until(centre, "2026-09-29 09:00"), m.CallbackHeld).due_ms == at("2026-09-30 09:00")


def test_a_calendar_that_is_given_to_a_queue_holds_for_those_who_wait_already() -> None:
    centre = centre_at("2026-09-28 22:00", water(callback_calendar=None))
    promise(centre)
    centre.configure([water()], [agent("ann"), agent("bob")])
    assert only(centre.wait(0), m.CallbackHeld).due_ms == at("2026-09-29 09:00")


def test_overflow_into_a_queue_that_is_closed_waits_for_its_hours() -> None:
    gas = queue("gas", callback_attempts=1, callback_calendar=office())
    first = water(callback_calendar=None, overflows=(OverflowConfiguration(after_s=60, queue_id="gas"),))
    centre = centre_at("2026-09-28 22:00", first, gas)
    promise(centre)
    happened = centre.wait(61)
    assert names(happened)[:2] == ["ContactRequeued", "CallbackHeld"]
    assert centre.stage("k1") == "scheduled"


def test_a_call_back_that_people_order_waits_for_the_hours_and_for_their_moment() -> None:
    centre = centre_at("2026-09-28 22:00")
    ordered = {"callback": "sealed", "callback_not_before_ms": at("2026-09-29 15:00")}
    now = only(centre.call("k7", callback="sealed"), m.CallbackPromised)
    later = only(centre.call("k8", **ordered), m.CallbackPromised)
    assert (now.not_before_ms, later.not_before_ms) == (at("2026-09-29 09:00"), at("2026-09-29 15:00"))


def test_a_promise_that_stays_after_the_customers_own_call_keeps_to_the_hours() -> None:
    centre = centre_at("2026-09-28 17:40", water(callback_after_talk="keep"))
    promise(centre)
    own = {"asked_at_ms": centre.now_ms, "pending_callback": "k1"}
    centre.enter("bob")
    met = centre.do(m.FailCallback, offer_id=centre.offer_of("k1"), cause="no_answer")
    assert only(met, m.CallbackPostponed).due_ms == at("2026-09-29 09:00")
    centre.call("k2", **own)
    centre.answer("k2")
    centre.wait(3_600)
    over = centre.do(m.EndContact, contact_id="k2", ended_by="caller", cause="")
    assert only(over, m.CallbackResumed).due_ms == at("2026-09-29 09:00")


def test_a_calendar_that_never_opens_promises_nothing() -> None:
    centre = centre_at("2026-09-28 10:00", water(callback_calendar=NEVER))
    with pytest.raises(CallbackRefusedError):
        promise(centre)
    with pytest.raises(CallbackRefusedError):
        centre.call("k7", callback="sealed")
    assert centre.stage("k7") is None


def test_who_waits_when_a_calendar_is_closed_for_good_is_looked_at_each_day() -> None:
    centre = centre_at("2026-09-28 10:00")
    promise(centre)
    centre.configure([water(callback_calendar=NEVER)], [agent("ann"), agent("bob")])
    held = only(centre.wait(0), m.CallbackHeld)
    assert held.due_ms == held.at_ms + 24 * 3_600_000
    assert names(centre.wait(24 * 3_600)) == ["CallbackHeld"]


# --- windows ----------------------------------------------------------------------------------------------------------

CHOICE = (MORNING, AFTERNOON)


@pytest.mark.parametrize(
    ("asked", "window", "due"),
    [
        ("2026-09-28 10:00", MORNING, None),  # it is the window: when it is their turn
        ("2026-09-28 10:00", AFTERNOON, "2026-09-28 14:00"),
        ("2026-09-28 17:30", MORNING, "2026-09-29 09:00"),
        ("2026-09-30 17:30", AFTERNOON, "2026-10-05 14:00"),
    ],
)
def test_the_customer_is_called_in_the_part_of_the_day_they_chose(
    asked: str, window: tuple[int, int], due: str | None
) -> None:
    centre = centre_at(asked, water(callback_windows=CHOICE))
    assert promise(centre, window=window) == (at(due) if due else 0)


def test_attempts_after_the_windows_end_come_on_its_next_day() -> None:
    centre = centre_at("2026-09-28 11:40", water(callback_windows=CHOICE))
    promise(centre, window=MORNING)
    free(centre)
    failed = centre.do(m.FailCallback, offer_id=centre.offer_of("k1"), cause="busy")
    assert only(failed, m.CallbackPostponed).due_ms == at("2026-09-29 09:00")


def test_who_was_not_called_in_the_window_is_called_in_that_of_the_next_day() -> None:
    centre = centre_at("2026-09-28 14:10", water(callback_windows=CHOICE, callback_calendar=None))
    centre.call("k2")
    promise(centre, window=AFTERNOON)
    centre.do(m.RequestCallback, contact_id="k2", number="sealed")
    held = only(until(centre, "2026-09-28 17:00"), m.CallbackHeld)
    assert (held.contact_id, held.due_ms) == ("k1", at("2026-09-29 14:00"))
    free(centre)
    assert centre.offered_to("k2") == "ann"


def test_a_window_is_one_of_the_tenants_day_whatever_the_calendars_zone() -> None:
    calendar = office((((0, 1440),),) * 7, time_zone="UTC")
    centre = centre_at("2026-09-28 20:00", water(callback_windows=CHOICE, callback_calendar=calendar))
    assert promise(centre, window=MORNING) == at("2026-09-29 09:00")


def test_a_queue_that_offers_no_windows_refuses_one() -> None:
    centre = centre_at("2026-09-28 10:00", water(callback_calendar=None))
    with pytest.raises(CallbackRefusedError):
        promise(centre, window=MORNING)


@pytest.mark.parametrize("window", [(600, 600), (700, 600), (-1, 60), (600, 1441)])
def test_windows_that_cannot_be_are_refused(window: tuple[int, int]) -> None:
    with pytest.raises(ConfigurationInvalidError):
        Centre([water(callback_windows=(window,))], [])


def test_a_calendar_in_a_time_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigurationInvalidError):
        Centre([water(callback_calendar=office(time_zone="Mars/Olympus"))], [])


# --- what others are told, and what is kept ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "window", "due"),
    [
        ("2026-09-28 10:00", (0, 0), "turn"),
        ("2026-09-28 22:00", (0, 0), "opening"),
        ("2026-09-28 10:00", AFTERNOON, "window"),
    ],
)
def test_the_node_is_told_when_the_call_will_come(asked: str, window: tuple[int, int], due: str) -> None:
    centre = centre_at(asked, water(callback_windows=CHOICE))
    (event,) = centre.do(m.RequestCallback, contact_id="k1", number="sealed", window=window)
    assert effects_of(event, centre.router) == [("n1", f.ReleaseCustomer(contact_id="k1", due=due))]  # type: ignore[arg-type]
    asked_again = [effect for _, effect in effects_for_node("n1", centre.router) if effect.contact_id == "k1"]
    again = [effect for effect in asked_again if isinstance(effect, f.ReleaseCustomer)]
    assert again == [f.ReleaseCustomer(contact_id="k1", due="turn" if due == "turn" else "opening")]


def test_windows_and_hours_survive_a_restart_and_a_replay() -> None:
    centre = centre_at("2026-09-28 14:10", water(callback_windows=CHOICE))
    promise(centre, window=AFTERNOON)
    replica = Router()
    for event in centre.log:
        replica.apply(event)
    assert replica.snapshot() == centre.router.snapshot()
    centre.router = Router.restore(centre.router.snapshot())
    assert replica.snapshot() == centre.router.snapshot()
    for router in (replica, centre.router):
        centre.router, centre.now_ms = router, at("2026-09-28 14:10")
        held = only(until(centre, "2026-09-28 17:00"), m.CallbackHeld)
        assert (held.at_ms, held.due_ms) == (at("2026-09-28 17:00"), at("2026-09-29 14:00"))


@given(
    minute=st.integers(0, 14 * 24 * 60),
    seconds=st.integers(0, 59_999),
    window=st.sampled_from([(0, 0), MORNING, AFTERNOON, (0, 1440), (11 * 60 + 30, 13 * 60 + 30)]),
)
def test_the_moment_found_is_open_and_within_the_window(minute: int, seconds: int, window: tuple[int, int]) -> None:
    asked = at("2026-09-26 00:00") + minute * 60_000 + seconds
    hours = CalendarHours(office(), "Asia/Shanghai")
    due = hours.opening_ms(asked, window)
    local = datetime.fromtimestamp(due / 1000, ZONE)
    assert due >= asked
    assert is_open(office(), local)
    assert not window[1] or window[0] <= local.hour * 60 + local.minute < window[1]
    closing = hours.closing_ms(due, window)
    assert closing > due
    assert hours.opening_ms(closing - 1, window) == closing - 1
    assert hours.opening_ms(due, window) == due
