"""The integers that the core thinks in, and the words that stand for them in messages."""

from typing import Final

# --- agent states ----------------------------------------------------------------------------------------------------
SIGNED_OUT: Final = 0
AVAILABLE: Final = 1
OFFERED: Final = 2
BUSY: Final = 3
WRAP_UP: Final = 4
AWAY: Final = 5
AGENT_STATES: Final = ("signed_out", "available", "offered", "busy", "wrap_up", "away")

# --- stages of a contact ---------------------------------------------------------------------------------------------
WAITING: Final = 0
PROPOSED: Final = 1  # an offer is open
TALKING: Final = 2
BETWEEN: Final = 3  # inside one decision only: no longer here, not yet there
OUTSIDE: Final = 4  # transferred to an outside number; ours until that leg ends
ENDED: Final = 5  # the customer is gone; an agent still wraps up

# --- why the agent has no talk with the customer although the conversation goes on (bits) ----------------------------
HELD: Final = 1
LEG_LOST: Final = 2
TRANSFERRING: Final = 4

CHANNELS: Final = ("voice", "sms", "chat", "email", "letter", "counter")
VOICE: Final = 0

OFFER_KINDS: Final = ("queue", "transfer", "consult")
BY_QUEUE: Final = 0
BY_TRANSFER: Final = 1
BY_CONSULT: Final = 2

TRANSFER_KINDS: Final = ("blind", "consult")
BLIND: Final = 0
CONSULT: Final = 1

TARGET_KINDS: Final = ("queue", "agent", "number")
TO_QUEUE: Final = 0
TO_AGENT: Final = 1
TO_NUMBER: Final = 2

MONITOR_MODES: Final = ("listen", "whisper", "barge")

ENDED_BY: Final = ("caller", "agent", "supervisor", "flow", "platform")
BY_CALLER: Final = 0
BY_AGENT: Final = 1
BY_SUPERVISOR: Final = 2
BY_FLOW: Final = 3
BY_PLATFORM: Final = 4

OUTCOMES: Final = ("handled", "abandoned", "transferred_out", "platform_failure")
HANDLED: Final = 0
ABANDONED: Final = 1
TRANSFERRED_OUT: Final = 2
PLATFORM_FAILURE: Final = 3

# --- house reasons of agent states; away reasons of the configuration get integers from FIRST_INTERNED on ------------
NO_REASON: Final = 0
OFFER_EXPIRED_REASON: Final = 1
OFFER_REFUSED_REASON: Final = 2
OFFER_FAILED_REASON: Final = 3
CONNECTION_LOST_REASON: Final = 4
SIGNED_IN_REASON: Final = 5
HOUSE_REASONS: Final = ("", "offer_expired", "offer_refused", "offer_failed", "connection_lost", "signed_in")
FIRST_INTERNED: Final = 1000

# --- causes; a negative one stands for a text that a command brought along (`boundary`) ------------------------------
CAUSES: Final = (
    "",
    "offer_expired",
    "offer_refused",
    "offer_failed",
    "caller_gone",
    "connection_lost",
    "agent_lost",
    "transfer",
    "transfer_failed",
    "signed_out",
    "forced",
    "deactivated",
    "agent_hung_up",
    "no_agent",
    "cancelled",
    "target_left",
    "sender_left",
    "contact_ended",
    "interaction_ended",
    "stopped",
    "leg_ended",
    "platform_failure",
    "number_failed",
    "taken_over",
)
C_NONE: Final = 0
C_OFFER_EXPIRED: Final = 1
C_OFFER_REFUSED: Final = 2
C_OFFER_FAILED: Final = 3
C_CALLER_GONE: Final = 4
C_CONNECTION_LOST: Final = 5
C_AGENT_LOST: Final = 6
C_TRANSFER: Final = 7
C_TRANSFER_FAILED: Final = 8
C_SIGNED_OUT: Final = 9
C_FORCED: Final = 10
C_DEACTIVATED: Final = 11
C_AGENT_HUNG_UP: Final = 12
C_NO_AGENT: Final = 13
C_CANCELLED: Final = 14
C_TARGET_LEFT: Final = 15
C_SENDER_LEFT: Final = 16
C_CONTACT_ENDED: Final = 17
C_INTERACTION_ENDED: Final = 18
C_STOPPED: Final = 19
C_LEG_ENDED: Final = 20
C_PLATFORM_FAILURE: Final = 21
C_NUMBER_FAILED: Final = 22
C_TAKEN_OVER: Final = 23

