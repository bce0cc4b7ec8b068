"""The tickets' addresses: translates only."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Status

from hotline.domains.tickets import actions, lent, queries, schemas
from hotline.foundation.http import ActorRequest, Page, Router

router = Router(tags=["tickets"])
desk_router = Router(tags=["desk"])
routers = [("/tickets", router), ("/desk", desk_router)]


@router.get("", permission="tickets.view", response=Page[schemas.TicketBriefOut])
def list_tickets(
    request: ActorRequest,
    wanted: Annotated[schemas.TicketFilterIn, Query()],
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Tickets, next clock first."""
    values = wanted.dict(exclude={"mine"})
    own = request.actor.user_id if wanted.mine else None
    items, following = queries.tickets_page(queries.TicketFilter(mine_of=own, **values), cursor, limit)
    return {"items": items, "next_cursor": following}


@router.get("/counts", permission="tickets.view", response=schemas.TicketCountsOut)
def count_tickets(request: ActorRequest) -> queries.TicketCounts:
    return queries.counts(request.actor.user_id)


@router.post("", permission="tickets.edit", response={201: schemas.TicketOut})
def open_ticket(request: ActorRequest, payload: schemas.NewTicketIn) -> Status[queries.TicketView]:
    """Open a ticket. Send an Idempotency-Key: the same key opens one ticket only."""
    ticket_id = actions.open_ticket(request.actor, actions.NewTicket(**payload.dict()))
    return Status(201, queries.ticket(ticket_id))


@router.get("/{uuid:ticket_id}", permission="tickets.view", response=schemas.TicketOut)
def read_ticket(request: ActorRequest, ticket_id: UUID) -> queries.TicketView:
    return queries.ticket(ticket_id)


@router.post("/{uuid:ticket_id}/comments", permission="tickets.edit", response=schemas.TicketOut)
def comment(request: ActorRequest, ticket_id: UUID, payload: schemas.CommentIn) -> queries.TicketView:
    actions.comment(request.actor, ticket_id, payload.text)
    return queries.ticket(ticket_id)


@router.post("/{uuid:ticket_id}/assign", permission="tickets.edit", response=schemas.TicketOut)
def assign(request: ActorRequest, ticket_id: UUID, payload: schemas.AssignIn) -> queries.TicketView:
    """Hand it on; handing it to anybody but oneself needs tickets.assign too."""
    actions.assign(request.actor, ticket_id, payload.department_id, payload.handler_id, payload.text)
    return queries.ticket(ticket_id)


@router.post("/{uuid:ticket_id}/steps", permission="tickets.edit", response=schemas.TicketOut)
def take_step(request: ActorRequest, ticket_id: UUID, payload: schemas.StepIn) -> queries.TicketView:
    """acknowledge, start, answer, confirm (closes), reopen."""
    actions.take_step(request.actor, ticket_id, payload.step, payload.text, payload.confirmed_by)
    return queries.ticket(ticket_id)


@router.put("/{uuid:ticket_id}/due", permission="tickets.edit", response=schemas.TicketOut)
def change_due(request: ActorRequest, ticket_id: UUID, payload: schemas.DueIn) -> queries.TicketView:
    actions.change_due(request.actor, ticket_id, payload.due_at, payload.reason)
    return queries.ticket(ticket_id)


@desk_router.get(
    "/lent-contacts/{uuid:contact_id}/tickets", permission="desk.use", response=list[schemas.LentTicketOut]
)
def list_lent_tickets(request: ActorRequest, contact_id: UUID) -> list[lent.LentTicket]:
    """The open tickets of the customer whom this agent serves for another company, where that company shows them; the
    look is in its audit."""
    return lent.lent_tickets(request.actor, contact_id)


@desk_router.post(
    "/lent-contacts/{uuid:contact_id}/tickets", permission="desk.use", response={201: schemas.OpenedTicketOut}
)
def open_lent_ticket(
    request: ActorRequest, contact_id: UUID, payload: schemas.NewLentTicketIn
) -> Status[actions.OpenedTicket]:
    """Open a ticket for the other company. Send an Idempotency-Key: the same key opens one ticket only."""
    opened = actions.open_lent_ticket(request.actor, contact_id, payload.ticket_type_id, payload.text)
    return Status(201, opened)
