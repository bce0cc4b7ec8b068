"""The node as a process: without Django, stopped quickly, and with callers that another program plays."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.kernel.sealing import Keyring
from hotline.live.node.configuration import keep_copy
from tests.centre import eventually
from tests.unit.live.node.world import CALLER, HOTLINE, node_configuration

KEY = b"k" * 32
NOBODYS_PORT = "18649"
STOP_LIMIT_S = 5
PROGRAM = """
import sys
from hotline.entrypoints.node import run
from hotline.kernel.settings import load_settings
code = run(load_settings())
print("MODULES", *sorted({name.split(".")[0] for name in sys.modules}), flush=True)
sys.exit(code)
"""


class NodeProcessUnderTest:
    """One node process; web and switch are not there."""

    def __init__(self, directory: Path, voice: str) -> None:
        self.socket_path = directory / "run" / "simulated-node-1.sock"
        environment = {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "HOTLINE_DATA_DIR": str(directory),
            "HOTLINE_VOICE": voice,
            "HOTLINE_WEB_PORT": NOBODYS_PORT,
            "HOTLINE_SECRET_KEYRING": KEY.hex(),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.output = self.process.stdout

    def wait_for_line(self, wanted: str) -> None:
        """Read the log until a line says this."""
        seen = []
        for line in self.output:
            seen.append(line)
            if wanted in line:
                return
        pytest.fail(f"the node ended without saying {wanted!r}:\n{''.join(seen)}")

    def play(self, order: dict[str, str]) -> dict[str, str]:
        with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rw") as lines:
            connection.connect(str(self.socket_path))
            lines.write(json.dumps(order) + "\n")
            lines.flush()
            answer: dict[str, str] = json.loads(lines.readline())
            return answer

    def stop(self) -> set[str]:
        """The packages that were loaded, after a stop that was quick and clean."""
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=STOP_LIMIT_S)
        assert self.process.returncode == 0, output
        (modules,) = [line for line in output.splitlines() if line.startswith("MODULES")]
        return set(modules.split()[1:])


Start = Callable[[str], NodeProcessUnderTest]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts nodes in the test's directory; none of them is left behind."""
    started = []

    def start_one(voice: str) -> NodeProcessUnderTest:
        started.append(NodeProcessUnderTest(tmp_path, voice))
        return started[-1]

    yield start_one
    for node in started:
        node.process.kill()
        node.process.wait()
        node.output.close()


def test_node_carries_a_simulated_call_with_its_local_copy_and_without_django(start: Start, tmp_path: Path) -> None:
    keep_copy(tmp_path / "nodes" / "node-1" / "configuration.sealed", node_configuration(), Keyring({"k1": KEY}))
    node = start("simulated")
    node.wait_for_line("node started")
    leg_id = node.play({"do": "place_call", "called": HOTLINE, "caller": CALLER})["leg_id"]
    legs = node.play({"do": "list_legs"})["legs"]
    assert leg_id in str(legs)
    modules = node.stop()
    assert "hotline" in modules
    assert not modules & {"django", "ninja", "espeakng_loader"}


def test_call_to_a_number_that_nobody_has_is_refused_by_the_process(start: Start, tmp_path: Path) -> None:
    keep_copy(tmp_path / "nodes" / "node-1" / "configuration.sealed", node_configuration(), Keyring({"k1": KEY}))
    node = start("simulated")
    node.wait_for_line("node started")
    node.play({"do": "place_call", "called": "999"})
    node.wait_for_line("a call was refused")
    node.stop()


def test_without_voice_the_node_says_how_to_get_it_and_waits(start: Start, tmp_path: Path) -> None:
    node = start("off")
    node.wait_for_line("HOTLINE_VOICE is off")
    assert node.process.poll() is None
    health = tmp_path / "run" / "node-1.health.json"
    eventually(health.exists, "the health file")
    assert not json.loads(health.read_text("utf-8"))["is_ready"]
    node.stop()
    assert not health.exists()