# --- core events: (kind, at_ms, ...), the fields in the order of the message of the same name ------------------------
AGENT_SIGNED_IN: Final = 0  # agent, session
AGENT_SIGNED_OUT: Final = 1  # agent, cause
AGENT_STATE_CHANGED: Final = 2  # agent, state, reason, actor
AGENT_STATE_REQUESTED: Final = 3  # agent, state, reason, actor
AGENT_CONNECTION_LOST: Final = 4  # agent
AGENT_CONNECTION_RESTORED: Final = 5  # agent
CONTACT_QUEUED: Final = 6  # contact, queue, channel, priority, asked_ms, then skill and level of each need
CONTACT_OFFERED: Final = 7  # offer, contact, agent, queue, kind, expires_ms, interaction
OFFER_EXPIRED: Final = 8  # offer, contact, agent
OFFER_REFUSED: Final = 9  # offer, contact, agent, reason
OFFER_FAILED: Final = 10  # offer, contact, agent, cause
OFFER_WITHDRAWN: Final = 11  # offer, contact, agent, cause
OFFER_ACCEPTED: Final = 12  # offer, contact, agent
CONTACT_CONNECTED: Final = 13  # contact, offer, interaction, agent, wait_ms
CONTACT_REQUEUED: Final = 14  # contact, queue, cause
CONTACT_HELD: Final = 15  # contact, interaction
CONTACT_RETRIEVED: Final = 16  # contact, interaction
AGENT_LEG_LOST: Final = 17  # contact, interaction, agent
AGENT_LEG_RESUMED: Final = 18  # contact, interaction, agent
TRANSFER_STARTED: Final = 19  # transfer, contact, interaction, agent, kind, target kind, target
TRANSFER_ANSWERED: Final = 20  # transfer, contact, target agent
TRANSFER_COMPLETED: Final = 21  # transfer, contact, target agent, sender, kind
TRANSFER_FAILED: Final = 22  # transfer, contact, cause, sender, kind
INTERACTION_ENDED: Final = 23  # interaction, contact, agent, talk_ms, hold_ms, ended by
WRAP_UP_STARTED: Final = 24  # interaction, contact, agent, until_ms
WRAP_UP_EXTENDED: Final = 25  # interaction, contact, agent, until_ms
WRAPPED_UP: Final = 26  # interaction, contact, agent, wrap_up_ms
CONTACT_ENDED: Final = 27  # contact, outcome, ended by, cause, wait_ms
MONITORING_STARTED: Final = 28  # monitoring, supervisor, agent, contact, mode
MONITORING_CHANGED: Final = 29  # monitoring, mode, contact
MONITORING_STOPPED: Final = 30  # monitoring, cause, contact
TRANSFER_MERGED: Final = 31  # transfer, contact, target agent, sender
EVENT_KINDS: Final = 32

# --- timers ----------------------------------------------------------------------------------------------------------
OFFER_TIMER: Final = 0
LEG_TIMER: Final = 1
WRAP_UP_TIMER: Final = 2

# --- families of integers that the boundary gives back when the core has forgotten them ------------------------------
CONTACTS: Final = 0
OFFERS: Final = 1
INTERACTIONS: Final = 2
TRANSFERS: Final = 3
MONITORINGS: Final = 4
SESSIONS: Final = 5
FAMILIES: Final = 6

# One agent's whole attention, divisible by every capacity from 1 to 16. Each contact of a channel with capacity n takes
# one n-th of it: one call, or three chats, or one chat and two of three text messages; never above capacity.
WHOLE: Final = 720_720
GREATEST_CAPACITY: Final = 99
