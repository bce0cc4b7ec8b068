"""What people write into contacts: wrap-ups, drafts, who called, call-backs done. One transaction each, audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.contacts import queries, rules
from hotline.domains.contacts.errors import (
    ContactAnonymisedError,
    ContactNotYetError,
    CustomerNeededError,
    DispositionUnknownError,
    LentNotAllowedError,
    MatterNeededError,
    ModuleUnknownError,
    NotYourContactError,
)
from hotline.domains.contacts.handing_over import VERIFIED, verification_of
from hotline.domains.contacts.lent import LENT_DRAFTS, WRAP_UP_DRAFT, LentWork, lent_work, told_of
from hotline.domains.contacts.models import CallBackNeeded, Contact, Draft, Matter, TimelineEvent, WrapUp
from hotline.domains.contacts.views import CallBackView, ContactOrigin, DraftView
from hotline.domains.customers import queries as customers
from hotline.domains.customers.actions import add_phone
from hotline.domains.customers.schemas import NewPhone
from hotline.domains.routing import funnel
from hotline.domains.routing.funnel_rules import level_of
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError
from hotline.foundation.fields import PhoneNumberError, normalise_phone
from hotline.foundation.tenancy import scope_of

RETRY_AFTER_S = 1
_ANONYMISED = ("anonymised_at", "anonymised_after")


@dataclass(frozen=True, slots=True)
class NewMatter:
    """A reason that the agent chose, what came of it, a note, and the module that it belongs to. `is_solved` False: it
    goes on elsewhere."""

    disposition_id: UUID
    outcome_id: UUID | None = None
    note: str = ""
    module_id: UUID | None = None
    is_solved: bool = True


def file_wrap_up(actor: Actor, contact_id: UUID, matters: Sequence[NewMatter], note: str) -> None:
    """File what the contact was about. Sent again, it replaces what this agent filed before; the same changes nothing.

    Raises MatterNeededError, DispositionUnknownError, NotYourContactError, ContactNotYetError and
    ContactAnonymisedError."""
    desk = actor.narrowed("desk.use")
    if not matters:
        raise MatterNeededError
    with scope_of(desk):
        agent_id = queries.agent_id_of(actor)
        _check_matters(_own_contact(agent_id, contact_id).tenant_id, matters)
        with transaction.atomic():
            _file(actor, _own_contact(agent_id, contact_id, is_locked=True), agent_id, matters, note)


def file_lent_wrap_up(actor: Actor, contact_id: UUID, matters: Sequence[NewMatter], note: str) -> None:
    """The same for a contact of another tenant that this agent has in hand by a shared pool, from that tenant's tree.
    What was typed is no draft any more: once the wrap-up is over, nobody could take it away.

    Raises MatterNeededError, DispositionUnknownError, and what `lent_work` raises."""
    if not matters:
        raise MatterNeededError
    with lent_work(actor, contact_id, "allows_notes") as lent:
        _check_matters(lent.tenant_id, matters)
        contact = Contact.objects.get(pk=contact_id)
        _file(actor, contact, lent.agent_id, matters, note, lent)
        Draft.objects.filter(user_id=_user_id(actor), contact_id=contact_id, field=WRAP_UP_DRAFT).delete()


def _check_matters(tenant_id: UUID, matters: Sequence[NewMatter]) -> None:
    _check_dispositions(tenant_id, matters)
    _check_modules(tenant_id, matters)


def _file(
    actor: Actor,
    contact: Contact,
    agent_id: UUID,
    matters: Sequence[NewMatter],
    note: str,
    lent: LentWork | None = None,
) -> None:
    """Write down what a locked contact was about, with who lent the agent."""
    if _filed(contact.pk, agent_id) == (list(matters), note):
        return
    _replace_matters(contact, agent_id, matters)
    _replace_note(contact, agent_id, note, lent.lender_id if lent is not None else None)
    _tell(contact, "wrap_up_filed", agent_id, {"matters": len(matters)})
    details: dict[str, object] = {"dispositions": [str(matter.disposition_id) for matter in matters]}
    details |= told_of(lent) if lent is not None else {}
    audit.record(actor, "contact.wrap_up_filed", "contact", contact.pk, contact.tenant_id, details)


def link_customer(actor: Actor, contact_id: UUID, customer_id: UUID, *, takes_number: bool = False) -> None:
    """Say who called: the agent's choice replaces what was guessed by the calling number.

    `takes_number` adds the calling number to the customer, who is recognised by it from then on."""
    desk = actor.narrowed("desk.use")
    with scope_of(desk), transaction.atomic():
        agent_id = queries.agent_id_of(actor)
        contact = _own_contact(agent_id, contact_id, is_locked=True)
        if not customers.exists(customer_id, contact.tenant_id):
            raise NotFoundError(object_type="customer", object_id=str(customer_id))
        if takes_number:
            _add_number(actor, contact, customer_id)
        if contact.customer_id == customer_id:
            return
        details = {"before": contact.customer_id and str(contact.customer_id), "after": str(customer_id)}
        contact.customer_id = customer_id
        contact.save(update_fields=["customer_id"])
        _tell(contact, "customer_linked", agent_id, {"customer_id": str(customer_id)})
        audit.record(actor, "contact.customer_linked", "contact", contact_id, contact.tenant_id, details)


def verify_customer(actor: Actor, contact_id: UUID) -> None:
    """Say that the caller is the customer: whoever gets the contact next need not ask again. Said twice: nothing.

    Raises CustomerNeededError, NotYourContactError, ContactNotYetError and ContactAnonymisedError."""
    desk = actor.narrowed("desk.use")
    with scope_of(desk), transaction.atomic():
        agent_id = queries.agent_id_of(actor)
        contact = _own_contact(agent_id, contact_id, is_locked=True)
        if contact.customer_id is None:
            raise CustomerNeededError
        if verification_of(contact_id, contact.customer_id) is not None:
            return
        details: dict[str, object] = {"customer_id": str(contact.customer_id)}
        _tell(contact, VERIFIED, agent_id, details)
        audit.record(actor, "contact.customer_verified", "contact", contact_id, contact.tenant_id, details)


def _add_number(actor: Actor, contact: Contact, customer_id: UUID) -> None:
    try:
        number = normalise_phone(contact.caller)
    except PhoneNumberError:
        return  # Whoever withholds the number, or sends what is none, has none to be recognised by.
    add_phone(actor, customer_id, NewPhone(number=number, label=""))


def save_draft(actor: Actor, contact_id: UUID, field: str, text: str) -> DraftView | None:
    """Keep what is being typed, the last writer wins; an empty text removes the draft. Raises DraftTooLargeError."""
    desk = actor.narrowed("desk.use")
    user_id = _user_id(actor)
    rules.check_draft(field, text)
    with scope_of(desk), transaction.atomic():
        contact = Contact.objects.filter(pk=contact_id).only("id", "tenant_id", *_ANONYMISED).first()
        if contact is None:
            raise ContactNotYetError(wait_s=RETRY_AFTER_S)
        _check_personal(contact)
        return _keep_draft(contact.tenant_id, user_id, contact_id, field, text)


def save_lent_draft(actor: Actor, contact_id: UUID, field: str, text: str) -> DraftView | None:
    """The same for a contact of another tenant in hand by a shared pool, as far as that tenant lets its text be
    written. Raises DraftTooLargeError, LentNotAllowedError for another field, and what `lent_work` raises."""
    rules.check_draft(field, text)
    needed = LENT_DRAFTS.get(field)
    if needed is None:
        raise LentNotAllowedError
    with lent_work(actor, contact_id, needed) as lent:
        return _keep_draft(lent.tenant_id, _user_id(actor), contact_id, field, text)


def _keep_draft(tenant_id: UUID, user_id: UUID, contact_id: UUID, field: str, text: str) -> DraftView | None:
    place = {"user_id": user_id, "contact_id": contact_id, "field": field}
    if not text:
        Draft.objects.filter(**place).delete()
        return None
    draft = Draft(**place, tenant_id=tenant_id, text=text, saved_at=timezone.now())
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["user_id", "contact_id", "field"],
        update_fields=["text", "saved_at"],
    )
    return DraftView(field=field, text=text, saved_at=draft.saved_at)


def finish_call_back(actor: Actor, call_back_id: UUID, note: str) -> CallBackView:
    """Take a customer off the list. Done twice it stays as it was done first.

    Raises NotFoundError; ContactAnonymisedError for a note about a contact that may tell of nobody any more."""
    seeing = actor.narrowed("contacts.view_all")
    with scope_of(seeing), transaction.atomic():
        found = CallBackNeeded.objects.select_for_update(of=("self",)).select_related("contact")
        row: CallBackNeeded | None = found.filter(pk=call_back_id).first()
        if row is None:
            raise NotFoundError(object_type="call-back", object_id=str(call_back_id))
        if row.done_at is None:
            if note.strip():
                _check_personal(row.contact)
            row.done_at, row.done_by_id, row.done_note = timezone.now(), _user_id(actor), note.strip()[:500]
            row.save(update_fields=["done_at", "done_by_id", "done_note"])
            details = {"contact_id": str(row.contact_id)}
            audit.record(actor, "call_back.done", "call_back", row.id, row.tenant_id, details)
        return queries.call_back_view(row)


def reveal_caller(actor: Actor, contact_id: UUID, reason: str) -> str:
    """The whole calling number; who saw it and why is in the audit first.

    Raises NotFoundError, ContactAnonymisedError."""
    revealing = actor.narrowed("customers.reveal_phone")
    with scope_of(revealing), transaction.atomic():
        contact = queries.visible_contact(revealing, contact_id)
        _check_personal(contact)
        details = {"reason": reason.strip()[:200]}
        audit.record_read(actor, "contact.caller_revealed", "contact", contact_id, contact.tenant_id, details)
        return str(contact.caller)


def preserve(actor: Actor, contact_id: UUID, reason: str) -> None:
    """Keep the contact and its recordings past their time; the same reason again changes nothing.

    Raises NotFoundError."""
    preserving = actor.narrowed("contacts.preserve")
    with scope_of(preserving), transaction.atomic():
        contact = _locked(preserving, contact_id)
        if contact.preserved_at is not None and contact.preserved_reason == reason:
            return
        contact.preserved_at, contact.preserved_reason = timezone.now(), reason
        contact.save(update_fields=["preserved_at", "preserved_reason"])
        details = {"reason": contact.preserved_reason}
        audit.record(actor, "contact.preserved", "contact", contact_id, contact.tenant_id, details)


def lift_preservation(actor: Actor, contact_id: UUID) -> None:
    """Let the tenant's rules apply to the contact again. Nothing when it is not preserved. Raises NotFoundError."""
    preserving = actor.narrowed("contacts.preserve")
    with scope_of(preserving), transaction.atomic():
        contact = _locked(preserving, contact_id)
        if contact.preserved_at is None:
            return
        details = {"reason": contact.preserved_reason, "since": contact.preserved_at.isoformat()}
        contact.preserved_at, contact.preserved_reason = None, ""
        contact.save(update_fields=["preserved_at", "preserved_reason"])
        audit.record(actor, "contact.preservation_lifted", "contact", contact_id, contact.tenant_id, details)


