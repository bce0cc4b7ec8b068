"""What ladders measure of a queue: counted by minute of asking, in integers, as events are applied."""

from typing import NamedTuple

from hotline.engine import codes as c
from hotline.engine.records import Contact, Gauge, Queue


class Measured(NamedTuple):
    """The figures of one moment: the longest wait in seconds, contacts that wait, and of the last 15 minutes the shares
    answered in time and abandoned in hundredths of a per cent, -1 when nobody asked."""

    wait_s: int
    length: int
    service_level: int
    abandoned: int


def gauge_asked(gauge: Gauge, contact: Contact) -> None:
    """Count a contact that asks."""
    slot = gauge.slot(contact.asked_ms)
    if slot >= 0:
        gauge.asked[slot] += 1
    gauge.waiting.append(contact)


def gauge_talking(gauge: Gauge, contact: Contact, wait_ms: int) -> None:
    """Count a contact's first answer."""
    slot = gauge.slot(contact.asked_ms)
    if slot >= 0:
        gauge.answered[slot] += 1
        gauge.in_time[slot] += wait_ms <= contact.queue.target_ms


def gauge_ended(gauge: Gauge, contact: Contact) -> None:
    """Count a contact that was never answered."""
    slot = gauge.slot(contact.asked_ms)
    if slot >= 0:
        gauge.abandoned[slot] += 1


def read_gauges(queues: list[Queue], now_ms: int) -> Measured:
    """The figures of several queues together; those who still wait within the target are not counted yet."""
    first = now_ms // 60_000 - (c.GAUGE_MINUTES - 1)
    asked = in_time = abandoned = length = wait_ms = 0
    for queue in queues:
        gauge = queue.gauge
        if gauge is None:
            continue
        length += queue.waiting
        gauge.waiting = [contact for contact in gauge.waiting if waits(contact)]
        for contact in gauge.waiting:
            waited_ms = now_ms - contact.asked_ms
            if not contact.is_stranded:  # whom nobody can help until its node is back calls no reserve
                wait_ms = max(wait_ms, waited_ms)
            asked -= contact.asked_ms // 60_000 >= first and waited_ms <= queue.target_ms
        for slot in range(c.GAUGE_MINUTES):
            if gauge.minutes[slot] >= first:
                asked += gauge.asked[slot]
                in_time += gauge.in_time[slot]
                abandoned += gauge.abandoned[slot]
    if asked <= 0:
        return Measured(wait_ms // 1000, length, -1, -1)
    return Measured(wait_ms // 1000, length, in_time * 10_000 // asked, abandoned * 10_000 // asked)


def is_quiet(queues: list[Queue], now_ms: int) -> bool:
    """Whether nobody waits in these queues and nobody has asked for 15 minutes."""
    first = now_ms // 60_000 - (c.GAUGE_MINUTES - 1)
    return not any(
        queue.waiting or (queue.gauge is not None and any(minute >= first for minute in queue.gauge.minutes))
        for queue in queues
    )


def waits(contact: Contact) -> bool:
    """Whether the customer waits for a first answer on the line."""
    return contact.wait_ms < 0 and contact.stage in (c.WAITING, c.PROPOSED, c.KEPT)
