"""The event stream against a server that sends its bytes as told, and commands over it."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hotline.telephony import ari_stream
from hotline.telephony.ari import Ari, AriDownError, AriError, Command, Connected, Disconnected
from hotline.telephony.ari_stream import EventStream, StreamError, open_stream

LIMIT_S = 5.0
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CLOSE = 8
ANSWER = Command("POST", "channels/a/answer")


def frame(body: bytes | dict[str, Any], first: int = 0x81) -> bytes:
    """A server's frame."""
    text = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    if len(text) < 126:
        return bytes((first, len(text))) + text
    if len(text) < 65_536:
        return bytes((first, 126)) + len(text).to_bytes(2, "big") + text
    return bytes((first, 127)) + len(text).to_bytes(8, "big") + text


class Server:
    """One Asterisk's port. `streams` are its open WebSockets; what is asked over them waits in `asked`, plain requests
    are answered at once and noted in `plain`."""

    def __init__(self) -> None:
        self.streams: list[asyncio.StreamWriter] = []
        self.asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.plain: list[str] = []
        self.refusal = b""
        self.trailing = b""
        self.does_answer, self.is_deaf = True, False
        self.base_url = ""

    async def start(self) -> None:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.base_url = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._listening.close()
        for writer in self.streams:
            writer.close()

    def send(self, data: bytes) -> None:
        self.streams[-1].write(data)

    def answer(self, request: dict[str, Any], status: int = 204, body: str = "") -> None:
        answer = {"type": "RESTResponse", "request_id": request["request_id"], "status_code": status}
        self.send(frame({**answer, "message_body": body}))

    async def next_asked(self) -> dict[str, Any]:
        async with asyncio.timeout(LIMIT_S):
            return await self.asked.get()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                if "Upgrade: websocket" in head:
                    await self._stream(head, reader, writer)
                    return
                self.plain.append(head.split("\r\n", 1)[0].removesuffix(" HTTP/1.1"))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _stream(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusal:
            writer.write(self.refusal)
            return
        key = next(line for line in head.split("\r\n") if line.startswith("Sec-WebSocket-Key")).partition(": ")[2]
        accept = base64.b64encode(hashlib.sha1(f"{key}{_MAGIC}".encode(), usedforsecurity=False).digest()).decode()
        writer.write(
            f"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}"
            "\r\n\r\n".encode()
            + self.trailing
        )
        self.streams.append(writer)
        while self.is_deaf and await reader.read(100):
            pass
        while True:
            opcode, body = await _read_frame(reader)
            if opcode == _CLOSE:
                writer.write(frame(body, 0x88))
                return
            request = json.loads(body)
            if request["uri"] == "asterisk/ping" and self.does_answer:
                self.answer(request, 200)
            else:
                self.asked.put_nowait(request)


async def _read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, size = await reader.readexactly(2)
    size &= 0x7F
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2), "big")
    mask = await reader.readexactly(4)
    body = await reader.readexactly(size)
    return first & 0xF, bytes(byte ^ mask[at % 4] for at, byte in enumerate(body))


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def stream(server: Server) -> AsyncIterator[EventStream]:
    opened = await open_stream(server.base_url, "/ari/events?app=x", "u", "p", LIMIT_S)
    yield opened
    opened.abort("the test is over")
    await opened.until_closed()


@pytest.fixture
async def ari(server: Server) -> AsyncIterator[Ari]:
    """Connected, and known to take commands over its stream."""
    made = Ari(server.base_url, "u", "p", "x")
    connections = made.connections()
    async with asyncio.timeout(LIMIT_S):
        assert await anext(connections) == Connected()
    assert await made.try_commands(LIMIT_S)
    yield made
    await made.close()
    await connections.aclose()


async def taken(stream: EventStream, count: int) -> list[str]:
    """The names of the next events."""
    names: asyncio.Queue[str] = asyncio.Queue()
    stream.deliver(lambda event: names.put_nowait(event["name"]))
    async with asyncio.timeout(LIMIT_S):
        return [await names.get() for _ in range(count)]


async def test_events_come_in_order_however_their_bytes_are_cut(server: Server, stream: EventStream) -> None:
    long, longer = "x" * 200, "y" * 70_000
    data = b"".join(frame({"name": name}) for name in ("a", long, "b", longer, "c"))
    for at in range(0, 700, 7):
        server.send(data[at : at + 7])
        await asyncio.sleep(0)
    server.send(data[700:])
    assert await taken(stream, 5) == ["a", long, "b", longer, "c"]


async def test_events_that_come_with_the_hand_shake_are_not_lost(server: Server) -> None:
    whole = frame({"name": "a"}) + frame({"name": "b"})
    server.trailing = whole[:-3]
    stream = await open_stream(server.base_url, "/ari/events?app=x", "u", "p", LIMIT_S)
    server.send(whole[-3:])
    assert await taken(stream, 2) == ["a", "b"]
    stream.abort("the test is over")
    await stream.until_closed()


async def test_message_in_pieces_with_a_ping_between_is_one_event(server: Server, stream: EventStream) -> None:
    server.send(frame(b'{"name":', 0x01) + frame(b"are you there", 0x89) + frame(b'"a"}', 0x80) + frame({"name": "b"}))
    assert await taken(stream, 2) == ["a", "b"]


