"""Writes to a customer's products: add, correct, end. Nothing is removed: what has ended is history."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from hotline.domains.customers.errors import AttributeUnknownError, TooManySubscriptionsError
from hotline.domains.customers.models import Customer, Subscription
from hotline.domains.customers.numbers import number_index, read_number
from hotline.domains.customers.queries import choices_of
from hotline.domains.customers.rules import MOST_SUBSCRIPTIONS, check_days
from hotline.domains.customers.schemas import NewSubscription
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.fields import mask_phone
from hotline.foundation.tenancy import scope_of

_LISTED = ("product_line", "brand")


def add_subscription(actor: Actor, customer_id: UUID, new: NewSubscription) -> UUID:
    """Give the customer a further product; answers its id.

    Raises NotFoundError, AttributeUnknownError, SubscriptionDaysError, TooManySubscriptionsError."""
    editing = actor.narrowed("customers.edit")
    with scope_of(editing), transaction.atomic():
        customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
        if customer is None:
            raise NotFoundError(object_type="customer", object_id=str(customer_id))
        count = Subscription.objects.filter(customer=customer).count()
        if count >= MOST_SUBSCRIPTIONS:
            raise TooManySubscriptionsError(most=MOST_SUBSCRIPTIONS)
        _check_listed(customer.tenant_id, new.dict(), {})
        made = made_of(customer, new, count)
        made.save(force_insert=True)
        details = {"subscription": str(made.pk), "values": _audited(made)}
        audit.record(actor, "customer.subscription_added", "customer", customer.pk, customer.tenant_id, details)
    return UUID(str(made.pk))


def change_subscription(
    actor: Actor, customer_id: UUID, subscription_id: UUID, version: int, values: Mapping[str, Any]
) -> None:
    """Set what is given; a last day ends the product, none opens it again.

    Raises NotFoundError, StaleVersionError, AttributeUnknownError for a new value that is not in the lists, and
    SubscriptionDaysError."""
    editing = actor.narrowed("customers.edit")
    with scope_of(editing), transaction.atomic():
        held = Subscription.objects.select_for_update().filter(pk=subscription_id, customer_id=customer_id).first()
        if held is None:
            raise NotFoundError(object_type="subscription", object_id=str(subscription_id))
        if held.version != version:
            raise StaleVersionError(version=held.version)
        before = _audited(held)
        _check_listed(held.tenant_id, values, before)
        _set(held, values)
        held.version += 1
        held.save()
        after = _audited(held)
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        details = {"subscription": str(held.pk), "difference": changed}
        audit.record(actor, "customer.subscription_changed", "customer", customer_id, held.tenant_id, details)


def made_of(customer: Customer, new: NewSubscription, position: int) -> Subscription:
    """The unsaved row. Raises SubscriptionDaysError."""
    made = Subscription(tenant_id=customer.tenant_id, customer=customer, position=position)
    _set(made, new.dict())
    return made


def add_all(customer: Customer, products: Iterable[NewSubscription]) -> None:
    """Keep the products of a new customer."""
    Subscription.objects.bulk_create(made_of(customer, new, position) for position, new in enumerate(products))


def _set(held: Subscription, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(held, name, value)
    if "service_number" in values:
        held.service_number = read_number(values["service_number"])
        held.service_number_index = number_index(values["service_number"])
    check_days(held.valid_from, held.valid_to)


def _check_listed(tenant_id: UUID, values: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """What stands there already stays, also when it has left the list; an empty brand is none."""
    wanted = {name: values[name] for name in _LISTED if values.get(name) and values[name] != before.get(name)}
    known = {(one.field, one.code) for one in choices_of(tenant_id)} if wanted else set()
    for name, value in wanted.items():
        if (name, value) not in known:
            raise AttributeUnknownError(field=name, value=value)


def _audited(held: Subscription) -> dict[str, str | None]:
    """What the audit tells of it; numbers masked."""
    return {
        "product_line": held.product_line,
        "label": held.label,
        "service_number": mask_phone(held.service_number) if held.service_number else "",
        "brand": held.brand,
        "valid_from": held.valid_from.isoformat() if held.valid_from else None,
        "valid_to": held.valid_to.isoformat() if held.valid_to else None,
    }
