"""What goes over the wire about customers. The import reads its rows by the same `NewCustomer` as the desk."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints, model_validator

from hotline.domains.customers.rules import PROVINCES, SERVICE_LANGUAGES, ConsentKind, Kind, Tier, ValueGrade
from hotline.domains.setup_routes import ListFilter, RecordOut

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Need = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
CustomerNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
MeterNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Language = Annotated[str, StringConstraints(pattern="^(zh|en)$")]
Province = Annotated[
    str, StringConstraints(pattern=f"^({'|'.join(PROVINCES)})?$"), Field(description="GB/T 2260, two digits; or empty.")
]
ServiceLanguage = Annotated[
    str,
    StringConstraints(pattern=f"^({'|'.join(SERVICE_LANGUAGES)})?$"),
    Field(description="In which language agents serve the customer, ISO 639; empty: in that of the prompts."),
]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)]
ProductLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
ProductLabel = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
ServiceNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=40),
    Field(description="The product's own number or account, sealed; a call from it is about this product."),
]


class NewPhone(Schema):
    number: str = Field(min_length=2, max_length=40, examples=["13900000001"])
    label: str = Field("", max_length=40)


class NewAddress(Schema):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=240)]
    district: str = Field("", max_length=60)
    meters: list[MeterNumber] = []


class NewSubscription(Schema):
    """A product of the customer. Both days of validity are included; without them it has no beginning or no end."""

    product_line: ProductLine = Field(examples=["mobile"])
    label: ProductLabel = ""
    service_number: ServiceNumber = ""
    brand: Label = ""
    valid_from: date | None = None
    valid_to: date | None = None


class SubscriptionChange(Schema):
    """Only what is given changes; `version` is the one that was read. A product that is no longer used is given a last
    day."""

    version: int
    product_line: ProductLine | None = None
    label: ProductLabel | None = None
    service_number: ServiceNumber | None = None
    brand: Label | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class NewCustomer(Schema):
    """A customer to be made. Without a number the tenant's next one is given. `product_line` alone is short for one
    subscription of that line, without days."""

    name: Name = Field(examples=["陈玉"])
    number: CustomerNumber | None = None
    kind: Kind = "person"
    value_grade: ValueGrade = "standard"
    since: date | None = None
    language: Language = "zh"
    service_language: ServiceLanguage = ""
    needs: list[Need] = Field([], max_length=20)
    brand: Label = ""
    product_line: Label = ""
    province: Province = ""
    is_rural: bool = False
    is_vip: bool = False
    phones: list[NewPhone] = Field([], max_length=10)
    addresses: list[NewAddress] = Field([], max_length=20)
    subscriptions: list[NewSubscription] = Field([], max_length=20)
    consents: dict[ConsentKind, bool] = {}

    @model_validator(mode="after")
    def _names_its_products_once(self) -> Self:
        if self.product_line and self.subscriptions:
            raise ValueError("give product_line or subscriptions, not both")
        return self


class NewCustomerIn(NewCustomer):
    tenant_id: UUID | None = None  # needed only by those who serve several


class CustomerChange(Schema):
    """Only what is given changes; `version` is the one that was read."""

    version: int
    name: Name | None = None
    kind: Kind | None = None
    value_grade: Label | None = Field(None, description="A usual grade or one of the tenant's own.")
    language: Language | None = None
    service_language: ServiceLanguage | None = None
    needs: list[Need] | None = Field(None, max_length=20)
    brand: Label | None = None
    province: Province | None = None
    is_rural: bool | None = None
    is_vip: bool | None = None


class SteeringChoiceOut(Schema):
    """A value that a customer's field can have: what steers whom the customer comes to."""

    field: Literal["value_grade", "brand", "product_line", "province", "service_language"]
    code: str
    name: dict[str, str]


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


class SubscriptionOut(Schema):
    id: UUID
    product_line: str
    label: str
    service_number: str = Field(examples=["139****0001"], description="Masked.")
    brand: str
    valid_from: date | None
    valid_to: date | None
    version: int


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
    service_language: str
    needs: list[str]
    brand: str
    province: str
    is_rural: bool
    is_vip: bool
    version: int
    phones: list[PhoneOut]
    addresses: list[AddressOut]
    subscriptions: list[SubscriptionOut]
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


class KeyAccountIn(Schema):
    """`customer_number` is what stands on the customer's bill. Both days of validity are included."""

    customer_number: CustomerNumber = Field(examples=["SB-200017"])
    manager_id: UUID
    tier: Tier = "c"
    valid_from: date
    valid_to: date | None = None
    review_due_on: date
    reviewed_on: date | None = None


class KeyAccountOut(RecordOut):
    customer_id: UUID
    customer_number: str
    customer_name: str
    manager_id: UUID
    tier: Tier
    valid_from: date
    valid_to: date | None
    review_due_on: date
    reviewed_on: date | None


class KeyAccountFilter(ListFilter):
    """`review_due_by`: only those whose yearly review is due until that day and that are still valid then."""

    manager_id: UUID | None = None
    tier: Tier | None = None
    review_due_by: date | None = None
