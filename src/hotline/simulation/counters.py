"""What a simulated world comes to: sums by interval and queue, from the world's log, ten thousands at a time."""

from copy import deepcopy
from typing import Final

import numpy as np
import numpy.typing as npt

from hotline.simulation.log import OFF, WORKING, Log

Ints = npt.NDArray[np.int64]
SUB_BUCKETS: Final = 256  # waits are kept with an error below 1/256 of their length
_BUCKET_BITS: Final = 16


class Counters:
    """The sums of one replication, each an array (intervals + 1, queues); the last interval takes what comes after the
    horizon. Callers are counted in the interval of asking.

    A number in system (agents on duty, at work) is not sampled: each change by `step` at time `at` adds `step` to a
    count and `step * at` to a sum of its interval. The integral of the number up to a later time T is then
    T * (sum of counts) - (sum of sums), exactly."""

    def __init__(self, interval: int, intervals: int, kinds_queue: list[int], thresholds: list[int]) -> None:
        self.interval = interval
        self.intervals = intervals
        self.queues = len(thresholds)
        self._kinds_queue = np.asarray(kinds_queue)
        self._thresholds = np.asarray(thresholds)
        self.entered = self._zeros()  # came to the entry point; in the interval of entering
        self.contained = self._zeros()  # of these, settled there
        self.offered = self._zeros()  # asked for an agent
        self.blocked = self._zeros()  # of these: turned away at once
        self.queued = self._zeros()  # found nobody free in the moment of asking
        self.answered = self._zeros()
        self.in_time = self._zeros()  # answered within the threshold
        self.abandoned = self._zeros()
        self.called_back = self._zeros()  # accepted a call-back: they no longer wait on the line, and are never in time
        self.unreached = self._zeros()  # of these: called back in vain, as often as the queue does
        self.has_own = self._zeros()  # answered, and with an agent of their own
        self.by_own = self._zeros()  # of these: by that very agent
        self.kinds: Counters | None = None  # the same sums by kind of caller, where a scenario names kinds
        self.waits_known = self._zeros()  # answered on the line, or abandoned
        self.wait_sum = self._zeros()  # of these, until then
        self.talk_sum = self._zeros()  # drawn lengths of the answered's conversations
        self.waiting_ms = self._zeros()  # time spent waiting in this interval, whenever they asked
        self.waits: dict[int, int] = {}  # (interval * queues + queue) * 2**16 + bucket of a wait above 0 -> how many
        self.on_duty = np.zeros((intervals + 1, 2), np.int64)  # count and sum of changes: signed in and not away
        self.tiers = np.zeros((intervals + 1, 2), np.int64)  # the same of reserve teams that have come
        self.working = np.zeros((intervals + 1, 2), np.int64)  # the same of those in conversation or wrap-up

    def _zeros(self) -> Ints:
        return np.zeros((self.intervals + 1, self.queues), np.int64)

    def _bins(self, times: Ints) -> Ints:
        return np.minimum(times // self.interval, self.intervals)

    def _add(self, into: Ints, places: Ints, weights: Ints | None = None) -> None:
        """Add ones, or weights, at places (interval * queues + queue)."""
        if weights is None:
            into += np.bincount(places, minlength=into.size).reshape(into.shape)
        else:
            np.add.at(into.reshape(-1), places, weights)

    def note_entered(self, times: Ints, queue: int, is_contained: npt.NDArray[np.bool_] | None) -> None:
        """Callers came to the entry point of a queue; some were settled there."""
        places = self._bins(times) * self.queues + queue
        self._add(self.entered, places)
        if is_contained is not None:
            self._add(self.contained, places[is_contained])

    def note_asks(self, times: Ints, kinds: Ints) -> None:
        """Callers will ask for an agent at these times."""
        self._add(self.offered, self._bins(times) * self.queues + self._kinds_queue[kinds])
        if self.kinds is not None:
            self.kinds.note_asks(times, kinds)

    def take(self, log: Log) -> None:
        """Count what the log holds, and empty it."""
        if self.kinds is not None:
            self.kinds.take(deepcopy(log))
        kinds = len(self._kinds_queue)
        self._take_own(log.own)
        self._take_answered(log.answered)
        self._take_abandoned(log)
        self._take_others(log)
        for times, who, into in (
            (log.queued_at, log.queued_contact, self.queued),
            (log.blocked_at, log.blocked_kind, self.blocked),
            (log.retried_at, log.retried_kind, self.offered),
        ):
            if times:
                queues = self._kinds_queue[_array(who) % kinds]
                self._add(into, self._bins(_array(times)) * self.queues + queues)
            times.clear()
            who.clear()
        self._take_duty(log)

    def _take_answered(self, answered: list[int]) -> None:
        if answered:
            ends, waits, contacts, talks = _array(answered).reshape(-1, 4).T
            places, queues = self._take_waits(ends, waits, contacts, self.answered)
            self._add(self.talk_sum, places, talks)
            self._add(self.in_time, places[waits <= self._thresholds[queues]])
        answered.clear()

    def _take_own(self, own: list[int]) -> None:
        if own:
            asked, contacts, is_own = _array(own).reshape(-1, 3).T
            queues = self._kinds_queue[contacts % len(self._kinds_queue)]
            places = self._bins(asked) * self.queues + queues
            self._add(self.has_own, places)
            self._add(self.by_own, places, is_own)
        own.clear()

    def _take_abandoned(self, log: Log) -> None:
        if log.abandoned_at:
            ends, waits, contacts = map(_array, (log.abandoned_at, log.abandoned_wait, log.abandoned_contact))
            self._take_waits(ends, waits, contacts, self.abandoned)
        log.abandoned_at.clear()
        log.abandoned_wait.clear()
        log.abandoned_contact.clear()

    def _take_waits(self, ends: Ints, waits: Ints, contacts: Ints, into: Ints) -> tuple[Ints, Ints]:
        """Count those whose wait is known; their places (interval * queues + queue) and queues."""
        queues = self._kinds_queue[contacts % len(self._kinds_queue)]
        asked = ends - waits
        bins = self._bins(asked)
        places = bins * self.queues + queues
        self._add(into, places)
        self._add(self.waits_known, places)
        self._add(self.wait_sum, places, waits)
        self._spread(asked, ends, bins, queues)
        self._take_lengths(places, waits)
        return places, queues

    def _take_others(self, log: Log) -> None:
        """Whose wait is no measure of the queue: sent away, or called back; the latter waited until they hung up."""
        for at, wait, contact, into, has_waited in (
            (log.diverted_at, log.diverted_wait, log.diverted_contact, self.blocked, True),
            (log.promised_at, log.promised_wait, log.promised_contact, self.called_back, True),
            (log.late_at, log.late_wait, log.late_contact, self.answered, False),
            (log.unreached_at, log.unreached_wait, log.unreached_contact, self.unreached, False),
        ):
            if at:
                ends, asked = _array(at), _array(at) - _array(wait)
                bins, queues = self._bins(asked), self._kinds_queue[_array(contact) % len(self._kinds_queue)]
                self._add(into, bins * self.queues + queues)
                if has_waited:
                    self._spread(asked, ends, bins, queues)
            at.clear()
            wait.clear()
            contact.clear()

    def _spread(self, asked: Ints, ends: Ints, bins: Ints, queues: Ints) -> None:
        """Each wait's time in the intervals in which it was spent."""
        last = self._bins(ends)
        while len(asked):
            is_over = last == bins
            places = bins * self.queues + queues
            until = np.where(is_over, ends, (bins + 1) * self.interval)
            self._add(self.waiting_ms, places, until - asked)
            goes_on = ~is_over
            asked, ends, bins = until[goes_on], ends[goes_on], bins[goes_on] + 1
            queues, last = queues[goes_on], last[goes_on]

    def _take_lengths(self, places: Ints, waits: Ints) -> None:
        """Every wait above 0 in its bucket: exact below 512 ms, then 256 buckets for each doubling."""
        has_waited = waits > 0
        keys = places[has_waited] << _BUCKET_BITS | buckets_of(waits[has_waited])
        for key, many in zip(*(found.tolist() for found in np.unique(keys, return_counts=True)), strict=True):
            self.waits[key] = self.waits.get(key, 0) + many

    def _take_duty(self, log: Log) -> None:
        if log.duty:
            entries = _array(log.duty)
            at, old, new = entries >> 4, entries >> 2 & 3, entries & 3
            bins = self._bins(at)
            for state, into, sign in ((OFF, self.on_duty, -1), (WORKING, self.working, 1)):
                steps = sign * ((new == state).astype(np.int64) - (old == state))
                np.add.at(into[:, 0], bins, steps)
                np.add.at(into[:, 1], bins, steps * at)
        log.duty.clear()
        if log.tiers:
            entries = _array(log.tiers)
            at, steps = entries >> 1, 2 * (entries & 1) - 1
            np.add.at(self.tiers[:, 0], self._bins(at), steps)
            np.add.at(self.tiers[:, 1], self._bins(at), steps * at)
        log.tiers.clear()

    def time_integral(self, changes: Ints) -> Ints:
        """Agent-milliseconds in each interval up to the horizon, from `on_duty` or `working`."""
        ends = (np.arange(self.intervals, dtype=np.int64) + 1) * self.interval
        sums = np.cumsum(changes[:-1], axis=0)
        integral: Ints = np.diff(sums[:, 0] * ends - sums[:, 1], prepend=0)
        return integral


def _array(values: list[int]) -> Ints:
    return np.asarray(values, np.int64)


def buckets_of(waits: Ints) -> Ints:
    """The number of the bucket that each wait falls into."""
    shift: Ints = np.maximum(np.frexp(waits.astype(np.float64))[1] - 9, 0).astype(np.int64)
    numbers: Ints = SUB_BUCKETS * shift + (waits >> shift)
    return numbers


def bounds_of(bucket: int) -> tuple[int, int]:
    """The least wait in the bucket, and the least beyond it."""
    if bucket < 2 * SUB_BUCKETS:
        return bucket, bucket + 1
    shift = bucket // SUB_BUCKETS - 1
    low = (bucket - SUB_BUCKETS * shift) << shift
    return low, low + (1 << shift)
