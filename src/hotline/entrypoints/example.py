"""Loads the example tenant: Shibei Water, 16 seats and 30 staff, from `scenarios/shibei.json`.

Safe to run again: what is there stays as it is, also what an administrator has changed; what is missing is added."""

import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

import hotline
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings

SCENARIO = Path(hotline.__file__).parents[2] / "scenarios" / "shibei.json"
_VARIABLE = "HOTLINE_EXAMPLE_PASSWORD"
_KEPT_IN = "example-password"
_LEAST_PASSWORD_LENGTH = 10
_SHOWN_ROLES = (
    "administrator",
    "supervisor",
    "team_leader",
    "agent",
    "quality_inspector",
    "planner",
    "department_handler",
)


class ScenarioMissingError(HotlineError):
    code = "example.scenario_missing"
    status = 404
    sentence = "The example tenant is not there: {path}. Start from a checkout that has the scenarios directory."


class ExamplePasswordError(HotlineError):
    code = "example.password_short"
    status = 422
    sentence = "HOTLINE_EXAMPLE_PASSWORD needs at least {least} characters; choose a longer one or leave it unset."


def load_example(settings: Settings, *, with_roster: bool = False) -> list[str]:
    """Load what is missing; the lines to print: number and log-ins. Needs a migrated database.

    `with_roster`: the worker is asked for a first roster, too, which takes it half a minute."""
    import django  # noqa: PLC0415  # every role imports this module's neighbours, the switch without Django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.foundation.django_settings")
    django.setup()
    # The parts below know Django's models, which exist only now.
    from hotline.entrypoints import example_setup, example_staff  # noqa: PLC0415

    scenario = read_scenario(SCENARIO)
    password, is_new_password = _password(settings)
    tenant_id = example_staff.ensure_tenant(scenario["tenant"])
    user_ids = example_staff.ensure_staff(tenant_id, scenario["staff"], password, is_new_password=is_new_password)
    example_setup.ensure_setup(tenant_id, scenario, user_ids, with_roster=with_roster)
    _keep_password(settings, password)
    return _lines(scenario, password)


def loaded_lines(settings: Settings) -> list[str] | None:
    """The lines that `load_example` gave, once it has run; None when the password is to be another now."""
    password, is_new_password = _password(settings)
    return None if is_new_password else _lines(read_scenario(SCENARIO), password)


def read_scenario(path: Path) -> dict[str, Any]:
    """The scenario's data. Raises ScenarioMissingError."""
    try:
        found: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    except FileNotFoundError as error:
        raise ScenarioMissingError(path=str(path)) from error
    return found


def _password(settings: Settings) -> tuple[str, bool]:
    """The password of all example users, and whether it differs from the one they may have."""
    path = _password_path(settings)
    former = path.read_text("utf-8").strip() if path.exists() else ""
    wanted = os.environ.get(_VARIABLE, "") or former or secrets.token_urlsafe(9)
    if len(wanted) < _LEAST_PASSWORD_LENGTH:
        raise ExamplePasswordError(least=_LEAST_PASSWORD_LENGTH)
    return wanted, wanted != former


def _keep_password(settings: Settings, password: str) -> None:
    """Keep it beside the secrets, so that every start can print it; only for this example, never for real people."""
    path = _password_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(password + "\n")


def _password_path(settings: Settings) -> Path:
    return (settings.secrets_dir or settings.data_dir / "secrets") / _KEPT_IN


def _lines(scenario: Mapping[str, Any], password: str) -> list[str]:
    real = [point for point in scenario["entry_points"] if not point.get("is_simulated")]
    numbers = ", ".join(point["address"] for point in real if "channel" not in point)
    pages = ", ".join(f"/{point['channel']}/{point['address']}" for point in real if "channel" in point)
    people = [f"  {role:<20}{_names_of(scenario['staff'], role)}" for role in _SHOWN_ROLES]
    return [
        f"Example tenant {scenario['tenant']['name']['zh']} / {scenario['tenant']['name']['en']}",
        f"  {'number':<20}{numbers}",
        f"  {'public pages':<20}{pages}",
        *people,
        f"  {'password':<20}{password}   (all of them; example only)",
    ]


def _names_of(staff: Iterable[Mapping[str, Any]], role: str) -> str:
    names = [person["username"] for person in staff if person["role"] == role and "simulated" not in person["username"]]
    return ", ".join(names) if len(names) <= 4 else f"{names[0]} ... {names[-1]}"
