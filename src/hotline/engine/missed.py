"""Whoever was not served to the end and may call again: plain records of the snapshot, which are never compiled, since
msgspec makes them."""

from typing import Final

import msgspec


class Missed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A contact whose caller gave up, was cut off or was sent away. Snapshots from before places belonged to queues end
    after the times: such a place counts in whichever queue is asked for."""

    place_ms: int  # from when the place counted
    over_ms: int  # when it was over
    queue_id: str = ""  # the queue that was asked for
    contact_id: str = ""
    agent_id: str | None = None  # in whose conversation the line was lost


COLUMNS: Final = "QqIIII"  # caller, when it was over, how much earlier the place is, contact, queue, agent


class SavedCallers(msgspec.Struct, frozen=True, array_like=True):
    """All that are remembered: a column of numbers each, as the machine has them, of the kinds of `COLUMNS`."""

    byteorder: str = "little"
    columns: list[bytes] = []
    texts: list[str] = []  # ids of queues and agents
