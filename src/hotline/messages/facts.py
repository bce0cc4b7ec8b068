"""What a node tells web of the calls it carried: everything that the routing log must not hold, and contained calls.

Kept in the node's spool until web has acknowledged them; web's write is idempotent by `fact_id`."""

from typing import Literal

from hotline.messages.base import Message
from hotline.messages.routing import Channel


class Fact(Message, frozen=True, kw_only=True):
    fact_id: str
    at_ms: int
    contact_id: str
    tenant_id: str
    node_id: str


class ContactArrived(Fact, frozen=True, kw_only=True):
    """A call has come in. `caller_address` is a hint: it may be withheld or spoofed."""

    channel: Channel
    entry_point_id: str
    called_address: str
    caller_address: str | None
    flow_id: str
    flow_version: int
    language: str
    is_simulated: bool


class FlowStepTaken(Fact, frozen=True, kw_only=True):
    """One step of the flow. `detail` is a menu key, a length, a result code: never a card or identity number."""

    step_id: str
    kind: str
    detail: str


FlowEnd = Literal["queued", "contained", "transferred", "failed", "blocked"]


class ContactLeftFlow(Fact, frozen=True, kw_only=True):
    """`how`: queued (the switch has it now), contained (ended in the flow), transferred, failed, blocked (out of the
    queue `queue_id` without an agent, and gone; `cause` is why: full, too_long, disaster)."""

    how: FlowEnd
    cause: str
    queue_id: str | None = None


class CallRefused(Fact, frozen=True, kw_only=True):
    """A call to a number that nobody owns, or one that broke a rule; `tenant_id` is empty when unknown."""

    called_address: str
    caller_address: str | None
    cause: str


class RecordingStored(Fact, frozen=True, kw_only=True):
    """A finished recording, encrypted in the store: left channel customer, right channel agent."""

    recording_id: str
    path: str  # relative to the recording store
    started_at_ms: int
    duration_ms: int
    size_bytes: int
    sha256: str  # of the encrypted file
    key_id: str
    incomplete: str = ""  # why there is less than was said: disk_full, short; empty when nothing is missing


class CallCutShort(Fact, frozen=True, kw_only=True):
    """The platform failed under a call; it is listed for call-back with its original wait clock."""

    asked_at_ms: int | None
    queue_id: str | None
    cause: str


AnyFact = ContactArrived | FlowStepTaken | ContactLeftFlow | CallRefused | RecordingStored | CallCutShort