async def test_event_that_cannot_be_read_does_not_cost_the_others(server: Server, stream: EventStream) -> None:
    server.send(frame(b"{nonsense") + frame({"name": "a"}))
    assert await taken(stream, 1) == ["a"]


async def test_frame_that_no_server_may_send_ends_the_stream(server: Server, stream: EventStream) -> None:
    server.send(bytes((0x81, 0x81)) + b"mask!")
    async with asyncio.timeout(LIMIT_S):
        await stream.until_closed()
    assert not stream.is_open


async def test_refused_stream_says_so(server: Server) -> None:
    server.refusal = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"
    with pytest.raises(StreamError, match="401"):
        await open_stream(server.base_url, "/ari/events?app=x", "u", "p", LIMIT_S)


async def test_silent_asterisk_is_asked_and_then_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ari_stream, "_BEAT_S", 0.05)
    server.is_deaf = True
    stream = await open_stream(server.base_url, "/ari/events?app=x", "u", "p", LIMIT_S)
    async with asyncio.timeout(LIMIT_S):
        assert "pings" in await stream.until_closed()


async def test_command_goes_over_the_stream(server: Server, ari: Ari) -> None:
    query: dict[str, str | int] = {"callerId": "+86 1", "timeout": 5}
    sending = asyncio.create_task(ari.command(Command("POST", "channels/a", {"variables": {"X": "y"}}, query)))
    asked = await server.next_asked()
    assert (asked["type"], asked["method"]) == ("RESTRequest", "POST")
    assert asked["uri"] == "channels/a?callerId=%2B86+1&timeout=5"
    assert json.loads(asked["message_body"]) == {"variables": {"X": "y"}}
    server.answer(asked)
    await sending
    assert server.plain == []


async def test_refused_command_says_why(server: Server, ari: Ari) -> None:
    sending = asyncio.create_task(ari.command(ANSWER))
    server.answer(await server.next_asked(), 404, '{"message":"Channel not found"}')
    with pytest.raises(AriError) as refused:
        await sending
    assert refused.value.http_status == 404
    assert "Channel not found" in str(refused.value)


async def test_commands_in_a_row_are_sent_at_once_and_the_first_error_counts(server: Server, ari: Ari) -> None:
    row = [Command("DELETE", "channels/a/moh"), Command("POST", "bridges/b"), Command("POST", "bridges/b/addChannel")]
    sending = asyncio.create_task(ari.commands(row))
    asked = [await server.next_asked() for _ in row]
    assert [one["uri"] for one in asked] == [command.path for command in row]
    for one, status in zip(asked, (204, 409, 404), strict=True):
        server.answer(one, status, '{"message":"no"}')
    with pytest.raises(AriError) as refused:
        await sending
    assert refused.value.http_status == 409


async def test_commands_in_a_row_are_one_piece_for_the_kernel(
    server: Server, ari: Ari, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ari._stream is not None
    transport, pieces = ari._stream._transport, list[bytes]()
    write = transport.write
    monkeypatch.setattr(transport, "write", lambda piece: (pieces.append(piece), write(piece)))
    sending = asyncio.create_task(ari.commands([ANSWER, Command("POST", "bridges/b")]))
    for _ in range(2):
        server.answer(await server.next_asked())
    await sending
    assert len(pieces) == 1


async def test_while_an_answer_is_late_commands_go_by_connections_of_their_own(
    server: Server, ari: Ari, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ari_stream, "_SLOW_S", 0.0)
    late = asyncio.create_task(ari.command(ANSWER))
    asked = await server.next_asked()
    await ari.command(Command("POST", "channels/b/answer"))
    await ari.commands([Command("POST", "bridges/b"), Command("POST", "bridges/b/addChannel")])
    assert server.plain == [
        "POST /ari/channels/b/answer",
        "POST /ari/bridges/b",
        "POST /ari/bridges/b/addChannel",
    ]
    server.answer(asked)
    await late


async def test_answer_that_never_comes_is_given_up(server: Server, ari: Ari, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ari_stream, "_ANSWER_LIMIT_S", 0.0)
    sending = asyncio.create_task(ari.command(ANSWER))
    await server.next_asked()
    assert ari._stream is not None
    ari._stream._look_after()
    with pytest.raises(AriDownError):
        await sending


async def test_broken_stream_fails_what_was_asked_over_it(server: Server, ari: Ari) -> None:
    sending = asyncio.create_task(ari.command(ANSWER))
    await server.next_asked()
    server.streams[-1].transport.abort()
    with pytest.raises(AriDownError):
        await sending


async def test_asterisk_that_knows_no_requests_over_the_stream_is_asked_by_http(server: Server) -> None:
    server.does_answer = False
    ari = Ari(server.base_url, "u", "p", "x")
    connections = ari.connections()
    assert await anext(connections) == Connected()
    assert not await ari.try_commands(0.05)
    await ari.command(ANSWER)
    assert server.plain == ["POST /ari/channels/a/answer"]
    ari.drop_stream("enough")
    async with asyncio.timeout(LIMIT_S):
        assert await anext(connections) == Disconnected("enough")
    await ari.close()
    await connections.aclose()
