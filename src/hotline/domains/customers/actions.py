"""Every write to customers: lock, check, save, audit, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import ValidationError

from hotline.domains.customers.errors import AttributeUnknownError, CustomerNumberTakenError, RevealReasonMissingError
from hotline.domains.customers.models import (
    Address,
    Consent,
    Customer,
    CustomerCounter,
    CustomerPhone,
    Meter,
    Subscription,
)
from hotline.domains.customers.numbers import number_index
from hotline.domains.customers.queries import choices_of
from hotline.domains.customers.schemas import NewAddress, NewCustomer, NewPhone, NewSubscription
from hotline.domains.customers.subscriptions import add_all
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import InvalidInputError, NotFoundError, StaleVersionError
from hotline.foundation.fields import normalise_phone
from hotline.foundation.tenancy import scope_of

IMPORT_CHUNK = 40  # customers of one transaction: with phones, addresses and meters well under 500 rows


@dataclass(frozen=True, slots=True)
class Imported:
    """How many customers an import made, and how many were there before."""

    created: int
    known: int


def create_customer(actor: Actor, tenant_id: UUID | None, new: NewCustomer, source: str = "desk") -> UUID:
    """Make a customer with phones, addresses, meters and consents; answers the id.

    Raises CustomerNumberTakenError, and PhoneNumberError for what is not a number."""
    editing = actor.narrowed("customers.edit")
    tenant = editing.tenant_or_only(tenant_id)
    with scope_of(editing), transaction.atomic():
        customer = _add(tenant, new, source)
        audit.record(actor, "customer.created", "customer", customer.id, tenant, {"number": customer.number})
    return customer.id


def change_customer(actor: Actor, customer_id: UUID, version: int, values: Mapping[str, Any]) -> None:
    """Set name, kind, language, needs, and what steers whom the customer comes to.

    Raises NotFoundError, StaleVersionError, and AttributeUnknownError for a new value that is not in the lists."""
    editing = actor.narrowed("customers.edit")
    with scope_of(editing), transaction.atomic():
        customer = _locked(customer_id)
        if customer.version != version:
            raise StaleVersionError(version=customer.version)
        before = {name: getattr(customer, name) for name in values}
        _check_steering(customer, values)
        for name, value in values.items():
            setattr(customer, name, value)
        customer.version += 1
        customer.save()
        changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
        audit.record(actor, "customer.changed", "customer", customer.id, customer.tenant_id, {"difference": changed})


def _check_steering(customer: Customer, values: Mapping[str, Any]) -> None:
    """What stands there already stays, also when it has left the list; an empty value is none."""
    wanted = {
        name: values[name]
        for name in ("value_grade", "brand")
        if values.get(name) and values[name] != getattr(customer, name)
    }
    known = {(one.field, one.code) for one in choices_of(customer.tenant_id)} if wanted else set()
    for name, value in wanted.items():
        if (name, value) not in known:
            raise AttributeUnknownError(field=name, value=value)


def add_phone(actor: Actor, customer_id: UUID, new: NewPhone) -> UUID:
    """Add a number to a customer; the same number again changes nothing. Answers the phone's id."""
    editing = actor.narrowed("customers.edit")
    with scope_of(editing), transaction.atomic():
        customer = _locked(customer_id)
        phone = _phone(customer, new, position=CustomerPhone.objects.filter(customer=customer).count())
        known = CustomerPhone.objects.filter(customer=customer, number_index=phone.number_index).first()
        if known is not None:
            return UUID(str(known.id))
        phone.save()
        audit.record(
            actor, "customer.phone_added", "customer", customer.id, customer.tenant_id, {"phone": str(phone.id)}
        )
    return phone.id


def set_consent(actor: Actor, customer_id: UUID, kind: str, *, is_given: bool) -> None:
    """Note what the customer has agreed to or refused, with the time."""
    editing = actor.narrowed("customers.edit")
    with scope_of(editing), transaction.atomic():
        customer = _locked(customer_id)
        Consent.objects.update_or_create(
            customer=customer,
            kind=kind,
            defaults={"is_given": is_given, "decided_at": timezone.now(), "source": "desk"},
            create_defaults={
                "tenant_id": customer.tenant_id,
                "is_given": is_given,
                "decided_at": timezone.now(),
                "source": "desk",
            },
        )
        details = {"kind": kind, "is_given": is_given}
        audit.record(actor, "customer.consent_set", "customer", customer.id, customer.tenant_id, details)


def reveal_phone(actor: Actor, customer_id: UUID, phone_id: UUID, reason: str) -> str:
    """The whole number; who saw it and why is in the audit first. Raises NotFoundError, RevealReasonMissingError."""
    return _revealed(actor, CustomerPhone, "number", "phone", customer_id, phone_id, reason)


def reveal_service_number(actor: Actor, customer_id: UUID, subscription_id: UUID, reason: str) -> str:
    """The whole number of a product, likewise. Raises NotFoundError, RevealReasonMissingError."""
    return _revealed(actor, Subscription, "service_number", "subscription", customer_id, subscription_id, reason)


