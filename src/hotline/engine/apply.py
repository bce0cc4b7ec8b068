"""`apply`: the only way in which an event changes the state. Deterministic: same events, same state."""

from hotline.engine import apply_agents, apply_contacts, apply_nodes, apply_own_calls, apply_talks, apply_transfers
from hotline.engine import codes as c
from hotline.engine.world import Applier, Event, World


def _unknown(world: World, event: Event) -> None:
    raise ValueError(f"the engine does not know events of kind {event[0]}")


def _by_kind() -> list[Applier]:
    appliers: list[Applier] = [_unknown] * c.EVENT_KINDS
    for module in (apply_agents, apply_contacts, apply_talks, apply_transfers, apply_own_calls, apply_nodes):
        for kind, applier in module.APPLIERS.items():
            appliers[kind] = applier
    return appliers


APPLIERS = _by_kind()  # by kind of event


def apply(world: World, event: Event) -> None:
    """Change the state as the event says."""
    APPLIERS[event[0]](world, event)
