"""Key accounts: which agent looks after which customer, and when that is reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from hotline.domains.customers.errors import CustomerNumberUnknownError, KeyAccountDaysError
from hotline.domains.customers.models import Customer, KeyAccount
from hotline.domains.customers.queries import valid_on
from hotline.domains.customers.schemas import KeyAccountFilter, KeyAccountOut
from hotline.domains.setup_records import PERMISSION, SetupRecord, Writes
from hotline.domains.setup_routes import ListFilter, Reads
from hotline.foundation.actors import Actor
from hotline.foundation.ids import as_uuid
from hotline.foundation.tenancy import scope_of


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A key account as reports show it."""

    customer_id: UUID
    customer_number: str
    customer_name: str
    manager_id: UUID
    tier: str
    review_due_on: date


def accounts_on(day: date) -> list[Account]:
    """The key accounts of the scope that are valid on that day, by the customer's number; of several the newest."""
    rows = valid_on(KeyAccount.objects.select_related("customer"), day).order_by("customer__number", "-valid_from")
    newest: dict[UUID, KeyAccount] = {}
    for row in rows:
        newest.setdefault(row.customer_id, row)
    return [
        Account(
            customer_id=row.customer_id,
            customer_number=row.customer.number,
            customer_name=row.customer.name,
            manager_id=row.manager_id,
            tier=row.tier,
            review_due_on=row.review_due_on,
        )
        for row in newest.values()
    ]


def _out(row: KeyAccount) -> KeyAccountOut:
    tier: Any = row.tier
    return KeyAccountOut(
        id=row.pk,
        tenant_id=row.tenant_id,
        version=row.version,
        updated_at=row.updated_at,
        customer_id=row.customer_id,
        customer_number=row.customer.number,
        customer_name=row.customer.name,
        manager_id=row.manager_id,
        tier=tier,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        review_due_on=row.review_due_on,
        reviewed_on=row.reviewed_on,
    )


@dataclass(frozen=True)
class _AccountReads(Reads[KeyAccountOut]):
    """Also by when the yearly review is due."""

    def _filtered(self, filters: ListFilter) -> QuerySet[SetupRecord]:
        due_by = filters.review_due_by if isinstance(filters, KeyAccountFilter) else None
        plain = filters.model_copy(update={"review_due_by": None})
        rows: Any = super()._filtered(plain)
        return rows if due_by is None else valid_on(rows, due_by).filter(review_due_on__lte=due_by)


@dataclass(frozen=True)
class _AccountWrites(Writes[KeyAccount]):
    """The customer is named by the number that people know."""

    def create(self, actor: Actor, values: Mapping[str, Any], tenant_id: UUID | None = None) -> UUID:
        return super().create(actor, _with_customer(actor, values), tenant_id)

    def change(self, actor: Actor, record_id: UUID | str, version: int, values: Mapping[str, Any]) -> None:
        super().change(actor, record_id, version, _with_customer(actor, values))


def _with_customer(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(values)
    number = plain.pop("customer_number", None)
    if number is not None:
        with scope_of(actor.narrowed(PERMISSION)):
            found = Customer.objects.filter(number=number).values_list("pk", flat=True).first()
        if found is None:
            raise CustomerNumberUnknownError(number=number)
        plain["customer_id"] = as_uuid(found)
    return plain


def _check(account: KeyAccount) -> None:
    if account.valid_to is not None and account.valid_to < account.valid_from:
        raise KeyAccountDaysError(valid_from=account.valid_from, valid_to=account.valid_to)


key_accounts = _AccountWrites(KeyAccount, check=_check)
key_account_records = _AccountReads(
    KeyAccount,
    _out,
    search=("customer__number", "customer__name"),
    order=("customer__number", "id"),
    related=("customer",),
)
