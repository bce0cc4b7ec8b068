"""What happens to a contact because it waits: more people may take it, another queue may, or it leaves."""

from hotline.engine import codes as c
from hotline.engine.arrivals import divert
from hotline.engine.core import Engine
from hotline.engine.records import Contact


def step_is_due(contact: Contact | None, due_ms: int) -> bool:
    """Whether the contact's next step is the one that was set for then."""
    if contact is None or contact.stage not in (c.WAITING, c.KEPT):
        return False
    steps = contact.steps()
    return contact.step < len(steps) and contact.entered_ms + steps[contact.step][0] == due_ms


def take_step(engine: Engine, at: int, contact: Contact) -> None:
    """The next step of the contact's queue."""
    _, kind, argument = contact.steps()[contact.step]
    if kind == c.WIDEN:
        # A queue that was full may have opened more than that already.
        engine.emit((c.CONTACT_WIDENED, at, contact.id, contact.queue.id, max(argument, contact.ring), 1))
        engine.match_contact(contact)
        return
    target = engine.queues.get(argument)
    if target is not None and not target.is_removed:
        engine.send_on(at, contact, target, c.C_OVERFLOW if kind == c.OVERFLOW else c.C_TOO_LONG)
        engine.match_contact(contact)
    elif kind == c.LEAVE and contact.may_leave():
        divert(engine, at, contact, c.D_TOO_LONG)


def stop_keeping(engine: Engine, at: int, contact: Contact) -> None:
    """The time for which one agent was waited for is over."""
    engine.emit((c.CONTACT_RELEASED, at, contact.id, contact.wanted, c.C_TIME_OVER))
    engine.match_contact(contact)
