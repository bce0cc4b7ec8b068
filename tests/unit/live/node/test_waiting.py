"""What waiting callers hear, and where they go on when the queue lets them out without an agent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hotline.flows.definition import QueueExit
from hotline.live.node.call.waiting_room import wait_utterances
from hotline.messages.configuration import QueueMessage, QueueSpeech
from hotline.messages.effects import ExpectedWait, LeaveQueue
from hotline.messages.facts import ContactLeftFlow, FlowStepTaken
from hotline.messages.routing import EndContact, EnqueueContact
from hotline.telephony.prompts.catalogue import PromptLanguage, built_in_prompts
from hotline.telephony.prompts.numbers import GREATEST, number_prompts
from tests.unit.live.node.world import CALLER, HOTLINE, OTHER_QUEUE, QUEUE, World, node_configuration

Start = Callable[..., Awaitable[World]]
QUEUE_FLOW: dict[str, Any] = {
    "first_step": "queue",
    "steps": {
        "queue": {"kind": "queue", "queue_id": QUEUE, "if_full": "other", "if_too_long": "sorry"},
        "other": {"kind": "queue", "queue_id": OTHER_QUEUE},
        "sorry": {"kind": "say", "messages": [{"prompt": "closed"}], "next": "end"},
        "end": {"kind": "hang_up"},
    },
}


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    started: list[World] = []

    async def start_world(definition: dict[str, Any] | None = None, **changes: Any) -> World:
        world = World(tmp_path, node_configuration(flow=definition or QUEUE_FLOW, **changes))
        started.append(world)
        await world.start_node()
        return world

    yield start_world
    for world in started:
        await world.close()


def heard(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the sound files that are played from now on, in order."""
    names: list[str] = []
    play = world.driver.play

    async def note_and_play(leg_id: str, media: Any, playback_id: str) -> None:
        names.extend(piece.path.stem for piece in media if hasattr(piece, "path"))
        await play(leg_id, media, playback_id)

    monkeypatch.setattr(world.driver, "play", note_and_play)
    return names


def leave(world: World, exit: QueueExit) -> LeaveQueue:
    return LeaveQueue(contact_id=world.contact_id(), exit=exit)


def asked(world: World) -> list[EnqueueContact]:
    return [command for command in world.switch.commands if isinstance(command, EnqueueContact)]


# --- exits ------------------------------------------------------------------------------------------------------------


async def test_flow_goes_on_at_the_exit_and_asks_again_with_the_old_wait_clock(start: Start) -> None:
    world = await start()
    await world.call_in()
    began_ms = world.clock.now_ms()
    await world.wait_ms(20_000)
    await world.told(leave(world, "full"))
    first, second = asked(world)
    assert (first.queue_id, second.queue_id) == (QUEUE, OTHER_QUEUE)
    assert second.contact_id == first.contact_id
    assert (first.asked_at_ms, second.asked_at_ms) == (began_ms, began_ms)
    assert second.command_id != first.command_id


