"""What the API takes and shows of teams, skills, agents and holds."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.setup_routes import Code, ListFilter, Names, RecordOut

Device = Literal["browser", "sip_phone", "simulated"]
Level = Annotated[int, Field(ge=1, le=9)]


class TeamIn(Schema):
    code: Code
    name: Names
    site_id: UUID | None = None
    leader_id: UUID | None = None


class TeamOut(RecordOut):
    code: str
    name: Names
    site_id: UUID | None
    leader_id: UUID | None


class TeamFilter(ListFilter):
    site_id: UUID | None = None


SkillKind = Literal["general", "language", "brand", "product_line", "region", "certificate"]
AttributeCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=32)]


class SkillIn(Schema):
    """A skill of the kinds language, brand, product_line and region stands for an attribute of contacts: those with one
    of its `values` ask for it. Languages are codes of ISO 639 (zh, yue), regions those of GB/T 2260 (50)."""

    code: Code
    name: Names
    kind: SkillKind = "general"
    values: Annotated[list[AttributeCode], Field(max_length=50)] = []


class SkillOut(RecordOut):
    code: str
    name: Names
    kind: SkillKind
    values: list[str]


class SkillFilter(ListFilter):
    kind: SkillKind | None = None


class AgentSkillIn(Schema):
    skill_id: UUID
    level: Level
    valid_to: date | None = None


Takes = Literal["most_urgent", "strongest_skill"]


class AgentIn(Schema):
    """`takes` strongest_skill: the contact of the skill held best goes first. `weight` is for queues that choose by
    weight. `group_ids` are the teams beside their own that the agent stands in for."""

    user_id: UUID
    number: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,16}$", examples=["8001"])]
    team_id: UUID | None = None
    capacity: Annotated[dict[str, int], Field(examples=[{"voice": 1, "chat": 3}])] = {"voice": 1}
    device: Device = "browser"
    is_active: bool = True
    takes: Takes = "most_urgent"
    weight: Annotated[int, Field(ge=1, le=100)] = 10
    group_ids: Annotated[list[UUID], Field(max_length=50)] = []
    skills: Annotated[list[AgentSkillIn], Field(max_length=200)] = []


class AgentAsRead(Schema):
    id: UUID
    version: Annotated[int, Field(ge=1)]


class SkillWish(Schema):
    """`level` null takes the skill from the agents."""

    skill_id: UUID
    level: Level | None


class AgentsChange(Schema):
    """What becomes of all these agents. Skills and teams that are not named stay as they are with each; `team_id` is
    their own team from now on, where it is given; `add_group_ids` and `remove_group_ids` are teams that they stand in
    for. A last day of a skill stays."""

    model_config = ConfigDict(extra="forbid")

    agents: Annotated[list[AgentAsRead], Field(min_length=1, max_length=100)]
    skills: Annotated[list[SkillWish], Field(max_length=20)] = []
    team_id: UUID | None = None
    add_group_ids: Annotated[list[UUID], Field(max_length=20)] = []
    remove_group_ids: Annotated[list[UUID], Field(max_length=20)] = []


class AgentSkillOut(Schema):
    skill_id: UUID
    level: int
    valid_to: date | None


class HoldOut(Schema):
    id: UUID
    kind: str
    reason: Names
    until: datetime | None


class AgentOut(RecordOut):
    user_id: UUID
    username: str
    name: str
    number: str
    team_id: UUID | None
    capacity: dict[str, int]
    device: Device
    is_active: bool
    takes: Takes
    weight: int
    group_ids: list[UUID]
    skills: list[AgentSkillOut]
    holds: list[HoldOut]


class AgentFilter(ListFilter):
    team_id: UUID | None = None
    device: Device | None = None
    is_active: bool | None = None


class HoldIn(Schema):
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$", max_length=32, examples=["suspension"])]
    reason: Names
    until: datetime | None = None


class SkillNameOut(Schema):
    """A skill and what it is called."""

    skill_id: UUID
    name: Names
