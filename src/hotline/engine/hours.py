"""What is done with those who would be called back outside the hours of their queue, or of the window they chose."""

from hotline.engine import codes as c
from hotline.engine.apply_contacts import hours_of, is_to_be_called, watch_hours
from hotline.engine.call_hours import Window
from hotline.engine.core import Engine
from hotline.engine.errors import CallbackRefusedError
from hotline.engine.records import Contact, Queue

_DAY_MS = 24 * 3_600_000


def promised_for(queue: Queue, at: int, not_before_ms: int, window: Window) -> int:
    """The moment before which nobody calls: as asked, within the window, and not while the queue's calendar is closed.
    Raises CallbackRefusedError when that never comes, and where the queue offers no windows."""
    hours = queue.hours
    if window[1] and (hours is None or not hours.has_windows):
        raise CallbackRefusedError(problem="its queue offers no times of the day for it")
    if hours is None or not (hours.is_limited or window[1]):
        return not_before_ms
    due_ms = hours.opening_ms(max(at, not_before_ms), window)
    if due_ms < 0:
        raise CallbackRefusedError(problem="its queue's call-back calendar does not open then within a year")
    return due_ms if due_ms > at else not_before_ms


def held_until(contact: Contact, moment_ms: int) -> int:
    """The first moment, from that one on, at which the customer may be called. Where the calendar has become one that
    stays closed, it is looked at again a day later."""
    hours = hours_of(contact)
    if hours is None:
        return moment_ms
    due_ms = hours.opening_ms(moment_ms, contact.window)
    return moment_ms + _DAY_MS if due_ms < 0 else due_ms


def is_held(engine: Engine, at: int, contact: Contact) -> bool:
    """Whether the contact is a call-back that nobody may make now: it is out of the line then, and due when its queue
    may call again."""
    if hours_of(contact) is None or not is_to_be_called(contact):
        return False
    due_ms = held_until(contact, at)
    if due_ms <= at:
        return False
    engine.emit((c.CALLBACK_HELD, at, contact.id, due_ms))
    return True


def look_at_hours(engine: Engine, at: int, queue: Queue) -> None:
    """The hours of a queue may be over: nobody who waits in it for a call is called. Whose agent rings already is."""
    queue.closes_ms = 0
    waiting = [
        contact.id
        for contact in engine.contacts.values()
        if contact.queue is queue and is_to_be_called(contact) and contact.stage in (c.WAITING, c.KEPT)
    ]
    waiting.sort()
    for id in waiting:
        contact = engine.contacts[id]
        if not is_held(engine, at, contact):
            watch_hours(engine, contact, at)
