"""Uploaded recordings become what a telephone plays: 8 kHz, one channel, 16 bits. No Django."""

import hashlib
import io
import struct
import wave

import msgspec
import numpy as np
import soxr
from numpy.typing import NDArray

from hotline.domains.channels import errors

TELEPHONE_HZ = 8000
MOST_BYTES = 12 * 1024 * 1024  # a minute of 48 kHz stereo at 16 bits
LEAST_S, MOST_S = 0.2, 120.0
_LOWEST_HZ, _HIGHEST_HZ = 8000, 48_000
_LEAST_PEAK = 0.01  # of full scale: below, a caller hears nothing


class TelephoneSound(msgspec.Struct, frozen=True):
    """A WAV ready for the telephone."""

    wav: bytes
    sha256: str
    duration_ms: int


def telephone_sound(uploaded: bytes) -> TelephoneSound:
    """The recording as 8 kHz mono WAV. The header is checked against what is really there, not believed.

    Raises SoundTooLargeError, SoundFormatError, SoundLengthError or SoundSilentError."""
    if len(uploaded) > MOST_BYTES:
        raise errors.SoundTooLargeError(limit_mb=MOST_BYTES // 1024 // 1024)
    samples, rate_hz = _read(uploaded)
    seconds = len(samples) / rate_hz
    if not LEAST_S <= seconds <= MOST_S:
        raise errors.SoundLengthError(seconds=round(seconds, 1), least_s=LEAST_S, most_s=MOST_S)
    if float(np.max(np.abs(samples))) < _LEAST_PEAK:
        raise errors.SoundSilentError
    wav = _written(soxr.resample(samples, rate_hz, TELEPHONE_HZ))
    return TelephoneSound(wav, hashlib.sha256(wav).hexdigest(), round(seconds * 1000))


def _read(uploaded: bytes) -> tuple[NDArray[np.float32], int]:
    """Samples of one channel between -1 and 1, and their rate."""
    try:
        with wave.open(io.BytesIO(uploaded)) as source:
            form = source.getparams()
            frames = source.readframes(form.nframes)
    except (wave.Error, EOFError, ValueError, RuntimeError, struct.error) as error:
        # Beyond its own error, `wave` raises RuntimeError for a chunk that claims to reach past the file.
        raise errors.SoundFormatError from error
    is_usable = form.nchannels in {1, 2} and form.sampwidth in {1, 2, 3, 4}
    if not is_usable or not _LOWEST_HZ <= form.framerate <= _HIGHEST_HZ:
        raise errors.SoundFormatError
    whole = len(frames) - len(frames) % (form.sampwidth * form.nchannels)
    samples = _decoded(frames[:whole], form.sampwidth)
    if form.nchannels == 2:
        samples = samples.reshape(-1, 2).mean(axis=1, dtype=np.float32)
    return samples, form.framerate


def _decoded(frames: bytes, width: int) -> NDArray[np.float32]:
    """Little-endian PCM as numbers between -1 and 1; samples of 8 bits are unsigned, all others signed."""
    if width == 1:
        return ((np.frombuffer(frames, np.uint8).astype(np.float32) - 128) / 128).astype(np.float32)
    if width == 3:
        padded = np.zeros((len(frames) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(frames, np.uint8).reshape(-1, 3)
        return (padded.view("<i4").ravel() / 2**31).astype(np.float32)
    whole = np.frombuffer(frames, f"<i{width}")
    return (whole / float(2 ** (8 * width - 1))).astype(np.float32)


def _written(samples: NDArray[np.float32]) -> bytes:
    body = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(TELEPHONE_HZ)
        file.writeframes(body)
    return target.getvalue()
