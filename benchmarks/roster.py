"""Rosters: cost of the public shift-scheduling benchmarks in CPU seconds, and a month for many agents.

    python benchmarks/roster.py [--seconds 60] [--instances 1,2] [--people 2000] [--load 0.93] [--only curtois]

`--only` may be curtois, inrc1 or month. Beside our cost on the benchmark of Curtois and Qu stand the best known, the
published ten-minute results (ejection chain / Gurobi / hybrid) and the CP-SAT monolith of the project's table of
numbers to beat; beside those on the nurse rostering competition (inrc1) the best known. The instances are not shipped:
they are read from `HOTLINE_BENCH_DATA` (default `../shared/data`), and the line says so where they are missing."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROSTERS = Path(os.environ.get("HOTLINE_BENCH_DATA", ROOT.parent / "shared" / "data")) / "roster"
DATA = ROSTERS / "curtois"
# instance: best known, published in ten minutes, CP-SAT monolith, target
TABLE = {
    1: (607, "-", 607, 607),
    2: (828, "-", 828, 828),
    3: (1001, "1003 / 1001 / 1001", 1109, 1001),
    5: (1143, "-", 1147, 1143),
    6: (1950, "2344 / 1950 / 1950", None, 1952),
    8: (1300, "2529 / 8995 / 1364", 4454, 1310),
    9: (439, "474 / 439 / 439", None, 443),
    11: (3443, "3967 / 3443 / 3443", None, 3446),
    12: (4040, "5611 / 4045 / 4042", 16093, 4240),
    14: (1278, "2542 / 1482 / 1281", None, 1470),
}

CONTEST = {
    "sprint01": 56,
    "sprint02": 58,
    "sprint_late03": 48,
    "medium01": 240,
    "medium02": 240,
    "medium_late01": 157,
    "long01": 197,
    "long02": 219,
    "long_late01": 235,
}


def hotline(*arguments: str) -> dict:
    """The JSON of one command."""
    command = [sys.executable, "-m", "hotline.entrypoints", "roster", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    return json.loads(done.stdout) if done.stdout else {"failed": done.returncode}


def curtois(seconds: float, instances: list[int]) -> None:
    """One line for each instance."""
    print("instance  ours  feasible  bound  CPU s  target  best known  published 10 min   CP-SAT 60 s")
    for number in instances:
        path = DATA / f"Instance{number}.txt"
        if not path.exists():
            print(f"{number}: {path} is missing; set HOTLINE_BENCH_DATA")
            continue
        found = hotline("solve", str(path), "--format", "curtois", "--time-limit", str(seconds), "--quiet")
        best, published, monolith, target = TABLE[number]
        print(number, *found.values(), target, best, published, monolith, sep="  ", flush=True)


def contest(seconds: float) -> None:
    """One line for each instance of the nurse rostering competition."""
    print("instance  ours  feasible  bound  CPU s  best known")
    for name, best in CONTEST.items():
        path = ROSTERS / "inrc1" / f"{name}.txt"
        if not path.exists():
            print(f"{name}: {path} is missing; set HOTLINE_BENCH_DATA")
            continue
        found = hotline("solve", str(path), "--format", "inrc1", "--time-limit", str(seconds), "--quiet")
        print(name, *found.values(), best, sep="  ", flush=True)


def month(people: int, load: float, seconds: float) -> None:
    """The month: CPU seconds, coverage, hard rules, wishes, most nights of one person."""
    with tempfile.TemporaryDirectory() as room:
        problem, answer = Path(room, "problem.json"), Path(room, "answer.json")
        maker = [
            sys.executable,
            str(ROOT / "scenarios/make_roster_month.py"),
            "--people",
            str(people),
            "--load",
            str(load),
        ]
        problem.write_bytes(subprocess.run(maker, stdout=subprocess.PIPE, check=True).stdout)
        found = hotline("solve", str(problem), "--time-limit", str(seconds), "--quiet", "--json", str(answer))
        checked = hotline("check", str(problem), str(answer))
        checked.pop("breaches", None)
        print(f"{people} people, load {load}: {found.get('cpu_s')} CPU s, {checked}", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--instances", default=",".join(map(str, TABLE)))
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--load", type=float, default=0.93)
    parser.add_argument("--only", choices=("curtois", "inrc1", "month"))
    options = parser.parse_args()
    if options.only in {None, "curtois"}:
        curtois(options.seconds, [int(number) for number in options.instances.split(",")])
    if options.only in {None, "inrc1"}:
        contest(options.seconds)
    if options.only in {None, "month"}:
        month(options.people, options.load, 2 * options.seconds)


if __name__ == "__main__":
    main()
