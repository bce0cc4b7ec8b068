"""Reading contacts. Every function says which contacts its actor may see: own ones, or all of a tenant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hotline.domains.contacts import rules
from hotline.domains.contacts.errors import NotAnAgentError
from hotline.domains.contacts.models import (
    CallBackNeeded,
    Contact,
    Draft,
    Interaction,
    Matter,
    Recording,
    RefusedCall,
    TimelineEvent,
    WrapUp,
)
from hotline.domains.contacts.timeline import timeline_of
from hotline.domains.contacts.views import (
    CallBackView,
    ContactBrief,
    ContactDetail,
    ContactOrigin,
    DeskContact,
    DraftView,
    InteractionView,
    MatterView,
    RecordingView,
    RefusedCallView,
    WrapUpView,
)
from hotline.domains.conversations import queries as conversations
from hotline.domains.conversations.views import ThreadView
from hotline.domains.customers.numbers import number_index
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.formulas.handle_time import handle_ms
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.fields import mask_phone
from hotline.foundation.models import Tenant
from hotline.foundation.paging import cursor_page


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What to look for; None means any."""

    number: str | None = None
    agent_id: UUID | None = None
    queue_id: UUID | None = None
    customer_id: UUID | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def agent_id_of(actor: Actor) -> UUID:
    """The agent that the actor is. Raises NotAnAgentError."""
    profile = people.own_profile(actor.user_id) if actor.user_id is not None else None
    if profile is None:
        raise NotAnAgentError
    return UUID(profile.agent_id)


def contacts_page(
    actor: Actor, wanted: ContactFilter, cursor: str | None, limit: int
) -> tuple[list[ContactBrief], str | None]:
    """One page of the contacts that the actor may see, newest first."""
    rows = _with_matters(visible_contacts(actor).filter(_condition(wanted)))
    page, following = cursor_page(rows, order=["-id"], cursor=cursor, limit=limit)
    return [brief_of(row) for row in page], following


def visible_contacts(actor: Actor) -> QuerySet[Contact]:
    """All contacts of the tenants where the actor may see everybody's, and those in which they took part themselves."""
    everywhere = actor.tenants_with("contacts.view_all")
    if everywhere >= actor.tenant_ids:
        return Contact.objects.all()
    profile = people.own_profile(actor.user_id) if actor.user_id is not None else None
    if profile is None:
        return Contact.objects.filter(tenant_id__in=everywhere)
    own = Interaction.objects.filter(contact=OuterRef("pk"), agent_id=profile.agent_id)
    return Contact.objects.filter(Q(tenant_id__in=everywhere) | Exists(own))


def contact(actor: Actor, contact_id: UUID) -> ContactDetail:
    """The contact with timeline, interactions, matters, wrap-ups and recordings. Raises NotFoundError."""
    row = (
        visible_contacts(actor)
        .filter(pk=contact_id)
        .prefetch_related(
            Prefetch("interactions", Interaction.objects.order_by("position")),
            Prefetch("timeline", TimelineEvent.objects.order_by("at", "id")),
            Prefetch("matters", _matters()),
            Prefetch("wrap_ups", WrapUp.objects.select_related("lender")),
            Prefetch("recordings", Recording.objects.order_by("started_at")),
        )
        .first()
    )
    if row is None:
        raise NotFoundError(object_type="contact", object_id=str(contact_id))
    return _detail(row)


def visible_contact(actor: Actor, contact_id: UUID) -> Contact:
    """The row of a contact that the actor may see. Raises NotFoundError. For this domain's own use."""
    row = visible_contacts(actor).filter(pk=contact_id).first()
    if row is None:
        raise NotFoundError(object_type="contact", object_id=str(contact_id))
    return row


def conversation(actor: Actor, contact_id: UUID, language: str) -> ThreadView:
    """What was written in a contact that the actor may see. Who read it is in the audit. Raises NotFoundError, also
    for a contact that was spoken."""
    row = visible_contact(actor, contact_id)
    thread = conversations.record(contact_id, language)
    audit.record_read(actor, "conversation.read", "contact", contact_id, row.tenant_id)
    return thread


def desk_contact(agent_id: UUID, contact_id: UUID) -> DeskContact | None:
    """The contact that rings at this agent's desk, or that they had; None when it is not known (yet), or is another's.

    The offer itself may not be projected yet, so that a contact which nobody has at the moment is shown to whom it
    rings: its id is known to that browser only. One that somebody has, and which is transferred, is shown once the
    offer is known. One query."""
    own = Q(Exists(_parts_of(agent_id)))
    free = Q(stage__in=(Contact.Stage.IN_FLOW, Contact.Stage.WAITING, Contact.Stage.OFFERED))
    offers = TimelineEvent.objects.filter(contact=OuterRef("pk"), kind="offered", agent_id=agent_id)
    transferred = Q(Exists(offers)) & ~Q(stage=Contact.Stage.ENDED)
    row = Contact.objects.filter(own | free | transferred, pk=contact_id).first()
    return _desk_contact(row) if row is not None else None


