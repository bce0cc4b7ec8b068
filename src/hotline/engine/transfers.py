"""Passing a customer on.

Blind: the sender is free at once; the customer goes to a queue with their wait clock, to one agent by an offer that is
reserved for them, or to an outside number. Nobody there: back to the sender if they have room, else to the very front
of the queue. A queue that sends back what nobody takes does so after its time: to the sender as soon as they have room,
while its own agents may still take it. Consult: the sender keeps the customer on hold and speaks to the other side
first. A contact that was transferred to an outside number stays ours until that leg ends, and only then has outcome
`transferred_out`.
Conference: the sender merges an answered consultation, so that all three talk; a consulted agent has an interaction of
their own from then on. Whoever of the two leaves, the customer stays with the other."""

from hotline.engine import codes as c
from hotline.engine.arrivals import close_contact, release
from hotline.engine.conversations import (
    agent_of,
    end_interaction,
    end_wrap_up,
    has_left,
    is_talking,
    own_talk,
    own_wrap_up,
    start_wrap_up,
)
from hotline.engine.core import Engine, has_room
from hotline.engine.errors import (
    AgentUnknownError,
    AtCapacityError,
    CallsOnlyError,
    CommandInvalidError,
    NobodyFreeError,
    NobodyThereError,
    NotYourTransferError,
    OtherTenantError,
    QueueUnknownError,
    SkillLapsedError,
    TransferUnknownError,
    WrongStateError,
)
from hotline.engine.records import Agent, Contact, Queue, pairs_of
from hotline.engine.work import Interaction, Offer, Transfer


def start_transfer(
    engine: Engine, at: int, transfer: int, agent: int, contact: int, kind: int, target_kind: int, target: int
) -> None:
    """Begin a transfer. The same one again: nothing."""
    if transfer in engine.transfers:
        return
    talk = own_talk(engine, agent, contact)
    if talk.contact.transfer:
        raise WrongStateError(problem="a transfer of this contact is under way; complete or cancel it first")
    if talk.paused & c.LEG_LOST:
        raise WrongStateError(problem="your own connection to this contact is lost; wait until it is back")
    if talk.contact.is_stranded:
        raise WrongStateError(problem="the site that carries this contact is out of reach; wait, or hang up")
    if not talk.contact.is_call() and (kind == c.CONSULT or target_kind == c.TO_NUMBER):
        raise CallsOnlyError
    started = (c.TRANSFER_STARTED, at, transfer, contact, talk.id, agent, kind, target_kind, target, 0)
    if target_kind == c.TO_NUMBER:
        _start_to_number(engine, at, talk, started)
    elif target_kind == c.TO_AGENT:
        _start_to_agent(engine, at, talk, started)
    else:
        _start_to_queue(engine, at, talk, started)


def _start_to_number(engine: Engine, at: int, talk: Interaction, started: tuple[int, ...]) -> None:
    engine.emit(started)
    if started[6] == c.BLIND:
        _leave(engine, at, talk)
        release(engine, at, [talk.agent])


def _start_to_agent(engine: Engine, at: int, talk: Interaction, started: tuple[int, ...]) -> None:
    """Whom the sender chooses need not hold the skills, but none that was certified and has lapsed."""
    contact = talk.contact
    target = engine.agents.get(started[8])
    if target is None or not target.is_active:
        raise AgentUnknownError
    if target is talk.agent:
        raise CommandInvalidError(problem="you have this contact already; choose somebody else")
    if contact.queue.tenant not in target.profile.tenants:
        raise OtherTenantError
    if target.has_lost(contact):
        raise SkillLapsedError
    if not any(pool.channel == contact.channel for pool in target.pools):
        raise AtCapacityError
    engine.emit(started)
    if started[6] == c.CONSULT:
        engine.offer(contact, target, c.BY_CONSULT)
        return
    _leave(engine, at, talk)
    engine.offer(contact, target, c.BY_TRANSFER)
    release(engine, at, [talk.agent])


def _start_to_queue(engine: Engine, at: int, talk: Interaction, started: tuple[int, ...]) -> None:
    contact = talk.contact
    queue = engine.queues.get(started[8])
    if queue is None or queue.is_removed:
        raise QueueUnknownError
    if queue.tenant != contact.queue.tenant:
        raise OtherTenantError
    if started[6] == c.CONSULT:
        target = _consultable(engine, queue, contact.channel, talk.agent)
        if target is None:
            raise NobodyFreeError
        engine.emit(started)
        engine.offer(contact, target, c.BY_CONSULT)
        return
    if not _is_manned(engine, queue, contact):
        raise NobodyThereError
    if queue.return_ms:
        engine.emit((*started[:-1], at + queue.return_ms))
    else:
        engine.emit(started)
        engine.emit((c.TRANSFER_COMPLETED, at, started[2], contact.id, 0, talk.agent.id, c.BLIND))
    _leave(engine, at, talk)
    engine.send_on(at, contact, queue, c.C_TRANSFER, is_anew=1)
    engine.settle(talk.agent, at)
    engine.match([contact], [talk.agent])


