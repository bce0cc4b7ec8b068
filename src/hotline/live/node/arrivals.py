"""What arriving legs are as events and as facts."""

from hotline.kernel.ids import new_id
from hotline.live.node.call.record import CallRecord
from hotline.messages.facts import ContactArrived
from hotline.telephony.contract import Leg, LegArrived


def arrival_of(leg: Leg) -> LegArrived:
    """The arrival of a leg that was found rather than told of."""
    return LegArrived(
        at_ms=leg.created_at_ms,
        leg_id=leg.leg_id,
        purpose=leg.purpose,
        called=leg.called,
        caller=leg.caller or None,
        since_ms=leg.created_at_ms,
    )


def contact_arrived(event: LegArrived, record: CallRecord, node_id: str) -> ContactArrived:
    """The fact that a call has come in."""
    return ContactArrived(
        fact_id=new_id(),
        at_ms=event.since_ms,
        contact_id=record.contact_id,
        tenant_id=record.tenant_id,
        node_id=node_id,
        channel="voice",
        entry_point_id=record.entry_point_id,
        called_address=record.called,
        caller_address=record.caller,
        flow_id=record.flow_id,
        flow_version=record.flow_version,
        language=record.language,
        is_simulated=record.is_simulated,
    )
