"""The ear, mouth and fingers of one caller: a socket that SIPp's signalling names as the place for sound.

SIPp itself keeps nothing of what it hears. A line tells what a caller hears at this moment, and which keys were pressed
at the far end (RFC 4733)."""

import asyncio
import socket
import struct
from pathlib import Path
from typing import Self, cast

import numpy as np
import numpy.typing as npt

from tests.voice.sipp.scenario import write_tone_alaw

RATE_HZ = 8000
_FRAME_S, _FRAME = 0.02, 160
_ALAW, _KEYS = 8, 96  # payload types, as the scenarios' SDP says
_ALPHABET = "0123456789*#"
_KEY_FRAMES, _KEY_ENDS, _PAUSE_FRAMES = 8, 3, 8
_QUIET = bytes([0xD5]) * _FRAME
_KEPT_S = 30

Samples = npt.NDArray[np.float64]


def _alaw_table() -> Samples:
    """What each byte of G.711 A-law stands for, -1 to 1."""
    values = []
    for byte in range(256):
        code = byte ^ 0x55
        segment, low = (code >> 4) & 7, (code & 0x0F) << 4
        magnitude = low + 8 if segment == 0 else (low + 0x108) << (segment - 1)
        values.append((magnitude if code & 0x80 else -magnitude) / 32768)
    return np.array(values)


_LINEAR = _alaw_table()


class Line(asyncio.DatagramProtocol):
    """Open with `Line.open`; give its `port` to the caller. It speaks once the far end has been heard."""

    def __init__(self, frames: list[bytes], keys: str, keys_after_s: float, first_sequence: int) -> None:
        self._frames = frames
        self._keys_left, self._keys_after_s = keys, keys_after_s
        self._transport: asyncio.DatagramTransport
        self._far_end = ("127.0.0.1", 0)
        self._speaking: asyncio.Task[None] | None = None
        self._sequence, self._timestamp = first_sequence, 0
        self._heard: list[bytes] = []
        self._pressed_at: set[int] = set()
        self.pressed = ""  # keys that the far end pressed

    @classmethod
    async def open(
        cls, directory: Path, tone_hz: int, keys: str = "", keys_after_s: float = 1.0, first_sequence: int = 1
    ) -> Self:
        """Speaks the tone; first, `keys_after_s` after the far end began, it presses the keys. Its packets are numbered
        from `first_sequence`."""
        tone = write_tone_alaw(directory / f"line-{tone_hz}.alaw", tone_hz).read_bytes()
        frames = [tone[start : start + _FRAME] for start in range(0, len(tone), _FRAME)]
        loop = asyncio.get_running_loop()
        _, line = await loop.create_datagram_endpoint(
            lambda: cls(frames, keys, keys_after_s, first_sequence), local_addr=("127.0.0.1", 0), family=socket.AF_INET
        )
        return line

    @property
    def port(self) -> int:
        return int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()
        self._transport.close()

    # --- what is heard ---

    def level(self, frequency_hz: int, seconds: float = 0.4) -> float:
        """Amplitude, 0 to 1, of the tone in what was heard last."""
        samples = self._newest(seconds)
        window = np.hanning(len(samples))
        turns = np.exp(-2j * np.pi * frequency_hz * np.arange(len(samples)) / RATE_HZ)
        return float(2 * abs(np.sum(samples * window * turns)) / max(1.0, window.sum()))

    def loudness(self, seconds: float = 0.4) -> float:
        """Root mean square, 0 to 1, of what was heard last, whatever it is."""
        samples = self._newest(seconds)
        return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0

    def _newest(self, seconds: float) -> Samples:
        count = max(1, round(seconds / _FRAME_S))
        return _LINEAR[np.frombuffer(b"".join(self._heard[-count:]), np.uint8)]

    # --- the wire ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, packet: bytes, address: tuple[str, int]) -> None:
        if len(packet) < 12:
            return
        self._far_end = address  # the next call on this line has another
        if self._speaking is None:
            self._speaking = asyncio.create_task(self._speak())
        kind, payload = packet[1] & 0x7F, packet[12:]
        if kind == _ALAW:
            self._heard = [*self._heard[-int(_KEPT_S / _FRAME_S) :], payload]
        elif kind == _KEYS:
            self._note_key(struct.unpack("!I", packet[4:8])[0], payload[0])

    def _note_key(self, began: int, event: int) -> None:
        """One key is many packets with the same timestamp."""
        if began not in self._pressed_at and event < len(_ALPHABET):
            self._pressed_at.add(began)
            self.pressed += _ALPHABET[event]

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        began = due = loop.time()
        place = 0
        while True:
            if self._keys_left and loop.time() - began >= self._keys_after_s:
                due = await self._press(self._keys_left[0], due)
                self._keys_left = self._keys_left[1:]
                continue
            self._send(_ALAW, _QUIET if self._keys_left else self._frames[place % len(self._frames)])
            place += 1
            due = await self._next_frame(due)

    async def _press(self, key: str, due: float) -> float:
        """One key and the pause after it; gives back when the next frame is due."""
        event, began = _ALPHABET.index(key), self._timestamp
        for number in range(_KEY_FRAMES + _KEY_ENDS):
            is_over = number >= _KEY_FRAMES
            duration = min(number + 1, _KEY_FRAMES) * _FRAME
            body = struct.pack("!BBH", event, 0x8A if is_over else 0x0A, duration)
            self._send(_KEYS, body, began, is_marked=number == 0)
            due = await self._next_frame(due)
        for _ in range(_PAUSE_FRAMES):
            self._send(_ALAW, _QUIET)
            due = await self._next_frame(due)
        return due

    def _send(self, kind: int, payload: bytes, timestamp: int | None = None, is_marked: bool = False) -> None:
        stamp = self._timestamp if timestamp is None else timestamp
        head = struct.pack(
            "!BBHII", 0x80, kind | (0x80 if is_marked else 0), self._sequence & 0xFFFF, stamp, 0x11223344
        )
        self._transport.sendto(head + payload, self._far_end)
        self._sequence += 1
        self._timestamp += _FRAME

    async def _next_frame(self, due: float) -> float:
        """Every 20 ms by the clock, however late this process was woken."""
        due += _FRAME_S
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        return due