def _is_manned(engine: Engine, queue: Queue, contact: Contact) -> bool:
    """Whether anybody is on post, free or not, who could take the contact there: else it would wait in vain."""
    wishes = engine.wishes_in(contact.id, queue.id)
    needs = pairs_of(wishes)[0] if wishes else contact.needs
    return any(
        agent.state != c.SIGNED_OUT and contact.channel in agent.profile.units and agent.profile.may_serve(queue, needs)
        for agent in engine.agents.values()
    )


def _leave(engine: Engine, at: int, talk: Interaction) -> None:
    """The sender's part of the contact is over."""
    end_interaction(engine, at, talk, c.BY_AGENT)
    start_wrap_up(engine, at, talk)


def _consultable(engine: Engine, queue: Queue, channel: int, sender: Agent) -> Agent | None:
    """The longest idle agent who serves the queue, other than the one who asks."""
    board = engine.board
    board.unplace(sender)
    found = board.best_agent(board.line(queue, channel, ()), engine.now_ms)
    board.place(sender)
    return found


def complete_transfer(engine: Engine, at: int, agent: int, transfer: int) -> None:
    """The consulted side gets the customer; the sender wraps up."""
    found = _own_transfer(engine, agent, transfer)
    if found.contact.stage == c.OUTSIDE and found.is_answered:
        return
    if found.kind == c.BLIND:
        raise WrongStateError(problem="a blind transfer completes by itself")
    if not found.is_answered:
        raise WrongStateError(problem="the other side has not answered yet; wait or cancel")
    hand_over(engine, at, found, c.BY_AGENT)


def cancel_transfer(engine: Engine, at: int, agent: int, transfer: int) -> None:
    """Agent and customer talk again; the other side is let go."""
    found = _own_transfer(engine, agent, transfer)
    if found.kind == c.BLIND or found.contact.stage == c.OUTSIDE:
        raise WrongStateError(problem="the customer has been handed on already")
    release(engine, at, break_off(engine, at, found, c.C_CANCELLED))


def merge_transfer(engine: Engine, at: int, agent: int, transfer: int) -> None:
    """Customer, sender and consulted side all talk: no longer hold. Merged already: nothing."""
    found = _own_transfer(engine, agent, transfer)
    if found.is_merged:
        return
    _check_merge(engine, found)
    engine.emit((c.TRANSFER_MERGED, at, transfer, found.contact.id, found.target_agent, agent))
    offer = engine.offers.get(found.offer)
    if offer is not None:
        wait_ms = max(0, at - found.contact.asked_ms)
        ids = (found.contact.id, offer.id, offer.interaction, offer.agent.id)
        engine.emit((c.CONTACT_CONNECTED, at, *ids, wait_ms))


def _check_merge(engine: Engine, transfer: Transfer) -> None:
    if transfer.kind == c.BLIND:
        raise WrongStateError(problem="only a consultation can become a conference")
    if transfer.contact.stage == c.OUTSIDE:
        raise WrongStateError(problem="the customer has been handed on already")
    if not transfer.is_answered:
        raise WrongStateError(problem="the other side has not answered yet; wait or cancel")
    if engine.interactions[transfer.interaction].paused & c.LEG_LOST:
        raise WrongStateError(problem="your own connection to this contact is lost; wait until it is back")


def _own_transfer(engine: Engine, agent: int, transfer: int) -> Transfer:
    agent_of(engine, agent)
    found = engine.transfers.get(transfer)
    if found is None:
        raise TransferUnknownError
    if found.agent.id != agent:
        raise NotYourTransferError
    return found


def hand_over(engine: Engine, at: int, transfer: Transfer, ended_by: int) -> None:
    """An answered consultation or a conference becomes the consulted side's contact; the sender wraps up."""
    contact = transfer.contact
    sender = transfer.agent
    talk = engine.interactions[transfer.interaction]
    offer = engine.offers.get(transfer.offer)
    engine.emit((c.TRANSFER_COMPLETED, at, transfer.id, contact.id, transfer.target_agent, sender.id, transfer.kind))
    end_interaction(engine, at, talk, ended_by)
    if offer is not None:
        wait_ms = max(0, at - contact.asked_ms)
        engine.emit((c.CONTACT_CONNECTED, at, contact.id, offer.id, offer.interaction, offer.agent.id, wait_ms))
    start_wrap_up(engine, at, talk)
    if offer is not None:
        engine.settle(offer.agent, at)
    release(engine, at, [sender])


