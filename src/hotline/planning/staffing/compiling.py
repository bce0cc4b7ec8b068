"""Compiles the time-dependent queue once, so that the first plan does not pay for it.

python -m hotline.planning.staffing.compiling"""

from hotline.planning.staffing.carry_over import Rates, course, empty


def compile_all() -> None:
    """The forward equations are in the compiler's cache, beside the module or in the user's cache directory."""
    course(empty(), Rates(0.1, 60.0), 8, 60.0, 20.0)


if __name__ == "__main__":
    compile_all()
