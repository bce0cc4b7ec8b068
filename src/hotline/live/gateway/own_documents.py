"""What one agent sees of their own work: `me`, open offers, and contacts in hand. Computed from the engine's state.

Who serves another tenant's contact by a shared pool learns neither its customer nor what they chose before."""

from collections.abc import Mapping
from typing import Any

from hotline.engine.boundary import Router
from hotline.engine.views import AgentView, ContactView, InteractionView, TransferView
from hotline.live.gateway.streams import Document, Documents


def of_agent(
    router: Router,
    agent_id: str,
    name: str,
    agent: AgentView | None,
    reserves: list[Document],
    message_seqs: Mapping[str, int],
) -> Documents:
    """All own documents of an agent; `name` serves while the configuration does not know them; `reserves` are the
    called reserve teams to which they belong; `message_seqs` says by contact how far its written messages go."""
    if agent is None:
        return {"me": _me(agent_id, name)}
    configured = router.agent_configurations().get(agent_id)
    documents: Documents = {
        "me": {
            "agent_id": agent_id,
            "name": configured.name if configured else name,
            "state": agent.state,
            "since_ms": agent.since_ms,
            "reason": agent.reason,
            "requested_state": agent.requested_state,
            "is_mirror": False,
            "queues": agent.queue_ids,
            "capacity": dict(configured.capacity) if configured else {},
            "reserves": reserves,
            "seat": _seat(router, agent_id),
        }
    }
    for offer_id in agent.offer_ids:
        documents |= _offer(router, offer_id)
    if agent.contact_ids:
        parts = {part.contact_id: part for part in reversed(router.interactions_of(agent_id))}
        for contact_id in agent.contact_ids:
            message_seq = message_seqs.get(contact_id, 0)
            documents |= _contact(router, agent_id, contact_id, parts.get(contact_id), message_seq)
    return documents


def as_mirror(documents: Documents) -> Documents:
    """The same for a window that does not own the phone."""
    return {**documents, "me": {**documents["me"], "is_mirror": True}}


def of_visitor(name: str) -> Documents:
    """For somebody without a post."""
    return {"me": {**_me(None, name), "state": None, "since_ms": None}}


def _me(agent_id: str | None, name: str) -> Document:
    return {
        "agent_id": agent_id,
        "name": name,
        "state": "signed_out",
        "since_ms": 0,
        "reason": None,
        "requested_state": None,
        "is_mirror": False,
        "queues": (),
        "capacity": {},
        "reserves": [],
        "seat": None,
    }


def _seat(router: Router, agent_id: str) -> Document | None:
    seat_id = router.seating.seat_of(agent_id)
    place = router.seating.place(seat_id) if seat_id is not None else None
    return {"seat_id": seat_id, "site_id": place.site_id, "label": place.seat.label} if place is not None else None


def _offer(router: Router, offer_id: str) -> Documents:
    offer = router.offer(offer_id)
    contact = router.contact(offer.contact_id) if offer is not None else None
    if offer is None or contact is None or offer.is_answered:
        return {}
    asked = contact.details
    is_lent = router.pool_between(offer.contact_id, offer.agent_id) is not None
    return {
        f"offer/{offer_id}": {
            "offer_id": offer_id,
            "contact_id": offer.contact_id,
            "channel": asked.channel,
            "kind": offer.kind,
            "queue_id": offer.queue_id,
            "queue_name": _queue_name(router, offer.queue_id),
            "expires_ms": offer.expires_at_ms,
            "asked_ms": contact.asked_at_ms,
            "customer_id": None if is_lent else asked.customer_id,
            "priority": asked.priority,
            "language": asked.language,
            "menu_path": [] if is_lent else list(asked.menu_path),
            "returned": _returned(contact),
            "is_simulated": asked.is_simulated,
        }
    }


def _returned(contact: ContactView) -> Document | None:
    returned = contact.returned
    if returned is None:
        return None
    return {"agent_id": returned.agent_id, "cause": returned.cause, "at_ms": returned.at_ms}


def _queue_name(router: Router, queue_id: str) -> dict[str, str] | None:
    queue = router.queue_configurations().get(queue_id)
    return {"zh": queue.name_zh, "en": queue.name_en} if queue is not None else None


def _contact(
    router: Router, agent_id: str, contact_id: str, part: InteractionView | None, message_seq: int
) -> Documents:
    contact = router.contact(contact_id)
    if contact is None:
        return {}
    transfer = router.transfer(contact.transfer_id) if contact.transfer_id else None
    is_target = transfer is not None and transfer.is_answered and transfer.target_agent_id == agent_id
    if part is None and not is_target:
        return {}
    if part is not None and part.ended_ms is not None and not is_target:
        transfer = None  # somebody else's by now
    return {
        f"contact/{contact_id}": {
            "contact_id": contact_id,
            "channel": contact.details.channel,
            "message_seq": message_seq,
            "state": _state(part, transfer),
            "queue_id": part.queue_id if part is not None else contact.queue_id,
            **_part(part),
            "transfer": _transfer(transfer, is_target) if transfer is not None else None,
            "returned": _returned(contact),
            "is_node_away": contact.is_node_away,
            "promises": _promises(router, agent_id, contact_id, part),
            "wait_ms": contact.wait_ms or 0,
            "customer_id": None if router.pool_between(contact_id, agent_id) else contact.details.customer_id,
            "is_simulated": contact.details.is_simulated,
            "monitored": any(one.contact_id == contact_id for one in router.monitorings()),
        }
    }


def _promises(router: Router, agent_id: str, contact_id: str, part: InteractionView | None) -> list[Document]:
    """Call-backs that are promised to whoever talks here, for the agent who may settle them."""
    found = router.met_in(contact_id)
    if not found or part is None or part.ended_ms is not None or router.pool_between(contact_id, agent_id):
        return []
    return [
        {
            "contact_id": one.contact_id,
            "queue_id": one.queue_id,
            "queue_name": _queue_name(router, one.queue_id),
            "asked_ms": one.asked_at_ms,
            "attempts": one.attempts,
            "is_kept": one.is_kept,
        }
        for one in found
    ]


def _state(part: InteractionView | None, transfer: TransferView | None) -> str:
    if part is None or part.ended_ms is None:
        if part is not None and part.is_leg_lost:
            return "leg_lost"
        if transfer is not None and transfer.is_merged:
            return "conference"
        if part is None or (transfer is not None and transfer.kind == "consult"):
            return "consulting"
        return "held" if part.is_held or part.is_interrupted else "talking"
    return "wrap_up"


def _part(part: InteractionView | None) -> dict[str, Any]:
    if part is None:
        return dict.fromkeys(("interaction_id", "connected_ms", "hold_ms", "held_since_ms", "wrap_until_ms"))
    return {
        "interaction_id": part.interaction_id,
        "connected_ms": part.connected_ms,
        "hold_ms": part.hold_ms,
        "held_since_ms": part.paused_since_ms if part.ended_ms is None else None,
        "wrap_until_ms": part.wrap_until_ms,
    }


def _transfer(transfer: TransferView, is_target: bool) -> dict[str, Any]:
    """An outside number is not shown: it is sealed, and who dialled it has it on the screen."""
    is_number = transfer.target_kind == "number"
    return {
        "transfer_id": transfer.transfer_id,
        "kind": transfer.kind,
        "target_kind": transfer.target_kind,
        "target": None if is_number else transfer.target,
        "target_agent_id": transfer.target_agent_id,
        "agent_id": transfer.agent_id,
        "is_answered": transfer.is_answered,
        "is_merged": transfer.is_merged,
        "is_target": is_target,
    }
