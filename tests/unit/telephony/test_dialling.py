"""The wall against toll fraud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.telephony.dialling import is_dialable, normalise_number

ALLOW = ("0532", "13", "+86532")
EMERGENCY = ("110", "119", "120")
TEXTS = st.text(max_size=30)


@pytest.mark.parametrize(
    ("given_number", "bare"),
    [
        ("0532 8888-0000", "053288880000"),
        ("+86 (532) 8888.0000", "+8653288880000"),
        ("*97#", "*97#"),
        ("", None),
        ("   ", None),
        ("++86", None),
        ("86+532", None),
        ("#*", None),
        ("１１０", None),
        ("0532;phone-context=x", None),
        ("sip:0532@evil", None),
        ("0" * 21, None),
        ("110\r\nX-Evil: 1", None),
    ],
)
def test_number_is_bared_of_separators_or_refused(given_number: str, bare: str | None) -> None:
    assert normalise_number(given_number) == bare


@pytest.mark.parametrize("number", ["05328888", "13800000000", "+86532888", "110", "1 2 0"])
def test_allowed_prefixes_and_emergency_numbers_pass(number: str) -> None:
    assert is_dialable(number, ALLOW, EMERGENCY)


@pytest.mark.parametrize("number", ["1100", "0110", "00532888", "+1900", "9110", "12"])
def test_other_numbers_do_not_pass(number: str) -> None:
    assert not is_dialable(number, ALLOW, EMERGENCY)


@given(TEXTS)
def test_nothing_but_emergency_passes_an_empty_list(number: str) -> None:
    assert is_dialable(number, (), EMERGENCY) == (normalise_number(number) in EMERGENCY)


@given(TEXTS)
def test_an_empty_prefix_allows_nothing(number: str) -> None:
    assert not is_dialable(number, ("",), ())


@given(st.sampled_from(EMERGENCY), st.lists(TEXTS, max_size=4))
def test_emergency_numbers_pass_whatever_is_allowed(number: str, allow: list[str]) -> None:
    assert is_dialable(number, allow, EMERGENCY)


@given(TEXTS, st.lists(st.text("0123456789+", min_size=1, max_size=6), max_size=4))
def test_what_passes_is_made_of_dialled_characters_only(number: str, allow: list[str]) -> None:
    if is_dialable(number, allow, ()):
        bare = normalise_number(number)
        assert bare is not None
        assert set(bare) <= set("0123456789+*#")
