"""The switch as a process: real sockets, real signals, kill -9."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import connect, unix_connect
from websockets.exceptions import ConnectionClosed

from hotline.kernel.clock import SystemClock
from hotline.kernel.ids import new_id
from hotline.kernel.signing import sign
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.stores import SqliteStore
from hotline.messages import routing
from hotline.messages.effects import CommandFrame, EffectFrame, NodeHello, RingAgent, SwitchToNode, encode_frame
from hotline.messages.live import Grant, LiveToken
from tests.unit.live.switch.house import CONFIGURATION, TENANT

KEY = b"k" * 32
MAIN = """
import atexit, sys
from hotline.entrypoints.command_line import main
roots = lambda: {name.split(".")[0] for name in sys.modules}
atexit.register(lambda: print("forbidden:", sorted(roots() & {"django", "ninja", "allauth", "dbos"})))
atexit.register(lambda: print("house:", sorted({name for name in sys.modules if name.startswith("hotline.f")})))
main(["role", "switch"])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One switch process after another, on one data directory."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.port = directory, free_port()
        self.lines: list[str] = []

    async def start(self, **environment: str) -> None:
        """Return when it says that it has started, or when it has ended."""
        settings = {
            "HOTLINE_DATA_DIR": str(self.directory),
            "HOTLINE_SWITCH_PORT": str(self.port),
            "HOTLINE_SECRET_LIVE_TOKEN": KEY.hex(),
            "HOTLINE_LOG_FORMAT": "json",
            "HOTLINE_DATABASE_URL": "",
            **environment,
        }
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MAIN), env={**os.environ, **settings}, stdout=pipe, stderr=pipe
        )
        assert self.process.stderr is not None
        while line := (await asyncio.wait_for(self.process.stderr.readline(), 30)).decode():
            self.lines.append(line)
            if "switch started" in line:
                return

    def browser(self, is_by_file: bool) -> connect:
        """One that comes by the port, or by the file as it does through the front door of one machine."""
        url = f"ws://127.0.0.1:{self.port}/live"
        return unix_connect(str(self.directory / "run" / "live.sock"), url) if is_by_file else connect(url)

    async def end(self, number: signal.Signals) -> tuple[int, str]:
        """Exit code and standard output after a signal."""
        if self.process.returncode is None:
            # Not send_signal: it would reap a process that has just ended, and asyncio would never learn its code.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)
        output, _ = await asyncio.wait_for(self.process.communicate(), 30)
        assert self.process.returncode is not None
        self.process._transport.close()  # type: ignore[attr-defined]  # else its pipes are closed after the loop is
        return self.process.returncode, output.decode()

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def get(self, path: str) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
        return int(head.split()[1]), body


