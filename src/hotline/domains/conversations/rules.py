"""Texts, numbers and states of conversations. Pure: no Django, no clock."""

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

MOST_TEXT: Final = 4_000  # characters
MOST_MESSAGES: Final = 2_000  # of one conversation
SILENT_AFTER: Final = timedelta(minutes=2)  # a visitor who waits and has not asked for so long has given up
SEEN_EACH: Final = timedelta(seconds=20)  # that a visitor asks is written down no more often
WORTH_SENDING: Final = timedelta(hours=4)  # a reply of yesterday is none
LONGEST_PAUSE: Final = timedelta(minutes=5)

State = Literal["waiting", "talking", "ended"]
EndedBy = Literal["", "customer", "agent", "house"]
StepKind = Literal["connected", "left", "requeued", "diverted", "ended", "wrapped_up"]

# What the house itself says. Visitors' pages and the desk have words for each; those of `TOLD_BY_SMS` leave as texts.
AGENT_JOINED: Final = "agent_joined"
PASSED_ON: Final = "passed_on"
CUSTOMER_LEFT: Final = "customer_left"
CUSTOMER_SILENT: Final = "customer_silent"
NOT_TAKEN: Final = "not_taken"
DIVERTED: Final = {"full": "queue_full", "too_long": "waited_too_long", "disaster": "out_of_order"}
HOUSE_CODES: Final = (AGENT_JOINED, PASSED_ON, CUSTOMER_LEFT, CUSTOMER_SILENT, NOT_TAKEN, *DIVERTED.values())
TOLD_BY_SMS: Final = frozenset({NOT_TAKEN, *DIVERTED.values()})

_ENDED_BY: Final[dict[str, EndedBy]] = {"caller": "customer", "agent": "agent", "supervisor": "agent"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that routing has done with a conversation's contact."""

    contact_id: UUID
    kind: StepKind
    at: datetime
    agent_id: UUID | None = None
    ended_by: str = ""  # caller, agent, supervisor, flow or platform
    cause: str = ""  # why it left its queue without an agent: full, too_long or disaster


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands, and who has it in hand."""

    state: str
    holder_id: UUID | None = None
    ended_by: str = ""


def after(standing: Standing, step: Step) -> tuple[Standing, str]:
    """Where it stands after the step, and what the house says of it, empty for nothing. What has ended stays so."""
    if step.kind == "wrapped_up":
        return (replace(standing, holder_id=None) if standing.holder_id == step.agent_id else standing), ""
    if standing.state == "ended":
        return standing, ""
    if step.kind == "connected":
        is_same = standing.state == "talking" and standing.holder_id == step.agent_id
        return replace(standing, state="talking", holder_id=step.agent_id), "" if is_same else AGENT_JOINED
    if step.kind == "ended":
        return replace(standing, state="ended", ended_by=_ENDED_BY.get(step.ended_by, "house")), ""
    if step.kind == "diverted":
        return replace(standing, state="ended", ended_by="house"), DIVERTED[step.cause]
    if step.kind == "requeued":
        # Whoever has been talked to is passed on; one whose offer came to nothing just waits.
        return replace(standing, state="waiting"), PASSED_ON if standing.holder_id is not None else ""
    return (replace(standing, state="waiting") if standing.holder_id == step.agent_id else standing), ""


def leaves_by(channel: str, side: str, code: str = "") -> str:
    """The way by which a message leaves the house: "sms", "email", or "" for one that is read on a page."""
    if side == "customer":
        return ""
    if channel == "sms" and (side == "agent" or code in TOLD_BY_SMS):
        return "sms"
    return "email" if channel == "form" and side == "agent" else ""


def clean_text(text: str) -> str:
    """The text without what no keyboard writes: control characters other than the line's end and the tabulator."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in unix if one in "\n\t" or one.isprintable() or not one.isascii()).strip()


def reference_of(contact_id: UUID) -> str:
    """A short name of a conversation that people can read to each other, such as K7QD-2M3A."""
    letters = base64.b32encode(contact_id.bytes[-5:]).decode()
    return f"{letters[:4]}-{letters[4:]}"
