"""Sealed values open only with their key and for their purpose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.kernel.sealing import Keyring, UnsealError

KEYS = {"k2": b"2" * 32, "k1": b"1" * 32}


@given(st.binary(max_size=500), st.sampled_from(["phone", "recording"]))
def test_what_was_sealed_opens_and_does_not_show(plain: bytes, purpose: str) -> None:
    ring = Keyring(KEYS)
    sealed = ring.seal(plain, purpose)
    assert ring.open(sealed, purpose) == plain
    assert len(plain) < 8 or plain not in sealed


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_changed_byte_is_refused(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(Keyring(KEYS).seal(plain, "phone"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UnsealError):
        Keyring(KEYS).open(bytes(sealed), "phone")


def test_another_purpose_is_refused() -> None:
    ring = Keyring(KEYS)
    with pytest.raises(UnsealError):
        ring.open(ring.seal(b"13900005521", "phone"), "recording")


def test_after_rotation_old_values_open_and_old_indexes_match() -> None:
    before, after = Keyring({"k1": KEYS["k1"]}), Keyring(KEYS)
    assert after.open_text(before.seal_text("1390000", "phone"), "phone") == "1390000"
    assert after.blind_index("1390000", "phone") == before.blind_index("1390000", "phone")
    assert after.current_id == "k2"


def test_a_missing_key_is_refused() -> None:
    with pytest.raises(UnsealError):
        Keyring({"k1": KEYS["k1"]}).open(Keyring(KEYS).seal(b"x", "phone"), "phone")
