"""Uploaded recordings become 8 kHz mono, or are refused with a reason."""

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.channels import errors
from hotline.domains.channels.sound import telephone_sound
from hotline.kernel.errors import HotlineError


def tone(
    *,
    rate: int = 8000,
    width: int = 2,
    channels: int = 1,
    seconds: float = 1.0,
    hertz: float = 440.0,
    loud: float = 0.5,
) -> bytes:
    """A WAV of one tone."""
    at = np.arange(int(rate * seconds)) / rate
    samples = np.repeat(np.sin(2 * np.pi * hertz * at) * loud, channels)
    if width == 1:
        body = (samples * 127 + 128).astype(np.uint8).tobytes()
    else:
        whole = (samples * (2 ** (8 * width - 1) - 1)).astype("<i8")
        body = whole.view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(body)
    return target.getvalue()


def _heard(wav: bytes) -> tuple[float, float]:
    """The loudest frequency in hertz, and its amplitude between 0 and 1."""
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    spectrum = np.abs(np.fft.rfft(samples)) / len(samples) * 2
    peak = int(np.argmax(spectrum))
    return peak * 8000 / len(samples), float(spectrum[peak])


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_tone_keeps_pitch_loudness_and_length(rate: int, width: int, channels: int) -> None:
    sound = telephone_sound(tone(rate=rate, width=width, channels=channels))
    hertz, amplitude = _heard(sound.wav)
    assert hertz == pytest.approx(440, abs=2)
    assert amplitude == pytest.approx(0.5, abs=0.05)
    assert sound.duration_ms == 1000


def test_what_a_telephone_cannot_carry_is_filtered_not_folded() -> None:
    sound = telephone_sound(tone(rate=48000, hertz=7000))
    _, amplitude = _heard(sound.wav)
    assert amplitude < 0.01


@pytest.mark.parametrize(
    ("uploaded", "refused"),
    [
        (b"", errors.SoundFormatError),
        (b"ID3\x04not a wave file at all", errors.SoundFormatError),
        (tone()[:30], errors.SoundFormatError),
        (tone(rate=96000), errors.SoundFormatError),
        (tone(rate=4000), errors.SoundFormatError),
        (tone(channels=6), errors.SoundFormatError),
        (tone(seconds=0.1), errors.SoundLengthError),
        (tone(seconds=121, rate=8000, width=1), errors.SoundLengthError),
        (tone(loud=0.001), errors.SoundSilentError),
        (b"\0" * (12 * 1024 * 1024 + 1), errors.SoundTooLargeError),
    ],
)
def test_unusable_upload_is_refused_with_its_reason(uploaded: bytes, refused: type[HotlineError]) -> None:
    with pytest.raises(refused):
        telephone_sound(uploaded)


def test_length_is_what_is_there_not_what_the_header_says() -> None:
    whole = tone(seconds=2.0)
    assert telephone_sound(whole[: 44 + 16000]).duration_ms == 1000


@given(st.binary(max_size=300), st.integers(0, 60))
def test_broken_files_never_crash(noise: bytes, at: int) -> None:
    broken = tone(seconds=0.3)
    broken = broken[:at] + noise + broken[at + len(noise) :]
    try:
        sound = telephone_sound(broken)
    except HotlineError:
        return
    _heard(sound.wav)
