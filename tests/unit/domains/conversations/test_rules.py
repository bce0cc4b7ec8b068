"""Where a conversation stands after each step of routing, what leaves the house, and what a text may hold."""

from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

import pytest

from hotline.domains.conversations import rules
from hotline.domains.conversations.rules import Standing, Step, StepKind
from hotline.domains.conversations.schemas import HouseCode
from hotline.foundation.text import catalogue
from hotline.messages.routing import DivertCause

ANN, BOB = UUID(int=1), UUID(int=2)
WAITING, TALKING = Standing("waiting"), Standing("talking", ANN)
PASSED, LEFT = Standing("waiting", ANN), Standing("ended", ANN, "customer")


def step(kind: StepKind, agent_id: UUID | None = None, **given: str) -> Step:
    return Step(UUID(int=9), kind, datetime(2026, 3, 2, tzinfo=UTC), agent_id, **given)


@pytest.mark.parametrize(
    ("before", "taken", "after", "code"),
    [
        (WAITING, step("connected", ANN), TALKING, "agent_joined"),
        (TALKING, step("connected", ANN), TALKING, ""),
        (PASSED, step("connected", BOB), Standing("talking", BOB), "agent_joined"),
        (TALKING, step("left", ANN), PASSED, ""),
        (Standing("talking", BOB), step("left", ANN), Standing("talking", BOB), ""),
        (PASSED, step("requeued"), PASSED, "passed_on"),
        (WAITING, step("requeued"), WAITING, ""),
        (WAITING, step("diverted", cause="full"), Standing("ended", None, "house"), "queue_full"),
        (TALKING, step("ended", ended_by="agent"), Standing("ended", ANN, "agent"), ""),
        (TALKING, step("ended", ended_by="supervisor"), Standing("ended", ANN, "agent"), ""),
        (WAITING, step("ended", ended_by="caller"), Standing("ended", None, "customer"), ""),
        (WAITING, step("ended", ended_by="platform"), Standing("ended", None, "house"), ""),
        (LEFT, step("wrapped_up", ANN), Standing("ended", None, "customer"), ""),
        (LEFT, step("wrapped_up", BOB), LEFT, ""),
        (LEFT, step("connected", BOB), LEFT, ""),
        (LEFT, step("requeued"), LEFT, ""),
        (LEFT, step("diverted", cause="full"), LEFT, ""),
    ],
)
def test_a_conversation_follows_its_contact(before: Standing, taken: Step, after: Standing, code: str) -> None:
    assert rules.after(before, taken) == (after, code)


@pytest.mark.parametrize(
    ("channel", "side", "code", "way"),
    [
        ("chat", "agent", "", ""),
        ("sms", "customer", "", ""),
        ("sms", "agent", "", "sms"),
        ("sms", "house", "agent_joined", ""),
        ("sms", "house", "queue_full", "sms"),
        ("form", "agent", "", "email"),
        ("form", "house", "queue_full", ""),
    ],
)
def test_what_leaves_the_house_and_how(channel: str, side: str, code: str, way: str) -> None:
    assert rules.leaves_by(channel, side, code) == way


def test_every_reason_to_leave_a_queue_and_every_code_of_the_house_has_its_words() -> None:
    assert set(rules.DIVERTED) == set(get_args(DivertCause))
    assert set(rules.HOUSE_CODES) == set(get_args(HouseCode))
    for language in ("zh", "en"):
        assert {f"conversations.house.{code}" for code in rules.HOUSE_CODES} <= catalogue(language).keys()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  你好\r\n世界 ", "你好\n世界"), ("a\x07b\x1b[31m", "ab[31m"), ("👩‍🔧 ok", "👩‍🔧 ok"), ("a\tb", "a\tb")],
)
def test_a_text_keeps_what_a_keyboard_writes(typed: str, kept: str) -> None:
    assert rules.clean_text(typed) == kept


def test_a_reference_can_be_read_aloud_and_tells_conversations_apart() -> None:
    first, second = (rules.reference_of(UUID(f"01939a4e-7c00-7000-8000-00000000000{n}")) for n in (1, 2))
    assert first != second
    assert len(first) == 9
    assert first[4] == "-"
