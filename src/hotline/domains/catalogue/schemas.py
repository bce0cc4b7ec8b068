"""What the API takes and shows of dispositions, ticket types, away reasons, attributes and modules."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hotline.domains.setup_routes import Code, ListFilter, Names, RecordOut

Position = Annotated[int, Field(ge=0, le=10_000)]
NodeKind = Literal["reason", "outcome"]


class DispositionNodeIn(Schema):
    """A reason without a parent may name the product line to which everything below it is coded."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=48, examples=["supply.no_water"])]
    name: Names
    kind: NodeKind
    parent_id: UUID | None = None
    product_line: Annotated[str, Field(max_length=32, examples=["mobile"])] = ""
    position: Position = 0
    valid_from: date | None = None
    valid_to: date | None = None


class DispositionNodeOut(RecordOut):
    code: str
    name: Names
    kind: NodeKind
    parent_id: UUID | None
    product_line: str
    position: int
    valid_from: date | None
    valid_to: date | None


class DispositionNodeFilter(ListFilter):
    kind: NodeKind | None = None
    parent_id: UUID | None = None


class TicketTypeIn(Schema):
    code: Code
    name: Names
    process_number: Annotated[int | None, Field(ge=1, le=999)] = None
    department_id: UUID | None = None
    due_hours: Annotated[int, Field(ge=1, le=8760)]
    position: Position = 0
    is_active: bool = True


class TicketTypeOut(RecordOut):
    code: str
    name: Names
    process_number: int | None
    department_id: UUID | None
    due_hours: int
    position: int
    is_active: bool


class TicketTypeFilter(ListFilter):
    department_id: UUID | None = None
    is_active: bool | None = None


class AwayReasonIn(Schema):
    code: Code
    name: Names
    position: Position = 0
    is_active: bool = True


class AwayReasonOut(RecordOut):
    code: str
    name: Names
    position: int
    is_active: bool


class AwayReasonFilter(ListFilter):
    is_active: bool | None = None


class AwayReasonChoiceOut(Schema):
    away_reason_id: UUID
    tenant_id: UUID
    name: Names


OwnAttributeKind = Literal["brand", "product_line", "value_grade"]
AttributeKind = Literal["brand", "product_line", "value_grade", "region", "language", "key_account"]
OneToFive = Annotated[int, Field(ge=1, le=5)]
Grading = OneToFive | None


class AttributeValueIn(Schema):
    """A brand, product line or value grade of the tenant's own; `code` is what contacts carry."""

    kind: OwnAttributeKind
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=32, examples=["gold"])]
    name: Names
    position: Position = 0
    is_active: bool = True


class AttributeValueOut(RecordOut):
    kind: OwnAttributeKind
    code: str
    name: Names
    position: int
    is_active: bool


class AttributeValueFilter(ListFilter):
    kind: OwnAttributeKind | None = None
    is_active: bool | None = None


class AttributeChoiceOut(Schema):
    """A value that can be chosen; standard ones (provinces, languages, usual grades and the like) belong to
    nobody."""

    kind: AttributeKind
    code: str
    name: Names
    is_standard: bool


class BusinessModuleIn(Schema):
    """`grade` is the lowest level of the funnel that can solve it. Difficulty, frequency and risk, 1-5 each, are for
    the suggestion alone."""

    code: Code
    name: Names
    grade: Annotated[int, Field(ge=1, le=9)]
    difficulty: Grading = None
    frequency: Grading = None
    risk: Grading = None
    position: Position = 0
    is_active: bool = True


class BusinessModuleOut(RecordOut):
    """`suggested_grade` follows from difficulty, frequency and risk, as `suggestion_reason` says; both are null while
    one of them is missing."""

    code: str
    name: Names
    grade: int
    difficulty: int | None
    frequency: int | None
    risk: int | None
    suggested_grade: int | None
    suggestion_reason: Names | None
    position: int
    is_active: bool


class GradeSuggestionOut(Schema):
    """The lowest level of the funnel that should take such a module, and why."""

    grade: int
    reason: Names


class BusinessModuleFilter(ListFilter):
    grade: int | None = None
    is_active: bool | None = None
