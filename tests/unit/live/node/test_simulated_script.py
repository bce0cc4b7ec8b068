"""Callers and agents of the simulated platform, played over a unix socket."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hotline.live.node.simulated_script import SimulatedScript
from tests.unit.live.node.world import ANNA, CALLER, HOTLINE, World, sip_user


async def play(world: World, *orders: dict[str, Any] | str) -> list[dict[str, Any]]:
    """The answers to some lines."""
    script = SimulatedScript(world.platform)
    path = world.directory / "run" / "simulated.sock"
    await script.start(path)
    reader, writer = await asyncio.open_unix_connection(path)
    answers = []
    for order in orders:
        writer.write((order if isinstance(order, str) else json.dumps(order)).encode() + b"\n")
        answers.append(json.loads(await asyncio.wait_for(reader.readline(), 5)))
        await world.settle()
    writer.close()
    await writer.wait_closed()
    await script.close()
    return answers


async def test_whole_call_is_played(world: World) -> None:
    await world.sign_in(ANNA)
    (placed,) = await play(world, {"do": "place_call", "called": HOTLINE, "caller": CALLER, "voice_hz": 440})
    caller = placed["leg_id"]
    await world.wait_ms(5000)
    pressed, answered, legs = await play(
        world,
        {"do": "press", "leg_id": caller, "keys": "1"},
        {"do": "agent_answer", "sip_user": sip_user(ANNA)},
        {"do": "list_legs"},
    )
    assert pressed == {}
    assert world.talk_together(caller, answered["leg_id"])
    assert {leg["leg_id"] for leg in legs["legs"]} == {caller, answered["leg_id"]}
    await play(world, {"do": "hang_up", "sip_user": sip_user(ANNA)})
    assert not world.platform.legs


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        '{"do": "dance"}',
        '{"do": "place_call"}',
        '{"do": "press", "leg_id": 5, "keys": "1"}',
        '{"do": "hang_up", "leg_id": "gone"}',
        '{"do": "agent_answer", "sip_user": "nobody"}',
    ],
)
async def test_wrong_line_gets_a_sentence_and_the_next_one_works(world: World, line: str) -> None:
    wrong, right = await play(world, line, {"do": "list_legs"})
    assert wrong["error"]
    assert right == {"legs": []}


async def test_only_this_user_may_play(world: World, tmp_path: Path) -> None:
    script = SimulatedScript(world.platform)
    path = tmp_path / "run" / "s.sock"
    await script.start(path)
    assert _mode(path) & 0o077 == 0
    await script.close()


def _mode(path: Path) -> int:
    return path.stat().st_mode


async def test_crash_and_device_orders(world: World) -> None:
    await world.sign_in(ANNA)
    await world.talk()
    await play(world, {"do": "set_device", "name": sip_user(ANNA), "answer_after_ms": 100}, {"do": "crash"})
    assert not world.platform.legs
    await world.sign_in(ANNA)
    assert world.platform.script_of(sip_user(ANNA)).answer_after_ms == 100
