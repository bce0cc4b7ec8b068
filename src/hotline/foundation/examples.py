"""Examples for the API's description: foundation's own, and the ids that every room's examples use."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from ninja import Schema

from hotline.foundation.administration import (
    AuditLine,
    AuditVerdict,
    Bilingual,
    PasswordIn,
    RoleIn,
    TenantChange,
    TenantIn,
    UserChange,
    UserIn,
    UserOut,
)
from hotline.foundation.permissions import Role
from hotline.foundation.routes import LiveTokenOut, Me, OwnTenantOut, Preferences


def example_id(number: int) -> UUID:
    """A readable UUIDv7; the same number is the same thing in every example."""
    return UUID(f"01939a4e-7c00-7000-8000-{number:012d}")


SHIBEI: Final = example_id(1)
WANG_FANG: Final = example_id(11)  # a person who logs in
CHEN_YU: Final = example_id(21)  # a customer
AGENT: Final = example_id(31)
REPAIR_QUEUE: Final = example_id(41)
REPAIR_DEPARTMENT: Final = example_id(51)
NO_WATER: Final = example_id(61)  # a reason of contacts
SETTLED: Final = example_id(62)  # an outcome of contacts
CONTACT: Final = example_id(71)
TICKET: Final = example_id(81)
LEAK: Final = example_id(82)  # a type of tickets
SITE: Final = example_id(91)
TEAM: Final = example_id(92)
SKILL: Final = example_id(93)
CALENDAR: Final = example_id(94)
FLOW: Final = example_id(95)
ENTRY_POINT: Final = example_id(96)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the examples' day."""
    return datetime(2026, 3, 2, hour, minute, second, tzinfo=UTC)


EXAMPLES: Final[tuple[Schema, ...]] = (
    TenantIn(
        code="shibei-water",
        name=Bilingual(zh="市北自来水", en="Shibei Water"),
        brand_colour="#1668dc",
        time_zone="Asia/Shanghai",
    ),
    TenantChange(
        version=3, name=Bilingual(zh="市北水务", en="Shibei Water Services"), brand_colour="#0b7285", is_active=True
    ),
    UserIn(
        username="wang.fang",
        name="王芳",
        email="wang.fang@water.example",
        language="zh",
        password="correct-horse-battery",  # noqa: S106  # an example of a good one
        roles=[RoleIn(tenant_id=SHIBEI, role=Role.AGENT)],
    ),
    UserIn(
        username="emma.li",
        name="Emma Li",
        language="en",
        password="nine-blue-kettles",  # noqa: S106
        roles=[RoleIn(tenant_id=SHIBEI, role=Role.SUPERVISOR)],
    ),
    UserChange(version=3, name="王芳芳", language="zh"),
    PasswordIn(password="correct-horse-battery"),  # noqa: S106
    RoleIn(tenant_id=SHIBEI, role=Role.TEAM_LEADER),
    Preferences(language="zh", text_size=16, theme="dark"),
    UserOut(
        user_id=WANG_FANG,
        username="wang.fang",
        name="王芳",
        email="wang.fang@water.example",
        language="zh",
        is_active=True,
        has_second_factor=False,
        version=3,
        roles=[RoleIn(tenant_id=SHIBEI, role=Role.AGENT)],
    ),
    Me(
        user_id=WANG_FANG,
        username="wang.fang",
        name="王芳",
        email="wang.fang@water.example",
        language="zh",
        text_size=16,
        theme="system",
        has_second_factor=False,
        permissions=["contacts.view", "customers.view", "desk.work"],
        tenants=[
            OwnTenantOut(
                tenant_id=SHIBEI,
                code="shibei",
                name={"zh": "市北自来水", "en": "Shibei Water"},
                brand_colour="#1668dc",
                time_zone="Asia/Shanghai",
                is_simulated=False,
                roles=["agent"],
                permissions=["contacts.view", "customers.view", "desk.work"],
            )
        ],
    ),
    LiveTokenOut(token="eyJzdWIiOiIwMTkzIn0.c2lnbmVk", expires_at_ms=1_772_442_300_000),  # noqa: S106
    AuditLine(
        id=4711,
        at=at(1, 30),
        tenant_id=SHIBEI,
        actor_kind="user",
        actor_id=WANG_FANG,
        actor_name="王芳",
        address="10.20.0.17",
        action="customer.phone_revealed",
        object_type="customer",
        object_id=str(CHEN_YU),
        details={"reason": "客户要求核对登记号码"},
        is_read=True,
    ),
    AuditVerdict(is_whole=True, problems=[]),
)
