"""The outbox as planners and administrators see it: what was sent, what failed and why, what waits."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count

from hotline.domains.people import queries as people
from hotline.domains.staff_messages import schemas as shown
from hotline.domains.staff_messages import wording
from hotline.domains.staff_messages.models import StaffAddress, StaffMessage
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of

# Codes and trials are between the person who asked for them and the far end.
_LISTED = (StaffMessage.Topic.ROSTER, StaffMessage.Topic.REQUESTS, StaffMessage.Topic.URGENT)


def messages(
    actor: Actor, wanted: shown.StaffMessageFilter, cursor: str | None, limit: int, language: str
) -> tuple[list[shown.StaffMessageOut], str | None]:
    """One page of notices, the newest first, and the next page's cursor. Two queries."""
    with scope_of(actor):
        rows = StaffMessage.objects.select_related("tenant").filter(topic__in=_LISTED)
        rows = rows.filter(**wanted.dict(exclude_none=True))
        found, following = cursor_page(rows, order=("-id",), cursor=cursor, limit=limit)
        return _shown(found, language), following


def message(actor: Actor, message_id: UUID, language: str) -> shown.StaffMessageOut:
    """One notice. Raises NotFoundError, also for another tenant's."""
    with scope_of(actor):
        return _shown([_one(message_id)], language)[0]


def counts(actor: Actor) -> shown.StaffMessageCountsOut:
    """How many notices there are in each state."""
    with scope_of(actor):
        rows = StaffMessage.objects.filter(topic__in=_LISTED).order_by()
        found = dict(rows.values_list("state").annotate(count=Count("pk")))
    return shown.StaffMessageCountsOut(**{state: found.get(state, 0) for state in StaffMessage.State.values})


def words(actor: Actor, message_id: UUID) -> shown.StaffMessageWordsOut:
    """Where a notice goes and what it says, in its reader's language. The reading is written into the audit."""
    with scope_of(actor):
        row = _one(message_id)
        audit.record_read(actor, "staff_message.read", row.object_type, row.pk, row.tenant_id)
        address, language = None, "zh"
        if row.agent is not None:
            address = StaffAddress.objects.filter(agent_id=row.agent.pk, way=row.way).first()
            language = row.agent.user.language
        said = wording.words(row.text_code, row.data, language, centre=row.tenant.name)
        return shown.StaffMessageWordsOut(to=address.address if address else "", subject=said.subject, text=said.text)


def _one(message_id: UUID) -> StaffMessage:
    rows = StaffMessage.objects.select_related("tenant", "agent__user").filter(topic__in=_LISTED)
    row = rows.filter(pk=message_id).first()
    if row is None:
        raise NotFoundError(object_type=StaffMessage.object_type, object_id=str(message_id))
    return row


def _shown(rows: Iterable[StaffMessage], language: str) -> list[shown.StaffMessageOut]:
    found = list(rows)
    names = people.agent_names({row.agent_id for row in found if row.agent_id is not None})
    return [_line(row, names, language) for row in found]


def _line(row: StaffMessage, names: dict[UUID, str], language: str) -> shown.StaffMessageOut:
    own: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("id", "tenant_id", "created_at", "agent_id", "way", "topic", "state", "attempts", "due_at")
    }
    return shown.StaffMessageOut(
        **own,
        ended_at=row.ended_at,
        is_simulated=row.is_simulated,
        agent_name=names.get(row.agent_id, "") if row.agent_id else "",
        subject=wording.subject(row.text_code, row.data, language, row.tenant.name),
        error=wording.reason(row.error_code, row.error_status, language),
    )
