"""Keys become an answer as soon as no other answer can come of them."""

import pytest

from hotline.flows.keys import KeyCollector, TypeAhead
from hotline.flows.state import Ask


def collect(ask: Ask, keys: str) -> tuple[str | None, str]:
    """The answer and the keys that were left over."""
    collector = KeyCollector(ask)
    for number, key in enumerate(keys):
        if (text := collector.take(key)) is not None:
            return text, keys[number + 1 :]
    return None, ""


def ask(**fields: object) -> Ask:
    return Ask(**{"utterances": (), "max_length": 4, "timeout_s": 5, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "keys", "answer"),
    [
        (("1", "2"), "1", "1"),
        (("1", "12"), "1", None),
        (("1", "12"), "12", "12"),
        (("1", "12"), "13", "13"),
        (("1", "12"), "9", "9"),
        (("*", "#"), "#", "#"),
    ],
)
def test_menu_keys(options: tuple[str, ...], keys: str, answer: str | None) -> None:
    assert collect(ask(options=options), keys)[0] == answer


@pytest.mark.parametrize(
    ("terminator", "keys", "answer", "left"),
    [
        ("#", "12#", "12", ""),
        ("#", "#", "", ""),
        ("#", "12345", "1234", "5"),
        ("*", "1*2", "1", "2"),
        ("", "123", None, ""),
        ("#", "1A2D#", "12", ""),
    ],
)
def test_collected_digits(terminator: str, keys: str, answer: str | None, left: str) -> None:
    assert collect(ask(terminator=terminator), keys) == (answer, left)


def typed(keys: str) -> TypeAhead:
    ahead = TypeAhead()
    for key in keys:
        ahead.add(key)
    return ahead


def test_keys_typed_ahead_answer_one_question_after_the_other() -> None:
    ahead = typed("12")
    assert [ahead.feed(KeyCollector(ask(options=("1", "2")))) for _ in range(3)] == ["1", "2", None]


@pytest.mark.parametrize("keys", ["1234#", "1234"])
def test_closing_key_behind_a_complete_answer_is_not_the_next_one(keys: str) -> None:
    ahead, question = typed(keys), ask(terminator="#")
    assert ahead.feed(KeyCollector(question)) == "1234"
    ahead.answered(question, "1234")
    if keys == "1234":
        ahead.add("#")
    assert not ahead
    ahead.add("#")  # pressed again, it is meant
    assert ahead
