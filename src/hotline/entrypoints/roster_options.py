"""The options of `hotline roster`."""

import argparse

FORMATS = ("hotline", "curtois", "inrc1")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Subcommands `solve`, `check` and `schema`."""
    questions = parser.add_subparsers(dest="question", required=True, metavar="QUESTION")
    solve = questions.add_parser("solve", help="who works when; JSON alone on standard output")
    solve.add_argument("problem", help="its file; docs/roster.md explains the formats")
    solve.add_argument("--format", choices=FORMATS, default="hotline", help="default: our own problems in JSON")
    solve.add_argument(
        "--time-limit", type=float, metavar="S", help="CPU seconds of all processes together; default: 60, ours 120"
    )
    solve.add_argument("--json", metavar="OUT", help="write the answer to a file, too")
    solve.add_argument("--out", metavar="OUT.csv", help="write the solution as CSV: employee, day from 0, shift")
    solve.add_argument("--seed", type=int, default=1, metavar="N", help="chance of the search; default: %(default)s")
    solve.add_argument("--quiet", action="store_true", help="no progress on standard error")
    check = questions.add_parser("check", help="an independent checker; exit code 1 when a hard rule is broken")
    check.add_argument("problem")
    check.add_argument("solution", help="CSV (employee, day, shift) of a benchmark, or our solver's JSON")
    check.add_argument("--format", choices=FORMATS, default="hotline")
    questions.add_parser("schema", help="the JSON Schema of our own problems")