def origin_of(contact_id: UUID) -> ContactOrigin | None:
    """Whose contact it is and who called, None when the scope has no such contact. One query."""
    row = Contact.objects.filter(pk=contact_id).only("id", "tenant_id", "customer_id", "is_simulated").first()
    if row is None:
        return None
    return ContactOrigin(id=row.id, tenant_id=row.tenant_id, customer_id=row.customer_id, is_simulated=row.is_simulated)


def has_taken_part(agent_id: UUID, contact_id: UUID) -> bool:
    """Whether the contact was ever connected with this agent."""
    return bool(Interaction.objects.filter(contact_id=contact_id, agent_id=agent_id).exists())


def recent_contacts(tenant_id: UUID, customer_id: UUID, but: UUID, limit: int = 10) -> list[ContactBrief]:
    """The customer's last contacts, newest first. Three queries."""
    rows = _with_matters(Contact.objects.filter(tenant_id=tenant_id, customer_id=customer_id).exclude(pk=but))
    return [brief_of(row) for row in rows.order_by("-id")[:limit]]


def call_backs(*, is_done: bool, cursor: str | None, limit: int) -> tuple[list[CallBackView], str | None]:
    """Customers to be called back, those who have waited longest first; or those done, newest failure first."""
    rows = CallBackNeeded.objects.select_related("contact").filter(done_at__isnull=not is_done)
    order = ["-failed_at", "-id"] if is_done else ["failed_at", "id"]
    page, following = cursor_page(rows, order=order, cursor=cursor, limit=limit)
    return [call_back_view(row) for row in page], following


def refused_calls(actor: Actor, *, cursor: str | None, limit: int) -> tuple[list[RefusedCallView], str | None]:
    """Calls that were not taken, newest first: of the actor's tenants; and for who sees every tenant of the
    installation also those to numbers that nobody owns."""
    tenants = actor.tenants_with("contacts.view_all")
    visible = Q(tenant_id__in=tenants)
    if not Tenant.objects.exclude(pk__in=tenants).exists():
        visible |= Q(tenant_id__isnull=True)
    rows = RefusedCall.objects.filter(visible)
    page, following = cursor_page(rows, order=["-at", "-id"], cursor=cursor, limit=limit)
    return [_refused_call(row) for row in page], following


def drafts(user_id: UUID, contact_id: UUID) -> list[DraftView]:
    """What this person has typed for the contact and not sent, by field."""
    rows = Draft.objects.filter(user_id=user_id, contact_id=contact_id).order_by("field")
    return [DraftView(field=row.field, text=row.text, saved_at=row.saved_at) for row in rows]


def call_back_view(row: CallBackNeeded) -> CallBackView:
    """The view of a stored call-back; its contact must be loaded."""
    return CallBackView(
        id=row.id,
        contact_id=row.contact_id,
        tenant_id=row.tenant_id,
        cause=row.cause,
        failed_at=row.failed_at,
        asked_at=row.asked_at,
        queue_id=row.queue_id,
        caller=_masked(row.contact),
        customer_id=row.contact.customer_id,
        is_simulated=row.contact.is_simulated,
        done_at=row.done_at,
        done_by_id=row.done_by_id,
        done_note=row.done_note,
    )


def brief_of(row: Contact) -> ContactBrief:
    """The list's view of a row that came through this module's queries."""
    return ContactBrief(
        id=row.id,
        tenant_id=row.tenant_id,
        channel=row.channel,
        stage=row.stage,
        outcome=row.outcome,
        arrived_at=row.arrived_at,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        queue_id=row.queue_id,
        last_agent_id=row.last_agent_id,
        interaction_count=row.interaction_count,
        caller=_masked(row),
        customer_id=row.customer_id,
        wait_ms=row.wait_ms,
        talk_ms=row.talk_ms,
        hold_ms=row.hold_ms,
        wrap_up_ms=row.wrap_up_ms,
        is_simulated=row.is_simulated,
        has_recording=bool(row.recordings.all()),
        matters=tuple(dict(matter.disposition.name) for matter in row.matters.all()),
    )


def filtered(actor: Actor, wanted: ContactFilter) -> QuerySet[Contact]:
    """The rows of a search with what a list needs, in no order. For this domain's own export."""
    return _with_matters(visible_contacts(actor).filter(_condition(wanted)))


