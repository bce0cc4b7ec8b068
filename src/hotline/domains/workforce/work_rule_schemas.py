"""What the API takes and shows of shift kinds, labour rules, contracts, borrowing and settings."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.setup_routes import Code, ListFilter, Names, RecordOut
from hotline.domains.workforce.schemas import TimeOfDay

_DAY_MIN = 24 * 60
_WEEK_MIN = 7 * _DAY_MIN
Minutes = Annotated[int, Field(ge=0, le=_DAY_MIN)]
Piece = tuple[Minutes, Annotated[int, Field(ge=5, le=_DAY_MIN)]]
Count = Annotated[int | None, Field(ge=0, le=400)]
Share = Annotated[int, Field(ge=0, le=10_000)]
NotRostered = Literal["allow", "flag", "refuse"]


class BreakRule(Schema):
    """A break that begins between two minutes counted from the shift's start."""

    model_config = ConfigDict(extra="forbid")

    length_min: Annotated[int, Field(ge=5, le=240)]
    earliest_min: Minutes
    latest_min: Minutes
    is_paid: bool = False


class ShiftKindIn(Schema):
    """`pieces` are (start, length) in minutes counted from the shift's start: two of them make a split shift. It starts
    at one of `starts`, or every `starts_every_min` minutes of the day. Without `paid_min` the pieces without unpaid
    breaks are paid. Empty `skill_ids`: it serves every skill of the person."""

    code: Code
    name: Names
    short: Annotated[str, Field(min_length=1, max_length=6, pattern=r"\S", examples=["D8"])]
    pieces: Annotated[list[Piece], Field(min_length=1, max_length=4)]
    starts: Annotated[list[TimeOfDay], Field(max_length=96)] = []
    starts_every_min: Annotated[int, Field(ge=0, le=_DAY_MIN)] = 0
    breaks: Annotated[list[BreakRule], Field(max_length=8)] = []
    paid_min: Annotated[int | None, Field(ge=0, le=_DAY_MIN)] = None
    skill_ids: Annotated[list[UUID], Field(max_length=100)] = []
    is_on_call: bool = False
    is_active: bool = True


class ShiftKindOut(RecordOut):
    code: str
    name: Names
    short: str
    pieces: list[tuple[int, int]]
    starts: list[str]
    starts_every_min: int
    breaks: list[BreakRule]
    paid_min: int | None
    skill_ids: list[UUID]
    is_on_call: bool
    is_active: bool


class BreakStep(Schema):
    """After more than so many minutes of work, so many minutes of break in all."""

    model_config = ConfigDict(extra="forbid")

    after_min: Annotated[int, Field(ge=0, le=_DAY_MIN)]
    break_min: Annotated[int, Field(ge=5, le=240, multiple_of=5)]
    is_paid: bool = False


class LabourRulesIn(Schema):
    """What the law and a contract allow. An empty limit limits nothing; without `break_steps` breaks are those of the
    kinds of shift. `week_min`: the usual paid minutes of a week,
    over a roster kept within `tolerance_percent`. `most_nights` in 28 days. `fair_nights` is soft."""

    code: Code
    name: Names
    is_default: bool = False
    rest_min: Annotated[int, Field(ge=0, le=2880)] = 660
    most_day_min: Annotated[int | None, Field(ge=1, le=1440)] = None
    most_days_running: Annotated[int, Field(ge=1, le=31)] = 6
    most_days_week: Annotated[int, Field(ge=1, le=7)] = 6
    most_week_min: Annotated[int | None, Field(ge=1, le=_WEEK_MIN)] = None
    week_min: Annotated[int, Field(ge=0, le=_WEEK_MIN)] = 2400
    tolerance_percent: Annotated[int, Field(ge=0, le=100)] = 5
    most_nights_running: Count = None
    most_nights: Count = None
    fair_nights: Count = None
    most_weekends: Count = None
    most_holidays: Count = None
    break_steps: Annotated[list[BreakStep], Field(max_length=6)] = []


class LabourRulesOut(RecordOut):
    code: str
    name: Names
    is_default: bool
    rest_min: int
    most_day_min: int | None
    most_days_running: int
    most_days_week: int
    most_week_min: int | None
    week_min: int
    tolerance_percent: int
    most_nights_running: int | None
    most_nights: int | None
    fair_nights: int | None
    most_weekends: int | None
    most_holidays: int | None
    break_steps: list[BreakStep]


class ContractIn(Schema):
    """By which rules an agent works. Without `week_min` for the hours of the rules; empty `shift_kind_ids`: every kind.
    `employed_to` is the last day."""

    agent_id: UUID
    labour_rules_id: UUID
    week_min: Annotated[int | None, Field(ge=0, le=_WEEK_MIN)] = None
    shift_kind_ids: Annotated[list[UUID], Field(max_length=200)] = []
    employed_from: date | None = None
    employed_to: date | None = None


class ContractOut(RecordOut):
    agent_id: UUID
    agent_number: str
    agent_name: str
    labour_rules_id: UUID
    week_min: int | None
    shift_kind_ids: list[UUID]
    employed_from: date | None
    employed_to: date | None


class ContractFilter(ListFilter):
    agent_id: UUID | None = None
    labour_rules_id: UUID | None = None


class SkillBorrowingIn(Schema):
    """People with the skill `lender_id` may also serve `borrower_id`."""

    lender_id: UUID
    borrower_id: UUID


class SkillBorrowingOut(RecordOut):
    lender_id: UUID
    borrower_id: UUID


class Shrinkage(Schema):
    """Shares of paid time in which people are not at work, hundredths of a per cent."""

    model_config = ConfigDict(extra="forbid")

    leave: Share = 0
    sick: Share = 0
    training: Share = 0
    meeting: Share = 0
    breaks: Share = 0
    other: Share = 0


class WorkforceSettingsIn(Schema):
    """A shift with `night_min` minutes between `night_from` and `night_to` is a night shift. `not_rostered`: what comes
    of it when somebody signs in outside their roster, but for `early_min` before it and `late_min` after its start.
    Targets are hundredths of a per cent. `queue_calendars`: the opening calendar of a queue by the queue's id; a queue
    without one is always open."""

    night_from: TimeOfDay = "22:00"
    night_to: TimeOfDay = "06:00"
    night_min: Annotated[int, Field(ge=1, le=_DAY_MIN)] = 180
    not_rostered: NotRostered = "allow"
    early_min: Annotated[int, Field(ge=0, le=240)] = 30
    late_min: Annotated[int, Field(ge=0, le=240)] = 5
    swaps_need_approval: bool = True
    request_hours: Annotated[int, Field(ge=0, le=720)] = 12
    early_leave_is_paid: bool = False
    early_leave_answer_min: Annotated[int, Field(ge=5, le=240)] = 15
    abandoned_target: Share = 500
    occupancy_target: Share = 8500
    shrinkage: Shrinkage = Shrinkage()
    queue_calendars: Annotated[dict[UUID, UUID], Field(max_length=1000)] = {}


class WorkforceSettingsOut(RecordOut):
    night_from: str
    night_to: str
    night_min: int
    not_rostered: NotRostered
    early_min: int
    late_min: int
    swaps_need_approval: bool
    request_hours: int
    early_leave_is_paid: bool
    early_leave_answer_min: int
    abandoned_target: int
    occupancy_target: int
    shrinkage: Shrinkage
    queue_calendars: dict[UUID, UUID]
