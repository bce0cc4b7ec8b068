"""A program is asked to its end, or killed with whoever asked."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from hotline.kernel.programs import run_program


async def test_what_it_was_told_and_what_it_said() -> None:
    text = "import os, sys; print(sys.stdin.read() + os.environ['MARK']); print('oh', file=sys.stderr); sys.exit(3)"
    end = await run_program([sys.executable, "-c", text], told=b"abc", environment={"MARK": "d"})
    assert (end.status, end.output.strip(), end.complaint.strip()) == (3, b"abcd", b"oh")


async def test_nobody_is_there_to_tell_it_anything() -> None:
    end = await run_program([sys.executable, "-c", "import sys; print(len(sys.stdin.read()))"])
    assert (end.status, end.output.strip()) == (0, b"0")


async def test_who_gives_up_leaves_no_program_behind(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid()) + '.'); time.sleep(600)"
    asking = asyncio.create_task(run_program([sys.executable, "-c", text]))
    async with asyncio.timeout(30):
        while not mark.exists() or not mark.read_text().endswith("."):
            await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text().rstrip(".")), 0)


async def test_a_program_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        await run_program(["/nowhere/at-all"])
