"""What routing and retention do to conversations. What people do stands in `intake`, `visitors` and `replies`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length

from hotline.domains.conversations import intake, rules, thread
from hotline.domains.conversations.models import Conversation, Message
from hotline.domains.conversations.rules import Standing, Step
from hotline.domains.conversations.views import Untaken


def follow(steps: Sequence[Step]) -> None:
    """Bring conversations to where the routing log has brought their contacts: each step in its order, in the
    projector's transaction and scope. Contacts without a conversation are passed over."""
    ids = {step.contact_id for step in steps}
    rows = Conversation.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    known = {row.pk: row for row in rows}
    for step in steps:
        if (row := known.get(step.contact_id)) is not None:
            _take(row, step)


def refused(contact_id: UUID) -> Untaken | None:
    """The switch has not taken a command about this conversation: what is known of one that never came in, which ends
    with that and whose customer is told. None for one that was over already. In the caller's transaction and scope."""
    row = Conversation.objects.select_for_update().filter(pk=contact_id).first()
    if row is None or row.state != Conversation.State.WAITING:
        return None
    thread.close(row, "house")
    thread.append(row, "house", code=rules.NOT_TAKEN)
    return Untaken(
        tenant_id=row.tenant_id,
        entry_point_id=row.entry_point_id,
        channel=row.channel,
        language=row.language,
        is_simulated=row.is_simulated,
        customer_id=row.customer_id,
        arrived_at=row.created_at,
    )


def _take(row: Conversation, step: Step) -> None:
    before = Standing(row.state, row.holder_id, row.ended_by)
    now, code = rules.after(before, step)
    if now == before and not code:
        return
    if step.kind == "diverted":
        thread.end(row, "house", code, step.cause)  # it has no flow that could go on
        return
    row.holder_id = now.holder_id
    if row.state != now.state == Conversation.State.WAITING and row.channel == "chat":
        row.seen_at = step.at  # whoever waits again is given the time to ask again
    has_ended = row.state != now.state == Conversation.State.ENDED
    if not has_ended:
        row.state = now.state
    row.save(update_fields=["state", "holder_id", "seen_at", "updated_at"])
    if code:
        thread.append(row, "house", code=code, at=step.at)
    if has_ended:
        thread.close(row, now.ended_by, step.at)
        intake.carry_on(row, step.at)


# --- retention ------------------------------------------------------------------------------------------------------


def empty(contact_ids: Sequence[UUID], limit: int) -> int:
    """Empty the texts and the senders of these contacts' conversations, at most `limit` rows; answers how many. In the
    caller's transaction and scope."""
    texts = Message.objects.filter(conversation_id__in=contact_ids).annotate(length=Length("text")).filter(length__gt=0)
    done = Message.objects.filter(pk__in=list(texts.values_list("pk", flat=True)[:limit])).update(text="")
    named = _with_sender(Conversation.objects.filter(pk__in=contact_ids))
    return done + _forget_senders(list(named.values_list("pk", flat=True)[: limit - done]))


def _with_sender(rows: Any) -> Any:
    sizes = {f"{name}_length": Length(name) for name in ("sender_name", "sender", "email")}
    has_any = Q()
    for name in sizes:
        has_any |= Q(**{f"{name}__gt": 0})
    return rows.annotate(**sizes).filter(has_any | Q(customer_id__isnull=False))


def _forget_senders(conversation_ids: Sequence[UUID]) -> int:
    rows = Conversation.objects.filter(pk__in=conversation_ids)
    return rows.update(sender_name="", sender="", sender_index="", email="", customer_id=None)
