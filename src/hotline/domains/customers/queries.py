"""What others may know of customers: frozen structs, never models. Numbers leave here masked."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet

from hotline.domains.catalogue.queries import attribute_choices_of
from hotline.domains.customers.errors import SearchTooShortError
from hotline.domains.customers.models import Address, Customer, CustomerPhone, KeyAccount, Meter, Subscription
from hotline.domains.customers.numbers import number_index
from hotline.domains.customers.rules import (
    LEAST_SEARCH_LENGTH,
    Product,
    attributes_of,
    product_of,
    search_kind,
    segment_of,
    shared_customer,
)
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.fields import mask_phone
from hotline.foundation.tenancy import scope_of, tenant_scope


class PhoneView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    masked: str
    label: str


class MeterView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    text: str
    district: str
    meters: tuple[MeterView, ...]


class SubscriptionView(msgspec.Struct, frozen=True, kw_only=True):
    """A product; its number is masked."""

    id: UUID
    product_line: str
    label: str
    service_number: str
    brand: str
    valid_from: date | None
    valid_to: date | None
    version: int


class ConsentView(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    is_given: bool
    decided_at: datetime


class CustomerView(msgspec.Struct, frozen=True, kw_only=True):
    """A customer with everything that the desk shows."""

    id: UUID
    tenant_id: UUID
    number: str
    name: str
    kind: str
    value_grade: str
    since: date | None
    language: str
    service_language: str
    needs: tuple[str, ...]
    brand: str
    province: str
    is_rural: bool
    is_vip: bool
    version: int
    phones: tuple[PhoneView, ...]
    addresses: tuple[AddressView, ...]
    subscriptions: tuple[SubscriptionView, ...]
    consents: tuple[ConsentView, ...]


class CustomerBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a list."""

    id: UUID
    tenant_id: UUID
    number: str
    name: str
    kind: str
    value_grade: str
    address: str


class LookUp(msgspec.Struct, frozen=True, kw_only=True):
    """What a flow learns of a calling number: a hint, never a proof of who calls."""

    customer_id: str | None
    language: str | None
    segment: str
    attributes: dict[str, str] = {}  # what steers whom they come to
    manager_id: str | None = None  # the agent who looks after this key account


NOBODY = LookUp(customer_id=None, language=None, segment="unknown")


_LOOKED_UP = ("kind", "value_grade", "language", "service_language", "brand", "province", "is_vip", "is_rural")


def look_up(tenant_id: UUID, caller_address: str, today: date) -> LookUp:
    """What is known of a calling number, in one query, three for a known one. A number of several customers means none
    of them; of several products none, unless the number is one's own or they are of one line. `today` is the
    tenant's."""
    index = number_index(caller_address)
    if not index:
        return NOBODY
    with tenant_scope(tenant_id):
        columns = ("customer_id", *(f"customer__{name}" for name in _LOOKED_UP))
        phones = CustomerPhone.objects.filter(number_index=index).values_list(*columns)
        products = _in_use(Subscription.objects.filter(service_number_index=index), today).values_list(*columns)
        found = list(phones.union(products)[:2])
        customer_id = shared_customer([str(row[0]) for row in found])
        if customer_id is None:
            return NOBODY
        manager_id, tier = manager_of(UUID(customer_id), today)
        product_line, own_brand = product_of(_products(UUID(customer_id), index, today))
    kind, value_grade, language, service_language, brand, province, is_vip, is_rural = found[0][1:]
    return LookUp(
        customer_id=customer_id,
        language=language,
        segment=segment_of(kind, value_grade),
        attributes=attributes_of(
            brand=own_brand or brand,
            product_line=product_line,
            service_language=service_language,
            province=province,
            value_grade=value_grade,
            is_vip=is_vip,
            is_rural=is_rural,
            key_account=tier,
        ),
        manager_id=str(manager_id) if manager_id else None,
    )


