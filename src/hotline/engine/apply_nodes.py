"""What events make of nodes without a connection, and of the contacts that they hold."""

from heapq import heappush

from hotline.engine import codes as c
from hotline.engine.apply_contacts import is_out_of_reach, watch_steps
from hotline.engine.records import Contact
from hotline.engine.work import Absence
from hotline.engine.world import Applier, Event, World


def _node_connection_lost(world: World, event: Event) -> None:
    times = (event[3], event[4], event[5])
    absence = world.absent.get(event[2])
    if absence is None:
        absence = world.absent[event[2]] = Absence(event[2], times)
    absence.times = times
    _watch(world, absence)


def _watch(world: World, absence: Absence) -> None:
    due_ms = absence.due_ms()
    if due_ms:
        heappush(world.timers, (due_ms, c.NODE_TIMER, absence.node))


def _node_absent(world: World, event: Event) -> None:
    absence = world.absent[event[2]]
    absence.step = event[3]
    _watch(world, absence)
    if event[3] == c.NODE_HELD:
        for contact in world.contacts.values():
            if contact.node == event[2]:
                world.board.leave(contact)
                contact.is_stranded = True


def _node_connection_restored(world: World, event: Event) -> None:
    del world.absent[event[2]]
    for contact in world.contacts.values():
        if contact.is_stranded and contact.node == event[2]:
            _within_reach(world, contact)


def _within_reach(world: World, contact: Contact) -> None:
    """Back at its place; what fell due meanwhile happens now."""
    contact.is_stranded = False
    if contact.stage == c.WAITING:
        world.board.wait(contact)
    if contact.stage == c.WAITING or contact.stage == c.KEPT:
        watch_steps(world, contact)


def _callback_moved(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    contact.node = event[3]
    if not is_out_of_reach(world, contact.node):
        _within_reach(world, contact)


APPLIERS: dict[int, Applier] = {
    c.NODE_CONNECTION_LOST: _node_connection_lost,
    c.NODE_ABSENT: _node_absent,
    c.CALLBACK_MOVED: _callback_moved,
    c.NODE_CONNECTION_RESTORED: _node_connection_restored,
}
