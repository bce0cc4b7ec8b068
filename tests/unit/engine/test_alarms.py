"""When supervisors are alarmed about a queue, what they can say to it, and when it is over."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.alarms import Alarms, Level
from hotline.engine.errors import AlarmUnknownError
from hotline.messages import routing as m
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration
from tests.unit.engine.centre import START_MS, queue

MINUTE_MS = 60_000
WATER = queue("water", alarm_after_s=60, alarm_min_contacts=5)


class Watch:
    """Alarms with a clock that a test moves second by second; the log of what happened."""

    def __init__(self, *queues: QueueConfiguration) -> None:
        self.alarms = Alarms()
        self.now_ms = START_MS - START_MS % MINUTE_MS
        self.log: list[m.RoutingEvent] = []
        self._ids = count(1)
        self.configure(*(queues or (WATER,)))

    def configure(self, *queues: QueueConfiguration) -> None:
        configuration = RoutingConfiguration(version=1, queues=queues, agents=())
        self.take(m.ConfigurationApplied(at_ms=self.now_ms, configuration=configuration))

    def take(self, *events: m.RoutingEvent) -> None:
        for event in events:
            self.alarms.apply(event)
            self.log.append(event)

    def ask(self, contact_id: str, queue_id: str = "water", **given: Any) -> None:
        fields: dict[str, Any] = {"asked_at_ms": self.now_ms, "is_simulated": False, **given}
        self.take(
            m.ContactQueued(
                at_ms=self.now_ms,
                contact_id=contact_id,
                tenant_id="t1",
                queue_id=queue_id,
                node_id="n1",
                arrived_at_ms=self.now_ms,
                channel="voice",
                entry_point_id=None,
                language="zh",
                priority=0,
                customer_id=None,
                menu_path=(),
                needs=(),
                **fields,
            )
        )

    def answer(self, contact_id: str, wait_s: float) -> None:
        fields = {"offer_id": "o", "interaction_id": "i", "agent_id": "ann"}
        event = m.ContactConnected(at_ms=self.now_ms, contact_id=contact_id, wait_ms=round(wait_s * 1000), **fields)
        self.take(event)

    def abandon(self, contact_id: str) -> None:
        fields: dict[str, Any] = {"outcome": "abandoned", "ended_by": "caller", "cause": "x", "wait_ms": 1}
        self.take(m.ContactEnded(at_ms=self.now_ms, contact_id=contact_id, **fields))

    def divert(self, contact_id: str, cause: m.DivertCause = "full", queue_id: str = "water") -> None:
        self.take(
            m.ContactDiverted(at_ms=self.now_ms, contact_id=contact_id, queue_id=queue_id, cause=cause, wait_ms=1)
        )

    def served(self, in_time: int, late: int) -> None:
        """So many who asked now are answered at once, and so many too late."""
        for place in range(in_time + late):
            contact_id = f"c{next(self._ids)}"
            self.ask(contact_id)
            self.answer(contact_id, 1 if place < in_time else 16)

    def wait(self, seconds: int) -> list[m.RoutingEvent]:
        """Let time pass; what it brings."""
        happened: list[m.RoutingEvent] = []
        for _ in range(seconds):
            self.now_ms += 1_000
            events = self.alarms.due(self.now_ms, lambda: f"alarm-{next(self._ids)}")
            self.take(*events)
            happened += events
        return happened

    def say(self, kind: type[Any], alarm_id: str, supervisor_id: str = "wu", **fields: Any) -> list[m.RoutingEvent]:
        command = kind(command_id="x", at_ms=self.now_ms, alarm_id=alarm_id, supervisor_id=supervisor_id, **fields)
        events = list(self.alarms.decide(command))
        self.take(*events)
        return events

    def raised(self) -> str:
        """An alarm is on; its id."""
        self.served(in_time=0, late=6)
        (event,) = self.wait(65)
        assert isinstance(event, m.AlarmRaised)
        return event.alarm_id


# --- abandoned and blocked --------------------------------------------------------------------------------------------

LOST = queue("water", service_level_target=0, alarm_after_s=60, alarm_min_contacts=5, abandoned_limit=500)


def kinds(events: list[m.RoutingEvent]) -> list[str]:
    return [event.kind if isinstance(event, m.AlarmRaised) else event.cause for event in events]  # type: ignore[union-attr]


@pytest.mark.parametrize(("asked", "gave_up", "is_raised"), [(20, 1, False), (20, 2, True), (4, 4, False)])
def test_more_abandoned_than_the_limit_is_an_alarm(asked: int, gave_up: int, is_raised: bool) -> None:
    """5 % of twenty is one: the limit itself is not beyond it. Of four nobody is alarmed."""
    watch = Watch(LOST)
    for place in range(asked):
        watch.ask(f"x{place}")
        watch.abandon(f"x{place}") if place < gave_up else watch.answer(f"x{place}", 1)
    assert watch.wait(50) == []
    raised = watch.wait(15)
    assert kinds(raised) == (["abandoned"] if is_raised else [])
    if is_raised:
        (event,) = raised
        assert isinstance(event, m.AlarmRaised)
        assert (event.answered_in_time, event.counted, event.target, event.threshold_s) == (2, 20, 500, 0)


def test_abandoned_alarm_ends_when_enough_are_served() -> None:
    watch = Watch(LOST)
    for place in range(20):
        watch.ask(f"x{place}")
        watch.abandon(f"x{place}") if place < 2 else watch.answer(f"x{place}", 1)
    watch.wait(65)
    watch.served(in_time=30, late=0)
    assert kinds(watch.wait(65)) == ["recovered"]


def test_without_a_limit_nobody_is_alarmed_of_abandoned() -> None:
    watch = Watch(queue("water", service_level_target=0))
    for place in range(20):
        watch.ask(f"x{place}")
        watch.abandon(f"x{place}")
    assert watch.wait(120) == []


def test_one_blocked_is_an_alarm_at_once_and_until_fifteen_minutes_are_over() -> None:
    watch = Watch(LOST)
    watch.divert("x")
    (raised,) = watch.wait(2)
    assert isinstance(raised, m.AlarmRaised)
    assert (raised.kind, raised.answered_in_time, raised.counted) == ("blocked", 1, 0)
    watch.served(in_time=1, late=0)
    assert watch.wait(13 * 60) == []
    watch.served(in_time=1, late=0)
    assert kinds(watch.wait(3 * 60)) == ["recovered"]


def test_who_asks_again_is_not_blocked() -> None:
    watch = Watch(LOST, queue("other", service_level_target=0))
    watch.ask("x")
    watch.divert("x", "too_long")
    watch.ask("x", "other")
    watch.answer("x", 1)
    assert watch.wait(60) == []
    assert watch.alarms.blocked("water", watch.now_ms) == Level(0, 1)


def test_two_kinds_of_alarm_of_one_queue_live_apart() -> None:
    watch = Watch(WATER)
    watch.served(in_time=0, late=6)
    watch.divert("x")
    assert kinds(watch.wait(65)) == ["blocked", "service_level"]
    assert {alarm.kind for alarm in watch.alarms.open()} == {"blocked", "service_level"}


# --- when it is raised ------------------------------------------------------------------------------------------------


def test_alarm_says_what_was_counted_and_since_when() -> None:
    watch = Watch()
    watch.served(in_time=8, late=5)
    began_ms = watch.now_ms + 1_000  # when it was looked at first
    (raised,) = watch.wait(61)
    assert raised == m.AlarmRaised(
        at_ms=began_ms + 60_000,
        alarm_id=raised.alarm_id,  # type: ignore[union-attr]
        tenant_id="t1",
        queue_id="water",
        kind="service_level",
        below_since_ms=began_ms,
        answered_in_time=8,
        counted=13,
        target=8500,
        threshold_s=15,
        is_simulated=False,
    )
    assert watch.wait(60) == []  # once


@pytest.mark.parametrize(
    ("in_time", "late", "is_raised"),
    [(17, 3, False), (16, 3, True), (8_499, 1_501, True), (8_500, 1_500, False), (0, 4, False), (0, 5, True)],
)
def test_exactly_at_the_target_is_met_and_too_few_contacts_alarm_nobody(
    in_time: int, late: int, is_raised: bool
) -> None:
    watch = Watch()
    watch.served(in_time, late)
    assert bool(watch.wait(120)) is is_raised


def test_a_dip_shorter_than_the_hold_time_alarms_nobody() -> None:
    watch = Watch()
    watch.served(in_time=0, late=6)
    assert watch.wait(59) == []
    watch.served(in_time=40, late=0)
    assert watch.wait(120) == []


def test_those_who_still_wait_count_once_they_are_late_and_however_long_they_wait() -> None:
    watch = Watch()
    for place in range(5):
        watch.ask(f"w{place}")
    watch.wait(15)
    assert watch.alarms.level("water", watch.now_ms) == Level(0, 0)
    watch.wait(1)
    assert watch.alarms.level("water", watch.now_ms) == Level(0, 5)
    watch.wait(20 * 60)
    assert watch.alarms.level("water", watch.now_ms) == Level(0, 5)
    assert len(list(watch.alarms.open())) == 1


def test_who_gives_up_stays_in_the_denominator() -> None:
    watch = Watch()
    watch.ask("w1")
    watch.abandon("w1")
    assert watch.alarms.level("water", watch.now_ms) == Level(0, 1)


def test_a_queue_has_its_own_settings_and_its_own_alarm() -> None:
    watch = Watch(WATER, queue("bills", alarm_after_s=0, alarm_min_contacts=1, service_level_target=5_000))
    watch.ask("b1", "bills", is_simulated=True)
    watch.answer("b1", 16)
    (raised,) = watch.wait(1)
    assert isinstance(raised, m.AlarmRaised)
    assert (raised.queue_id, raised.target, raised.is_simulated) == ("bills", 5_000, True)


def test_a_target_of_nothing_alarms_nobody() -> None:
    watch = Watch(queue("water", service_level_target=0))
    watch.served(in_time=0, late=20)
    assert watch.wait(180) == []


# --- when it is over --------------------------------------------------------------------------------------------------


def test_it_ends_when_the_level_has_been_back_for_the_hold_time() -> None:
    watch = Watch()
    alarm_id = watch.raised()
    watch.served(in_time=100, late=0)
    assert watch.wait(59) == []
    (cleared,) = watch.wait(5)
    assert cleared == m.AlarmCleared(
        at_ms=cleared.at_ms, alarm_id=alarm_id, cause="recovered", answered_in_time=100, counted=106
    )
    assert not list(watch.alarms.open())


def test_it_ends_when_nobody_has_asked_for_a_quarter_of_an_hour() -> None:
    watch = Watch()
    watch.raised()
    happened = watch.wait(16 * 60)
    assert [getattr(event, "cause", None) for event in happened] == ["quiet"]
    assert watch.alarms.next_due_ms() is None  # and then nothing wakes the switch


def test_it_ends_with_its_queue() -> None:
    watch = Watch()
    watch.raised()
    watch.configure(queue("other"))
    assert [getattr(event, "cause", None) for event in watch.wait(2)] == ["removed"]


# --- what supervisors say to it ---------------------------------------------------------------------------------------


def test_who_takes_it_owns_it_and_has_seen_it() -> None:
    watch = Watch()
    alarm_id = watch.raised()
    assert watch.say(m.TakeAlarm, alarm_id)
    assert watch.say(m.TakeAlarm, alarm_id) == []  # a double click
    alarm = watch.alarms.alarm(alarm_id)
    assert alarm is not None
    assert (alarm.owner_id, alarm.acknowledged_by_id, alarm.acknowledged_ms) == ("wu", "wu", watch.now_ms)
    watch.wait(3)
    assert watch.say(m.TakeAlarm, alarm_id, "li")
    assert (alarm.owner_id, alarm.acknowledged_by_id) == ("li", "wu")


def test_it_is_acknowledged_once() -> None:
    watch = Watch()
    alarm_id = watch.raised()
    assert watch.say(m.AcknowledgeAlarm, alarm_id)
    assert watch.say(m.AcknowledgeAlarm, alarm_id, "li") == []


def test_silence_has_a_reason_and_ends_when_somebody_takes_it() -> None:
    watch = Watch()
    alarm_id = watch.raised()
    alarm = watch.alarms.alarm(alarm_id)
    assert alarm is not None
    assert watch.say(m.SilenceAlarm, alarm_id, reason="planned_work")
    assert watch.say(m.SilenceAlarm, alarm_id, reason="planned_work") == []
    assert alarm.silence_reason == "planned_work"
    watch.say(m.TakeAlarm, alarm_id)
    assert alarm.silence_reason is None


def test_an_alarm_that_is_over_takes_no_commands() -> None:
    watch = Watch()
    with pytest.raises(AlarmUnknownError):
        watch.say(m.TakeAlarm, "alarm-of-yesterday")


# --- keeping ----------------------------------------------------------------------------------------------------------


steps = st.lists(
    st.one_of(
        st.tuples(st.just("serve"), st.integers(0, 6), st.integers(0, 6)),
        st.tuples(st.just("ask"), st.integers(0, 40), st.just(0)),
        st.tuples(st.just("leave"), st.integers(0, 40), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 200), st.just(0)),
        st.tuples(st.just("take"), st.just(0), st.just(0)),
    ),
    max_size=25,
)


@given(steps)
def test_the_log_gives_the_same_state_and_a_snapshot_too(taken: list[tuple[str, int, int]]) -> None:
    watch = Watch()
    for kind, first, second in taken:
        if kind == "serve":
            watch.served(first, second)
        elif kind == "ask":
            watch.ask(f"k{first}-{watch.now_ms}")
        elif kind == "leave":
            waiting = [c for event in watch.log if isinstance(event, m.ContactQueued) and (c := event.contact_id)]
            if waiting:
                watch.abandon(waiting[first % len(waiting)])
        elif kind == "divert":
            if waiting:
                watch.divert(waiting[first % len(waiting)])
        elif kind == "wait":
            watch.wait(first)
        else:
            for alarm in list(watch.alarms.open()):
                watch.say(m.TakeAlarm, alarm.alarm_id)
    replayed = Alarms()
    for event in watch.log:
        replayed.apply(event)
    kept = watch.alarms.snapshot()
    restored = Alarms.restore(kept, (WATER,))
    assert kept == replayed.snapshot() == restored.snapshot()
    assert watch.alarms.level("water", watch.now_ms) == restored.level("water", watch.now_ms)


def test_memory_does_not_grow_with_time() -> None:
    watch = Watch()
    for _ in range(40):
        watch.served(in_time=1, late=0)
        watch.wait(60)
    assert len(watch.alarms.snapshot()) < 900


def test_snapshots_of_older_releases_have_no_alarms() -> None:
    assert not list(Alarms.restore(b"", (WATER,)).open())