def _with_matters(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    recordings = Recording.objects.filter(erased_at=None).only("id", "tenant_id", "contact_id")
    return rows.prefetch_related(Prefetch("matters", _matters()), Prefetch("recordings", recordings))


def _matters() -> QuerySet[Matter]:
    return Matter.objects.select_related("disposition", "outcome").order_by("agent_id", "position")


def _parts_of(agent_id: UUID) -> QuerySet[Interaction]:
    return Interaction.objects.filter(contact=OuterRef("pk"), agent_id=agent_id)


def _condition(wanted: ContactFilter) -> Q:
    condition = Q()
    if wanted.number:
        condition &= Q(caller_index=number_index(wanted.number))
    if wanted.agent_id:
        condition &= Q(Exists(_parts_of(wanted.agent_id)))
    if wanted.queue_id:
        condition &= Q(queue_id=wanted.queue_id) | Q(asked_queue_id=wanted.queue_id)
    if wanted.customer_id:
        condition &= Q(customer_id=wanted.customer_id)
    if wanted.outcome is not None:
        condition &= Q(outcome="" if wanted.outcome == "open" else wanted.outcome)
    if wanted.since:
        condition &= Q(arrived_at__gte=wanted.since, id__gte=rules.lowest_id(wanted.since))
    if wanted.until:
        condition &= Q(arrived_at__lt=wanted.until, id__lte=rules.highest_id(wanted.until))
    return condition


def _refused_call(row: RefusedCall) -> RefusedCallView:
    return RefusedCallView(
        id=row.id,
        at=row.at,
        tenant_id=row.tenant_id,
        node_id=row.node_id,
        called_address=row.called_address,
        caller=mask_phone(row.caller) if row.caller else "",
        cause=row.cause,
    )


def _masked(row: Contact) -> str:
    return mask_phone(row.caller) if row.caller else ""


def _desk_contact(row: Contact) -> DeskContact:
    return DeskContact(
        id=row.id,
        tenant_id=row.tenant_id,
        channel=row.channel,
        stage=row.stage,
        arrived_at=row.arrived_at,
        asked_at=row.asked_at,
        called_address=row.called_address,
        caller=_masked(row),
        caller_number=row.caller,
        language=row.language,
        priority=row.priority,
        menu_path=tuple(row.menu_path),
        queue_id=row.queue_id,
        customer_id=row.customer_id,
        is_simulated=row.is_simulated,
    )


def _detail(row: Contact) -> ContactDetail:
    lenders = {filed.agent_id: dict(filed.lender.name) for filed in row.wrap_ups.all() if filed.lender is not None}
    return ContactDetail(
        id=row.id,
        tenant_id=row.tenant_id,
        channel=row.channel,
        stage=row.stage,
        outcome=row.outcome,
        ended_by=row.ended_by,
        cause=row.cause,
        arrived_at=row.arrived_at,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        entry_point_id=row.entry_point_id,
        called_address=row.called_address,
        caller=_masked(row),
        is_caller_known=bool(row.caller),
        language=row.language,
        priority=row.priority,
        menu_path=tuple(row.menu_path),
        asked_queue_id=row.asked_queue_id,
        queue_id=row.queue_id,
        last_agent_id=row.last_agent_id,
        customer_id=row.customer_id,
        wait_ms=row.wait_ms,
        talk_ms=row.talk_ms,
        hold_ms=row.hold_ms,
        wrap_up_ms=row.wrap_up_ms,
        is_simulated=row.is_simulated,
        preserved_at=row.preserved_at,
        preserved_reason=row.preserved_reason,
        anonymised_at=row.anonymised_at,
        anonymised_after=row.anonymised_after,
        interactions=tuple(_interactions(row)),
        timeline=timeline_of(row.timeline.all()),
        matters=tuple(_matter(matter, lenders.get(matter.agent_id)) for matter in row.matters.all()),
        wrap_ups=tuple(_wrap_ups(row, lenders)),
        recordings=tuple(map(_recording, row.recordings.all())),
    )


def _interactions(contact: Contact) -> Iterator[InteractionView]:
    rows = list(contact.interactions.all())
    names = routing.pool_names() if any(row.pool_id for row in rows) else {}
    for row in rows:
        yield _interaction(row, names.get(str(row.pool_id)))


def _interaction(row: Interaction, pool_name: dict[str, str] | None) -> InteractionView:
    return InteractionView(
        id=row.id,
        position=row.position,
        agent_id=row.agent_id,
        queue_id=row.queue_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        talk_ms=row.talk_ms,
        hold_ms=row.hold_ms,
        wrap_up_ms=row.wrap_up_ms,
        handle_ms=handle_ms(row.talk_ms, row.hold_ms, row.wrap_up_ms),
        ended_by=row.ended_by,
        pool_id=row.pool_id,
        pool_name=pool_name,
    )


def _matter(row: Matter, lender_name: dict[str, str] | None) -> MatterView:
    return MatterView(
        id=row.id,
        agent_id=row.agent_id,
        position=row.position,
        disposition_id=row.disposition_id,
        disposition_name=dict(row.disposition.name),
        outcome_id=row.outcome_id,
        outcome_name=dict(row.outcome.name) if row.outcome is not None else None,
        note=row.note,
        lender_name=lender_name,
    )


def _wrap_ups(row: Contact, lenders: Mapping[UUID, dict[str, str]]) -> Iterable[WrapUpView]:
    for filed in sorted(row.wrap_ups.all(), key=lambda wrap_up: wrap_up.filed_at):
        lender_name = lenders.get(filed.agent_id)
        yield WrapUpView(agent_id=filed.agent_id, note=filed.note, filed_at=filed.filed_at, lender_name=lender_name)


def _recording(row: Recording) -> RecordingView:
    return RecordingView(
        id=row.id,
        started_at=row.started_at,
        duration_ms=row.duration_ms,
        size_bytes=row.size_bytes,
        incomplete=row.incomplete,
        erased_at=row.erased_at,
        erased_unit=row.erased_unit,
        erased_after=row.erased_after,
    )
