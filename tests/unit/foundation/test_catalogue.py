"""Every error of every room speaks Chinese and English, and says the same in both."""

import importlib
import pkgutil
from collections.abc import Iterator
from string import Formatter

import pytest

import hotline
from hotline.foundation.text import catalogue, sentence_of
from hotline.kernel.errors import HotlineError


def _all_errors() -> Iterator[type[HotlineError]]:
    for module in pkgutil.walk_packages(hotline.__path__, "hotline."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    waiting = [HotlineError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if error.__module__.startswith("hotline."):
            yield error


def _blanks(template: str) -> set[str]:
    return {name for _text, name, _format, _conversion in Formatter().parse(template) if name}


def test_every_error_has_a_chinese_sentence_with_the_same_blanks() -> None:
    chinese = catalogue("zh")
    errors = list(_all_errors())
    assert len(errors) > 20
    missing = sorted(f"{e.__module__}.{e.__name__}: {e.code}" for e in errors if e.code not in chinese)
    assert missing == []
    different = sorted(e.code for e in errors if _blanks(chinese[e.code]) != _blanks(e.sentence))
    assert different == []


def test_english_files_say_what_the_classes_say() -> None:
    english = catalogue("en")
    different = sorted(e.code for e in _all_errors() if english.get(e.code, e.sentence) != e.sentence)
    assert different == []


def test_codes_are_given_once() -> None:
    codes: dict[str, type[HotlineError]] = {}
    for error in _all_errors():
        if "code" in vars(error):
            assert codes.setdefault(error.code, error) is error, f"{error.code} is used twice"


@pytest.mark.parametrize(("language", "part"), [("zh", "用户 7"), ("en", "user 7"), ("zh-hans", "用户 7")])
def test_a_sentence_is_filled_in_the_readers_language(language: str, part: str) -> None:
    from hotline.foundation.errors import NotFoundError

    name = "用户" if language.startswith("zh") else "user"
    assert part in sentence_of(NotFoundError(object_type=name, object_id="7"), language)
