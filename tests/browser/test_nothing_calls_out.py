"""A whole centre carries a call and reaches nobody outside this machine."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.centre import Centre, eventually
from tests.connections import Connection, connections_leaving_this_machine, process_tree
from tests.floor import Floor
from tests.voice.sipp.scenario import Press, Wait

NOWHERE = "192.0.2.1"  # TEST-NET-1: documentation only, routed nowhere
LOOK_EACH_S = 0.05
PLANTED = "import socket, sys; s = socket.socket(type=socket.SOCK_DGRAM); s.connect((sys.argv[1], 9)); sys.stdin.read()"


@dataclass
class Watch:
    """What was seen so far: who was looked at, and who was connected to somebody outside."""

    pids: set[int] = field(default_factory=set)
    outside: set[Connection] = field(default_factory=set)


@contextmanager
def watching(centre: Centre) -> Iterator[Watch]:
    """Look again and again at every process of the centre, and of this test."""
    watch, is_over = Watch(), threading.Event()

    def look() -> None:
        while not is_over.wait(LOOK_EACH_S):
            asterisk = centre.asterisk_pid()
            pids = process_tree(os.getpid()) + (process_tree(asterisk) if asterisk else [])
            watch.pids.update(pids)
            watch.outside.update(connections_leaving_this_machine(pids))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        is_over.set()
        thread.join()


async def test_no_process_of_the_centre_reaches_outside_during_a_call(centre: Centre, floor: Floor) -> None:
    with watching(centre) as watch:
        post = await floor.staff("agent01")
        post.hang_up_after_s = 0.5
        post.start_working()
        caller = await floor.bench.call("962740", Wait(7500), Press("1"), caller="13900800001", tone_hz=440)
        assert await caller.ended(60) == 0
    roles = {centre.pid(role) for role in ("web", "switch", "node", "worker", "front")}
    assert watch.pids >= roles | {centre.asterisk_pid()}
    assert watch.outside == set()


def test_a_planted_call_to_the_outside_is_seen_beside_the_centre(centre: Centre) -> None:
    with (
        watching(centre) as watch,
        subprocess.Popen([sys.executable, "-c", PLANTED, NOWHERE], stdin=subprocess.PIPE) as planted,
    ):
        eventually(lambda: watch.outside, "the planted connection is seen")
        planted.communicate(b"")
    assert {(connection.pid, connection.remote) for connection in watch.outside} == {(planted.pid, NOWHERE)}