async def test_contact_that_is_let_out_and_goes_counts_as_blocked(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in()
    await world.told(leave(world, "too_long"))
    await world.wait_ms(20_000)
    assert world.leg(leg_id) is None
    fact = world.facts_of(ContactLeftFlow)[-1]
    assert (fact.how, fact.cause, fact.queue_id) == ("blocked", "too_long", QUEUE)
    assert not [command for command in world.switch.commands if isinstance(command, EndContact)]


async def test_without_that_exit_the_caller_hears_that_nobody_can_be_reached(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await start()
    leg_id = await world.call_in()
    sounds = heard(world, monkeypatch)
    await world.told(leave(world, "disaster"))
    await world.wait_ms(20_000)
    assert sounds[:2] == ["nobody_reached", "goodbye"]
    assert world.leg(leg_id) is None
    assert (world.facts_of(ContactLeftFlow)[-1].how, world.facts_of(ContactLeftFlow)[-1].cause) == (
        "blocked",
        "disaster",
    )


async def test_caller_who_hangs_up_after_being_let_out_counts_as_blocked(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in()
    await world.told(leave(world, "too_long"))
    world.platform.hang_up(leg_id)
    await world.settle()
    assert [fact.how for fact in world.facts_of(ContactLeftFlow)] == ["queued", "blocked"]


async def test_fallback_queue_that_is_full_turns_the_caller_away(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start({"first_step": "nowhere", "steps": {}})
    leg_id = await world.call_in()
    sounds = heard(world, monkeypatch)
    await world.told(leave(world, "full"))
    await world.wait_ms(20_000)
    assert "nobody_reached" in sounds
    assert world.leg(leg_id) is None
    fact = world.facts_of(ContactLeftFlow)[-1]
    assert (fact.how, fact.cause, fact.queue_id) == ("blocked", "full", OTHER_QUEUE)


async def test_restarted_node_goes_on_at_the_exit(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in()
    await world.told(leave(world, "too_long"))
    await world.kill_node()
    await world.start_node()
    await world.wait_ms(20_000)
    assert world.leg(leg_id) is None
    steps = [(fact.kind, fact.detail) for fact in world.facts_of(FlowStepTaken)]
    assert steps.count(("queue_left", "too_long")) == 2
    assert world.facts_of(ContactLeftFlow)[-1].how == "blocked"


# --- what goes with the asking ----------------------------------------------------------------------------------------


async def test_what_steers_goes_with_the_asking(start: Start) -> None:
    world = await start()
    world.look_ups.values = {
        "customer_id": "c-1",
        "brand": "gotone",
        "region": "32",
        "vip": "yes",
        "secret": "no",
        "wanted_agent_id": "agent-anna",
        "wanted_cause": "key_account",
    }
    await world.call_in()
    (command,) = asked(world)
    assert command.attributes == {"brand": "gotone", "region": "32", "vip": "yes"}
    assert (command.wanted_agent_id, command.wanted_cause) == ("agent-anna", "key_account")


async def test_values_of_the_flow_go_before_what_web_knew(start: Start) -> None:
    collect = {
        "kind": "collect",
        "name": "region",
        "messages": [{"prompt": "menu"}],
        "max_length": 2,
        "next": "queue",
        "if_failed": "queue",
    }
    world = await start({"first_step": "ask", "steps": {"ask": collect, "queue": {"kind": "queue", "queue_id": QUEUE}}})
    world.look_ups.values = {"region": "32", "brand": "easyown"}
    leg_id = await world.call_in()
    world.platform.press(leg_id, "11")
    await world.settle()
    (command,) = asked(world)
    assert command.attributes == {"region": "11", "brand": "easyown"}


async def test_reference_of_a_caller_is_the_same_each_time_and_not_the_number(start: Start) -> None:
    world = await start()
    for caller in (CALLER, CALLER, "13900000009", None):
        leg_id = await world.call_in(caller=caller)
        world.platform.hang_up(leg_id)
        await world.settle()
    first, again, other, withheld = (command.caller_ref for command in asked(world))
    assert first == again != other
    assert withheld is None
    assert first is not None
    assert CALLER not in first
    assert HOTLINE not in first


# --- position, expected wait, the queue's own messages ----------------------------------------------------------------


def spoken(told: ExpectedWait, language: PromptLanguage) -> str:
    words = (built_in_prompts()[str(one.prompt_id)].words(language) for one in wait_utterances(told, language))
    return ("" if language == "zh" else " ").join(words)


@pytest.mark.parametrize(
    ("position", "wait_s", "zh", "en"),
    [
        (1, 20, "您是下一位，请不要挂机。预计还需等待一分钟左右。", "about one minute."),
        (3, 61, "您前面还有两位客户在等候。预计还需等待约两分钟。", "two Thank you for waiting."),
        (13, 300, "您前面还有十二位客户在等候。预计还需等待约五分钟。", "Callers before you: twelve"),
        (33, 2520, "您前面还有三十二位客户在等候。预计还需等待约四十二分钟。", "about forty two minutes."),
        (500, 4000, "预计等待时间超过一小时。", "more than one hour."),
        (2, None, "您前面还有一位客户在等候。", "Callers before you: one"),
        (500, None, "", ""),
    ],
)
def test_position_and_wait_are_said_as_people_say_them(position: int, wait_s: int | None, zh: str, en: str) -> None:
    told = ExpectedWait("c", position, wait_s)
    assert spoken(told, "zh") == zh
    assert en in spoken(told, "en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_count_has_its_prompts(language: PromptLanguage) -> None:
    said = [number_prompts(number, language) for number in range(1, GREATEST + 1)]
    assert len(set(said)) == GREATEST
    assert {prompt for prompts in said for prompt in prompts} <= built_in_prompts().keys()
    with pytest.raises(ValueError, match="cannot be said"):
        number_prompts(GREATEST + 1, language)


async def test_position_is_said_at_the_queues_pace(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start(queue_speech=(QueueSpeech(queue_id=QUEUE, announce_each_s=20),))
    world.switch.expected = (4, 130)
    await world.call_in()
    sounds = heard(world, monkeypatch)
    await world.wait_ms(25_000)
    expected = ["position_before", "number_3", "position_after", "wait_before", "number_3", "wait_minutes"]
    assert sounds == expected
    world.switch.expected = None  # a switch that does not answer: nobody hears an old figure
    await world.wait_ms(20_000)
    assert "position_before" not in sounds[len(expected) :]


async def test_queues_messages_take_turns_and_nothing_is_said_at_once(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = (QueueMessage(prompt_id="closed"), QueueMessage(prompt_id="menu"))
    speech = QueueSpeech(queue_id=QUEUE, announce_each_s=10, message_each_s=10, messages=messages)
    world = await start(queue_speech=(speech,))
    world.switch.expected = (1, None)
    await world.call_in()
    sounds = heard(world, monkeypatch)
    most = 0
    for _ in range(600):
        await world.wait_ms(100)
        most = max(most, *(len(leg.playbacks) for leg in world.platform.legs.values()))
    assert most == 1
    said = [name for name in sounds if name in ("closed", "menu")]
    assert said[:3] == ["closed", "menu", "closed"]
    assert "you_are_next" in sounds