def _revealed(
    actor: Actor,
    model: type[CustomerPhone | Subscription],
    column: str,
    object_type: str,
    customer_id: UUID,
    row_id: UUID,
    reason: str,
) -> str:
    revealing = actor.narrowed("customers.reveal_phone")
    if not reason.strip():
        raise RevealReasonMissingError
    with scope_of(revealing), transaction.atomic():
        row = model.objects.filter(pk=row_id, customer_id=customer_id).first()
        if row is None:
            raise NotFoundError(object_type=object_type, object_id=str(row_id))
        details = {"customer_id": str(customer_id), "reason": reason.strip()[:200]}
        audit.record_read(actor, f"customer.{object_type}_revealed", object_type, row.pk, row.tenant_id, details)
        return str(getattr(row, column))


def import_customers(actor: Actor, rows: Iterable[Mapping[str, Any]]) -> Imported:
    """Make customers from rows such as those of a scenario's `customers`; those whose number is known stay as they are.

    `actor` serves the one tenant. Raises InvalidInputError naming the row that cannot be read; then nothing of its
    chunk is kept."""
    tenant = actor.tenant_or_only()
    read = [_read_row(number, row) for number, row in enumerate(rows, start=1)]
    created = sum(
        _import_chunk(actor, tenant, read[at : at + IMPORT_CHUNK]) for at in range(0, len(read), IMPORT_CHUNK)
    )
    return Imported(created=created, known=len(read) - created)


def _read_row(number: int, row: Mapping[str, Any]) -> NewCustomer:
    try:
        new = NewCustomer.model_validate(dict(row))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(field=f"row {number}, {place}", problem=first["msg"]) from error
    if new.number is None:
        raise InvalidInputError(field=f"row {number}", problem="an imported customer needs a number")
    return new


def _import_chunk(actor: Actor, tenant: UUID, chunk: list[NewCustomer]) -> int:
    with scope_of(actor), transaction.atomic():
        numbers = [new.number for new in chunk]
        known = set(Customer.objects.filter(tenant_id=tenant, number__in=numbers).values_list("number", flat=True))
        fresh = [new for new in chunk if new.number not in known]
        for new in fresh:
            _add(tenant, new, "import")
        if fresh:
            audit.record(actor, "customer.imported", "tenant", tenant, tenant, {"count": len(fresh)})
    return len(fresh)


def _add(tenant: UUID, new: NewCustomer, source: str) -> Customer:
    customer = Customer(
        tenant_id=tenant,
        number=new.number or _next_number(tenant),
        name=new.name.strip(),
        kind=new.kind,
        value_grade=new.value_grade,
        since=new.since,
        language=new.language,
        service_language=new.service_language,
        needs=list(new.needs),
        brand=new.brand,
        province=new.province,
        is_rural=new.is_rural,
        is_vip=new.is_vip,
    )
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        raise CustomerNumberTakenError(number=customer.number) from error
    phones = [_phone(customer, phone, position) for position, phone in enumerate(new.phones)]
    CustomerPhone.objects.bulk_create({phone.number_index: phone for phone in phones}.values())
    _add_addresses(customer, new.addresses)
    only = [NewSubscription(product_line=new.product_line)] if new.product_line else []
    add_all(customer, new.subscriptions or only)
    _add_consents(customer, new, source, timezone.now())
    return customer


def _phone(customer: Customer, new: NewPhone, position: int) -> CustomerPhone:
    return CustomerPhone(
        tenant_id=customer.tenant_id,
        customer=customer,
        number=normalise_phone(new.number),
        number_index=number_index(new.number),
        label=new.label,
        position=position,
    )


def _add_addresses(customer: Customer, addresses: Iterable[NewAddress]) -> None:
    for position, new in enumerate(addresses):
        address = Address.objects.create(
            tenant_id=customer.tenant_id, customer=customer, text=new.text, district=new.district, position=position
        )
        meters = [Meter(tenant_id=customer.tenant_id, address=address, number=number) for number in new.meters]
        Meter.objects.bulk_create(meters)


def _add_consents(customer: Customer, new: NewCustomer, source: str, moment: datetime) -> None:
    Consent.objects.bulk_create(
        Consent(
            tenant_id=customer.tenant_id,
            customer=customer,
            kind=kind,
            is_given=is_given,
            decided_at=moment,
            source=source,
        )
        for kind, is_given in new.consents.items()
    )


def _next_number(tenant: UUID) -> str:
    counter, _ = CustomerCounter.objects.select_for_update().get_or_create(tenant_id=tenant)
    number = f"C-{counter.next_number:06d}"
    counter.next_number += 1
    counter.save(update_fields=["next_number"])
    return number


def _locked(customer_id: UUID) -> Customer:
    customer: Customer | None = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise NotFoundError(object_type="customer", object_id=str(customer_id))
    return customer
