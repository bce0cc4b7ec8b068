"""What goes along when a customer is handed on: what the agents before have noted, and whether identity was verified.

Nobody shall ask the customer twice. A draft is its writer's until the contact is somebody else's too: then whoever has
the contact, or is offered it, reads what the earlier agents typed and have not filed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hotline.domains.contacts.models import Draft, Interaction, Matter, TimelineEvent, WrapUp
from hotline.domains.people.queries import AgentUser, agent_users

VERIFIED = "customer_verified"


class NotedMatter(msgspec.Struct, frozen=True):
    """A reason as the desk keeps it; ids may name what has since been removed from the tree."""

    disposition_id: str = ""
    outcome_id: str | None = None
    note: str = ""


class NotedTicket(msgspec.Struct, frozen=True):
    """A ticket that was begun and not sent; empty where nothing was chosen yet."""

    ticket_type_id: str = ""
    text: str = ""
    department_id: str = ""
    due_at: str = ""


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """What an earlier agent of the contact knows. `noted_at` is when it was last typed or filed."""

    agent_id: UUID
    agent_name: str
    noted_at: datetime
    matters: tuple[NotedMatter, ...]
    note: str
    ticket: NotedTicket | None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has made sure that the caller is the customer."""

    verified_at: datetime
    agent_id: UUID


class _WrapUpDraft(msgspec.Struct, frozen=True):
    matters: tuple[NotedMatter, ...] = ()
    note: str = ""


_Drafts = dict[str, tuple[str, datetime]]  # by field


def handed_over(contact_id: UUID, agent_id: UUID) -> list[HandedOver]:
    """What the other agents of the contact have noted, in the order in which they had it; who noted nothing is left
    out. One query while nobody else had it, five otherwise."""
    others = Interaction.objects.filter(contact_id=contact_id).exclude(agent_id=agent_id).order_by("position")
    agent_ids = list(dict.fromkeys(others.values_list("agent_id", flat=True)))
    if not agent_ids:
        return []
    users = agent_users(agent_ids)
    drafts = _drafts(contact_id, [one.user_id for one in users.values()])
    filed = {row.agent_id: row for row in WrapUp.objects.filter(contact_id=contact_id, agent_id__in=agent_ids)}
    matters: dict[UUID, list[Matter]] = {}
    for matter in Matter.objects.filter(contact_id=contact_id, agent_id__in=agent_ids).order_by("position"):
        matters.setdefault(matter.agent_id, []).append(matter)
    noted = [
        _noted(users[one], drafts.get(users[one].user_id, {}), filed.get(one), matters.get(one, []))
        for one in agent_ids
        if one in users
    ]
    return [one for one in noted if one is not None]


def verification_of(contact_id: UUID, customer_id: UUID | None) -> Verification | None:
    """Who has verified this very customer in this contact, and when; None when nobody has."""
    if customer_id is None:
        return None
    steps = TimelineEvent.objects.filter(contact_id=contact_id, kind=VERIFIED, detail__customer_id=str(customer_id))
    step = steps.order_by("at").first()
    if step is None or step.agent_id is None:
        return None
    return Verification(verified_at=step.at, agent_id=step.agent_id)


def _drafts(contact_id: UUID, user_ids: Sequence[UUID]) -> dict[UUID, _Drafts]:
    found: dict[UUID, _Drafts] = {}
    for row in Draft.objects.filter(contact_id=contact_id, user_id__in=user_ids):
        found.setdefault(row.user_id, {})[row.field] = (row.text, row.saved_at)
    return found


def _noted(
    agent: AgentUser, drafts: Mapping[str, tuple[str, datetime]], filed: WrapUp | None, matters: Sequence[Matter]
) -> HandedOver | None:
    """What is filed counts more than what was typed before it."""
    wrap_up = _WrapUpDraft()
    moments = [saved_at for _, saved_at in drafts.values()]
    if filed is not None:
        wrap_up = _WrapUpDraft(tuple(map(_filed_matter, matters)), filed.note)
        moments.append(filed.filed_at)
    elif "wrap_up" in drafts:
        wrap_up = _read(drafts["wrap_up"][0], _WrapUpDraft) or wrap_up
    ticket = _read(drafts["ticket"][0], NotedTicket) if "ticket" in drafts else None
    ticket = None if ticket == NotedTicket() else ticket
    told = tuple(one for one in wrap_up.matters if one.disposition_id or one.note)
    if not (told or wrap_up.note or ticket):
        return None
    return HandedOver(
        agent_id=agent.agent_id,
        agent_name=agent.name,
        noted_at=max(moments),
        matters=told,
        note=wrap_up.note,
        ticket=ticket,
    )


def _filed_matter(matter: Matter) -> NotedMatter:
    outcome_id = None if matter.outcome_id is None else str(matter.outcome_id)
    return NotedMatter(str(matter.disposition_id), outcome_id, matter.note)


def _read(text: str, kind: type[Any]) -> Any:
    """A draft as the desk wrote it; None for a text in another form, which an older desk may have left."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError:
        return None
