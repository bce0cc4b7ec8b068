"""The desk's addresses that cross domains: translates only."""

from uuid import UUID

from hotline.desk import schemas
from hotline.desk.lent import LentView, lent_view
from hotline.desk.pop import Pop, pop
from hotline.desk.seats import SiteChoice, seat_choice
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["desk"])
routers = [("/desk", router)]


@router.get("/contacts/{uuid:contact_id}", permission="desk.use", response=schemas.PopOut)
def read_desk_contact(request: ActorRequest, contact_id: UUID) -> Pop:
    """The contact that rings, its customer and everything to choose from. Not known yet: 404 with Retry-After."""
    return pop(request.actor, contact_id)


@router.get("/lent-contacts/{uuid:contact_id}", permission="desk.use", response=schemas.LentContactOut)
def read_lent_contact(request: ActorRequest, contact_id: UUID) -> LentView:
    """The contact of another company that rings here or is in hand by a shared pool: in whose name to answer."""
    return lent_view(request.actor, contact_id)


@router.get("/seats", permission="desk.use", response=schemas.SeatChoiceOut)
def list_desk_seats(request: ActorRequest) -> dict[str, list[SiteChoice]]:
    """Free seats to choose from at sign-in, the agent's own site first."""
    return {"sites": seat_choice(request.actor)}
