"""What the API takes and shows of sites, seats, departments and calendars."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import EmailStr, Field

from hotline.domains.setup_routes import Code, ListFilter, Names, RecordOut


class SiteIn(Schema):
    code: Code
    name: Names
    address: Annotated[str, Field(max_length=200)] = ""


class SiteOut(RecordOut):
    code: str
    name: Names
    address: str


SeatState = Literal["usable", "reserve", "out_of_order"]


SeatFault = Literal["computer", "headset", "network", "power", "furniture", "other"]
SeatLabel = Annotated[str, Field(min_length=1, max_length=32, pattern=r"\S", examples=["A-07"])]


class SeatIn(Schema):
    site_id: UUID
    label: SeatLabel
    state: SeatState = "usable"
    fault: Annotated[SeatFault | Literal[""], Field(description="Why it is out of order; ignored when it is not.")] = ""


class SeatOut(RecordOut):
    site_id: UUID
    label: str
    state: SeatState
    fault: SeatFault | Literal[""]


class SeatRowIn(Schema):
    """A row of seats at one site, from the first label to the last. Those that exist are left alone."""

    site_id: UUID
    first: Annotated[SeatLabel, Field(examples=["A001"])]
    last: Annotated[SeatLabel, Field(examples=["A040"])]
    state: Literal["usable", "reserve"] = "usable"


class SeatRowOut(Schema):
    created: int
    existing: int


class SeatFilter(ListFilter):
    site_id: UUID | None = None
    state: SeatState | None = None


class DepartmentIn(Schema):
    code: Code
    name: Names
    mailbox: Annotated[EmailStr | Literal[""], Field(examples=["repair@water.example"])] = ""
    calendar_id: UUID | None = None
    is_active: bool = True


class DepartmentOut(RecordOut):
    code: str
    name: Names
    mailbox: str
    calendar_id: UUID | None
    is_active: bool


class ActiveFilter(ListFilter):
    is_active: bool | None = None


Span = Annotated[list[str], Field(min_length=2, max_length=2, examples=[["08:30", "17:30"]])]


class CalendarDay(Schema):
    """A dated exception; without hours the day is closed."""

    day: date
    kind: Literal["holiday", "workday", "special"]
    name: Names
    hours: list[Span] = []


class CalendarIn(Schema):
    code: Code
    name: Names
    time_zone: Annotated[str, Field(max_length=64, examples=["Asia/Shanghai"])] = "Asia/Shanghai"
    valid_from: date | None = None
    weekly: Annotated[list[list[Span]], Field(description="Seven days, Monday first; an empty day is closed.")]
    exceptions: list[CalendarDay] = []
    is_provisional: bool = False


class CalendarVersionOut(Schema):
    number: int
    valid_from: date
    weekly: list[list[list[str]]]
    exceptions: list[CalendarDay]
    is_provisional: bool


class CalendarOut(RecordOut):
    code: str
    name: Names
    time_zone: str
    versions: list[CalendarVersionOut]
    is_open_now: bool