def break_off(engine: Engine, at: int, transfer: Transfer, cause: int, ended_by: int = c.BY_AGENT) -> list[Agent]:
    """End a transfer that is not complete; the agents who are let go by it, still to be released. One who was in a
    conference wraps up, their part ended by `ended_by`."""
    freed: list[Agent] = []
    if transfer.offer:
        offer = engine.offers[transfer.offer]
        freed.append(offer.agent)
        if not offer.is_answered:
            engine.emit((c.OFFER_WITHDRAWN, at, offer.id, transfer.contact.id, offer.agent.id, cause))
    engine.emit((c.TRANSFER_FAILED, at, transfer.id, transfer.contact.id, cause, transfer.agent.id, transfer.kind))
    if transfer.joined:
        talk = engine.interactions[transfer.joined]
        end_interaction(engine, at, talk, ended_by)
        start_wrap_up(engine, at, talk)
        freed.append(talk.agent)
    return freed


def report_transfer_leg(engine: Engine, at: int, transfer: int, outcome: int, cause: int) -> None:
    """What became of the leg to an outside number (codes of messages: 0 answered, 1 failed, 2 ended)."""
    found = engine.transfers.get(transfer)
    if found is None or found.target_kind != c.TO_NUMBER:
        return
    if outcome == 0:
        _number_answered(engine, at, found)
    elif found.contact.stage == c.OUTSIDE and found.is_answered:
        close_contact(engine, at, found.contact, c.BY_AGENT, cause or c.C_LEG_ENDED)
    elif found.kind == c.CONSULT:
        break_off(engine, at, found, cause or c.C_NUMBER_FAILED)
    else:
        contact = return_to_sender(engine, at, found.contact, cause or c.C_NUMBER_FAILED)
        if contact is not None:
            engine.match_contact(contact)


def _number_answered(engine: Engine, at: int, transfer: Transfer) -> None:
    if transfer.is_answered:
        return
    if transfer.kind == c.CONSULT:
        engine.emit((c.TRANSFER_ANSWERED, at, transfer.id, transfer.contact.id, 0))
    else:
        engine.emit((c.TRANSFER_COMPLETED, at, transfer.id, transfer.contact.id, 0, transfer.agent.id, transfer.kind))


def consult_target_missed(engine: Engine, at: int, offer: Offer, cause: int) -> None:
    """The consulted agent did not answer: another one of the queue is asked, else the consultation is over."""
    transfer = engine.transfers[offer.transfer]
    if transfer.target_kind == c.TO_QUEUE and not offer.contact.is_stranded:
        queue = engine.queues.get(transfer.target)
        following = queue and _consultable(engine, queue, offer.contact.channel, transfer.agent)
        if following:
            engine.offer(offer.contact, following, c.BY_CONSULT)
            return
    engine.emit((c.TRANSFER_FAILED, at, transfer.id, offer.contact.id, cause, transfer.agent.id, transfer.kind))


def return_to_sender(engine: Engine, at: int, contact: Contact, cause: int) -> Contact | None:
    """A blind transfer that nobody took goes back to its sender if they have room; else, or when the sender did not
    take it either, to the front of its queue: then the contact, which wants matching."""
    transfer = engine.transfers.get(contact.transfer) if contact.transfer else None
    if transfer is not None:
        sender = transfer.agent
        engine.emit((c.TRANSFER_FAILED, at, transfer.id, contact.id, cause, sender.id, transfer.kind))
        if not contact.is_stranded and _makes_room(engine, at, sender, contact):
            engine.offer(contact, sender, c.BY_TRANSFER)
            return None
    engine.emit((c.CONTACT_REQUEUED, at, contact.id, contact.queue.id, c.C_TRANSFER_FAILED, 1))
    return contact


def _makes_room(engine: Engine, at: int, sender: Agent, contact: Contact) -> bool:
    """Whether the sender can have back what they have handed over: who still wraps it up is done with that."""
    if not sender.is_connected or sender.desired != c.AVAILABLE or sender.is_site_down or sender.has_lost(contact):
        return False
    if contact.channel not in sender.profile.units or not sender.profile.may_be_offered(contact.queue):
        return False
    wrap_up = own_wrap_up(engine, sender.id, contact.id)
    if wrap_up is not None and sender.load <= c.WHOLE:
        end_wrap_up(engine, at, wrap_up)
    return has_room(sender, contact.channel)


