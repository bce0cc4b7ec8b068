"""Writes the scenarios of an operator with 1,800 agents beside this file: `python scenarios/make_jiangsu.py`.

All figures are invented but the size: 140 million calls a month, 1,800 seats on two sites, a busy hour of 466,667 calls
of which 91 % stay in the IVR, a handle time of 150 s for the others. Nothing here is drawn by chance."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BRANDS = ("global", "zone", "easy")  # three brands, each with twenty modules: sixty queues
MODULES = 20
PROFILES = 150
EACH_SITE = 6  # agents of a profile on each site: 150 * 6 * 2 = 1,800
SITES = ("nanjing", "huaian")
SKILLS_EACH = 4
CALLS = 466_667
CONTAINMENT = 0.91
RING_S, TALK_S, WRAP_UP_S = 2.0, 120.0, 30.0  # handle time 150 s, and the ringing before it
PATIENCE_S = 240.0
TENANT = "jiangsu"


def queue_ids() -> list[str]:
    """The sixty queues."""
    return [f"{brand}-{module + 1:02d}" for brand in BRANDS for module in range(MODULES)]


def queues() -> list[dict[str, Any]]:
    """Each queue needs its own skill; contacts answered within 15 s are in time."""
    return [
        {
            "queue_id": id,
            "tenant_id": TENANT,
            "name_zh": id,
            "name_en": id,
            "skills": [[id, 1]],
            "offer_timeout_s": 15,
            "service_level_s": 15,
        }
        for id in queue_ids()
    ]


def groups() -> list[dict[str, Any]]:
    """Each profile masters four queues, spread so that all queues have equally many agents; half of it on each site."""
    ids = queue_ids()
    found = []
    for profile in range(PROFILES):
        first = profile * SKILLS_EACH  # 150 * 4 = 600 = 60 * 10: every queue ten times
        skills = sorted({ids[(first + place * (7 + profile // 15)) % len(ids)] for place in range(SKILLS_EACH)})
        for site in SITES:
            found.append(
                {
                    "id": f"{site}-{profile + 1:03d}",
                    "count": EACH_SITE,
                    "site": site,
                    "skills": [[skill, 5] for skill in skills],
                }
            )
    return found


def traffic(calls_per_hour: float, containment: float, staffed: dict[str, int]) -> list[dict[str, Any]]:
    """The callers of each queue, in proportion to the agents who master it."""
    whole = sum(staffed.values())
    ivr = {"stay": {"kind": "lognormal", "mean_s": 40.0, "cv": 0.7}, "containment": containment}
    return [
        {
            "queue": id,
            "arrivals": {"per_hour": round(calls_per_hour * staffed[id] / whole, 3)},
            **({"ivr": ivr} if containment else {}),
            "ring": {"kind": "uniform", "low_s": 1.0, "high_s": 2 * RING_S - 1.0},
            "talk": {"kind": "exponential", "mean_s": TALK_S},
            "wrap_up": {"kind": "uniform", "low_s": 0.0, "high_s": 2 * WRAP_UP_S},
            "patience": {"kind": "exponential", "mean_s": PATIENCE_S},
        }
        for id in queue_ids()
    ]


def staffed() -> dict[str, int]:
    """How many agents master each queue."""
    many = dict.fromkeys(queue_ids(), 0)
    for group in groups():
        for skill, _ in group["skills"]:
            many[skill] += group["count"]
    return many


def busy_hour() -> dict[str, Any]:
    """The hour of 466,667 calls, after a quarter of an hour in which the house fills."""
    return {
        "name": "江苏 Jiangsu: busy hour of 466,667 calls, 1,800 agents",
        "about": "Invented traffic of the size of a provincial operator; 91 % stay in the IVR.",
        "horizon_s": 4500,
        "warm_up_s": 900,
        "interval_s": 300,
        "replications": 4,
        "seed": 10086,
        "routing": {"queues": queues()},
        "groups": groups(),
        "traffic": traffic(CALLS, CONTAINMENT, staffed()),
    }


def world_1800() -> dict[str, Any]:
    """1,800 agents, 60 queues, 150 skill profiles, 97 % load, ring, talk and wrap-up: the measure of speed."""
    calls = 0.97 * 1800 * 3600 / (RING_S + TALK_S + WRAP_UP_S)
    return {
        **busy_hour(),
        "name": "1,800 agents, 60 queues, 150 skill profiles, 97 % load",
        "about": "The measure of speed: everybody asks for an agent.",
        "replications": 5,
        "traffic": traffic(calls, 0.0, staffed()),
    }


def site_failure() -> dict[str, Any]:
    """Half the usual load; Huai'an is cut off for half an hour, Nanjing takes everything."""
    calls = 820 * 3600 / (TALK_S + WRAP_UP_S)
    return {
        **busy_hour(),
        "name": "江苏 Jiangsu: Huai'an fails for half an hour",
        "about": "820 erlangs on 1,800 agents; from 00:30 to 01:00 only Nanjing's 900 are there.",
        "horizon_s": 5400,
        "replications": 5,
        "traffic": traffic(calls, 0.0, staffed()),
        "failures": [{"site": "huaian", "from_s": 1800, "to_s": 3600}],
    }


FILES = {
    "jiangsu_busy_hour.json": busy_hour,
    "jiangsu_1800.json": world_1800,
    "jiangsu_site_failure.json": site_failure,
}


def written(scenario: dict[str, Any]) -> str:
    """A scenario as its file holds it: one line for each part of a list."""
    lines = []
    for name, value in scenario.items():
        if name == "routing":
            inner = ",\n  ".join(json.dumps(queue, ensure_ascii=False) for queue in value["queues"])
            lines.append(f' "routing": {{"queues": [\n  {inner}\n ]}}')
        elif isinstance(value, list):
            inner = ",\n  ".join(json.dumps(part, ensure_ascii=False) for part in value)
            lines.append(f" {json.dumps(name)}: [\n  {inner}\n ]")
        else:
            lines.append(f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    for name, make in FILES.items():
        (HERE / name).write_text(written(make()), "utf-8")
