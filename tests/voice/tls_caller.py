"""A caller over SIP with TLS, which Debian's SIPp was built without."""

import asyncio
import contextlib
import ssl
import uuid
from collections.abc import AsyncIterator

_SDP = (
    "v=0\r\no=t 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 31998 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


class TlsCaller:
    """One call over one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, called: str) -> None:
        self._reader = reader
        self._writer = writer
        self._called = called
        self._call_id = uuid.uuid4().hex
        self._to = f"<sip:{called}@127.0.0.1>"

    async def dial(self) -> None:
        await self._send("INVITE", 1, _SDP)

    async def until_answered(self) -> None:
        async with asyncio.timeout(10):
            while True:
                head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                await self._reader.readexactly(int(headers["Content-Length"].strip()))
                if head.startswith("SIP/2.0 200"):
                    break
        self._to = headers["To"]
        await self._send("ACK", 1)

    async def hang_up(self) -> None:
        await self._send("BYE", 2)

    async def _send(self, method: str, number: int, body: str = "") -> None:
        host, port = self._writer.get_extra_info("sockname")[:2]
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self._writer.write(
            (
                f"{method} sip:{self._called}@127.0.0.1;transport=tls SIP/2.0\r\n"
                f"Via: SIP/2.0/TLS {host}:{port};branch=z9hG4bK{uuid.uuid4().hex}\r\n"
                f"From: <sip:13800000009@{host}>;tag=t1\r\nTo: {self._to}\r\nCall-ID: {self._call_id}\r\n"
                f"CSeq: {number} {method}\r\nContact: <sip:13800000009@{host}:{port};transport=tls>\r\n"
                f"Max-Forwards: 70\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )
        await self._writer.drain()


@contextlib.asynccontextmanager
async def tls_caller(port: int, called: str) -> AsyncIterator[TlsCaller]:
    """A caller who has just dialled."""
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    caller = TlsCaller(reader, writer, called)
    try:
        await caller.dial()
        yield caller
    finally:
        writer.transport.abort()