def stop_waiting(engine: Engine, at: int, transfer: Transfer) -> None:
    """Nobody has taken in time what was handed to a queue: from now on its sender may have it back."""
    contact = transfer.contact
    engine.emit((c.TRANSFER_UNANSWERED, at, transfer.id, contact.id, transfer.agent.id))
    make_room_for(engine, at, contact)
    engine.match_contact(contact)


def make_room_for(engine: Engine, at: int, contact: Contact) -> None:
    """A sender who still wraps up what nobody has answered is done with that, so that they can have it back."""
    transfer = engine.transfers[contact.transfer]
    if transfer.is_unanswered and contact.line is not None:
        _makes_room(engine, at, transfer.agent, contact)


# --- leaving a contact: by hanging up or by a lost leg ---------------------------------------------------------------


def hang_up_contact(engine: Engine, at: int, agent: int, contact: int) -> None:
    """The agent leaves. With an answered consultation or in a conference the customer goes to the consulted side,
    otherwise the contact ends. The consulted agent leaving gives the customer back. Hung up already: nothing."""
    consultation = _consultation(engine, agent, contact)
    if consultation is not None:
        release(engine, at, break_off(engine, at, consultation, c.C_TARGET_LEFT))
        return
    if not is_talking(engine, agent, contact) and has_left(engine, agent, contact):
        return
    talk = own_talk(engine, agent, contact)
    transfer = engine.transfers.get(talk.contact.transfer) if talk.contact.transfer else None
    if transfer is not None and transfer.joined == talk.id:
        release(engine, at, break_off(engine, at, transfer, c.C_TARGET_LEFT))
    elif transfer is not None and transfer.is_answered:
        hand_over(engine, at, transfer, c.BY_AGENT)
    else:
        close_contact(engine, at, talk.contact, c.BY_AGENT, c.C_AGENT_HUNG_UP)


def lose_agent_leg(engine: Engine, at: int, agent: int, contact: int) -> None:
    """The agent's leg vanished: they have the grace time to come back. A consulted agent's part is over at once."""
    consultation = _consultation(engine, agent, contact)
    if consultation is not None:
        release(engine, at, break_off(engine, at, consultation, c.C_TARGET_LEFT))
        return
    if not is_talking(engine, agent, contact) and has_left(engine, agent, contact):
        return
    talk = own_talk(engine, agent, contact)
    if not talk.contact.is_call():
        raise CallsOnlyError
    transfer = engine.transfers.get(talk.contact.transfer) if talk.contact.transfer else None
    if transfer is not None and transfer.joined == talk.id:
        release(engine, at, break_off(engine, at, transfer, c.C_TARGET_LEFT, c.BY_PLATFORM))
    elif not talk.paused & c.LEG_LOST:
        engine.emit((c.AGENT_LEG_LOST, at, contact, talk.id, agent))


def expire_leg(engine: Engine, at: int, talk: Interaction) -> None:
    """The agent did not come back: signed out, and the customer goes to the consulted side or to the very front."""
    agent = talk.agent
    contact = talk.contact
    engine.wish(agent, c.SIGNED_OUT, c.CONNECTION_LOST_REASON, 0, at)
    transfer = engine.transfers.get(contact.transfer) if contact.transfer else None
    if transfer is not None and transfer.is_answered:
        hand_over(engine, at, transfer, c.BY_PLATFORM)
        _end_wrap_up_of_lost(engine, at, talk)
        return
    freed = [] if transfer is None else break_off(engine, at, transfer, c.C_SENDER_LEFT)
    end_interaction(engine, at, talk, c.BY_PLATFORM)
    start_wrap_up(engine, at, talk)
    _end_wrap_up_of_lost(engine, at, talk)
    engine.emit((c.CONTACT_REQUEUED, at, contact.id, contact.queue.id, c.C_AGENT_LOST, 1))
    for one in freed:
        engine.settle(one, at)
    engine.match([contact], freed)


def _end_wrap_up_of_lost(engine: Engine, at: int, talk: Interaction) -> None:
    if talk.id in talk.agent.wraps:
        end_wrap_up(engine, at, talk)
    engine.settle(talk.agent, at)


def _consultation(engine: Engine, agent: int, contact: int) -> Transfer | None:
    """The transfer in which this agent is being consulted about the contact."""
    for id in agent_of(engine, agent).consults:
        if engine.transfers[id].contact.id == contact:
            return engine.transfers[id]
    return None
