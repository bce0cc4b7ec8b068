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
SCHEDULED: Final = 6  # a call-back that is not due yet
KEPT: Final = 7  # waits for one wanted agent

# --- why the agent has no talk with the customer although the conversation goes on (bits) ----------------------------
HELD: Final = 1
LEG_LOST: Final = 2
TRANSFERRING: Final = 4
INTERRUPTED: Final = 8  # the agent has taken something that does not wait

CHANNELS: Final = ("voice", "sms", "chat", "email", "letter", "counter", "form")
VOICE: Final = 0
CHAT: Final = 2
COUNTER: Final = 5

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

OUTCOMES: Final = ("handled", "abandoned", "transferred_out", "platform_failure", "callback_failed", "own_call")
HANDLED: Final = 0
ABANDONED: Final = 1
TRANSFERRED_OUT: Final = 2
PLATFORM_FAILURE: Final = 3
CALLBACK_FAILED: Final = 4
OWN_CALL: Final = 5

# --- why this agent, and why now (of an offer) -----------------------------------------------------------------------
OFFER_CAUSES: Final = ("arrival", "agent_free", "relationship", "transfer", "consult", "reform")
BY_ARRIVAL: Final = 0  # the contact came, or came loose, while able agents were idle
BY_FREED: Final = 1  # the agent became free while able contacts waited
BY_WANTED: Final = 2
BY_TRANSFERRING: Final = 3
BY_CONSULTING: Final = 4
BY_REFORM: Final = 5  # the rules changed: configuration, reserve team, site

# --- how a queue chooses among idle agents: the order of a pool's heap; best_level goes by pools first ---------------
CHOICES: Final = ("longest_idle", "best_level", "least_occupied", "round_robin", "weighted")
LONGEST_IDLE: Final = 0
BEST_LEVEL: Final = 1
LEAST_OCCUPIED: Final = 2
ROUND_ROBIN: Final = 3
WEIGHTED: Final = 4

MOST_URGENT: Final = 0  # how an agent chooses among waiting contacts
STRONGEST_SKILL: Final = 1

# --- bands of waiting contacts: whoever is in a lower one goes first -------------------------------------------------
EMERGENCY_BAND: Final = 0
FRONT_BAND: Final = 1  # cut off through no fault of theirs
ORDINARY_BAND: Final = 2
POINT_MS: Final = 60_000  # a point of priority or rank is worth one minute of waiting
GREATEST_BOOST_MS: Final = 7_200_000  # all points together, either way: the bound on how long anybody is overtaken

# --- what happens to a contact because it waits ----------------------------------------------------------------------
WIDEN: Final = 0  # argument: ring
OVERFLOW: Final = 1  # argument: queue
LEAVE: Final = 2  # the greatest wait; argument: queue, or 0 for the flow's exit

DIVERT_CAUSES: Final = ("full", "too_long", "disaster")
D_FULL: Final = 0
D_TOO_LONG: Final = 1
D_DISASTER: Final = 2

AFTER_TALK: Final = ("", "close", "keep")  # what becomes of a promised call-back whose customer has called meanwhile
UNDECIDED: Final = 0
CLOSE: Final = 1
KEEP: Final = 2

TRIGGERS: Final = ("wait", "length", "service_level", "abandoned")
T_WAIT: Final = 0
T_LENGTH: Final = 1
T_SERVICE_LEVEL: Final = 2
T_ABANDONED: Final = 3
TIER_STEPS: Final = ("called", "started", "stood_down")
TIER_OFF: Final = -1
TIER_CALLED: Final = 0
TIER_STARTED: Final = 1
TIER_STOOD_DOWN: Final = 2

# --- a node without a connection, by how long ------------------------------------------------------------------------
NODE_STEPS: Final = ("held", "given_up", "cleared")
NODE_SILENT: Final = -1  # it may be back in a moment: nothing changes, but nobody is blamed for what did not ring
NODE_HELD: Final = 0  # its contacts keep their places and are offered to nobody
NODE_GIVEN_UP: Final = 1  # who waited there has been lost
NODE_CLEARED: Final = 2  # its conversations are over too

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
    "overflow",
    "full",
    "too_long",
    "time_over",
    "agent_left",
    "site_down",
    "callback_failed",
    "own_call",
    "lost",
    "node_lost",
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
C_OVERFLOW: Final = 24
C_FULL: Final = 25
C_TOO_LONG: Final = 26
C_TIME_OVER: Final = 27
C_AGENT_LEFT: Final = 28
C_SITE_DOWN: Final = 29
C_CALLBACK_FAILED: Final = 30
C_OWN_CALL: Final = 31
C_LOST: Final = 32  # the line was, without a hang-up
C_NODE_LOST: Final = 33

