"""From the caller's BYE to the CANCEL at the agent's telephone, by the stamps of the two SIPp parties themselves,
through a whole centre with a real Asterisk. Target: 200 ms.

    .venv/bin/python benchmarks/offer_withdrawn.py [calls]"""

import asyncio
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.centre import Centre
from tests.floor import Floor, opened_floor, until
from tests.voice.sipp.party import Party
from tests.voice.sipp.scenario import HangUp, Press, Wait

NUMBER = "962740"
CALLS = 10
TARGET_MS = 200


async def measure(floor: Floor, calls: int) -> list[float]:
    """Milliseconds of each call."""
    post = await floor.staff("agent02", answer_after_ms=None)
    assert post.telephone is not None
    figures = []
    for place in range(calls):
        steps = (Wait(1000), Press("1"), Wait(6000), HangUp())
        caller = await floor.bench.call(NUMBER, *steps, caller=f"1390081{place:04d}", tone_hz=440)
        await until(lambda: post.desk.of_kind("offer/"), "the agent is rung")
        assert await caller.ended() == 0, caller.said()
        await until(lambda: len(stamps(post.telephone, "CANCEL", is_sent=False)) > len(figures), "ringing ends")
        (gone,) = stamps(caller, "BYE", is_sent=True)
        figures.append((stamps(post.telephone, "CANCEL", is_sent=False)[-1] - gone) * 1000)
    return figures


def stamps(party: Party | None, method: str, *, is_sent: bool) -> list[float]:
    """When the party sent or received this request, in seconds since 1970."""
    assert party is not None
    found = [one for one in party.messages() if one.first_line.startswith(method) and one.is_sent == is_sent]
    return [one.at.timestamp() for one in found]


async def run(calls: int) -> list[float]:
    with tempfile.TemporaryDirectory() as directory:
        centre = Centre(Path(directory) / "centre")
        try:
            centre.start()
            (Path(directory) / "sipp").mkdir()
            async with opened_floor(centre, Path(directory) / "sipp") as floor:
                return await measure(floor, calls)
        finally:
            centre.stop()


def main() -> None:
    figures = sorted(asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS)))
    print(
        f"caller gone -> agent's telephone stops, {len(figures)} calls: median {statistics.median(figures):.0f} ms, "
        f"worst {figures[-1]:.0f} ms, load {os.getloadavg()[0]:.1f}; target {TARGET_MS} ms"
    )


if __name__ == "__main__":
    main()
