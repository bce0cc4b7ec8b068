"""What may be done, and which role may do it. Deny by default: what is not listed here is refused."""

from typing import Final

from django.db import models

PERMISSIONS: Final[dict[str, dict[str, str]]] = {
    "desk.use": {"zh": "使用坐席工作台接听电话", "en": "Take calls on the agent desk"},
    "floor.view": {"zh": "查看现场、排队和大屏", "en": "See the floor, the queues and the wallboard"},
    "floor.monitor": {"zh": "监听、耳语、插话", "en": "Listen, whisper and barge"},
    "floor.force_state": {"zh": "强制改变坐席状态", "en": "Force an agent's state"},
    "floor.handle_alarms": {"zh": "处理现场告警", "en": "Take, acknowledge and silence alarms"},
    "floor.steer": {
        "zh": "标记场地停用、开关灾备模式、取消回拨",
        "en": "Mark sites as down, switch disaster mode, cancel call-backs",
    },
    "contacts.view": {"zh": "查看自己的联络记录", "en": "See one's own contacts"},
    "contacts.view_all": {"zh": "查看全部联络记录", "en": "See everybody's contacts"},
    "contacts.export": {"zh": "导出联络记录", "en": "Export contacts"},
    "contacts.preserve": {"zh": "保全联络和录音", "en": "Preserve contacts and recordings"},
    "recordings.listen": {"zh": "收听录音", "en": "Listen to recordings"},
    "customers.view": {"zh": "查看客户资料", "en": "See customers"},
    "customers.edit": {"zh": "修改客户资料", "en": "Change customers"},
    "customers.reveal_phone": {"zh": "查看完整电话号码", "en": "See whole phone numbers"},
    "tickets.view": {"zh": "查看工单", "en": "See tickets"},
    "tickets.edit": {"zh": "建立和处理工单", "en": "Open and work on tickets"},
    "tickets.assign": {"zh": "分派工单", "en": "Assign tickets"},
    "knowledge.edit": {"zh": "编辑知识库", "en": "Edit the knowledge base"},
    "quality.evaluate": {"zh": "质检评分", "en": "Evaluate quality"},
    "planning.edit": {"zh": "编辑预测和排班", "en": "Edit forecasts and rosters"},
    "planning.day": {
        "zh": "管理当日：查看遵时、报缺勤、叫人顶班、移动小休",
        "en": "Keep the day: adherence, absences, call-ins, moving breaks",
    },
    "reports.view": {"zh": "查看报表", "en": "See reports"},
    "admin.configure": {"zh": "配置技能、队列、流程等", "en": "Configure skills, queues, flows and the like"},
    "admin.users": {"zh": "管理用户和角色", "en": "Manage users and roles"},
    "admin.tenants": {"zh": "管理租户", "en": "Manage tenants"},
    "audit.view": {"zh": "查看和核验审计记录", "en": "See and verify the audit"},
}


class Role(models.TextChoices):
    """What a person is for one tenant."""

    AGENT = "agent"
    TEAM_LEADER = "team_leader"
    SUPERVISOR = "supervisor"
    QUALITY_INSPECTOR = "quality_inspector"
    PLANNER = "planner"
    KNOWLEDGE_EDITOR = "knowledge_editor"
    DEPARTMENT_HANDLER = "department_handler"
    CLIENT_VIEWER = "client_viewer"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Final[dict[str, dict[str, str]]] = {
    "agent": {"zh": "坐席", "en": "Agent"},
    "team_leader": {"zh": "班组长", "en": "Team leader"},
    "supervisor": {"zh": "现场主管", "en": "Supervisor"},
    "quality_inspector": {"zh": "质检员", "en": "Quality inspector"},
    "planner": {"zh": "排班员", "en": "Planner"},
    "knowledge_editor": {"zh": "知识编辑", "en": "Knowledge editor"},
    "department_handler": {"zh": "部门处理人", "en": "Department handler"},
    "client_viewer": {"zh": "委托方查看", "en": "Client viewer"},
    "administrator": {"zh": "管理员", "en": "Administrator"},
}

_AGENT = frozenset(
    {"desk.use", "contacts.view", "customers.view", "customers.edit", "tickets.view", "tickets.edit"},
)
_TEAM_LEADER = _AGENT | {
    "floor.view",
    "floor.monitor",
    "floor.handle_alarms",
    "contacts.view_all",
    "recordings.listen",
    "tickets.assign",
    "planning.day",
    "reports.view",
}
_SUPERVISOR = _TEAM_LEADER | {
    "floor.force_state",
    "floor.steer",
    "customers.reveal_phone",
    "contacts.export",
    "contacts.preserve",
}

ROLES: Final[dict[str, frozenset[str]]] = {
    Role.AGENT: _AGENT,
    Role.TEAM_LEADER: _TEAM_LEADER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.QUALITY_INSPECTOR: frozenset(
        {
            "contacts.view",
            "contacts.view_all",
            "recordings.listen",
            "customers.view",
            "tickets.view",
            "quality.evaluate",
            "reports.view",
        }
    ),
    Role.PLANNER: frozenset({"floor.view", "planning.edit", "planning.day", "reports.view"}),
    Role.KNOWLEDGE_EDITOR: frozenset({"knowledge.edit", "reports.view"}),
    Role.DEPARTMENT_HANDLER: frozenset({"customers.view", "tickets.view", "tickets.edit"}),
    Role.CLIENT_VIEWER: frozenset({"reports.view", "floor.view"}),
    # An administrator sets up and looks after, and does not take calls: desk.use comes with a second membership.
    Role.ADMINISTRATOR: frozenset(PERMISSIONS) - {"desk.use", "admin.tenants"},
}
# Tenants are made by installation administrators only (User.is_installation_administrator), not by any tenant's own.
INSTALLATION_PERMISSIONS: Final[frozenset[str]] = frozenset({"admin.tenants"})


def permissions_of(roles: set[str]) -> frozenset[str]:
    """All permissions that the roles give together; unknown roles give none."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
