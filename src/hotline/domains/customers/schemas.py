"""What goes over the wire about customers. The import reads its rows by the same `NewCustomer` as the desk."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints

from hotline.domains.customers.rules import ConsentKind, Kind, ValueGrade

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Need = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
CustomerNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
MeterNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Language = Annotated[str, StringConstraints(pattern="^(zh|en)$")]


class NewPhone(Schema):
    number: str = Field(min_length=2, max_length=40, examples=["13900000001"])
    label: str = Field("", max_length=40)


class NewAddress(Schema):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=240)]
    district: str = Field("", max_length=60)
    meters: list[MeterNumber] = []


class NewCustomer(Schema):
    """A customer to be made. Without a number the tenant's next one is given."""

    name: Name = Field(examples=["陈玉"])
    number: CustomerNumber | None = None
    kind: Kind = "person"
    value_grade: ValueGrade = "standard"
    since: date | None = None
    language: Language = "zh"
    needs: list[Need] = Field([], max_length=20)
    phones: list[NewPhone] = Field([], max_length=10)
    addresses: list[NewAddress] = Field([], max_length=20)
    consents: dict[ConsentKind, bool] = {}


class NewCustomerIn(NewCustomer):
    tenant_id: UUID | None = None  # needed only by those who serve several


class CustomerChange(Schema):
    """Only what is given changes; `version` is the one that was read."""

    version: int
    name: Name | None = None
    kind: Kind | None = None
    value_grade: ValueGrade | None = None
    language: Language | None = None
    needs: list[Need] | None = Field(None, max_length=20)


class ConsentIn(Schema):
    kind: ConsentKind
    is_given: bool


class RevealPhoneIn(Schema):
    reason: str = Field(max_length=200, examples=["customer asks which number we have"])


class RevealedPhone(Schema):
    number: str


class Created(Schema):
    id: UUID


class PhoneOut(Schema):
    id: UUID
    masked: str = Field(examples=["139****0001"])
    label: str


class MeterOut(Schema):
    id: UUID
    number: str


class AddressOut(Schema):
    id: UUID
    text: str
    district: str
    meters: list[MeterOut]


class ConsentOut(Schema):
    kind: str
    is_given: bool
    decided_at: datetime


class CustomerOut(Schema):
    id: UUID
    tenant_id: UUID
    number: str
    name: str
    kind: str
    value_grade: str
    since: date | None
    language: str
    needs: list[str]
    version: int
    phones: list[PhoneOut]
    addresses: list[AddressOut]
    consents: list[ConsentOut]


class CustomerBriefOut(Schema):
    id: UUID
    tenant_id: UUID
    number: str
    name: str
    kind: str
    value_grade: str
    address: str


class CustomerListOut(Schema):
    items: list[CustomerBriefOut]


class LookUpIn(Schema):
    """What the node's flow asks; the called number is for tenants that keep customers by line."""

    tenant_id: UUID
    caller_address: str | None = None
    called_address: str = ""


class LookUpOut(Schema):
    customer_id: UUID | None
    priority: int
    language: str | None
    segment: str
