"""Live alarms of queues: raised when a figure of the last 15 minutes stays beyond what was set, ended when it is back.
A reducer like the tally, and a decider: `due` says what the clock brings, `decide` what supervisors do about it.

Three kinds, by whole minutes:
- service_level: the contractual one over the contacts that asked, below the target. Those who still wait past the
  threshold count however long ago they asked: as long as they wait, nothing has recovered.
- abandoned: who asked and gave up ÷ who asked, above the queue's limit.
- blocked: somebody came out of the queue without an agent and has not asked again. It is raised at once.

How long a figure has been beyond or back is not kept: a restart waits `alarm_after_s` anew before it raises or ends."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from hotline.engine.alarm_levels import (
    KINDS,
    Alarm,
    Level,
    Minute,
    SavedAlarms,
    Watch,
    first_minute_ms,
    is_beyond,
    minute_ms,
    minute_of,
    target,
)
from hotline.engine.errors import AlarmUnknownError
from hotline.formulas.service_level import is_in_time
from hotline.messages import routing as m
from hotline.messages.configuration import QueueConfiguration

_LOOK_EACH_MS = 1_000
_THRESHOLD_S = 15

AlarmCommand = m.TakeAlarm | m.AcknowledgeAlarm | m.SilenceAlarm
AlarmEvent = m.AlarmRaised | m.AlarmTaken | m.AlarmAcknowledged | m.AlarmSilenced | m.AlarmCleared


_VERSION = 1


class Alarms:
    """All alarms of one switch. Give it every event in order; `due` is to be asked whenever `next_due_ms` has come."""

    def __init__(self) -> None:
        self._queues: dict[str, QueueConfiguration] = {}
        self._watches: dict[str, Watch] = {}
        self._queue_of: dict[str, str] = {}  # of every unanswered contact, the queue that it asked for
        self._alarms: dict[str, Alarm] = {}
        self._diverted_from: dict[str, str] = {}  # contact -> the queue that it came out of without an agent
        self._alarm_of: dict[tuple[str, m.AlarmKind], str] = {}  # by queue and kind
        # What follows from the clock, hence not kept.
        self._active: dict[str, None] = {}  # queues in which somebody waits or has asked within 15 minutes
        self._turned: dict[tuple[str, m.AlarmKind], tuple[bool, int]] = {}  # whether it is beyond, and since when
        self._next_look_ms = 0
        self.reducers: dict[type[Any], Callable[[Any], None]] = {  # by type of event
            m.ConfigurationApplied: self._configuration_applied,
            m.ContactQueued: self._contact_queued,
            m.ContactConnected: self._contact_connected,
            m.ContactEnded: self._contact_ended,
            m.ContactDiverted: self._contact_diverted,
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
        first_ms = first_minute_ms(now_ms)
        minutes = [minute for at_ms, minute in watch.minutes.items() if at_ms >= first_ms]
        counted = sum(minute.asked for minute in minutes)
        for asked_ms, threshold_s in watch.waiting.values():
            is_undecided = is_in_time(now_ms - asked_ms, threshold_s)
            counted += (not is_undecided) - (asked_ms >= first_ms)  # in the window it has been counted above
        return Level(sum(minute.in_time for minute in minutes), counted)

    def abandoned(self, queue_id: str, now_ms: int) -> Level:
        """Who gave up, of those who asked in the last 15 minutes."""
        minutes = self._minutes(queue_id, now_ms)
        return Level(sum(minute.abandoned for minute in minutes), sum(minute.asked for minute in minutes))

    def blocked(self, queue_id: str, now_ms: int) -> Level:
        """Who came out without an agent in the last 15 minutes and did not ask again, and how many asked."""
        minutes = self._minutes(queue_id, now_ms)
        return Level(sum(minute.blocked for minute in minutes), sum(minute.asked for minute in minutes))

    def figure(self, kind: m.AlarmKind, queue_id: str, now_ms: int) -> Level:
        """What alarms of that kind watch."""
        match kind:
            case "service_level":
                return self.level(queue_id, now_ms)
            case "abandoned":
                return self.abandoned(queue_id, now_ms)
            case "blocked":
                return self.blocked(queue_id, now_ms)

    def _minutes(self, queue_id: str, now_ms: int) -> list[Minute]:
        watch, first_ms = self._watches.get(queue_id), first_minute_ms(now_ms)
        return [minute for at_ms, minute in watch.minutes.items() if at_ms >= first_ms] if watch else []

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
        events = [
            event
            for queue_id in self._active
            for kind in KINDS
            for event in self._look_at(queue_id, kind, now_ms, new_id)
        ]
        return (*events, *self._ended_with_their_queues(now_ms))

    def _look_at(
        self, queue_id: str, kind: m.AlarmKind, now_ms: int, new_id: Callable[[], str]
    ) -> Iterator[m.RoutingEvent]:
        queue = self._queues.get(queue_id)
        if queue is None:
            return
        level = self.figure(kind, queue_id, now_ms)
        is_wrong = is_beyond(kind, level, queue)
        was_wrong, since_ms = self._turned.get((queue_id, kind), (not is_wrong, now_ms))
        if was_wrong != is_wrong:
            since_ms = now_ms
            self._turned[queue_id, kind] = (is_wrong, now_ms)
        if kind != "blocked" and now_ms - since_ms < queue.alarm_after_s * 1000:
            return
        alarm_id = self._alarm_of.get((queue_id, kind))
        if alarm_id is None and is_wrong and (kind == "blocked" or level.counted >= queue.alarm_min_contacts):
            yield self._raised(queue, kind, level, since_ms, now_ms, new_id())
        elif alarm_id is not None and not is_wrong and (kind == "blocked" or level.counted):
            yield _cleared(alarm_id, "recovered", level, now_ms)

    def _raised(
        self, queue: QueueConfiguration, kind: m.AlarmKind, level: Level, since_ms: int, now_ms: int, alarm_id: str
    ) -> m.AlarmRaised:
        watch = self._watches[queue.queue_id]
        return m.AlarmRaised(
            at_ms=now_ms,
            alarm_id=alarm_id,
            tenant_id=queue.tenant_id,
            queue_id=queue.queue_id,
            kind=kind,
            below_since_ms=since_ms,
            answered_in_time=level.answered_in_time,
            counted=level.counted,
            target=target(kind, queue),
            threshold_s=queue.service_level_s if kind == "service_level" else 0,
            is_simulated=any(minute.is_simulated for minute in watch.minutes.values()),
        )

    def _ended_with_their_queues(self, now_ms: int) -> Iterator[m.RoutingEvent]:
        """Alarms whose queue is gone, or in which nobody has asked for 15 minutes and nobody waits."""
        for (queue_id, _), alarm_id in self._alarm_of.items():
            if queue_id not in self._queues:
                yield _cleared(alarm_id, "removed", Level(0, 0), now_ms)
            elif queue_id not in self._active:
                yield _cleared(alarm_id, "quiet", Level(0, 0), now_ms)

    def _let_quiet_ones_go(self, now_ms: int) -> None:
        first_ms = first_minute_ms(now_ms)
        for queue_id in list(self._active):
            watch = self._watches[queue_id]
            if not watch.waiting and all(at_ms < first_ms for at_ms in watch.minutes):
                del self._active[queue_id]
                self._forget_diverted(watch, now_ms)
                for kind in KINDS:
                    self._turned.pop((queue_id, kind), None)

    # --- what has happened -------------------------------------------------------------------------------------------

    def _configuration_applied(self, event: m.ConfigurationApplied) -> None:
        self._queues = {queue.queue_id: queue for queue in event.configuration.queues}

    def _contact_queued(self, event: m.ContactQueued) -> None:
        queue = self._queues.get(event.queue_id)
        threshold_s = queue.service_level_s if queue is not None else _THRESHOLD_S
        watch = self._watches.get(event.queue_id)
        if watch is None:
            watch = self._watches[event.queue_id] = Watch()
        watch.waiting[event.contact_id] = (event.asked_at_ms, threshold_s)
        self._queue_of[event.contact_id] = event.queue_id
        self._active[event.queue_id] = None
        if self._diverted_from:
            self._is_not_blocked(event.contact_id)
        minute = minute_of(watch, event.asked_at_ms, event.at_ms)
        minute.asked += 1
        if event.is_simulated:
            minute.is_simulated = True

    def _contact_connected(self, event: m.ContactConnected) -> None:
        found = self._no_longer_waiting(event.contact_id)
        if found is not None:
            watch, asked_ms, threshold_s = found
            minute = watch.minutes.get(minute_ms(asked_ms))
            if minute is not None:
                minute.in_time += is_in_time(event.wait_ms, threshold_s)

    def _contact_ended(self, event: m.ContactEnded) -> None:
        found = self._no_longer_waiting(event.contact_id)
        if found is not None and event.outcome == "abandoned":
            watch, asked_ms, _ = found
            minute = watch.minutes.get(minute_ms(asked_ms))
            if minute is not None:
                minute.abandoned += 1

    def _contact_diverted(self, event: m.ContactDiverted) -> None:
        self._no_longer_waiting(event.contact_id)
        self._is_not_blocked(event.contact_id)
        watch = self._watches.setdefault(event.queue_id, Watch())
        self._forget_diverted(watch, first_minute_ms(event.at_ms))
        minute_of(watch, event.at_ms, event.at_ms).blocked += 1
        watch.diverted[event.contact_id] = minute_ms(event.at_ms)
        self._diverted_from[event.contact_id] = event.queue_id
        self._active[event.queue_id] = None

    def _forget_diverted(self, watch: Watch, before_ms: int) -> None:
        """Who came out before that moment stays what they are."""
        for contact_id in [id for id, at_ms in watch.diverted.items() if at_ms < before_ms]:
            del watch.diverted[contact_id], self._diverted_from[contact_id]

    def _is_not_blocked(self, contact_id: str) -> None:
        """It has asked again, there or elsewhere."""
        queue_id = self._diverted_from.pop(contact_id, None)
        if queue_id is None:
            return
        watch = self._watches[queue_id]
        minute = watch.minutes.get(watch.diverted.pop(contact_id))
        if minute is not None:
            minute.blocked -= 1

    def _no_longer_waiting(self, contact_id: str) -> tuple[Watch, int, int] | None:
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
        self._alarm_of[event.queue_id, event.kind] = event.alarm_id

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
        del self._alarm_of[alarm.queue_id, alarm.kind]

    # --- keeping -----------------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """What has to be remembered, equal for equal histories; the set-up is not in it."""
        return msgspec.msgpack.encode(SavedAlarms(_VERSION, list(self._alarms.values()), self._watches))

    @classmethod
    def restore(cls, data: bytes, queues: Iterable[QueueConfiguration]) -> "Alarms":
        """The alarms that a snapshot describes, with the present set-up; none for no bytes.

        Raises msgspec.DecodeError or ValueError."""
        alarms = cls()
        alarms._queues = {queue.queue_id: queue for queue in queues}
        if not data:
            return alarms
        saved = msgspec.msgpack.decode(data, type=SavedAlarms)
        if saved.version != _VERSION:
            raise ValueError("the alarms were kept by another version; start again from the log's beginning")
        alarms._watches, alarms._active = saved.watches, dict.fromkeys(saved.watches)
        alarms._queue_of = {id: queue for queue, watch in saved.watches.items() for id in watch.waiting}
        alarms._diverted_from = {id: queue for queue, watch in saved.watches.items() for id in watch.diverted}
        alarms._alarms = {alarm.alarm_id: alarm for alarm in saved.alarms}
        alarms._alarm_of = {(alarm.queue_id, alarm.kind): alarm.alarm_id for alarm in saved.alarms}
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
