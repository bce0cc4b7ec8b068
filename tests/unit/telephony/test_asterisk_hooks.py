"""A recording is taken up anew when Asterisk would drop whoever is heard next, not oftener, and never in a pause."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotline.kernel.clock import SystemClock
from hotline.telephony.ari import AriError
from hotline.telephony.asterisk_hooks import HeardVoice
from hotline.telephony.asterisk_recording import Recordings, Running

RUNNING = Running("r1", "leg", 1000)


@pytest.mark.parametrize(
    ("began_with", "then", "is_lost"),
    [
        (None, [(0, "anna")], [False]),  # the first voice of all
        ("anna", [(0, "anna")], [False]),
        ("anna", [(0, None), (1, "boris")], [False, True]),
        ("anna", [(0, "boris")], [True]),
        ("anna", [(0, None), (299, "anna")], [False, False]),  # held, and back
        ("anna", [(0, None), (301, "anna")], [False, True]),  # held for so long that the numbers have run away
        ("anna", [(0, None), (200, None), (301, "anna")], [False, False, True]),
        ("anna", [(0, None), (1, "boris"), (2, None), (3, "anna")], [False, True, False, True]),
        (None, [(0, None), (900, "anna")], [False, False]),  # nobody but music before
    ],
)
def test_which_voice_would_be_lost(
    began_with: str | None, then: list[tuple[float, str | None]], is_lost: list[bool]
) -> None:
    heard = HeardVoice(began_with)
    assert [heard.is_lost(leg_id, now_s) for now_s, leg_id in then] == is_lost


class FakeAri:
    """Notes what it is asked; packets pass with each look. `before` is called ahead of an action."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.packets = 0
        self.refused: set[str] = set()
        self.before: dict[str, Callable[[], None]] = {}

    async def manager(self, action: str, **fields: str) -> dict[str, str]:
        self.before.get(action, lambda: None)()
        await asyncio.sleep(0)
        if action in self.refused:
            raise AriError(method="action", path=action, http_status=0, answer="no")
        told = fields.get("State") or fields.get("options", "").partition("(")[0]
        self.asked.append(f"{action} {told}".strip())
        return {}

    async def request(self, method: str, path: str) -> dict[str, Any]:
        assert (method, path) == ("GET", "channels/leg/rtp_statistics")
        self.packets += 2
        return {"txcount": self.packets, "rxcount": self.packets // 2}


@pytest.fixture
def ari() -> FakeAri:
    return FakeAri()


@pytest.fixture
async def recordings(ari: FakeAri, tmp_path: Path) -> Recordings:
    made = Recordings(ari, tmp_path, SystemClock(), lambda told: None)  # type: ignore[arg-type]
    await made.start(RUNNING, "anna")
    for name in (RUNNING.file_name, RUNNING.heard_file_name):
        (tmp_path / name).write_bytes(b"\1" * 16_000)
    return made


async def test_taken_up_anew_it_goes_on_in_the_same_files_with_silence_between(
    recordings: Recordings, ari: FakeAri, tmp_path: Path
) -> None:
    assert recordings.would_lose("r1", "boris")
    await recordings.renew("r1")
    assert ari.asked == ["MixMonitor r", "StopMixMonitor", "MixMonitor ar"]
    said, heard = ((tmp_path / name).read_bytes() for name in (RUNNING.file_name, RUNNING.heard_file_name))
    assert said == heard
    assert len(said) > 16_000
    assert len(said) % 2 == 0
    assert said[16_000:].strip(b"\0") == b""


async def test_a_voice_that_changes_while_it_begins_is_in_it(ari: FakeAri, tmp_path: Path) -> None:
    made = Recordings(ari, tmp_path, SystemClock(), lambda told: None)  # type: ignore[arg-type]
    starting = asyncio.create_task(made.start(RUNNING, None))
    await asyncio.sleep(0)
    assert not made.would_lose("r1", "anna")
    assert made.would_lose("r1", "boris")
    await asyncio.gather(starting, made.renew("r1"))
    assert ari.asked == ["MixMonitor r", "StopMixMonitor", "MixMonitor ar"]


async def test_one_that_does_not_begin_is_forgotten(ari: FakeAri, tmp_path: Path) -> None:
    ari.refused = {"MixMonitor"}
    made = Recordings(ari, tmp_path, SystemClock(), lambda told: None)  # type: ignore[arg-type]
    with pytest.raises(AriError):
        await made.start(RUNNING, None)
    assert made.leg_of("r1") is None
    await made.renew("r1")
    assert ari.asked == []


async def test_in_a_pause_it_waits_until_it_goes_on(recordings: Recordings, ari: FakeAri) -> None:
    await recordings.mute("r1", True)
    await recordings.renew("r1")
    assert ari.asked == ["MixMonitor r", "MixMonitorMute 1"]
    await recordings.mute("r1", False)
    assert ari.asked[2:] == ["StopMixMonitor", "MixMonitor ar"]
    await recordings.mute("r1", True)
    await recordings.mute("r1", False)
    assert ari.asked[4:] == ["MixMonitorMute 1", "MixMonitorMute 0"]


async def test_a_pause_of_an_earlier_life_is_known(recordings: Recordings, ari: FakeAri, tmp_path: Path) -> None:
    await recordings.mute("r1", True)
    next_life = Recordings(ari, tmp_path, SystemClock(), lambda told: None)  # type: ignore[arg-type]
    next_life.take_over(["leg"])
    assert not next_life.would_lose("r1", "boris")  # it cannot know who spoke before
    assert next_life.would_lose("r1", "anna")
    await next_life.renew("r1")
    assert ari.asked[1:] == ["MixMonitorMute 1"]
    await next_life.mute("r1", False)
    assert ari.asked[2:] == ["StopMixMonitor", "MixMonitor ar"]


async def test_the_next_recording_of_the_leg_is_not_touched(recordings: Recordings, ari: FakeAri) -> None:
    renewing = asyncio.create_task(recordings.renew("r1"))
    await asyncio.sleep(0)
    await recordings.stop("r1")
    await recordings.start(Running("r2", "leg", 2000), "boris")
    await renewing
    await recordings.renew("r1")
    assert ari.asked[-1] == "MixMonitor r"
    assert ari.asked.count("StopMixMonitor") == 2
    await recordings.close()


async def test_a_leg_that_ends_meanwhile_is_not_recorded_any_more(
    recordings: Recordings, ari: FakeAri, tmp_path: Path
) -> None:
    ari.before["StopMixMonitor"] = lambda: recordings.leg_ended("leg", 2000)
    await recordings.renew("r1")
    assert "MixMonitor ar" not in ari.asked
    await recordings.close()


async def test_a_disk_without_room_for_silence_does_not_end_it(
    recordings: Recordings, ari: FakeAri, tmp_path: Path
) -> None:
    (tmp_path / RUNNING.heard_file_name).unlink()
    (tmp_path / RUNNING.heard_file_name).mkdir()  # nothing can be added to it
    await recordings.renew("r1")
    assert ari.asked[-1] == "MixMonitor ar"
