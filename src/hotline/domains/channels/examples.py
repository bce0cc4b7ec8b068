"""Examples of entry points, flows, prompts and outbound lists for the API's description."""

from datetime import datetime
from typing import Any, Final

from ninja import Schema

from hotline.domains.channels.schemas import (
    CheckIn,
    ChooseVersionIn,
    DepartmentLineIn,
    DepartmentLineOut,
    DepartmentTargetOut,
    DepartmentTargets,
    EmergencyNumberIn,
    EntryPointIn,
    EntryPointOut,
    EntryPointSecretOut,
    FlowDraftIn,
    FlowIn,
    FlowOut,
    FlowVersionLine,
    OutboundPrefixIn,
    ProblemOut,
    PromptIn,
    QueueMessageIn,
    SealedOut,
    SealIn,
    SoftphoneOut,
    StepPosition,
    TransferTargetOut,
    TrialCallIn,
)
from hotline.domains.setup_routes import Names
from hotline.foundation.examples import (
    ENTRY_POINT,
    FLOW,
    REPAIR_DEPARTMENT,
    REPAIR_QUEUE,
    SHIBEI,
    WANG_FANG,
    at,
    example_id,
)

_LINE: Final = Names(zh="供水热线", en="Water hotline")
_FLOW: Final = Names(zh="主菜单", en="Main menu")
# The shortest complete flow: greet, then bring the caller to a person.
DEFINITION: Final[dict[str, Any]] = {
    "first_step": "greeting",
    "time_zone": "Asia/Shanghai",
    "steps": {
        "greeting": {
            "kind": "say",
            "messages": [{"zh": "欢迎致电市北自来水。", "en": "Welcome to Shibei Water."}],
            "next": "agent",
        },
        "agent": {"kind": "queue", "queue_id": str(REPAIR_QUEUE)},
    },
}

_REPAIR: Final = DepartmentTargetOut(
    department_id=REPAIR_DEPARTMENT,
    tenant_id=SHIBEI,
    name=Names(zh="抢修队", en="Emergency repair"),
    target_kind="number",
    is_open=False,
    opens_at=at(16),
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    EntryPointIn(
        name=_LINE,
        address="962740",
        channel="voice",
        language="zh",
        flow_id=FLOW,
        recording="announced",
        fallback_queue_id=REPAIR_QUEUE,
    ),
    EntryPointOut(
        id=ENTRY_POINT,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        name=_LINE,
        address="962740",
        channel="voice",
        language="zh",
        flow_id=FLOW,
        recording="announced",
        fallback_queue_id=REPAIR_QUEUE,
        calendar_id=None,
        has_secret=False,
        is_simulated=False,
        is_active=True,
    ),
    EntryPointSecretOut(secret="yYk2p0-4sXz8mQ"),  # noqa: S106
    FlowIn(code="main", name=_FLOW, definition=DEFINITION),
    FlowOut(
        id=FLOW,
        tenant_id=SHIBEI,
        version=4,
        updated_at=at(0),
        code="main",
        name=_FLOW,
        versions=[
            FlowVersionLine(
                number=1,
                state="published",
                note="开通",
                created_at=at(0),
                updated_at=at(0),
                published_at=at(1),
                published_by_id=WANG_FANG,
            )
        ],
        published_number=1,
        draft_number=None,
    ),
    FlowDraftIn(version=4, definition=DEFINITION, layout={"greeting": StepPosition(x=80, y=40)}, note="新的欢迎词"),
    CheckIn(definition=DEFINITION),
    ProblemOut(
        code="flow.no_way_out",
        step_id="greeting",
        sentence="The step greeting leads nowhere: choose its next step.",
        data={"step_id": "greeting"},
    ),
    TrialCallIn(
        definition=DEFINITION,
        answers=["1"],
        caller="13900005521",
        called="962740",
        language="zh",
        local_moment=datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001  # a wall clock's time in the flow's own zone
    ),
    ChooseVersionIn(version=4, number=1),
    PromptIn(code="welcome", name=Names(zh="欢迎词", en="Welcome")),
    OutboundPrefixIn(prefix="021", note="上海固定电话"),
    QueueMessageIn(
        code="bill-online",
        text=Names(zh="账单也可以在网上查询。", en="Bills can also be seen on our web page."),
        queue_id=REPAIR_QUEUE,
        every_s=60,
    ),
    EmergencyNumberIn(number="96110", name=Names(zh="反诈中心", en="Anti-fraud centre")),
    DepartmentLineIn(department_id=REPAIR_DEPARTMENT, phone="021 6300 0000"),
    DepartmentLineOut(
        id=example_id(98),
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        department_id=REPAIR_DEPARTMENT,
        queue_id=None,
        phone="02163000000",
    ),
    DepartmentTargets(departments=[_REPAIR]),
    TransferTargetOut(target_kind="queue", target=str(REPAIR_QUEUE)),
    SealIn(number="021 6300 0000"),
    SealedOut(sealed="sealed:k1:2Yf0Q3p8"),
    SoftphoneOut(
        ws_path="/sip",
        sip_uri="sip:agent-8001@hotline",
        sip_user="agent-8001",
        sip_password="w5Zs0kQ7",  # noqa: S106
        resume_target="resume",
        kind="browser",
        has_voice=True,
    ),
)
