"""Examples of message accounts, notices and one's own choices for the API's description."""

from typing import Final

from ninja import Schema

from hotline.domains.staff_messages import schemas as shown
from hotline.foundation.examples import AGENT, SHIBEI, at, example_id

_MESSAGE: Final = example_id(301)
_WAYS: Final = shown.TopicWays(roster=["email"], requests=["email"], urgent=["email", "sms"])

EXAMPLES: Final[tuple[Schema, ...]] = (
    shown.MessageAccountIn(
        version=0,
        driver="smtp",
        address="mail.example.org:587",
        encryption="starttls",
        username="hotline",
        secret="correct-horse-battery",  # noqa: S106  # an example
        sender="Hotline <roster@example.org>",
    ),
    shown.MessageAccountOut(
        way="email",
        tenant_id=SHIBEI,
        version=1,
        driver="smtp",
        address="mail.example.org:587",
        encryption="starttls",
        username="hotline",
        has_secret=True,
        sender="Hotline <roster@example.org>",
        keep_days=30,
        is_active=True,
        waiting=2,
    ),
    shown.MessageTrialIn(to="lin@example.org"),
    shown.MessageTrialOut(id=example_id(302), way="email", state="sent", attempts=1, error="", is_simulated=False),
    shown.StaffMessageOut(
        id=_MESSAGE,
        tenant_id=SHIBEI,
        created_at=at(8),
        agent_id=AGENT,
        agent_name="王芳",
        way="email",
        topic="roster",
        subject="班表已发布：2026-04-06 – 2026-05-03",
        state="waiting",
        attempts=1,
        due_at=at(8, 1),
        ended_at=None,
        error="服务器连不上。 稍后再试。",
        is_simulated=False,
    ),
    shown.StaffMessageWordsOut(
        to="wang.fang@example.org",
        subject="班表已发布：2026-04-06 – 2026-05-03",
        text="2026-04-06 – 2026-05-03 的班表已发布。",
    ),
    shown.StaffMessageCountsOut(waiting=1, sending=0, sent=412, failed=3, dropped=2),
    shown.OwnAddressOut(
        way="email", is_offered=True, address="wang.fang@example.org", is_confirmed=True, code_until=None
    ),
    _WAYS,
    shown.OwnMessagesOut(
        version=1,
        addresses=[
            shown.OwnAddressOut(
                way="email", is_offered=True, address="wang.fang@example.org", is_confirmed=True, code_until=None
            ),
            shown.OwnAddressOut(way="sms", is_offered=True, address="", is_confirmed=False, code_until=None),
        ],
        ways=_WAYS,
        quiet_from="21:00",
        quiet_to="07:00",
        urgent_breaks_quiet=True,
        has_calendar=True,
    ),
    shown.OwnChoicesIn(version=0, ways=_WAYS, quiet_from="21:00", quiet_to="07:00", urgent_breaks_quiet=True),
    shown.OwnMailIn(address="wang.fang@example.org"),
    shown.OwnNumberIn(address="13900005521"),
    shown.OwnCodeIn(code="408131"),
    shown.OwnConfirmationOut(result="confirmed", tries_left=0),
)
