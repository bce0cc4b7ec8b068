"""Makes a roster problem of any size: a month of a 24-hour centre with six skills and the four rotations.

    python scenarios/make_roster_month.py --people 2000 --load 0.93 > scenarios/roster_2000.json

Load is demanded hours divided by productive hours (paid hours without breaks). The same seed gives the same file."""

import argparse
import json
import sys
from datetime import date, timedelta

import numpy as np

START, DAYS, SLOTS = date(2026, 12, 7), 28, 48
SKILLS = ["billing", "faults", "mall", "orders", "business", "english"]
SHARE = [0.34, 0.24, 0.12, 0.14, 0.10, 0.06]
HOURS = (152, 160)
ROTATIONS = [
    {"id": "happy_hour", "rest_block_days": 2, "hours_ratio": 0.02},
    {"id": "happy_family", "has_home_time": True, "forbids_split": True},
    {"id": "hope_project", "forbidden": [["18:00", "08:00"]]},
    {"id": "perpetual_learning", "has_timetable": True},
]


def kinds():
    """Shifts of 6, 8 and 10 hours that start every half hour; a meal of half an hour inside counts as work time."""
    return [
        {
            "id": f"h{hours}",
            "pieces": [[0, hours * 60]],
            "starts_every_min": 30,
            "breaks": [
                {
                    "length_min": 30,
                    "earliest_min": hours * 20 // 30 * 30,
                    "latest_min": hours * 40 // 30 * 30,
                    "is_paid": True,
                }
            ],
        }
        for hours in (6, 8, 10)
    ]


def people(number, chance):
    """Everybody with one to three skills; 8 % in each rotation; three wishes for a day off each."""
    return [_person(n, chance) for n in range(number)]


def _person(n, chance):
    known = chance.choice(len(SKILLS), size=int(chance.choice([1, 2, 3], p=[0.35, 0.4, 0.25])), replace=False, p=SHARE)
    days = chance.choice(DAYS, size=3, replace=False)
    person = {
        "id": f"a{n + 1:04d}",
        "skills": [SKILLS[k] for k in sorted(known)],
        "rules": "standard",
        "wishes": [{"day": str(START + timedelta(days=int(d)))} for d in sorted(days)],
    }
    rotation = int(chance.random() / 0.08)
    if rotation < len(ROTATIONS):
        person["rotation"] = ROTATIONS[rotation]["id"]
    if person.get("rotation") == "happy_family":
        person["latest_end"] = str(chance.choice(["17:00", "18:00", "19:00"]))
    if person.get("rotation") == "perpetual_learning":
        person["lessons"], person["travel_min"] = _timetable(chance), 30
    return person


def _timetable(chance):
    evenings = chance.choice(7, size=2, replace=False)
    days = [START + timedelta(days=7 * week + int(day)) for week in range(DAYS // 7) for day in sorted(evenings)]
    return [{"start": f"{day}T18:30", "end": f"{day}T21:00"} for day in days]


def demand(team, load, chance):
    """Demand per skill and half hour with the usual two humps of a day, weaker at weekends and at night."""
    productive = len(team) * sum(HOURS) / 2 * 2 * (1 - 0.5 / 8)
    hour = np.arange(DAYS * SLOTS) % SLOTS / 2
    shape = (
        0.18
        + np.exp(-((hour - 10.5) ** 2) / 8)
        + 0.85 * np.exp(-((hour - 16) ** 2) / 9)
        + 0.45 * np.exp(-((hour - 20.5) ** 2) / 5)
    )
    week = np.array([1.08, 1.03, 1.0, 1.0, 1.02, 0.9, 0.85])
    shape *= week[np.arange(DAYS * SLOTS) // SLOTS % 7]
    known = np.array([sum(skill in p["skills"] for p in team) for skill in SKILLS], float)
    able = np.array(SHARE) * 0.5 + known / known.sum() * 0.5
    rows = []
    for n, skill in enumerate(SKILLS):
        wanted = load * productive * able[n] / able.sum() * shape / shape.sum() * chance.normal(1, 0.02, len(shape))
        whole = np.floor(np.cumsum(np.concatenate([[0.5], np.maximum(0, wanted)])))
        rows.append({"skill": skill, "wanted": np.diff(whole).astype(int).tolist()})
    return rows


def problem(number, load, seed):
    """The whole problem."""
    chance = np.random.default_rng(seed)
    team = people(number, chance)
    return {
        "name": f"A month for {number} people at load {load:g}",
        "about": "Made by scenarios/make_roster_month.py; simulated.",
        "start": str(START),
        "days": DAYS,
        "zone": "Asia/Shanghai",
        "skills": SKILLS,
        "shifts": kinds(),
        "rules": [
            {
                "id": "standard",
                "rest_min": 660,
                "most_days_running": 6,
                "most_days_week": 5,
                "hours": list(HOURS),
                "fair_nights": 5,
            }
        ],
        "rotations": ROTATIONS,
        "people": team,
        "demand": demand(team, load, chance),
    }


def main():
    """Print the problem."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--load", type=float, default=0.93)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    json.dump(problem(given.people, given.load, given.seed), sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
