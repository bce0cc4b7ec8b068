"""What events make of promised call-backs whose customers have called meanwhile."""

from hotline.engine import codes as c
from hotline.engine.apply_contacts import leave_line, schedule, watch_hours, watch_steps
from hotline.engine.work import Met
from hotline.engine.world import Applier, Event, World


def _callback_met(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    world.met[contact.id] = Met(contact.id, event[3], contact.due_ms, c.UNDECIDED)
    leave_line(world, contact)
    contact.due_ms = 0  # no time sets it free


def _callback_settled(world: World, event: Event) -> None:
    world.met[event[2]].choice = event[4]


def _callback_resumed(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    del world.met[contact.id]
    if event[3]:
        schedule(world, contact, event[3])
        return
    contact.stage = c.WAITING
    world.board.wait(contact)
    watch_steps(world, contact)
    watch_hours(world, contact, event[1])


APPLIERS: dict[int, Applier] = {
    c.CALLBACK_MET: _callback_met,
    c.CALLBACK_SETTLED: _callback_settled,
    c.CALLBACK_RESUMED: _callback_resumed,
}
