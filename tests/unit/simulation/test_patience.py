"""Patience from those who left and those who were answered first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.simulation.patience import Patience

# Weeks of remission under 6-MP, Freireich et al. (1963); negative ones were censored.
_WEEKS = (6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
_PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


@pytest.mark.parametrize(("week", "share"), _PUBLISHED.items())
def test_the_published_estimate_is_met(week: int, share: float) -> None:
    found = Patience((abs(weeks), weeks > 0) for weeks in _WEEKS)
    assert found.share_waiting(week) == pytest.approx(share, abs=0.0005)
    assert found.share_waiting(5) == 1


def test_where_nobody_left_everybody_is_patient() -> None:
    assert Patience([(5_000, False)]).draw(0.99) is None
    assert Patience([]).draw(0.0) is None


def test_draws_follow_the_estimate() -> None:
    found = Patience((abs(weeks), weeks > 0) for weeks in _WEEKS)
    drawn = [found.draw((n + 0.5) / 1000) for n in range(1000)]
    longer = sum(time is None or time > 10 for time in drawn) / 1000
    assert longer == pytest.approx(0.753, abs=0.002)


@given(
    st.lists(st.tuples(st.integers(0, 600), st.booleans()), max_size=40),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 600),
)
def test_who_has_waited_leaves_later_if_at_all(seen: list[tuple[int, bool]], chance: float, waited: int) -> None:
    time = Patience(seen).draw(chance, waited)
    assert time is None or (time > waited and (time, True) in seen)
