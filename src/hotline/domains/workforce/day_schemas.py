"""What the API takes and shows of the day itself: who is planned, what they did, and what can be done about it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.setup_routes import Names
from hotline.domains.workforce.adherence import Doing, Planned


class DayFilter(Schema):
    """Without a day: today where the tenant is."""

    day: date | None = None
    team_id: UUID | None = None
    tenant_id: UUID | None = None


class SegmentOut(Schema):
    """What is planned from one moment to the other. An activity has its id; so a break has its shift's and its place
    among the shift's breaks."""

    kind: Planned
    begins_at: datetime
    ends_at: datetime


class StretchOut(Schema):
    """What was done; without an end it goes on."""

    doing: Doing
    reason_id: UUID | None
    begins_at: datetime
    ends_at: datetime | None


class DayFiguresOut(Schema):
    """Seconds up to `as_of`; `adherence` and `conformance` in hundredths of a per cent, null where nothing was planned
    yet. `out_of_plan_at`: since when something else is done than planned."""

    planned_s: int
    kept_s: int
    adherence: int | None
    planned_work_s: int
    worked_s: int
    conformance: int | None
    late_s: int
    early_leave_s: int
    long_break_s: int
    is_absent: bool
    out_of_plan_at: datetime | None


class BreakOut(Schema):
    shift_id: UUID
    shift_version: int
    index: int
    begins_at: datetime
    ends_at: datetime


class ActivityOut(Schema):
    id: UUID
    version: int
    kind: Literal["training", "meeting", "coaching"]
    name: str
    begins_at: datetime
    ends_at: datetime
    is_movable: bool


class AbsenceOut(Schema):
    id: UUID
    version: int
    kind: Literal["sick", "leave", "unexcused", "other"]
    begins_at: datetime
    ends_at: datetime


class ShiftOfDayOut(Schema):
    id: UUID
    version: int
    name: Names
    short: str
    begins_at: datetime
    ends_at: datetime
    source: str


class PersonDayOut(Schema):
    """One person's day. Without a shift they are not rostered, and work all the same."""

    agent_id: UUID
    agent_name: str
    team_id: UUID | None
    team_name: Names | None
    is_rostered: bool
    shifts: list[ShiftOfDayOut]
    plan: list[SegmentOut]
    done: list[StretchOut]
    breaks: list[BreakOut]
    activities: list[ActivityOut]
    absences: list[AbsenceOut]
    figures: DayFiguresOut


class TeamDayOut(Schema):
    """Everybody's day as of a moment; the two shares are those of all who are rostered. `flags_not_rostered`: the
    tenant wants those marked who work without a shift."""

    tenant_id: UUID
    day: date
    time_zone: str
    begins_at: datetime
    ends_at: datetime
    as_of: datetime
    late_min: int
    is_published: bool
    flags_not_rostered: bool
    people: list[PersonDayOut]
    adherence: int | None
    conformance: int | None


class AbsenceIn(Schema):
    """Who is away, from when to when. `words` are kept sealed."""

    model_config = ConfigDict(extra="forbid")

    agent_id: UUID
    kind: Literal["sick", "leave", "unexcused", "other"] = "sick"
    begins_at: datetime
    ends_at: datetime
    words: Annotated[str, Field(max_length=2000)] = ""


class DayVersionIn(Schema):
    """`version` is that of the thing as it was read."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]


class DayMadeOut(Schema):
    """What was made."""

    id: UUID


class ReplacementOut(Schema):
    """Somebody who may lawfully take the work and has a skill of it. `is_on_call`: paid to be reachable then.
    `is_longer`: their own shift becomes longer, which is overtime."""

    agent_id: UUID
    agent_name: str
    is_on_call: bool
    is_longer: bool
    week_hours: float
    shared_skills: int
    asked: Literal["open", "accepted", "refused"] | None


class ReplacementsOut(Schema):
    """Who could take the rest of a shift; `barred` says how many cannot, by the rule that stands against it."""

    shift_id: UUID
    begins_at: datetime
    ends_at: datetime
    people: list[ReplacementOut]
    barred: dict[str, int]


class CallInAskIn(Schema):
    """Ask these people to take the rest of a shift, or to work longer."""

    model_config = ConfigDict(extra="forbid")

    shift_id: UUID
    agent_ids: Annotated[list[UUID], Field(min_length=1, max_length=20)]


class CallInAskedOut(Schema):
    request_ids: list[UUID]


class BreakMoveIn(Schema):
    """Move one break of a shift. Without `begins_at` it goes to the quietest allowed time still to come."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]
    index: Annotated[int, Field(ge=0, le=20)]
    begins_at: datetime | None = None


class ActivityMoveIn(Schema):
    """Move a training, meeting or coaching. Without `begins_at` it goes to the quietest time of the shift to come."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]
    begins_at: datetime | None = None


class ActivityIn(Schema):
    """Something within a shift that is not contacts."""

    model_config = ConfigDict(extra="forbid")

    agent_id: UUID
    kind: Literal["training", "meeting", "coaching"]
    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]
    begins_at: datetime
    ends_at: datetime
    is_movable: bool = True


class MovedOut(Schema):
    """Where it is now."""

    begins_at: datetime
    ends_at: datetime