def _locked(actor: Actor, contact_id: UUID) -> Contact:
    """The contact as it is once nobody else changes it: retention locks it too before it erases."""
    queries.visible_contact(actor, contact_id)
    return Contact.objects.select_for_update().get(pk=contact_id)


def _check_personal(contact: Contact) -> None:
    """Pass a contact that may still tell of somebody. Raises ContactAnonymisedError."""
    if contact.anonymised_at is not None:
        raise ContactAnonymisedError(day=f"{contact.anonymised_at:%Y-%m-%d}", months=contact.anonymised_after)


def add_to_timeline(origin: ContactOrigin, kind: str, detail: dict[str, object]) -> None:
    """Add a step that a higher domain took (a ticket opened), in that domain's transaction and scope."""
    TimelineEvent.objects.create(
        tenant_id=origin.tenant_id, contact_id=origin.id, at=timezone.now(), source="desk", kind=kind, detail=detail
    )


def _own_contact(agent_id: UUID, contact_id: UUID, *, is_locked: bool = False) -> Contact:
    """The contact, if this agent has or had it. Raises ContactNotYetError while that may still be on its way here."""
    rows = Contact.objects.select_for_update() if is_locked else Contact.objects.all()
    contact: Contact | None = rows.filter(pk=contact_id).first()
    if contact is not None and queries.has_taken_part(agent_id, contact_id):
        _check_personal(contact)
        return contact
    if contact is None or contact.stage != Contact.Stage.ENDED:
        raise ContactNotYetError(wait_s=RETRY_AFTER_S)
    raise NotYourContactError


