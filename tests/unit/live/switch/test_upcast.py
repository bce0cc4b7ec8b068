"""Old batches are read as today's events."""

from typing import Any

import msgspec
import pytest

from hotline.messages.routing import SCHEMA_VERSION, AgentSignedOut, AgentStateChanged, LogBatch, OfferWithdrawn
from hotline.messages.upcast import StoredEvent, UnreadableBatchError, read_batch


def rename_why_to_cause(event: StoredEvent) -> list[StoredEvent]:
    """The step from an imagined version 0, where two events called `cause` differently."""
    return [{**{key: value for key, value in event.items() if key != "why"}, "cause": event["why"]}]


def split_double_event(event: StoredEvent) -> list[StoredEvent]:
    """The step from an imagined version -1, where one event said two things and another nothing any more."""
    if event["type"] == "Nothing":
        return []
    if event["type"] != "AgentLeftDuringOffer":
        return [event]
    shared = {"at_ms": event["at_ms"], "agent_id": event["agent_id"], "why": "gone"}
    offer = {"offer_id": event["offer_id"], "contact_id": event["contact_id"]}
    return [{"type": "OfferWithdrawn", **shared, **offer}, {"type": "AgentSignedOut", **shared}]


def stored(*events: dict[str, Any]) -> bytes:
    return msgspec.msgpack.encode({"schema_version": 0, "events": events})


def test_todays_batches_need_no_step() -> None:
    batch = LogBatch(schema_version=SCHEMA_VERSION, events=(AgentSignedOut(at_ms=1, agent_id="a", cause="asked"),))
    assert read_batch(msgspec.msgpack.encode(batch), SCHEMA_VERSION) == batch.events


def test_what_has_its_default_is_not_written_and_batches_that_say_it_read_the_same() -> None:
    event = AgentStateChanged(at_ms=1, agent_id="a", state="busy")
    said = {"type": "AgentStateChanged", **msgspec.structs.asdict(event)}
    assert said["reason"] is said["actor_id"] is said["command_id"] is None
    written = msgspec.msgpack.encode(LogBatch(schema_version=SCHEMA_VERSION, events=(event,)))
    assert msgspec.msgpack.decode(written)["events"] == [
        {"type": "AgentStateChanged", "at_ms": 1, "agent_id": "a", "state": "busy"}
    ]
    assert read_batch(stored(said), SCHEMA_VERSION) == read_batch(written, SCHEMA_VERSION) == (event,)


def test_an_old_field_name_is_brought_forward() -> None:
    payload = stored({"type": "AgentSignedOut", "at_ms": 1, "agent_id": "a", "why": "asked"})
    assert read_batch(payload, 0, {0: rename_why_to_cause}) == (AgentSignedOut(at_ms=1, agent_id="a", cause="asked"),)


def test_steps_are_chained_and_may_split_or_drop_events() -> None:
    payload = stored(
        {"type": "Nothing"},
        {"type": "AgentLeftDuringOffer", "at_ms": 7, "agent_id": "a", "offer_id": "o", "contact_id": "c"},
    )
    assert read_batch(payload, -1, {-1: split_double_event, 0: rename_why_to_cause}) == (
        OfferWithdrawn(at_ms=7, offer_id="o", contact_id="c", agent_id="a", cause="gone"),
        AgentSignedOut(at_ms=7, agent_id="a", cause="gone"),
    )


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, 0])
def test_a_newer_log_or_a_missing_step_is_refused_with_what_to_do(version: int) -> None:
    with pytest.raises(UnreadableBatchError, match=f"version {version}.*Start the release"):
        read_batch(stored(), version)


def test_a_damaged_batch_is_refused() -> None:
    with pytest.raises(UnreadableBatchError):
        read_batch(b"\xc1 not msgpack", SCHEMA_VERSION)
