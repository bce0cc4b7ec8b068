"""What the API takes and shows of rotations and of applications to them."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.setup_routes import Code, Names, RecordOut
from hotline.domains.workforce.rules import State

TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", examples=["18:00"])]
Words = Annotated[str, Field(max_length=2000)]


class RotationIn(Schema):
    """All rules are hard; an empty one asks for nothing. `rest_block_days`: each week has at least one block of so many
    whole days off. `hours_tolerance_percent`: how far the month's hours may lie from the usual ones. `closed_hours`:
    times of day without work, over midnight where the end is not after the start. Empty `team_ids`: every team."""

    code: Code
    name: Names
    valid_from: date
    valid_to: date | None = None
    team_ids: Annotated[list[UUID], Field(max_length=200)] = []
    most_members: Annotated[int | None, Field(ge=1, le=100_000)] = None
    longest_months: Annotated[int, Field(ge=1, le=120)] = 12
    needs_evidence: bool = False
    rest_block_days: Annotated[int | None, Field(ge=2, le=7)] = None
    hours_tolerance_percent: Annotated[int | None, Field(ge=0, le=50)] = None
    asks_latest_end: bool = False
    asks_earliest_start: bool = False
    allows_split: bool = True
    closed_hours: Annotated[list[tuple[TimeOfDay, TimeOfDay]], Field(max_length=10)] = []
    asks_timetable: bool = False
    travel_minutes: Annotated[int, Field(ge=0, le=240)] = 0


class RotationPromise(Schema):
    """Until when a rotation is open, and what it asks of its members and promises them."""

    valid_from: date
    valid_to: date | None
    longest_months: int
    needs_evidence: bool
    rest_block_days: int | None
    hours_tolerance_percent: int | None
    asks_latest_end: bool
    asks_earliest_start: bool
    allows_split: bool
    closed_hours: list[tuple[str, str]]
    asks_timetable: bool
    travel_minutes: int


class RotationOut(RotationPromise, RecordOut):
    code: str
    name: Names
    team_ids: list[UUID]
    most_members: int | None


class LessonIn(Schema):
    """`weekday` 0 is Monday; times are those of the tenant's time zone."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    weekday: Annotated[int, Field(ge=0, le=6)]
    starts: time
    ends: time
    valid_from: date
    valid_to: date


class ApplicationIn(Schema):
    """`timetable` is a text of lines weekday,starts,ends,valid_from,valid_to and is added to `lessons`."""

    model_config = ConfigDict(extra="forbid")

    rotation_id: UUID
    valid_from: date
    valid_to: date
    latest_end: time | None = None
    earliest_start: time | None = None
    evidence: Words = ""
    lessons: Annotated[list[LessonIn], Field(max_length=200)] = []
    timetable: Annotated[str, Field(max_length=20_000)] = ""


class DecisionIn(Schema):
    """`text` is what the applicant reads; a refusal and an early end need one. `version` is that of the application
    as it was read."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]
    decision: Literal["approve", "refuse", "end"]
    text: Words = ""


class WithdrawalIn(Schema):
    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]


class MembershipOut(Schema):
    """An application or a term in a rotation. `has_evidence` only says that something was given: reading it is another
    request, which is audited."""

    id: UUID
    tenant_id: UUID
    version: int
    rotation_id: UUID
    rotation_name: Names
    agent_id: UUID
    agent_name: str
    state: State
    applied_at: datetime
    valid_from: date
    valid_to: date
    latest_end: time | None
    earliest_start: time | None
    lessons: list[LessonIn]
    has_evidence: bool
    decided_at: datetime | None


class ReasonsOut(Schema):
    """What the applicant gave as evidence, and what was answered."""

    evidence: str
    decision_text: str


class OpenRotationOut(RotationPromise):
    """A rotation that the caller may apply to today, with what it asks for and gives."""

    id: UUID
    name: Names


class MembershipFilter(Schema):
    state: State | None = None
    rotation_id: UUID | None = None
    agent_id: UUID | None = None
    on: date | None = None
