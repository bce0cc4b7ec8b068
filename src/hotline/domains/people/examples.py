"""Examples of teams, skills, agents and holds for the API's description."""

from datetime import date
from typing import Final

from ninja import Schema

from hotline.domains.people.schemas import (
    AgentAsRead,
    AgentIn,
    AgentOut,
    AgentsChange,
    AgentSkillIn,
    AgentSkillOut,
    HoldIn,
    HoldOut,
    SkillIn,
    SkillNameOut,
    SkillWish,
    TeamIn,
)
from hotline.domains.setup_routes import Names
from hotline.foundation.examples import AGENT, SHIBEI, SITE, SKILL, TEAM, WANG_FANG, at, example_id

_SUSPENDED: Final = Names(zh="等待复训", en="Waiting for retraining")

EXAMPLES: Final[tuple[Schema, ...]] = (
    TeamIn(code="day-a", name=Names(zh="白班甲组", en="Day team A"), site_id=SITE, leader_id=WANG_FANG),
    SkillIn(code="repair", name=Names(zh="报修", en="Repair")),
    SkillIn(code="cantonese", name=Names(zh="粤语", en="Cantonese"), kind="language", values=["yue"]),
    AgentIn(
        user_id=WANG_FANG,
        number="8001",
        team_id=TEAM,
        capacity={"voice": 1},
        device="browser",
        skills=[AgentSkillIn(skill_id=SKILL, level=5, valid_to=date(2026, 12, 31))],
    ),
    AgentsChange(agents=[AgentAsRead(id=AGENT, version=3)], skills=[SkillWish(skill_id=SKILL, level=5)]),
    AgentOut(
        id=AGENT,
        tenant_id=SHIBEI,
        version=3,
        updated_at=at(0),
        user_id=WANG_FANG,
        username="wang.fang",
        name="王芳",
        number="8001",
        team_id=TEAM,
        capacity={"voice": 1},
        device="browser",
        is_active=True,
        takes="most_urgent",
        weight=10,
        group_ids=[],
        skills=[AgentSkillOut(skill_id=SKILL, level=5, valid_to=date(2026, 12, 31))],
        holds=[HoldOut(id=example_id(32), kind="suspension", reason=_SUSPENDED, until=at(10))],
    ),
    HoldIn(kind="suspension", reason=_SUSPENDED, until=at(10)),
    SkillNameOut(skill_id=SKILL, name=Names(zh="报修", en="Repairs")),
)
