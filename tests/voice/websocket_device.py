"""Registers over SIP on a WebSocket, as a browser does; answers Asterisk's questions whether it is still there."""

import asyncio
import contextlib
import hashlib
import re
import uuid
from collections.abc import AsyncIterator

import aiohttp

_SDP = (
    "v=0\r\no=t 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 31996 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


@contextlib.asynccontextmanager
async def registered_browser(base_url: str, user: str, password: str) -> AsyncIterator[None]:
    """A registered device, until its socket is closed at the end of the block."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(base_url + "/ws", protocols=("sip",)) as socket,
    ):
        call_id = uuid.uuid4().hex
        await socket.send_str(_register(user, call_id, 1, ""))
        challenge = await _answer_to(socket, "401")
        await socket.send_str(_register(user, call_id, 2, _authorization(challenge, user, password)))
        await _answer_to(socket, "200")
        answering = asyncio.create_task(_answer_questions(socket))
        try:
            yield
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)


async def websocket_invite(base_url: str, caller: str, called: str) -> int:
    """The final status that a call without any registration gets."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(base_url + "/ws", protocols=("sip",)) as socket,
    ):
        await socket.send_str(
            f"INVITE sip:{called}@hotline SIP/2.0\r\n"
            f"Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK{uuid.uuid4().hex}\r\n"
            f"From: <sip:{caller}@hotline>;tag=i1\r\nTo: <sip:{called}@hotline>\r\nCall-ID: {uuid.uuid4().hex}\r\n"
            f"CSeq: 1 INVITE\r\nContact: <sip:{caller}@browser.invalid;transport=ws>\r\nMax-Forwards: 70\r\n"
            f"Content-Type: application/sdp\r\nContent-Length: {len(_SDP)}\r\n\r\n{_SDP}"
        )
        async with asyncio.timeout(10):
            while (status := int(str(await socket.receive_str()).split()[1])) < 200:
                pass
            return status


async def _answer_to(socket: aiohttp.ClientWebSocketResponse, status: str) -> str:
    async with asyncio.timeout(5):
        while True:
            text = str(await socket.receive_str())
            if text.startswith(f"SIP/2.0 {status}"):
                return text


async def _answer_questions(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for message in socket:
        text = str(message.data)
        if text.startswith("OPTIONS"):
            kept = [line for line in text.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line)]
            await socket.send_str("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]))


def _register(user: str, call_id: str, number: int, authorization: str) -> str:
    return (
        "REGISTER sip:hotline SIP/2.0\r\n"
        f"Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK{uuid.uuid4().hex}\r\n"
        f"From: <sip:{user}@hotline>;tag=b1\r\nTo: <sip:{user}@hotline>\r\nCall-ID: {call_id}\r\n"
        f"CSeq: {number} REGISTER\r\nContact: <sip:{user}@browser.invalid;transport=ws>;expires=60\r\n"
        f"Max-Forwards: 70\r\n{authorization}Content-Length: 0\r\n\r\n"
    )


def _authorization(challenge: str, user: str, password: str) -> str:
    asked = dict(re.findall(r'(realm|nonce|opaque)="([^"]*)"', challenge))
    first = _md5(f"{user}:{asked['realm']}:{password}")
    second = _md5("REGISTER:sip:hotline")
    response = _md5(f"{first}:{asked['nonce']}:00000001:c1:auth:{second}")
    return (
        f'Authorization: Digest username="{user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", '
        f'uri="sip:hotline", response="{response}", algorithm=MD5, cnonce="c1", qop=auth, nc=00000001'
        + (f', opaque="{asked["opaque"]}"' if "opaque" in asked else "")
        + "\r\n"
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
