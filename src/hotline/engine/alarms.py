"""Live alarms of queues: raised when the service level of the last 15 minutes stays below the target, ended when it is
back. A reducer like the tally, and a decider: `due` says what the clock brings, `decide` what supervisors do about it.

The level is the contractual one over the contacts that asked in the last 15 minutes, by whole minutes. Those who still
wait past the threshold count however long ago they asked: as long as they wait, nothing has recovered. How long a level
has been below or above is not kept: a restart waits `alarm_after_s` anew before it raises or ends."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from hotline.engine.errors import AlarmUnknownError
from hotline.formulas.service_level import is_in_time, is_met
from hotline.messages import routing as m
from hotline.messages.configuration import QueueConfiguration

WINDOW_MINUTES = 15
_MINUTE_MS = 60_000
_LOOK_EACH_MS = 1_000
_THRESHOLD_S = 15

AlarmCommand = m.TakeAlarm | m.AcknowledgeAlarm | m.SilenceAlarm
AlarmEvent = m.AlarmRaised | m.AlarmTaken | m.AlarmAcknowledged | m.AlarmSilenced | m.AlarmCleared


class Level(NamedTuple):
    """Of `counted` who asked in the last 15 minutes, so many were answered within the threshold."""

    answered_in_time: int
    counted: int


class Alarm(msgspec.Struct):
    """One that has not ended. `owner_id` sees to it; silenced ones have a reason why nobody needs to."""

    alarm_id: str
    tenant_id: str
    queue_id: str
    kind: m.AlarmKind
    raised_ms: int
    below_since_ms: int
    is_simulated: bool
    owner_id: str | None = None
    acknowledged_ms: int | None = None
    acknowledged_by_id: str | None = None
    silence_reason: m.SilenceReason | None = None


class _Minute(msgspec.Struct):
    asked: int = 0
    in_time: int = 0
    is_simulated: bool = False


class _Watch(msgspec.Struct):
    """One queue: who asked in each minute, and the unanswered with when they asked and their threshold."""

    minutes: dict[int, _Minute] = {}
    waiting: dict[str, tuple[int, int]] = {}


class _Saved(msgspec.Struct, array_like=True):
    version: int
    alarms: list[Alarm]
    watches: dict[str, _Watch]


_VERSION = 1


class Alarms:
    """All alarms of one switch. Give it every event in order; `due` is to be asked whenever `next_due_ms` has come."""

    def __init__(self) -> None:
        self._queues: dict[str, QueueConfiguration] = {}
        self._watches: dict[str, _Watch] = {}
        self._queue_of: dict[str, str] = {}  # of every unanswered contact, the queue that it asked for
        self._alarms: dict[str, Alarm] = {}
        self._alarm_of: dict[str, str] = {}  # by queue
        # What follows from the clock, hence not kept.
        self._active: dict[str, None] = {}  # queues in which somebody waits or has asked within 15 minutes
        self._turned: dict[str, tuple[bool, int]] = {}  # queue -> whether it is below its target, and since when
        self._next_look_ms = 0
        self.reducers: dict[type[Any], Callable[[Any], None]] = {  # by type of event
            m.ConfigurationApplied: self._configuration_applied,
            m.ContactQueued: self._contact_queued,
            m.ContactConnected: self._contact_connected,
            m.ContactDiverted: self._contact_ended,
            m.ContactEnded: self._contact_ended,
            m.AlarmRaised: self._alarm_raised,
            m.AlarmTaken: self._alarm_taken,
            m.AlarmAcknowledged: self._alarm_acknowledged,
            m.AlarmSilenced: self._alarm_silenced,
            m.AlarmCleared: self._alarm_cleared,
        }

    def apply(self, event: m.RoutingEvent) -> None:
        """Take in what has happened."""
        reducer = self.reducers.get(type(event))
        if reducer is not None:
            reducer(event)

    # --- asking ------------------------------------------------------------------------------------------------------

    def open(self) -> Iterable[Alarm]:
        """Those that have not ended, in the order in which they were raised."""
        return self._alarms.values()

    def alarm(self, alarm_id: str) -> Alarm | None:
        return self._alarms.get(alarm_id)

    def level(self, queue_id: str, now_ms: int) -> Level:
        """Of the last 15 minutes."""
        watch = self._watches.get(queue_id)
        if watch is None:
            return Level(0, 0)
        first_ms = _first_minute_ms(now_ms)
        minutes = [minute for at_ms, minute in watch.minutes.items() if at_ms >= first_ms]
        counted = sum(minute.asked for minute in minutes)
        for asked_ms, threshold_s in watch.waiting.values():
            is_undecided = is_in_time(now_ms - asked_ms, threshold_s)
            counted += (not is_undecided) - (asked_ms >= first_ms)  # in the window it has been counted above
        return Level(sum(minute.in_time for minute in minutes), counted)

    # --- deciding ----------------------------------------------------------------------------------------------------

    def decide(self, command: AlarmCommand) -> tuple[m.RoutingEvent, ...]:
        """What follows from a supervisor's command, not applied yet; nothing when it was so already.

        Raises AlarmUnknownError when the alarm has ended."""
        alarm = self._alarms.get(command.alarm_id)
        if alarm is None:
            raise AlarmUnknownError
        told: dict[str, Any] = {
            "at_ms": command.at_ms,
            "command_id": command.command_id,
            "alarm_id": alarm.alarm_id,
            "supervisor_id": command.supervisor_id,
        }
        if isinstance(command, m.TakeAlarm):
            return () if alarm.owner_id == command.supervisor_id else (m.AlarmTaken(**told),)
        if isinstance(command, m.SilenceAlarm):
            is_new = alarm.silence_reason != command.reason
            return (m.AlarmSilenced(**told, reason=command.reason),) if is_new else ()
        return () if alarm.acknowledged_ms is not None else (m.AlarmAcknowledged(**told),)

    def next_due_ms(self) -> int | None:
        """When `due` is to be asked next; None while nothing can change by itself."""
        return self._next_look_ms if self._active or self._alarms else None

    def due(self, now_ms: int, new_id: Callable[[], str]) -> tuple[m.RoutingEvent, ...]:
        """What follows from time having passed, not applied yet. Looks once a second, however often it is asked."""
        if now_ms < self._next_look_ms:
            return ()
        self._next_look_ms = now_ms - now_ms % _LOOK_EACH_MS + _LOOK_EACH_MS
        self._let_quiet_ones_go(now_ms)
        events = [event for queue_id in self._active for event in self._look_at(queue_id, now_ms, new_id)]
        return (*events, *self._ended_with_their_queues(now_ms))

    def _look_at(self, queue_id: str, now_ms: int, new_id: Callable[[], str]) -> Iterator[m.RoutingEvent]:
        queue = self._queues.get(queue_id)
        if queue is None:
            return
        level = self.level(queue_id, now_ms)
        is_below = is_met(*level, queue.service_level_target) is False
        was_below, since_ms = self._turned.get(queue_id, (not is_below, now_ms))
        if was_below != is_below:
            since_ms = now_ms
            self._turned[queue_id] = (is_below, now_ms)
        if now_ms - since_ms < queue.alarm_after_s * 1000:
            return
        alarm_id = self._alarm_of.get(queue_id)
        if alarm_id is None and is_below and level.counted >= queue.alarm_min_contacts:
            yield self._raised(queue, level, since_ms, now_ms, new_id())
        elif alarm_id is not None and not is_below and level.counted:
            yield _cleared(alarm_id, "recovered", level, now_ms)

    def _raised(
        self, queue: QueueConfiguration, level: Level, since_ms: int, now_ms: int, alarm_id: str
    ) -> m.AlarmRaised:
        watch = self._watches[queue.queue_id]
        return m.AlarmRaised(
            at_ms=now_ms,
            alarm_id=alarm_id,
            tenant_id=queue.tenant_id,
            queue_id=queue.queue_id,
            kind="service_level",
            below_since_ms=since_ms,
            answered_in_time=level.answered_in_time,
            counted=level.counted,
            target=queue.service_level_target,
            threshold_s=queue.service_level_s,
            is_simulated=any(minute.is_simulated for minute in watch.minutes.values()),
        )

    def _ended_with_their_queues(self, now_ms: int) -> Iterator[m.RoutingEvent]:
        """Alarms whose queue is gone, or in which nobody has asked for 15 minutes and nobody waits."""
        for queue_id, alarm_id in self._alarm_of.items():
            if queue_id not in self._queues:
                yield _cleared(alarm_id, "removed", Level(0, 0), now_ms)
            elif queue_id not in self._active:
                yield _cleared(alarm_id, "quiet", Level(0, 0), now_ms)

    def _let_quiet_ones_go(self, now_ms: int) -> None:
        first_ms = _first_minute_ms(now_ms)
        for queue_id in list(self._active):
            watch = self._watches[queue_id]
            if not watch.waiting and all(at_ms < first_ms for at_ms in watch.minutes):
                del self._active[queue_id]
                self._turned.pop(queue_id, None)

    # --- what has happened -------------------------------------------------------------------------------------------

    def _configuration_applied(self, event: m.ConfigurationApplied) -> None:
        self._queues = {queue.queue_id: queue for queue in event.configuration.queues}

    def _contact_queued(self, event: m.ContactQueued) -> None:
        queue = self._queues.get(event.queue_id)
        threshold_s = queue.service_level_s if queue is not None else _THRESHOLD_S
        watch = self._watches.setdefault(event.queue_id, _Watch())
        watch.waiting[event.contact_id] = (event.asked_at_ms, threshold_s)
        self._queue_of[event.contact_id] = event.queue_id
        self._active[event.queue_id] = None
        minute = watch.minutes.get(_minute_ms(event.asked_at_ms))
        if minute is None:
            first_ms = _first_minute_ms(event.at_ms)
            watch.minutes = {at_ms: kept for at_ms, kept in watch.minutes.items() if at_ms >= first_ms}
            minute = watch.minutes[_minute_ms(event.asked_at_ms)] = _Minute()
        minute.asked += 1
        minute.is_simulated |= event.is_simulated

    def _contact_connected(self, event: m.ContactConnected) -> None:
        found = self._no_longer_waiting(event.contact_id)
        if found is not None:
            watch, asked_ms, threshold_s = found
            minute = watch.minutes.get(_minute_ms(asked_ms))
            if minute is not None:
                minute.in_time += is_in_time(event.wait_ms, threshold_s)

    def _contact_ended(self, event: m.ContactEnded | m.ContactDiverted) -> None:
        self._no_longer_waiting(event.contact_id)

    def _no_longer_waiting(self, contact_id: str) -> tuple[_Watch, int, int] | None:
        queue_id = self._queue_of.pop(contact_id, None)
        if queue_id is None:
            return None
        watch = self._watches[queue_id]
        return watch, *watch.waiting.pop(contact_id)

    def _alarm_raised(self, event: m.AlarmRaised) -> None:
        self._alarms[event.alarm_id] = Alarm(
            alarm_id=event.alarm_id,
            tenant_id=event.tenant_id,
            queue_id=event.queue_id,
            kind=event.kind,
            raised_ms=event.at_ms,
            below_since_ms=event.below_since_ms,
            is_simulated=event.is_simulated,
        )
        self._alarm_of[event.queue_id] = event.alarm_id

    def _alarm_taken(self, event: m.AlarmTaken) -> None:
        alarm = self._alarms[event.alarm_id]
        alarm.owner_id, alarm.silence_reason = event.supervisor_id, None
        _acknowledge(alarm, event)

    def _alarm_acknowledged(self, event: m.AlarmAcknowledged) -> None:
        _acknowledge(self._alarms[event.alarm_id], event)

    def _alarm_silenced(self, event: m.AlarmSilenced) -> None:
        alarm = self._alarms[event.alarm_id]
        alarm.silence_reason = event.reason
        _acknowledge(alarm, event)

    def _alarm_cleared(self, event: m.AlarmCleared) -> None:
        alarm = self._alarms.pop(event.alarm_id)
        del self._alarm_of[alarm.queue_id]

    # --- keeping -----------------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """What has to be remembered, equal for equal histories; the set-up is not in it."""
        return msgspec.msgpack.encode(_Saved(_VERSION, list(self._alarms.values()), self._watches))

    @classmethod
    def restore(cls, data: bytes, queues: Iterable[QueueConfiguration]) -> "Alarms":
        """The alarms that a snapshot describes, with the present set-up; none for no bytes.

        Raises msgspec.DecodeError or ValueError."""
        alarms = cls()
        alarms._queues = {queue.queue_id: queue for queue in queues}
        if not data:
            return alarms
        saved = msgspec.msgpack.decode(data, type=_Saved)
        if saved.version != _VERSION:
            raise ValueError("the alarms were kept by another version; start again from the log's beginning")
        alarms._watches, alarms._active = saved.watches, dict.fromkeys(saved.watches)
        alarms._queue_of = {id: queue for queue, watch in saved.watches.items() for id in watch.waiting}
        alarms._alarms = {alarm.alarm_id: alarm for alarm in saved.alarms}
        alarms._alarm_of = {alarm.queue_id: alarm.alarm_id for alarm in saved.alarms}
        return alarms


def _acknowledge(alarm: Alarm, event: m.AlarmTaken | m.AlarmAcknowledged | m.AlarmSilenced) -> None:
    if alarm.acknowledged_ms is None:
        alarm.acknowledged_ms, alarm.acknowledged_by_id = event.at_ms, event.supervisor_id


def _cleared(alarm_id: str, cause: m.AlarmEnd, level: Level, now_ms: int) -> m.AlarmCleared:
    return m.AlarmCleared(
        at_ms=now_ms,
        alarm_id=alarm_id,
        cause=cause,
        answered_in_time=level.answered_in_time,
        counted=level.counted,
    )


def _first_minute_ms(now_ms: int) -> int:
    """Where the last 15 minutes begin, the running one among them."""
    return _minute_ms(now_ms) - (WINDOW_MINUTES - 1) * _MINUTE_MS


def _minute_ms(at_ms: int) -> int:
    return at_ms - at_ms % _MINUTE_MS