def _check_dispositions(tenant_id: UUID, matters: Sequence[NewMatter]) -> None:
    tree = {node.disposition_id: node for node in catalogue.dispositions_of(tenant_id, timezone.now())}
    wanted = [("reason", matter.disposition_id) for matter in matters]
    wanted += [("outcome", matter.outcome_id) for matter in matters if matter.outcome_id is not None]
    for kind, node_id in wanted:
        node = tree.get(str(node_id))
        if node is None or node.kind != kind or not node.is_choosable:
            raise DispositionUnknownError(kind=kind, node_id=str(node_id))


def _filed(contact_id: UUID, agent_id: UUID) -> tuple[list[NewMatter], str | None]:
    rows = Matter.objects.filter(contact_id=contact_id, agent_id=agent_id).order_by("position")
    filed = WrapUp.objects.filter(contact_id=contact_id, agent_id=agent_id).first()
    matters = [NewMatter(r.disposition_id, r.outcome_id, r.note, r.module_id, r.is_solved) for r in rows]
    return matters, filed.note if filed else None


def _check_modules(tenant_id: UUID, matters: Sequence[NewMatter]) -> None:
    known = {module.module_id for module in catalogue.business_modules(tenant_id)}
    for matter in matters:
        if matter.module_id is not None and str(matter.module_id) not in known:
            raise ModuleUnknownError(module_id=str(matter.module_id))