def manager_of(customer_id: UUID, today: date) -> tuple[UUID | None, str]:
    """The agent who looks after the key account on that day and its class, neither when it is none. The newest validity
    holds."""
    valid = valid_on(KeyAccount.objects.filter(customer_id=customer_id), today)
    return valid.order_by("-valid_from").values_list("manager_id", "tier").first() or (None, "")


def _products(customer_id: UUID, index: str, today: date) -> list[Product]:
    """What the customer has on that day, each kind once; `index` is of the calling number."""
    is_calling = ExpressionWrapper(Q(service_number_index=index), output_field=BooleanField())
    rows = _in_use(Subscription.objects.filter(customer_id=customer_id), today).annotate(is_calling=is_calling)
    return [Product(*row) for row in rows.values_list("product_line", "brand", "is_calling").distinct()]


def _in_use(rows: QuerySet[Subscription], day: date) -> QuerySet[Subscription]:
    """Those of them that have begun and not ended on that day."""
    has_begun, has_not_ended = Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    return rows.filter(has_begun, has_not_ended)


def valid_on(rows: QuerySet[KeyAccount], day: date) -> QuerySet[KeyAccount]:
    """Those of them that are valid on that day."""
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def sole_customers_by_index(indexes: Collection[str]) -> dict[tuple[UUID, str], UUID]:
    """The customer of each (tenant, blind index) that is one customer's alone, in one query."""
    owners: dict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    if indexes:
        rows = CustomerPhone.objects.filter(number_index__in=indexes)
        for tenant_id, index, customer_id in rows.values_list("tenant_id", "number_index", "customer_id"):
            owners[tenant_id, index].add(customer_id)
    return {key: next(iter(ids)) for key, ids in owners.items() if len(ids) == 1}


def customer(customer_id: UUID) -> CustomerView:
    """The customer. Raises NotFoundError. Six queries."""
    found = _whole(Customer.objects.filter(pk=customer_id))
    if not found:
        raise NotFoundError(object_type="customer", object_id=str(customer_id))
    return found[0]


class SteeringChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A value that one of the fields that steer routing can have."""

    field: str
    code: str
    name: dict[str, str]


def steering_choices(actor: Actor, tenant_id: UUID | None) -> list[SteeringChoice]:
    """What the fields that steer routing can be for a customer of that tenant (without one, of the only tenant)."""
    editing = actor.narrowed("customers.edit")
    tenant = editing.tenant_or_only(tenant_id)
    with scope_of(editing):
        return choices_of(tenant)


def choices_of(tenant_id: UUID) -> list[SteeringChoice]:
    """The same; needs a scope. The tenant's own value grades come after the usual ones, or rename them."""
    values = [one for one in attribute_choices_of(tenant_id) if one.kind in _FIELD_OF]
    values.sort(key=lambda one: not (one.kind == "value_grade" and one.is_standard))
    return [SteeringChoice(field=_FIELD_OF[one.kind], code=one.code, name=one.name.dict()) for one in values]


_FIELD_OF: Final = {
    "value_grade": "value_grade",
    "brand": "brand",
    "product_line": "product_line",
    "region": "province",
    "language": "service_language",
}


def customer_or_none(customer_id: UUID | None) -> CustomerView | None:
    """The customer, None when unknown or removed. Six queries, none without an id."""
    found = _whole(Customer.objects.filter(pk=customer_id)) if customer_id else []
    return found[0] if found else None


def exists(customer_id: UUID, tenant_id: UUID) -> bool:
    """Whether the tenant has this customer."""
    return bool(Customer.objects.filter(pk=customer_id, tenant_id=tenant_id).exists())


