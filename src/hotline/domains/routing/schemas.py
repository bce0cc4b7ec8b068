"""What the API takes and shows of queues and of the whole set-up's findings."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hotline.domains.setup_routes import Code, ListFilter, Names, RecordOut


class QueueSkillIn(Schema):
    skill_id: UUID
    level: Annotated[int, Field(ge=1, le=9)] = 1


class QueueIn(Schema):
    """`rank` orders the queues that one agent serves, higher first. `service_level_target` is in hundredths of a per
    cent: 8500 is 85 %. When the level of the last 15 minutes stays below it for `alarm_after_s` seconds, of at least
    `alarm_min_contacts` who asked, supervisors are alarmed; a target of 0 alarms nobody."""

    code: Code
    name: Names
    rank: Annotated[int, Field(ge=-1000, le=1000)] = 0
    offer_timeout_s: Annotated[int, Field(ge=5, le=120)] = 15
    wrap_up_s: Annotated[int, Field(ge=0, le=3600)] = 30
    is_wrap_up_automatic: bool = False
    service_level_s: Annotated[int, Field(ge=1, le=3600)] = 15
    service_level_target: Annotated[int, Field(ge=0, le=10_000, examples=[8500])] = 8500
    alarm_after_s: Annotated[int, Field(ge=0, le=3600)] = 60
    alarm_min_contacts: Annotated[int, Field(ge=1, le=10_000)] = 5
    is_active: bool = True
    skills: Annotated[list[QueueSkillIn], Field(max_length=50)] = []


class QueueOut(RecordOut):
    code: str
    name: Names
    rank: int
    offer_timeout_s: int
    wrap_up_s: int
    is_wrap_up_automatic: bool
    service_level_s: int
    service_level_target: int
    alarm_after_s: int
    alarm_min_contacts: int
    is_active: bool
    skills: list[QueueSkillIn]


class QueueFilter(ListFilter):
    is_active: bool | None = None


class FindingOut(Schema):
    code: str
    severity: Literal["error", "warning"]
    object_type: Literal["queue", "agent"]
    object_id: UUID
    tenant_id: UUID
    sentence: dict[str, str]


class QueueChoice(Schema):
    queue_id: UUID
    tenant_id: UUID
    name: Names


class AgentChoice(Schema):
    agent_id: UUID
    name: str
    number: str
    team_id: UUID | None


class TransferTargets(Schema):
    """Whom an agent can transfer to. Outside numbers are sealed first, by /desk/numbers/seal."""

    queues: list[QueueChoice]
    agents: list[AgentChoice]
