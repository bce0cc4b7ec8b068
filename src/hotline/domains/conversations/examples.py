"""Examples of conversations for the API's description."""

from typing import Final

from ninja import Schema

from hotline.domains.conversations.rules import reference_of
from hotline.domains.conversations.schemas import (
    BeginChatIn,
    BegunOut,
    ConversationOut,
    FormIn,
    FormTakenOut,
    PageOut,
    SmsIn,
    SmsTakenOut,
    ThreadMessageOut,
    ThreadOut,
    VisitorMessageOut,
    WriteIn,
)
from hotline.domains.setup_routes import Names
from hotline.foundation.examples import AGENT, CONTACT, at, example_id

_PAGE: Final = Names(zh="在线咨询", en="Chat")
_ASKED: Final = "今天下午什么时候恢复供水？"
_ANSWERED: Final = "您好，预计 16 点恢复。"
_CLIENT_ID: Final = "0193b7a6-2c51-7a40-9d0e-3f6f2b8c1a55"
_GATEWAY_ID: Final = "20260302-000017"
_FIRST: Final = VisitorMessageOut(seq=1, side="customer", text=_ASKED, code=None, at=at(6))
_JOINED: Final = VisitorMessageOut(seq=2, side="house", text=None, code="agent_joined", at=at(6, 1))
_REPLY: Final = ThreadMessageOut(
    seq=3,
    id=example_id(143),
    side="agent",
    agent_id=AGENT,
    agent_name="王芳",
    text=_ANSWERED,
    code=None,
    at=at(6, 2),
    delivery=None,
    failure=None,
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    PageOut(
        name=_PAGE,
        tenant_name=Names(zh="市北自来水", en="Shibei Water"),
        language="zh",
        is_open=True,
        opens_at=None,
    ),
    BeginChatIn(id=_CLIENT_ID, name="陈瑜", phone="13900005521", language="zh", text=_ASKED),
    BegunOut(
        conversation_id=CONTACT,
        secret="6f1c0d5e",  # noqa: S106
        state="waiting",
        messages=[_FIRST],
    ),
    ConversationOut(state="talking", ended_by="", agent_name="王芳", messages=[_JOINED]),
    WriteIn(id=_CLIENT_ID, text="谢谢！"),
    _FIRST,
    FormIn(id=_CLIENT_ID, name="陈瑜", phone="13900005521", email="chen@example.org", language="zh", text=_ASKED),
    FormTakenOut(reference=reference_of(CONTACT)),
    SmsIn(**{"id": _GATEWAY_ID, "from": "+8613900005521", "text": _ASKED}),
    SmsTakenOut(id=_GATEWAY_ID),
    _REPLY,
    ThreadOut(
        contact_id=CONTACT,
        channel="chat",
        entry_name=_PAGE,
        sender_name="陈瑜",
        language="zh",
        reference=reference_of(CONTACT),
        email="",
        state="talking",
        can_reply=True,
        is_simulated=False,
        messages=[_REPLY],
    ),
)
