"""The router's snapshot as it is written: a plain record, which is never compiled, since msgspec makes it."""

import msgspec

from hotline.engine import snapshot as rows_of
from hotline.engine.interner import Columns
from hotline.engine.missed import Missed, SavedCallers
from hotline.engine.seating import Seated
from hotline.engine.views import ReturnView
from hotline.kernel.errors import HotlineError
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration
from hotline.messages.routing import ContactQueued

SNAPSHOT_VERSION = 3
_READABLE_VERSIONS = (1, 2, SNAPSHOT_VERSION)


class SnapshotUnreadableError(HotlineError):
    code = "routing.snapshot_unreadable"
    status = 500
    sentence = "The snapshot was written by another version of the engine. Replay the log from its beginning."


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    version: int
    rows: rows_of.Rows
    names: list[Columns]
    configuration: RoutingConfiguration | None
    former_queues: list[QueueConfiguration]
    former_agents: list[AgentConfiguration]
    contacts: list[ContactQueued]
    numbers: dict[int, str]
    seen: dict[str, str]
    ended: dict[str, str]
    diverted: dict[str, str] = {}  # of version 2, as those that follow
    callbacks: dict[int, str] = {}
    missed: dict[str, Missed] = {}  # of older releases, in place of `callers`; shorter records in version 2
    returned: dict[int, ReturnView] = {}  # absent in snapshots from before desks said why a transfer came back
    seated: Seated = Seated()  # absent in snapshots from before agents chose their seats
    callers: SavedCallers = SavedCallers()


encode_snapshot = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Snapshot).decode


def read_snapshot(data: bytes) -> Snapshot:
    """What was encoded. Raises SnapshotUnreadableError."""
    try:
        saved = _decode(data)
    except msgspec.DecodeError as error:
        raise SnapshotUnreadableError from error
    if saved.version not in _READABLE_VERSIONS:
        raise SnapshotUnreadableError
    return saved