# --- core events: (kind, at_ms, ...), the fields in the order of the message of the same name ------------------------
AGENT_SIGNED_IN: Final = 0  # agent, session, site of the seat (0: no seat)
AGENT_SIGNED_OUT: Final = 1  # agent, cause
AGENT_STATE_CHANGED: Final = 2  # agent, state, reason, actor
AGENT_STATE_REQUESTED: Final = 3  # agent, state, reason, actor
AGENT_CONNECTION_LOST: Final = 4  # agent
AGENT_CONNECTION_RESTORED: Final = 5  # agent
CONTACT_QUEUED: Final = 6  # contact, queue, channel, priority, asked_ms, node, then optionally: place_ms, wanted
# agent, wanted_until_ms, number of needs, then skill and level of each need and of each preferred skill
CONTACT_OFFERED: Final = 7  # offer, contact, agent, queue, kind, expires_ms, interaction, cause, candidates,
# when the agent had the offer before
OFFER_EXPIRED: Final = 8  # offer, contact, agent
OFFER_REFUSED: Final = 9  # offer, contact, agent, reason
OFFER_FAILED: Final = 10  # offer, contact, agent, cause
OFFER_WITHDRAWN: Final = 11  # offer, contact, agent, cause
OFFER_ACCEPTED: Final = 12  # offer, contact, agent
CONTACT_CONNECTED: Final = 13  # contact, offer, interaction, agent, wait_ms
CONTACT_REQUEUED: Final = 14  # contact, queue, cause, whether its wait there begins anew (1), after a talk; then,
# where another queue asks for other attributes: number of needs, skill and level of each need and preferred skill
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
CONTACT_ENDED: Final = 27  # contact, outcome, ended by, cause, wait_ms, actor (0: nobody), the agent from whom the
# customer was cut off (0: from none)
MONITORING_STARTED: Final = 28  # monitoring, supervisor, agent, contact, mode
MONITORING_CHANGED: Final = 29  # monitoring, mode, contact
MONITORING_STOPPED: Final = 30  # monitoring, cause, contact
CONTACT_WIDENED: Final = 31  # contact, queue, ring, whether it is the next step of waiting (1) or its queue is full (0)
CONTACT_RELEASED: Final = 32  # contact, agent, cause
CONTACT_DIVERTED: Final = 33  # contact, queue, cause, wait_ms
CALLBACK_PROMISED: Final = 34  # contact, not_before_ms, the window's first and last minute of the day
CALLBACK_POSTPONED: Final = 35  # contact, offer, attempt, due_ms, cause
CALLBACK_DUE: Final = 36  # contact
AGENT_SKILL_LAPSED: Final = 37  # agent, skill
SITE_MARKED: Final = 38  # site, is down, actor
DISASTER_MODE_SET: Final = 39  # queue, is on, actor
TIER_MOVED: Final = 40  # ladder, tier, step, wait_s, length, service level, abandoned, until_ms, keep_until_ms, actor
TRANSFER_MERGED: Final = 41  # transfer, contact, target agent, sender
CALLBACK_MET: Final = 42  # contact, the customer's own contact, agent
CALLBACK_SETTLED: Final = 43  # contact, the customer's own contact, choice, agent (0: by rule)
CALLBACK_RESUMED: Final = 44  # contact, due_ms
AGENT_MOVED_SEAT: Final = 45  # agent, site of the seat
NODE_CONNECTION_LOST: Final = 46  # node, hold_ms, give_up_ms, clear_ms
NODE_ABSENT: Final = 47  # node, step
NODE_CONNECTION_RESTORED: Final = 48  # node
CALLBACK_MOVED: Final = 49  # contact, node
CALLBACK_HELD: Final = 50  # contact, due_ms
EVENT_KINDS: Final = 51

# --- timers ----------------------------------------------------------------------------------------------------------
OFFER_TIMER: Final = 0
LEG_TIMER: Final = 1
WRAP_UP_TIMER: Final = 2
STEP_TIMER: Final = 3  # of a waiting contact: ring, overflow, greatest wait
WANTED_TIMER: Final = 4
CALLBACK_TIMER: Final = 5
LAPSE_TIMER: Final = 6  # of an agent's skill
LADDER_TIMER: Final = 7
NODE_TIMER: Final = 8  # of a node without a connection
HOURS_TIMER: Final = 9  # of a queue: its call-back hours may be over

# --- families of integers that the boundary gives back when the core has forgotten them ------------------------------
CONTACTS: Final = 0
OFFERS: Final = 1
INTERACTIONS: Final = 2
TRANSFERS: Final = 3
MONITORINGS: Final = 4
SESSIONS: Final = 5
FAMILIES: Final = 6
DIVERTED: Final = 6  # no family of its own: a contact that has left its queue without an end, and may ask again

# One agent's whole attention, divisible by every capacity from 1 to 16. Each contact of a channel with capacity n takes
# one n-th of it: one call, or three chats, or one chat and two of three text messages; never above capacity.
WHOLE: Final = 720_720
GREATEST_CAPACITY: Final = 99

GAUGE_MINUTES: Final = 15
