"""What nodes have to do because of events. Pure: the caller sends it, after the commit.

Ask `effects_of` right after the decision that made the events, before the next one, since some effects name what only
the state knows at that moment."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from hotline.engine.boundary import Router
from hotline.engine.views import ContactView, OfferView, TransferView
from hotline.messages import effects as f
from hotline.messages import routing as m

Effects = list[tuple[str, f.AnyEffect]]  # with their nodes
Maker = Callable[[Any, Router], list[f.AnyEffect]]

# The customer hears the queue's music again only where something else was to be heard before.
_TIMEOUT_S = 15  # of an offer whose queue is gone
_NOBODY_ANSWERED = "nobody_answered"
_OTHER_SOUND = ("agent_lost", "transfer", "transfer_failed", "overflow", "full", "too_long")


def effects_of(event: m.RoutingEvent, router: Router) -> Effects:
    """(node, effect) for each thing that a node has to do because of this event."""
    found: Effects = []
    maker = MAKERS.get(type(event))
    if maker is not None:
        add_made(found, maker, event, router)
    return found


def add_made(found: Effects, maker: Maker, event: Any, router: Router) -> None:
    """The same, by the maker of this kind of event. What web holds asks nothing of any node."""
    node_id = router.node_of(event.contact_id)
    if node_id is not None and node_id != m.HOUSE_NODE:
        for effect in maker(event, router):
            found.append((node_id, effect))


def effects_for_node(node_id: str, router: Router, held: Iterable[m.NodeContact] = ()) -> Effects:
    """What a node that has come back must do, as far as the state knows: ring what is offered, play to those who wait,
    forget what has ended. Doing again what is done already must change nothing. `held` is what the node reported."""
    effects: list[f.AnyEffect] = [
        f.ForgetContact(contact_id=one.contact_id) for one in held if _is_over(one, node_id, router)
    ]
    for kept in held:
        exit = router.exit_of(kept.contact_id)
        if exit is not None:
            effects.append(f.LeaveQueue(contact_id=kept.contact_id, exit=cast(Any, exit)))
    for contact_id in router.contact_ids_of_node(node_id):
        contact = router.contact(contact_id)
        if contact is not None:
            effects += _for_contact(contact, router)
    for one in router.monitorings():
        if router.node_of(one.contact_id) == node_id:
            effects.append(_start_monitoring(one))
    return [(node_id, effect) for effect in effects]


def _is_over(held: m.NodeContact, node_id: str, router: Router) -> bool:
    """Whether the contact has ended, or another node has it by now."""
    contact = router.contact(held.contact_id)
    if contact is None:
        return router.has_ended(held.contact_id)
    return contact.stage == "ended" or contact.details.node_id != node_id


def _for_contact(contact: ContactView, router: Router) -> list[f.AnyEffect]:
    """What the present state of one contact asks of its node."""
    effects: list[f.AnyEffect] = []
    if contact.is_called_back and contact.stage in ("waiting", "proposed", "scheduled"):
        effects.append(
            f.ReleaseCustomer(contact_id=contact.contact_id, due="opening" if contact.stage == "scheduled" else "turn")
        )
    elif contact.stage in ("waiting", "proposed"):
        effects.append(f.PlayQueue(contact_id=contact.contact_id, queue_id=contact.queue_id))
    if contact.stage in ("waiting", "scheduled"):
        effects.append(f.StopRinging(contact_id=contact.contact_id))
    offer = router.offer(contact.offer_id) if contact.offer_id else None
    if offer is not None:
        effects.append(_ring(offer, router))
        if offer.is_accepted:
            effects.append(f.AnswerAgentLeg(contact_id=contact.contact_id, offer_id=offer.offer_id))
    effects += _for_transfer(contact, router)
    if contact.agent_id is not None and contact.transfer_id is None:
        # Either way is said: what was changed last before a switch died may never have reached the node.
        for one in router.interactions_of(contact.agent_id):
            if one.contact_id == contact.contact_id:
                kind = f.HoldCustomer if one.is_held else f.RetrieveCustomer
                effects.append(kind(contact_id=contact.contact_id, agent_id=contact.agent_id))
    return effects


def _for_transfer(contact: ContactView, router: Router) -> list[f.AnyEffect]:
    transfer = router.transfer(contact.transfer_id) if contact.transfer_id else None
    if transfer is not None and transfer.is_merged:
        return [_merge(transfer)]
    if transfer is None or transfer.is_answered or not _needs_leg(transfer.kind, transfer.target_kind):
        return []
    effects: list[f.AnyEffect] = [
        f.StartTransferLeg(
            contact_id=contact.contact_id,
            transfer_id=transfer.transfer_id,
            agent_id=transfer.agent_id,
            kind=transfer.kind,
            target_kind=transfer.target_kind,
            target=transfer.target,
        )
    ]
    offer = router.offer(transfer.offer_id) if transfer.offer_id else None
    if offer is not None:
        effects.append(_ring(offer, router))
    return effects


def _needs_leg(kind: str, target_kind: str) -> bool:
    """Blind transfers to queues and agents are ordinary waiting and ringing; the others have a leg of their own."""
    return kind == "consult" or target_kind == "number"


def _ring(offer: OfferView, router: Router) -> f.AnyEffect:
    contact = router.contact(offer.contact_id)
    queue = router.queue_configurations().get(contact.queue_id) if contact else None
    timeout_s = queue.offer_timeout_s if queue else _TIMEOUT_S
    if offer.kind == "consult":
        return f.RingTransferTarget(
            contact_id=offer.contact_id,
            transfer_id=offer.transfer_id or "",
            offer_id=offer.offer_id,
            agent_id=offer.agent_id,
            timeout_s=timeout_s,
        )
    return f.RingAgent(
        contact_id=offer.contact_id,
        offer_id=offer.offer_id,
        agent_id=offer.agent_id,
        timeout_s=timeout_s,
        interaction_id=offer.interaction_id,
        callback_number=offer.callback_number,
    )


# --- by event -------------------------------------------------------------------------------------------------------


def _offered(event: m.ContactOffered, router: Router) -> list[f.AnyEffect]:
    """As `_ring`; the event of an ordinary offer says all that a view of it would."""
    if event.kind == "consult":
        offer = router.offer(event.offer_id)
        return [] if offer is None else [_ring(offer, router)]
    if not router.has_offer(event.offer_id):
        return []
    queue = router.queue_configurations().get(event.queue_id or "")
    return [
        f.RingAgent(
            contact_id=event.contact_id,
            offer_id=event.offer_id,
            agent_id=event.agent_id,
            timeout_s=queue.offer_timeout_s if queue else _TIMEOUT_S,
            interaction_id=event.interaction_id,
            callback_number=event.callback_number,
        )
    ]


def _accepted(event: m.OfferAccepted, router: Router) -> list[f.AnyEffect]:
    return [f.AnswerAgentLeg(contact_id=event.contact_id, offer_id=event.offer_id)]


def _stop_ringing(
    event: m.OfferExpired | m.OfferRefused | m.OfferFailed | m.OfferWithdrawn, router: Router
) -> list[f.AnyEffect]:
    return [f.StopRinging(contact_id=event.contact_id, offer_id=event.offer_id)]


def _requeued(event: m.ContactRequeued, router: Router) -> list[f.AnyEffect]:
    if event.cause not in _OTHER_SOUND:
        return []
    return [f.PlayQueue(contact_id=event.contact_id, queue_id=event.queue_id)]


def _held(event: m.ContactHeld, router: Router) -> list[f.AnyEffect]:
    agent_id = _talking_agent(event.contact_id, router)
    return [f.HoldCustomer(contact_id=event.contact_id, agent_id=agent_id)] if agent_id else []


def _retrieved(event: m.ContactRetrieved, router: Router) -> list[f.AnyEffect]:
    agent_id = _talking_agent(event.contact_id, router)
    return [f.RetrieveCustomer(contact_id=event.contact_id, agent_id=agent_id)] if agent_id else []


def _talking_agent(contact_id: str, router: Router) -> str | None:
    contact = router.contact(contact_id)
    return contact.agent_id if contact else None


def _transfer_started(event: m.TransferStarted, router: Router) -> list[f.AnyEffect]:
    if not _needs_leg(event.kind, event.target_kind):
        contact = router.contact(event.contact_id)
        if event.target_kind == "queue" or contact is None:
            return []  # ContactRequeued follows, and with it PlayQueue.
        return [f.PlayQueue(contact_id=event.contact_id, queue_id=contact.queue_id)]
    effects: list[f.AnyEffect] = [
        f.StartTransferLeg(
            contact_id=event.contact_id,
            transfer_id=event.transfer_id,
            agent_id=event.agent_id,
            kind=event.kind,
            target_kind=event.target_kind,
            target=event.target,
        )
    ]
    if event.kind == "blind":
        effects.append(f.ReleaseAgentLeg(contact_id=event.contact_id, agent_id=event.agent_id))
    return effects


def _transfer_completed(event: m.TransferCompleted, router: Router) -> list[f.AnyEffect]:
    if event.kind != "consult":
        return []
    return [f.CompleteTransferLeg(contact_id=event.contact_id, transfer_id=event.transfer_id, agent_id=event.agent_id)]


def _transfer_failed(event: m.TransferFailed, router: Router) -> list[f.AnyEffect]:
    contact = router.contact(event.contact_id)
    if contact is None or contact.stage == "ended":
        return []  # HangUp follows, and ends the other side's leg too.
    if event.kind == "consult":
        return [
            f.CancelTransferLeg(contact_id=event.contact_id, transfer_id=event.transfer_id, agent_id=event.agent_id)
        ]
    if event.cause == _NOBODY_ANSWERED:
        return []  # The customer hears the queue already.
    return [f.PlayQueue(contact_id=event.contact_id, queue_id=contact.queue_id)]


def _transfer_merged(event: m.TransferMerged, router: Router) -> list[f.AnyEffect]:
    return [_merge(event)]


def _merge(transfer: m.TransferMerged | TransferView) -> f.AnyEffect:
    return f.MergeTransferLeg(
        contact_id=transfer.contact_id, transfer_id=transfer.transfer_id, agent_id=transfer.agent_id
    )


def _diverted(event: m.ContactDiverted, router: Router) -> list[f.AnyEffect]:
    return [f.LeaveQueue(contact_id=event.contact_id, exit=event.cause)]


def _promised(event: m.CallbackPromised, router: Router) -> list[f.AnyEffect]:
    if event.window[1]:
        return [f.ReleaseCustomer(contact_id=event.contact_id, due="window")]
    is_later = event.not_before_ms > event.at_ms
    return [f.ReleaseCustomer(contact_id=event.contact_id, due="opening" if is_later else "turn")]


def _ended(event: m.ContactEnded, router: Router) -> list[f.AnyEffect]:
    return [f.HangUp(contact_id=event.contact_id, cause=event.cause)]


def _start_monitoring(event: Any) -> f.StartMonitoringLeg:
    return f.StartMonitoringLeg(
        contact_id=event.contact_id,
        monitoring_id=event.monitoring_id,
        supervisor_user_id=event.supervisor_id,
        agent_id=event.agent_id,
        mode=event.mode,
    )


def _monitoring_started(event: m.MonitoringStarted, router: Router) -> list[f.AnyEffect]:
    return [_start_monitoring(event)]


def _monitoring_changed(event: m.MonitoringChanged, router: Router) -> list[f.AnyEffect]:
    return [f.ChangeMonitoringLeg(contact_id=event.contact_id, monitoring_id=event.monitoring_id, mode=event.mode)]


def _monitoring_stopped(event: m.MonitoringStopped, router: Router) -> list[f.AnyEffect]:
    return [f.StopMonitoringLeg(contact_id=event.contact_id, monitoring_id=event.monitoring_id)]


# By type of event; the others ask nothing of a node.
MAKERS: dict[type[Any], Maker] = {
    m.ContactOffered: _offered,
    m.OfferAccepted: _accepted,
    m.OfferExpired: _stop_ringing,
    m.OfferRefused: _stop_ringing,
    m.OfferFailed: _stop_ringing,
    m.OfferWithdrawn: _stop_ringing,
    m.ContactRequeued: _requeued,
    m.ContactHeld: _held,
    m.ContactRetrieved: _retrieved,
    m.TransferStarted: _transfer_started,
    m.TransferCompleted: _transfer_completed,
    m.TransferFailed: _transfer_failed,
    m.TransferMerged: _transfer_merged,
    m.ContactDiverted: _diverted,
    m.CallbackPromised: _promised,
    m.ContactEnded: _ended,
    m.MonitoringStarted: _monitoring_started,
    m.MonitoringChanged: _monitoring_changed,
    m.MonitoringStopped: _monitoring_stopped,
}