class Node:
    """The other end of the unix socket."""

    async def connect(self, process: Process) -> None:
        path = str(process.directory / "run" / "switch.sock")
        self._reader, self._writer = await asyncio.open_unix_connection(path)
        self._writer.write(encode_frame(NodeHello(node_id="node-1", seen_epoch=0, seen_seq=0)))
        await self._read()

    async def _read(self) -> Any:
        size = int.from_bytes(await asyncio.wait_for(self._reader.readexactly(4), 10), "big")
        return msgspec.msgpack.decode(await self._reader.readexactly(size), type=SwitchToNode)

    async def give(self, kind: type[Any], **fields: Any) -> list[Any]:
        command = kind(command_id=new_id(), at_ms=SystemClock().now_ms(), **fields)
        self._writer.write(encode_frame(CommandFrame(command=command)))
        frames = [await self._read()]
        while getattr(frames[-1], "command_id", None) != command.command_id:
            frames.append(await self._read())
        return frames

    async def ring(self) -> RingAgent:
        while True:
            frame = await self._read()
            if isinstance(frame, EffectFrame) and isinstance(frame.effect, RingAgent):
                return frame.effect

    async def close(self) -> None:
        """Also when the switch at the other end was killed."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(tmp_path)
    await process.start()
    yield process
    await process.end(signal.SIGKILL)


def token(agent_id: str = "ann") -> str:
    live = LiveToken(
        user_id=f"user-{agent_id}",
        session_id="login",
        expires_at_ms=SystemClock().now_ms() + 60_000,
        agent_id=agent_id,
        grants=(Grant(tenant_ids=(TENANT,), permissions=("desk.use",)),),
        name="Ann",
    )
    return sign(msgspec.json.encode(live), KEY)


async def until(browser: Any, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(browser.recv(), 10))
        if frame["type"] == kind:
            return frame


def enqueue(contact_id: str) -> dict[str, Any]:
    now_ms = SystemClock().now_ms()
    where = {"contact_id": contact_id, "tenant_id": TENANT, "queue_id": "repair", "node_id": "node-1"}
    return {**where, "asked_at_ms": now_ms, "arrived_at_ms": now_ms}


async def test_it_serves_and_stops_cleanly_without_django(process: Process) -> None:
    assert await process.get("/health") == (200, b'{"status": "ok"}')
    status, body = await process.get("/ready")
    assert (status, json.loads(body)["log"]["epoch"]) == (200, 1)
    code, output = await process.end(signal.SIGTERM)
    assert code == 0
    assert "forbidden: []" in output
    assert not any(room in output for room in ("hotline.foundation", "hotline.flows"))
    log = RoutingLog(SqliteStore(process.directory / "routing.sqlite3"), "main")
    assert [snapshot.seq for snapshot in log.snapshots()] == [log.last_seq("main")]
    log.close()


async def test_a_taken_port_is_said_in_one_line(process: Process, tmp_path: Path) -> None:
    second = Process(tmp_path / "second")
    second.port = process.port
    await second.start()
    code, _ = await second.end(signal.SIGKILL)
    assert code == 3
    assert len(second.lines) == 1
    assert str(second.port) in second.lines[0]
    assert "HOTLINE_SWITCH_PORT" in second.lines[0]


async def test_a_second_switch_on_the_same_data_does_not_disturb_the_first(process: Process) -> None:
    second = Process(process.directory)
    await second.start()
    code, _ = await second.end(signal.SIGKILL)
    assert code == 3
    assert "HOTLINE_DATA_DIR" in second.lines[-1]
    node = Node()
    await node.connect(process)
    answer = (await node.give(routing.ApplyConfiguration, configuration=CONFIGURATION))[-1]
    assert type(answer).__name__ == "Acknowledged"
    await node.close()


async def test_a_log_that_cannot_be_used_is_said_and_tried_again_by_the_supervisor(tmp_path: Path) -> None:
    (tmp_path / "routing.sqlite3").write_bytes(b"this is no database" * 1000)
    process = Process(tmp_path)
    await process.start()
    code, _ = await process.end(signal.SIGKILL)
    assert code == 1
    assert "not a database" in process.lines[-1]


@pytest.mark.parametrize("is_by_file", [False, True])
async def test_a_call_over_real_sockets_survives_kill_minus_nine(process: Process, is_by_file: bool) -> None:
    node = Node()
    await node.connect(process)
    await node.give(routing.ReconcileNode, node_id="node-1", contacts=())
    await node.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    async with process.browser(is_by_file) as browser:
        await browser.send(json.dumps({"type": "Hello", "token": token()}))
        snapshot = await until(browser, "Snapshot")
        for number, action in enumerate((("SignIn", {}), ("SetAgentState", {"state": "available"}))):
            do = {"type": "Do", "id": str(number), "name": action[0], "arguments": action[1]}
            await browser.send(json.dumps(do))
            await until(browser, "Done")
        await node.give(routing.EnqueueContact, **enqueue("c-1"))
        offer = await until(browser, "Changes")
        assert any(key.startswith("offer/") for key in offer["put"])
        await node.give(routing.EnqueueContact, **enqueue("c-2"))
        await process.end(signal.SIGKILL)
        with pytest.raises(ConnectionClosed):
            await until(browser, "Nothing")
    await node.close()

    await process.start()
    assert process.cpu_s() < 2.0
    await node.connect(process)
    held = (routing.NodeContact("c-1"), routing.NodeContact("c-2"))
    frames = await node.give(routing.ReconcileNode, node_id="node-1", contacts=held)
    ring = next((frame.effect for frame in frames if isinstance(getattr(frame, "effect", 0), RingAgent)), None)
    assert (ring or await node.ring()).contact_id == "c-1"
    async with process.browser(is_by_file) as browser:
        hello = {"type": "Hello", "token": token(), "stream": snapshot["stream"], "after": snapshot["seq"]}
        await browser.send(json.dumps(hello))
        documents = (await until(browser, "Snapshot"))["documents"]
        assert documents["me"]["state"] == "offered"
        assert not documents["me"]["is_mirror"]
    await node.close()


async def test_oversize_frames_and_foreign_pages_are_refused_by_the_real_server(process: Process) -> None:
    async with connect(f"ws://127.0.0.1:{process.port}/live") as browser:
        await browser.send(json.dumps({"type": "Hello", "token": token()}))
        await until(browser, "Snapshot")
        await browser.send("x" * 70_000)
        with pytest.raises(ConnectionClosed) as closed:
            await until(browser, "Nothing")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    with pytest.raises(Exception, match="403"):
        await connect(f"ws://127.0.0.1:{process.port}/live", origin="https://evil.example").__aenter__()  # type: ignore[arg-type]
    assert (await process.get("/health"))[0] == 200


async def test_the_file_for_the_front_door_is_for_the_houses_own_user_only(process: Process) -> None:
    mode = (process.directory / "run" / "live.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


async def test_browsers_are_told_when_it_stops(process: Process) -> None:
    async with connect(f"ws://127.0.0.1:{process.port}/live") as browser:
        await browser.send(json.dumps({"type": "Hello", "token": token()}))
        await until(browser, "Snapshot")
        os.kill(process.process.pid, signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            await until(browser, "Nothing")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    code, _ = await process.end(signal.SIGTERM)
    assert code == 0
