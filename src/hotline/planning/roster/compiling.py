"""Compiles the line programs once, so that the first roster does not pay for it.

python -m hotline.planning.roster.compiling"""

import numpy as np

from hotline.planning.roster import duty_kernel
from hotline.planning.roster.board import Team
from hotline.planning.roster.curtois import Cover, Instance, Worker


def compile_all() -> None:
    """Both line programs are in the compiler's cache, beside the modules or in the user's cache directory."""
    worker = Worker("a", {"d": 3}, 1440, 0, 3, 1, 1, 1)
    Team(
        Instance(
            days=3, minutes_of={"d": 480}, not_after={"d": set()}, workers={"a": worker}, cover=[Cover(0, "d", 1, 1, 1)]
        )
    ).cheapest(0, np.zeros((3, 1)))
    cuts = np.zeros((48, 2), np.int32)
    duty_kernel.interval_worth(cuts, np.zeros(48, np.int32), 1, 1.0, np.zeros(48, np.float32))
    duty_kernel.count(cuts, 0, 4, 1, 1)
    pieces, breaks = np.array([[[0, 4]]]), np.zeros((1, 1, 3), np.int64)
    extra = np.zeros((1, 1), np.float32)
    worth, _ = duty_kernel.shift_worth(
        np.zeros((1, 49), np.float32),
        np.zeros(49, np.int64),
        np.zeros((1, 1), np.bool_),
        48,
        pieces,
        breaks,
        np.zeros(1, np.int64),
        extra,
        np.zeros(49, np.int64),
    )
    following, table = np.zeros((1, 1, 2), np.int32), np.zeros((2, 1, 2, 2), np.float32)
    low, high = np.zeros(2, np.int64), np.ones(2, np.int64)
    duty_kernel.best_line(worth, np.zeros(1, np.int64), np.array([[1, 0, 0, 1]]), following, table, low, high, 1)


if __name__ == "__main__":
    compile_all()
