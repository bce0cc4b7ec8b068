"""By which rule an offer's agent, or its contact, came first, and the figure that decided. Made for messages only: the
core neither needs nor computes it, so that a simulation pays nothing for it."""

from typing import Final

from hotline.engine.codes import (
    BEST_LEVEL,
    BY_ARRIVAL,
    BY_FREED,
    BY_REFORM,
    CHOICES,
    LONGEST_IDLE,
    ROUND_ROBIN,
    STRONGEST_SKILL,
)
from hotline.engine.core import Engine
from hotline.engine.matching import entry_by, place_of, rated_at
from hotline.engine.records import Agent, Contact, Queue
from hotline.engine.world import Event
from hotline.messages.routing import ChosenBy

Reason = tuple[ChosenBy, int | None]
_NONE: Final[Reason] = ("longest_idle", None)  # the defaults, which are not written
# A snapshot of an older release has the number of the latest offer, not its time.
_EARLIEST_MS: Final = 1_000_000_000_000


def reason_of(engine: Engine, offered: Event) -> Reason:
    """Why this one: as things stand right after the decision, which leaves what the agent was chosen by as it was."""
    cause = offered[9]
    if cause in (BY_ARRIVAL, BY_REFORM):
        agent = engine.agents[offered[4]]
        choice = engine.queues[offered[5]].choice
        if choice == BEST_LEVEL:
            fit = _fit(agent, engine.queues[offered[5]], engine.contacts.get(offered[3]))
            if fit:
                return ("best_level", fit)
            choice = LONGEST_IDLE  # no skill is asked for, so that all fit equally well
        if agent.talks or agent.wraps or agent.consults or len(agent.offers) > 1:
            in_hand = _in_hand_before(agent, offered[2])
            if in_hand:
                return ("least_in_hand", in_hand)
        if choice == LONGEST_IDLE:
            return ("longest_idle", agent.idle_since_ms)
        return _by_order(choice, agent, offered[11], rated_at(offered[1]))
    if cause == BY_FREED:
        return _of_contact(engine, offered)
    return _NONE


def _by_order(choice: int, agent: Agent, before_ms: int, rated_ms: int) -> Reason:
    if choice == ROUND_ROBIN:
        return ("round_robin", None if 0 < before_ms < _EARLIEST_MS else before_ms)
    return (CHOICES[choice], entry_by(choice, agent, rated_ms)[1])


def _of_contact(engine: Engine, offered: Event) -> Reason:
    """The strongest skill goes first but for somebody overdue: who was chosen is overdue exactly then."""
    agent = engine.agents[offered[4]]
    contact = engine.contacts.get(offered[3])
    if (
        agent.profile.takes != STRONGEST_SKILL
        or contact is None
        or engine.board.is_overdue(place_of(contact), offered[1])
    ):
        return _NONE
    return ("strongest_skill", _fit(agent, engine.queues[offered[5]], contact))


def _fit(agent: Agent, queue: Queue, contact: Contact | None) -> int:
    """As `Profile.fit`, of a contact that is in no line any more."""
    if contact is None:
        return 0
    levels = agent.profile.levels
    total = 0
    for wanted in (queue.needs, contact.needs, queue.preferred, contact.preferred):
        for skill, _ in wanted:
            total += levels.get(skill, 0)
    return total


def _in_hand_before(agent: Agent, offer: int) -> int:
    """How many contacts the agent had in hand before this offer; one decision may bring several."""
    ringing = 0
    for id in agent.offers:
        if id == offer:
            break
        ringing += 1
    return ringing + len(agent.talks) + len(agent.consults) + len(agent.wraps)
