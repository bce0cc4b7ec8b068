"""Makes a roster problem of a year: 30 people of a small centre, open 24 hours on 365 days, public holidays staffed.

    python scenarios/make_roster_year.py > scenarios/roster_year.json
    python scenarios/make_roster_year.py --people 22 > impossible.json

The year is 2027 with the holidays of the Chinese mainland: 365 days less 104 at weekends, 13 holidays and 15 of leave
are 233 days of eight hours for each, so that about 19 of 30 people are on duty on a day. The law: 40 hours and five
days a week, eight hours a day, eleven hours of rest, a day off after six days running. No more than three nights
running, and of the 13 holidays nobody works more than ten. Demand stays the same when there are fewer people.
The same seed gives the same file."""

import argparse
import json
import sys
from datetime import date, timedelta

import numpy as np

START, DAYS, SLOTS = date(2027, 1, 1), 365, 48
HOLIDAYS = "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"  # New Year to National Day
DAYS_WORKED, LEAVE, USUAL_TEAM = 233, 15, 30
# People wanted on calls in each hour, without meals; a weekend day or holiday wants a little less by day.
CALLS = [2, 2, 2, 2, 2, 2, 2, 3, 6, 8, 8, 8, 7, 7, 8, 9, 8, 7, 6, 6, 6, 5, 4, 2]


def kinds():
    """Four shifts of eight hours, each with a paid meal of half an hour."""
    meal = {"length_min": 30, "earliest_min": 150, "latest_min": 330, "is_paid": True}
    starts = {"early": "07:00", "day": "09:00", "late": "15:00", "night": "23:00"}
    return [{"id": name, "pieces": [[0, 480]], "starts": [at], "breaks": [meal]} for name, at in starts.items()]


def people(number, chance):
    """Everybody answers calls; two of three know repairs, too. Leave lies in three blocks of five days."""
    return [_person(n, chance) for n in range(number)]


def _person(n, chance):
    blocks = chance.choice(DAYS // 7 - 1, size=LEAVE // 5, replace=False)
    monday = START + timedelta(days=-START.weekday() % 7)
    leave = [monday + timedelta(days=7 * int(week)) for week in sorted(blocks)]
    return {
        "id": f"s{n + 1:02d}",
        "skills": ["calls", "repairs"] if n % 3 else ["calls"],
        "rules": "law",
        "unavailable": [{"start": f"{at}T00:00", "end": f"{at + timedelta(days=5)}T00:00"} for at in leave],
    }


def demand(chance):
    """People wanted in every half hour of the year; one of them by night, two by day, must know repairs."""
    holidays = {date.fromisoformat(f"{START.year}-{day}") for day in HOLIDAYS.split()}
    calls, repairs = [], []
    for day in (START + timedelta(days=n) for n in range(DAYS)):
        is_quiet = day.weekday() >= 5 or day in holidays
        for slot in range(SLOTS):
            usual = CALLS[slot // 2]
            busy = usual > 2 and chance.random() < (0.1 if is_quiet else 0.4)
            wanted_repairs = 2 if 8 <= slot // 2 < 20 else 1
            repairs.append(wanted_repairs)
            calls.append(max(1, usual - wanted_repairs + busy))
    return [{"skill": "calls", "wanted": calls}, {"skill": "repairs", "wanted": repairs}]


def problem(number, seed):
    """The whole problem."""
    chance = np.random.default_rng(seed)
    wanted = demand(chance)
    return {
        "name": f"A year for {number} people",
        "about": "Made by scenarios/make_roster_year.py; simulated.",
        "start": str(START),
        "days": DAYS,
        "zone": "Asia/Shanghai",
        "skills": ["calls", "repairs"],
        "shifts": kinds(),
        "rules": [
            {
                "id": "law",
                "rest_min": 660,
                "most_days_running": 6,
                "most_days_week": 5,
                "hours": [8 * (DAYS_WORKED - 3), 8 * DAYS_WORKED],
                "most_nights_running": 3,
                "fair_nights": 45,
                "most_holidays": 10,
            }
        ],
        "holidays": [f"{START.year}-{day}" for day in HOLIDAYS.split()],
        "people": people(number, chance),
        "demand": wanted,
    }


def main():
    """Print the problem."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=USUAL_TEAM)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    json.dump(problem(given.people, given.seed), sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
