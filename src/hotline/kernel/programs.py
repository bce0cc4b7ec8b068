"""Programs that are asked and awaited: none is left behind when whoever asked gives up."""

import asyncio
import contextlib
import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class ProgramEnd(NamedTuple):
    """How a program ended: its exit status (negative: the signal that ended it) and what it said."""

    status: int
    output: bytes
    complaint: bytes


async def run_program(
    command: Sequence[str], *, told: bytes = b"", environment: Mapping[str, str] | None = None
) -> ProgramEnd:
    """Run it to its end, telling it `told` on standard input; `environment` is added to our own.

    When the asker is cancelled, or out of time, it is killed first. Raises OSError when it cannot be started."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE if told else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | (environment or {}),
    )
    try:
        output, complaint = await process.communicate(told or None)
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):  # it ended in this very moment
            process.kill()
        await process.communicate()
        raise
    assert process.returncode is not None
    return ProgramEnd(process.returncode, output, complaint)
