"""The customers' addresses: translates only."""

from uuid import UUID

from ninja import Status

from hotline.domains.customers import actions, queries, schemas
from hotline.foundation.http import ActorRequest, InternalRouter, Router

router = Router(tags=["customers"])
internal_router = InternalRouter(tags=["customers"])
routers = [("/customers", router)]
internal_routers = [("", internal_router)]


@router.get("", permission="customers.view", response=schemas.CustomerListOut)
def search_customers(request: ActorRequest, search: str, limit: int = 20) -> dict[str, object]:
    """Customers by name, address, phone, meter or customer number."""
    return {"items": queries.search(search, max(1, min(limit, 50)))}


@router.post("", permission="customers.edit", response={201: schemas.CustomerOut})
def create_customer(request: ActorRequest, payload: schemas.NewCustomerIn) -> Status[queries.CustomerView]:
    """Quick create from the desk."""
    customer_id = actions.create_customer(request.actor, payload.tenant_id, payload)
    return Status(201, queries.customer(customer_id))


@router.get("/{customer_id}", permission="customers.view", response=schemas.CustomerOut)
def read_customer(request: ActorRequest, customer_id: UUID) -> queries.CustomerView:
    return queries.customer(customer_id)


@router.patch("/{customer_id}", permission="customers.edit", response=schemas.CustomerOut)
def change_customer(request: ActorRequest, customer_id: UUID, payload: schemas.CustomerChange) -> queries.CustomerView:
    values = payload.dict(exclude_unset=True, exclude_none=True, exclude={"version"})
    actions.change_customer(request.actor, customer_id, payload.version, values)
    return queries.customer(customer_id)


@router.post("/{customer_id}/phones", permission="customers.edit", response={201: schemas.Created})
def add_phone(request: ActorRequest, customer_id: UUID, payload: schemas.NewPhone) -> Status[dict[str, UUID]]:
    return Status(201, {"id": actions.add_phone(request.actor, customer_id, payload)})


@router.put("/{customer_id}/consents", permission="customers.edit", response=schemas.CustomerOut)
def set_consent(request: ActorRequest, customer_id: UUID, payload: schemas.ConsentIn) -> queries.CustomerView:
    actions.set_consent(request.actor, customer_id, payload.kind, is_given=payload.is_given)
    return queries.customer(customer_id)


@router.post(
    "/{customer_id}/phones/{phone_id}/reveal",
    permission="customers.reveal_phone",
    response=schemas.RevealedPhone,
)
def reveal_phone(
    request: ActorRequest, customer_id: UUID, phone_id: UUID, payload: schemas.RevealPhoneIn
) -> dict[str, str]:
    """The whole number; who saw it and why is in the audit."""
    return {"number": actions.reveal_phone(request.actor, customer_id, phone_id, payload.reason)}


@internal_router.post("/lookup", response=schemas.LookUpOut)
def look_up(request: ActorRequest, payload: schemas.LookUpIn) -> queries.LookUp:
    """What a flow may know of the calling number."""
    return queries.look_up(payload.tenant_id, payload.caller_address or "")
