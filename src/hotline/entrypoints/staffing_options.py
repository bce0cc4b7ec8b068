"""The options of `hotline staffing`."""

import argparse

SCHEMA = "schema"


def add_options(parser: argparse.ArgumentParser) -> None:
    """A problem's file, or the word `schema`."""
    parser.add_argument("problem", help=f"its JSON file (docs/staffing.md), or {SCHEMA!r} for the JSON Schema")
    parser.add_argument("--json", action="store_true", help="print the plan as JSON")
    parser.add_argument(
        "--check-by-simulation", action="store_true", help="simulate teams of single queues, too; pools always are"
    )
    parser.add_argument(
        "--time-limit", type=float, default=60.0, metavar="S", help="CPU seconds of the search; default: %(default)s"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="chance of the simulation; default: %(default)s"
    )
    parser.add_argument(
        "--replications",
        type=int,
        default=20,
        metavar="N",
        help="days in each trial of the search; default: %(default)s",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
