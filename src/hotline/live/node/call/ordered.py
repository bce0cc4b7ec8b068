"""A call that begins with our calling the customer: its record, made of the order."""

from hotline.kernel.ids import new_id
from hotline.live.node.call.record import CallRecord, QueueAsked
from hotline.messages.callbacks import CallbackOrder
from hotline.messages.configuration import EntryPointConfiguration


def ordered_record(
    contact_id: str, sealed: str, order: CallbackOrder, point: EntryPointConfiguration | None, now_ms: int
) -> CallRecord:
    """The record of a contact that is to be called. It is recorded only where that needs no notice: this customer has
    heard none from us in this call."""
    return CallRecord(
        contact_id=contact_id,
        tenant_id=order.tenant_id,
        entry_point_id=order.entry_point_id,
        leg_id="",
        called=point.address if point else "",
        caller=order.number,
        language="en" if order.language == "en" else "zh",
        arrived_at_ms=now_ms,
        recording_rule="always" if point is not None and point.recording == "always" else "none",
        fallback_queue_id=point.fallback_queue_id if point else None,
        is_simulated=order.is_simulated or bool(point and point.is_simulated),
        flow_id=point.flow_id if point else "",
        flow_version=0,
        stage="promised",
        customer_id=order.customer_id,
        asked=QueueAsked(queue_id=order.queue_id, asked_at_ms=now_ms, command_id=new_id()),
        queue_id=order.queue_id,
        callback=sealed,
    )