def names_of(customer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id, in one query; without ids none."""
    ids = set(customer_ids)
    return dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def candidates(tenant_id: UUID, number: str) -> list[CustomerBrief]:
    """The customers who share a calling number, at most ten, by name. One query."""
    index = number_index(number)
    if not index:
        return []
    phones = CustomerPhone.objects.filter(customer=OuterRef("pk"), number_index=index)
    return _briefs(Customer.objects.filter(Q(Exists(phones)) | _has_service(number), tenant_id=tenant_id), 10)


def search(text: str, limit: int = 20) -> list[CustomerBrief]:
    """Customers by name, address, phone, meter, customer or product number; exact hits of numbers first. Two queries.

    Raises SearchTooShortError for less than two characters."""
    wanted = text.strip()
    if len(wanted) < LEAST_SEARCH_LENGTH:
        raise SearchTooShortError(least=LEAST_SEARCH_LENGTH)
    if search_kind(wanted) == "number_like":
        exact = _briefs(Customer.objects.filter(_has_number(wanted)), limit)
        if exact:
            return exact
    return _briefs(Customer.objects.filter(_has_text(wanted)), limit)


def _has_number(text: str) -> Q:
    phones = CustomerPhone.objects.filter(customer=OuterRef("pk"), number_index=number_index(text))
    meters = Meter.objects.filter(address__customer=OuterRef("pk"), number=text)
    return Q(Exists(phones)) | Q(Exists(meters)) | _has_service(text) | Q(number__iexact=text)


def _has_text(text: str) -> Q:
    addresses = Address.objects.filter(customer=OuterRef("pk"), text__icontains=text)
    meters = Meter.objects.filter(address__customer=OuterRef("pk"), number__istartswith=text)
    is_called = Q(name__icontains=text) | Q(number__iexact=text)
    return is_called | Q(Exists(addresses)) | Q(Exists(meters)) | _has_service(text)


def _has_service(text: str) -> Q:
    """Products' own numbers and accounts, which may hold letters, are found whole only."""
    return Q(Exists(Subscription.objects.filter(customer=OuterRef("pk"), service_number_index=number_index(text))))


def _briefs(rows: QuerySet[Customer], limit: int) -> list[CustomerBrief]:
    first_address = Address.objects.filter(customer=OuterRef("pk")).order_by("position", "id").values("text")[:1]
    listed = rows.annotate(address=first_address).order_by("name", "id")[:limit]
    columns = ("id", "tenant_id", "number", "name", "kind", "value_grade", "address")
    return [CustomerBrief(**{**row, "address": row["address"] or ""}) for row in listed.values(*columns)]


def _whole(rows: QuerySet[Customer]) -> list[CustomerView]:
    prefetched = rows.prefetch_related(
        Prefetch("phones", CustomerPhone.objects.order_by("position", "id")),
        Prefetch("addresses", Address.objects.order_by("position", "id")),
        Prefetch("subscriptions", Subscription.objects.order_by("position", "id")),
        Prefetch("addresses__meters", Meter.objects.order_by("number")),
        "consents",
    )
    return [_view(row) for row in prefetched]


def _view(row: Customer) -> CustomerView:
    return CustomerView(
        id=row.id,
        tenant_id=row.tenant_id,
        number=row.number,
        name=row.name,
        kind=row.kind,
        value_grade=row.value_grade,
        since=row.since,
        language=row.language,
        service_language=row.service_language,
        needs=tuple(row.needs),
        brand=row.brand,
        province=row.province,
        is_rural=row.is_rural,
        is_vip=row.is_vip,
        version=row.version,
        phones=tuple(PhoneView(id=p.id, masked=mask_phone(p.number), label=p.label) for p in row.phones.all()),
        addresses=tuple(_address(address) for address in row.addresses.all()),
        subscriptions=tuple(_subscription(held) for held in row.subscriptions.all()),
        consents=tuple(
            ConsentView(kind=c.kind, is_given=c.is_given, decided_at=c.decided_at)
            for c in sorted(row.consents.all(), key=lambda consent: consent.kind)
        ),
    )


def _subscription(row: Subscription) -> SubscriptionView:
    return SubscriptionView(
        id=row.id,
        product_line=row.product_line,
        label=row.label,
        service_number=mask_phone(row.service_number) if row.service_number else "",
        brand=row.brand,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        version=row.version,
    )


def _address(row: Address) -> AddressView:
    meters = tuple(MeterView(id=meter.id, number=meter.number) for meter in row.meters.all())
    return AddressView(id=row.id, text=row.text, district=row.district, meters=meters)
