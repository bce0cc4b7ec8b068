"""What web knows of a caller, taken into the call's record: a hint that steers, never a proof of who calls."""

from collections.abc import Mapping

from hotline.flows.state import ATTRIBUTES
from hotline.kernel.sealing import Keyring
from hotline.live.node.call.record import CallRecord

_REF_CHARACTERS = 32
_REF_PURPOSE = "caller-ref"


def know_caller(record: CallRecord, values: Mapping[str, object]) -> str | None:
    """The caller's segment; everything else that web answered goes into the record."""
    customer_id, priority, language = (values.get(name) for name in ("customer_id", "priority", "language"))
    if isinstance(customer_id, str):
        record.customer_id = customer_id
    if isinstance(priority, int):
        record.priority = priority
    if language in ("zh", "en"):
        record.language = "en" if language == "en" else "zh"
    known = {name: values.get(name) for name in ATTRIBUTES}
    record.attributes = {name: value for name, value in known.items() if isinstance(value, str) and value}
    know_wanted_agent(record, values)
    know_pending_callback(record, values)
    segment = values.get("segment")
    return segment if isinstance(segment, str) and segment else None


def know_pending_callback(record: CallRecord, values: Mapping[str, object]) -> None:
    """Note the contact of a call-back that was promised to this number and has not been made."""
    contact_id = values.get("pending_callback")
    if isinstance(contact_id, str) and contact_id and contact_id != record.contact_id:
        record.pending_callback = contact_id


def know_wanted_agent(record: CallRecord, values: Mapping[str, object]) -> None:
    """Note the agent who serves this customer before others, if web named one."""
    agent_id, cause = values.get("wanted_agent_id"), values.get("wanted_cause")
    if isinstance(agent_id, str) and agent_id:
        record.wanted_agent_id = agent_id
        record.wanted_cause = "key_account" if cause == "key_account" else "last_agent"


def caller_ref(caller: str | None, keyring: Keyring) -> str | None:
    """The same text for the same caller, from which nobody without our keys learns the number."""
    return keyring.blind_index(caller, _REF_PURPOSE).hex()[:_REF_CHARACTERS] if caller else None
