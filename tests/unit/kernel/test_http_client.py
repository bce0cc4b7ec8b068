"""The small HTTP client against a server that answers as told, piece by piece."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from hotline.kernel.http_client import HttpAnswer, HttpClient, HttpError

LIMIT_S = 5.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Gives the answers in order, one for each request; each is sent in its pieces. An empty answer hangs up."""

    def __init__(self) -> None:
        self.answers: list[Sequence[bytes]] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.base_url = ""

    async def start(self) -> None:
        self._listening = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.base_url = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}/base"

    async def stop(self) -> None:
        self._listening.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(head + await reader.readexactly(_length(head)))
                for piece in self.answers.pop(0):
                    if not piece:
                        return
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


def _length(head: bytes) -> int:
    found = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return int(found[0].partition(b":")[2]) if found else 0


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[HttpClient]:
    made = HttpClient(server.base_url, {"X-Secret": "s"})
    yield made
    await made.close()


async def get(client: HttpClient, path: str = "/a") -> HttpAnswer:
    return await client.request("GET", path, limit_s=LIMIT_S)


async def test_request_carries_path_query_headers_and_body(server: Server, client: HttpClient) -> None:
    server.answers = [[OK]]
    query: dict[str, str | int] = {"media": "sound:/a b,c+d", "n": 2}
    answer = await client.request(
        "POST", "/channels/1.2/ü", query=query, headers={"X-Own": "1"}, body=b"{}", limit_s=LIMIT_S
    )
    assert (answer.status, answer.body) == (200, b"ok")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    assert first == "POST /base/channels/1.2/%C3%BC?media=sound%3A%2Fa+b%2Cc%2Bd&n=2 HTTP/1.1"
    assert {"X-Secret: s", "X-Own: 1", "Content-Length: 2"} <= set(headers)
    assert f"Host: {server.base_url[7:-5]}" in headers
    assert body == b"{}"


async def test_header_that_would_add_a_line_is_not_sent(server: Server, client: HttpClient) -> None:
    with pytest.raises(ValueError, match="line break"):
        await client.request("GET", "/a", headers={"X-Own": "1\r\nX-Secret: other"}, limit_s=LIMIT_S)
    assert not server.requests


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ([OK], b"ok"),
        ([OK[:20], OK[20:-1], OK[-1:]], b"ok"),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], b""),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", OK], b"ok"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"], b"abc"),
        ([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\na", b"b\r\n0\r\nT: 1\r\n", b"\r\n"], b"ab"),
    ],
)
async def test_answer_of_every_form_is_whole_and_its_connection_is_kept(
    server: Server, client: HttpClient, pieces: list[bytes], body: bytes
) -> None:
    server.answers = [pieces, [OK]]
    assert (await get(client)).body == body
    assert (await get(client)).body == b"ok"
    assert server.connections == 1


async def test_headers_are_found_by_name_whatever_their_case(server: Server, client: HttpClient) -> None:
    server.answers = [
        [b"HTTP/1.1 200 OK\r\nX-Not-Cookie: no\r\nSET-Cookie:  a=b; path=/ \r\ncontent-length: 0\r\n\r\n"]
    ]
    answer = await get(client)
    assert [answer.headers.get(name, "") for name in ("set-cookie", "content-length", "cookie")] == [
        "a=b; path=/",
        "0",
        "",
    ]


async def test_body_without_a_length_ends_with_its_connection(server: Server, client: HttpClient) -> None:
    server.answers = [[b"HTTP/1.1 200 OK\r\n\r\nab", b"c", b""], [OK]]
    assert (await get(client)).body == b"abc"
    assert (await get(client)).body == b"ok"
    assert server.connections == 2


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [OK[:-1], b""],
        [b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"],
        [b"SSH-2.0-other\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ],
)
async def test_broken_answer_is_an_error_and_the_next_request_has_a_new_connection(
    server: Server, client: HttpClient, pieces: list[bytes]
) -> None:
    server.answers = [pieces, [OK]]
    with pytest.raises(HttpError):
        await get(client)
    assert (await get(client)).body == b"ok"
    assert server.connections == 2


async def test_request_that_met_a_closing_connection_is_repeated_unless_it_could_do_a_thing_twice(
    server: Server, client: HttpClient
) -> None:
    server.answers = [[OK], [b""], [OK]]
    await get(client)
    assert (await client.request("DELETE", "/a", limit_s=LIMIT_S)).status == 200
    server.answers = [[b""]]
    with pytest.raises(HttpError):
        await client.request("POST", "/a", limit_s=LIMIT_S)
    assert [request.split()[0] for request in server.requests] == [b"GET", b"DELETE", b"DELETE", b"POST"]


async def test_late_answer_is_not_taken_for_that_of_the_next_request(server: Server, client: HttpClient) -> None:
    server.answers = [[OK[:-1]], [OK.replace(b"ok", b"2!")]]
    with pytest.raises(TimeoutError):
        await client.request("GET", "/slow", limit_s=0.05)
    assert (await get(client)).body == b"2!"
    assert server.connections == 2


async def test_more_requests_than_connections_wait_their_turn(server: Server) -> None:
    client = HttpClient(server.base_url, {}, connections=2)
    server.answers = [[OK] for _ in range(9)]
    answers = await asyncio.gather(*(get(client) for _ in range(9)))
    assert [answer.body for answer in answers] == [b"ok"] * 9
    assert server.connections == 2
    await client.close()


async def test_nobody_listening_is_told(server: Server) -> None:
    await server.stop()
    client = HttpClient(server.base_url, {})
    with pytest.raises(ConnectionRefusedError):
        await get(client)


async def test_closing_ends_what_runs(server: Server, client: HttpClient) -> None:
    server.answers = [[OK[:-1]]]
    running = asyncio.create_task(get(client))
    while not server.requests:
        await asyncio.sleep(0)
    await client.close()
    with pytest.raises(HttpError):
        await running
    with pytest.raises(HttpError):
        await get(client)
