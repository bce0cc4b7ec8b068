"""The rows of who was not served: found by the caller, dropped by age and by number, kept over a restart."""

import random
import sys

import msgspec
import pytest

from hotline.engine import callers
from hotline.engine.callers import Callers
from hotline.engine.missed import Missed, SavedCallers


def missed(over_ms: int, contact_id: str = "k", agent_id: str | None = None) -> Missed:
    return Missed(over_ms - 30_000, over_ms, "water", contact_id, agent_id)


def kept(known: Callers) -> Callers:
    """What a snapshot makes of it."""
    again = Callers()
    again.remember(msgspec.msgpack.decode(msgspec.msgpack.encode(known.saved()), type=SavedCallers))
    return again


def test_a_caller_is_found_with_the_last_that_was_noted() -> None:
    known = Callers()
    known.note("a", missed(100_000, "k1"))
    known.note("b", missed(110_000, "k2", "ann"))
    known.note("a", missed(120_000, "k3"))
    for one in (known, kept(known)):
        assert one.find("a") == Missed(90_000, 120_000, "water", "", None)
        assert one.find("b") == Missed(80_000, 110_000, "water", "", "ann")
        assert [one.is_of("a", contact) for contact in ("k1", "k3")] == [False, True]
        assert (len(one), one.find("c"), one.is_of("c", "k3")) == (2, None, False)


def test_the_oldest_are_dropped_by_age() -> None:
    known = Callers()
    for number in range(10):
        known.note(f"c{number}", missed(1_000 * number))
    known.forget("c3")
    known.forget_before(3_000)
    assert [known.find(f"c{number}") is not None for number in range(10)] == [False] * 4 + [True] * 6
    known.forget_all()
    assert len(known) == 0


def test_another_machine_reads_them() -> None:
    known = Callers()
    known.note("a", missed(100_000, "k1", "ann"))
    saved = known.saved()
    for column in known._columns:
        column.byteswap()
    other = "big" if sys.byteorder == "little" else "little"
    again = Callers()
    again.remember(SavedCallers(other, [column.tobytes() for column in known._columns], saved.texts))
    assert again.find("a") == Missed(70_000, 100_000, "water", "", "ann")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_is_as_with_a_dictionary_and_kept_to_the_byte(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "_FEW", 5)
    draw, known, plain, restored = random.Random(seed), Callers(), dict[str, Missed](), Callers()
    for at in range(3_000):
        caller, what = f"c{draw.randrange(60)}", draw.random()
        if what < 0.5:
            plain.pop(caller, None)
            plain[caller] = missed(at * 1_000)
        elif what < 0.95:
            plain.pop(caller, None)
        for one in (known, restored):
            if what < 0.5:
                one.note(caller, missed(at * 1_000))
            elif what < 0.95:
                one.forget(caller)
            elif what < 0.96:
                one.forget_before((at - 40) * 1_000)
        if 0.95 <= what < 0.96:
            plain = {key: value for key, value in plain.items() if value.over_ms >= (at - 40) * 1_000}
        if at % 500 == 0:
            restored = kept(known)
        assert len(known) == len(plain)
    assert {caller: known.find(caller) for caller in plain} == {
        caller: msgspec.structs.replace(value, contact_id="") for caller, value in plain.items()
    }
    assert restored.saved() == known.saved()
    assert len(known._columns[0]) <= 2 * len(known) + 5


def test_the_greatest_number_fits_into_what_a_snapshot_may_take() -> None:
    assert callers.MOST_CALLERS * 32 < 20_000_000
