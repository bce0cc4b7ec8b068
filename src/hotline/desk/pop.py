"""What an agent sees while it rings: who calls, their record, what is open and what was, and what can be chosen."""

from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.contacts import queries as contacts
from hotline.domains.contacts.errors import ContactNotYetError, LentContactError
from hotline.domains.contacts.handing_over import HandedOver, Verification, handed_over, verification_of
from hotline.domains.contacts.lent import lent_contact
from hotline.domains.contacts.views import ContactBrief, DeskContact
from hotline.domains.customers import queries as customers
from hotline.domains.customers.queries import CustomerBrief, CustomerView
from hotline.domains.enterprise import queries as enterprise
from hotline.domains.tickets import queries as tickets
from hotline.domains.tickets.queries import TicketBrief
from hotline.foundation.actors import Actor

RETRY_AFTER_S = 1


class Pop(msgspec.Struct, frozen=True, kw_only=True):
    """`customer` is None when nobody or several have the calling number; then `candidates` are those who do.
    `handed_over` is what earlier agents of this contact have noted, `verified` who made sure of the customer."""

    contact: DeskContact
    customer: CustomerView | None
    candidates: list[CustomerBrief]
    open_tickets: list[TicketBrief]
    recent_contacts: list[ContactBrief]
    dispositions: list[catalogue.Disposition]
    ticket_types: list[catalogue.TicketTypeChoice]
    departments: list[enterprise.DepartmentChoice]
    handed_over: list[HandedOver]
    verified: Verification | None


def pop(actor: Actor, contact_id: UUID) -> Pop:
    """Everything for the contact's screen, in a fixed number of queries. Raises ContactNotYetError,
    LentContactError for one that is served by a shared pool, and NotAnAgentError."""
    agent_id = contacts.agent_id_of(actor)
    contact = contacts.desk_contact(agent_id, contact_id)
    if contact is None:
        if lent_contact(agent_id, contact_id) is not None:
            raise LentContactError
        raise ContactNotYetError(wait_s=RETRY_AFTER_S)
    customer = customers.customer_or_none(contact.customer_id)
    return Pop(
        contact=contact,
        customer=customer,
        candidates=[] if customer is not None else customers.candidates(contact.tenant_id, contact.caller_number),
        open_tickets=tickets.open_tickets_of(contact.tenant_id, customer.id) if customer is not None else [],
        recent_contacts=_recent(contact, customer),
        dispositions=catalogue.dispositions(actor, contact.tenant_id, timezone.now()),
        ticket_types=catalogue.ticket_types(actor, contact.tenant_id),
        departments=enterprise.departments(actor, contact.tenant_id),
        handed_over=handed_over(contact_id, agent_id),
        verified=verification_of(contact_id, contact.customer_id),
    )


def _recent(contact: DeskContact, customer: CustomerView | None) -> list[ContactBrief]:
    """Earlier contacts of the customer; none while the agent has yet to ask which of several it is."""
    if customer is None:
        return []
    return contacts.recent_contacts(contact.tenant_id, customer.id, but=contact.id)
