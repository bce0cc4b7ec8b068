"""Old log batches read as today's events.

The log is never rewritten. When the meaning of an event changes, `SCHEMA_VERSION` goes up by one and `UPCASTS` gets the
step from the former version: one stored event (plain JSON-like data with its `type`) becomes the events that say the
same today, none when it no longer says anything. Steps are chained, so each knows only its neighbour."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.messages.routing import SCHEMA_VERSION, LogBatch, RoutingEvent

StoredEvent = dict[str, Any]
Upcast = Callable[[StoredEvent], list[StoredEvent]]

UPCASTS: Mapping[int, Upcast] = {}  # from version -> step to version + 1

_decode_current = msgspec.msgpack.Decoder(LogBatch).decode


class UnreadableBatchError(HotlineError):
    code = "routing_log.unreadable_batch"
    status = 500
    sentence = (
        "The routing log holds events of schema version {version}, which this program cannot read. "
        "Start the release that wrote them, or a newer one."
    )


def read_batch(
    payload: bytes, schema_version: int, upcasts: Mapping[int, Upcast] = UPCASTS, current: int = SCHEMA_VERSION
) -> tuple[RoutingEvent, ...]:
    """The events of one stored batch in today's meaning.

    Raises UnreadableBatchError when the batch is newer than this program, damaged, or a step is missing."""
    if schema_version == current:
        return _decoded(payload, schema_version)
    stored: list[StoredEvent] = list(msgspec.msgpack.decode(payload)["events"])
    for version in range(schema_version, current):
        if version not in upcasts:
            raise UnreadableBatchError(version=schema_version)
        stored = [newer for event in stored for newer in upcasts[version](event)]
    if schema_version > current:
        raise UnreadableBatchError(version=schema_version)
    return msgspec.convert(stored, tuple[RoutingEvent, ...])


def _decoded(payload: bytes, schema_version: int) -> tuple[RoutingEvent, ...]:
    try:
        return _decode_current(payload).events
    except msgspec.DecodeError as error:
        raise UnreadableBatchError(version=schema_version) from error