def _solving_level(contact: Contact, agent_id: UUID) -> int | None:
    """The funnel level at which this agent had the contact; none when it was passed on from there, or outside."""
    own = contact.interactions.filter(agent_id=agent_id).order_by("-position").first()
    is_last = own is not None and not contact.interactions.filter(position__gt=own.position).exists()
    if own is None or not is_last or contact.queue_id != own.queue_id:
        return None
    level = level_of(funnel.levels_by_tenant()[contact.tenant_id], str(own.queue_id))
    return level.number if level is not None else None


def _replace_matters(contact: Contact, agent_id: UUID, matters: Sequence[NewMatter]) -> None:
    Matter.objects.filter(contact_id=contact.id, agent_id=agent_id).delete()
    level = _solving_level(contact, agent_id)
    Matter.objects.bulk_create(
        Matter(
            tenant_id=contact.tenant_id,
            contact_id=contact.id,
            agent_id=agent_id,
            position=position,
            disposition_id=matter.disposition_id,
            outcome_id=matter.outcome_id,
            note=matter.note,
            module_id=matter.module_id,
            is_solved=matter.is_solved,
            solved_level=level if matter.is_solved else None,
        )
        for position, matter in enumerate(matters)
    )


def _replace_note(contact: Contact, agent_id: UUID, note: str, lender_id: UUID | None) -> None:
    filed = WrapUp(
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        agent_id=agent_id,
        note=note,
        filed_at=timezone.now(),
        lender_id=lender_id,
    )
    WrapUp.objects.bulk_create(
        [filed], update_conflicts=True, unique_fields=["contact", "agent_id"], update_fields=["note", "filed_at"]
    )


def _tell(contact: Contact, kind: str, agent_id: UUID, detail: dict[str, object]) -> None:
    TimelineEvent.objects.create(
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        at=timezone.now(),
        source="desk",
        kind=kind,
        agent_id=agent_id,
        detail=detail,
    )


def _user_id(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise ForbiddenError(permission="desk.use")
    return actor.user_id
