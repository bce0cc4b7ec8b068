"""The desk's addresses that cross domains: translates only."""

from uuid import UUID

from hotline.desk import schemas
from hotline.desk.pop import Pop, pop
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["desk"])
routers = [("/desk", router)]


@router.get("/contacts/{uuid:contact_id}", permission="desk.use", response=schemas.PopOut)
def read_desk_contact(request: ActorRequest, contact_id: UUID) -> Pop:
    """The contact that rings, its customer and everything to choose from. Not known yet: 404 with Retry-After."""
    return pop(request.actor, contact_id)
