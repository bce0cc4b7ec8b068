"""A recording whose customers ask elsewhere: a changed funnel leads those who ask by a business to other queues."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec

from hotline.flows.state import BUSINESS
from hotline.simulation.recording import Caller, Leg, Recording


class Move(msgspec.Struct, frozen=True, array_like=True):
    """Who asks by this business (its id or its code) and came to one queue, comes to another."""

    business: str
    from_queue: str
    to_queue: str


Ways = Mapping[tuple[str, str], str]


def moved(recording: Recording, moves: Iterable[Move]) -> Recording:
    """The recording as it would be; of those who asked by no business nothing is other."""
    ways = {(move.business, move.from_queue): move.to_queue for move in moves}
    return replace(recording, callers=[_moved(caller, ways) for caller in recording.callers]) if ways else recording


def _moved(caller: Caller, ways: Ways) -> Caller:
    business = caller.asked.attributes.get(BUSINESS)
    if business is None:
        return caller

    def way(queue_id: str) -> str:
        return ways.get((business, queue_id), queue_id)

    return replace(
        caller,
        asked=msgspec.structs.replace(caller.asked, queue_id=way(caller.asked.queue_id)),
        legs=[_leg(leg, way(leg.queue_id), leg.then and way(leg.then)) for leg in caller.legs],
        again=_moved(caller.again, ways) if caller.again is not None else None,
    )


def _leg(leg: Leg, queue_id: str, then: str | None) -> Leg:
    return replace(leg, queue_id=queue_id, then=then)
