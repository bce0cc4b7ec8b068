"""The customers' addresses: translates only."""

from uuid import UUID

from ninja import Status

from hotline.domains.customers import actions, key_accounts, queries, schemas, subscriptions
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["customers"])
admin_router = Router(tags=["customers"])
routers = [("/customers", router), ("/admin", admin_router)]


@router.get("", permission="customers.view", response=schemas.CustomerListOut)
def search_customers(request: ActorRequest, search: str, limit: int = 20) -> dict[str, object]:
    """Customers by name, address, phone, meter, customer or product number."""
    return {"items": queries.search(search, max(1, min(limit, 50)))}


@router.post("", permission="customers.edit", response={201: schemas.CustomerOut})
def create_customer(request: ActorRequest, payload: schemas.NewCustomerIn) -> Status[queries.CustomerView]:
    """Quick create from the desk."""
    customer_id = actions.create_customer(request.actor, payload.tenant_id, payload)
    return Status(201, queries.customer(customer_id))


@router.get("/steering-choices", permission="customers.edit", response=list[schemas.SteeringChoiceOut])
def list_steering_choices(request: ActorRequest, tenant_id: UUID | None = None) -> list[queries.SteeringChoice]:
    """What value grade, brand, product line, province and service language of a customer of that tenant can be."""
    return queries.steering_choices(request.actor, tenant_id)


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


@router.post("/{customer_id}/subscriptions", permission="customers.edit", response={201: schemas.Created})
def add_subscription(
    request: ActorRequest, customer_id: UUID, payload: schemas.NewSubscription
) -> Status[dict[str, UUID]]:
    """A further product under the customer's account."""
    return Status(201, {"id": subscriptions.add_subscription(request.actor, customer_id, payload)})


@router.patch(
    "/{customer_id}/subscriptions/{subscription_id}", permission="customers.edit", response=schemas.CustomerOut
)
def change_subscription(
    request: ActorRequest, customer_id: UUID, subscription_id: UUID, payload: schemas.SubscriptionChange
) -> queries.CustomerView:
    """Correct a product, or give it a last day; null takes a day away."""
    given = payload.dict(exclude_unset=True, exclude={"version"})
    values = {name: value for name, value in given.items() if value is not None or name in ("valid_from", "valid_to")}
    subscriptions.change_subscription(request.actor, customer_id, subscription_id, payload.version, values)
    return queries.customer(customer_id)


@router.post(
    "/{customer_id}/subscriptions/{subscription_id}/reveal",
    permission="customers.reveal_phone",
    response=schemas.RevealedPhone,
)
def reveal_service_number(
    request: ActorRequest, customer_id: UUID, subscription_id: UUID, payload: schemas.RevealPhoneIn
) -> dict[str, str]:
    """The whole number of a product; who saw it and why is in the audit."""
    return {"number": actions.reveal_service_number(request.actor, customer_id, subscription_id, payload.reason)}


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


mount(
    admin_router,
    Resource(
        "key-accounts",
        key_accounts.key_account_records,
        key_accounts.key_accounts,
        schemas.KeyAccountIn,
        schemas.KeyAccountOut,
        schemas.KeyAccountFilter,
        fixed=frozenset({"customer_number"}),
    ),
)
