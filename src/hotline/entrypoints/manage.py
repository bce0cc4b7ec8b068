"""What the command line does to the database: migrations, the audit's verification, the API's description."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django.utils import translation
from psycopg.errors import InsufficientPrivilege

from hotline.entrypoints.preparation import Step, fingerprint
from hotline.foundation.databases import database_configuration
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings


class DatabaseAwayError(HotlineError):
    code = "database.away"
    status = 500
    sentence = "The database does not answer ({problem}): start it, or correct HOTLINE_DATABASE_URL."


class DatabaseRightsError(HotlineError):
    code = "database.rights"
    status = 500
    sentence = "The database refuses ({problem}): its user must own the database and may make roles (CREATEROLE)."


def migrate(settings: Settings) -> None:
    """Bring the database to this version, and put up its guards. Safe to run again.

    Raises DatabaseAwayError, DatabaseRightsError."""
    _set_up()
    with _database_problems_told():
        with _as_owner(settings):
            call_command("migrate", interactive=False, verbosity=0)
        note_preparation("tables")


@contextmanager
def _database_problems_told() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseAwayError(problem=_first_line(error)) from error
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        raise DatabaseRightsError(problem=_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def note_preparation(step: Step) -> None:
    """Remember in the database that this program has done the step, so that the next start can leave it out."""
    from hotline.foundation.models import Preparation  # noqa: PLC0415  # Django must be set up first

    Preparation.objects.update_or_create(step=step, defaults={"fingerprint": fingerprint(step)})


def verify_audit(settings: Settings) -> list[str]:
    """A sentence for each line of the audit that was changed or is missing; empty when it is whole.

    Raises DatabaseAwayError."""
    _set_up()
    from hotline.foundation.audit import seal_audit, verify_audit  # noqa: PLC0415  # Django must be set up first

    with _database_problems_told():
        seal_audit()
        return [str(problem) for problem in verify_audit()]


def appoint_administrator(settings: Settings, username: str, name: str, *, has_lost_password: bool) -> list[str]:
    """Make somebody administrator of the installation; the lines to print, a new password among them.

    Raises InvalidInputError, DatabaseAwayError."""
    _set_up()
    from hotline.foundation import accounts  # noqa: PLC0415  # Django must be set up first
    from hotline.foundation.actors import Actor  # noqa: PLC0415
    from hotline.foundation.errors import InvalidInputError  # noqa: PLC0415

    with _database_problems_told(), translation.override("en"):
        try:
            made = accounts.appoint(
                Actor.system("command line", []), username, name=name, has_lost_password=has_lost_password
            )
        except ValidationError as error:
            field, problems = next(iter(error.message_dict.items()))
            raise InvalidInputError(field=field, problem=" ".join(problems)) from error
    lines = [f"{made.username} administers this installation and its {made.tenant_count} tenant(s)."]
    if made.password is not None:
        lines.append(f"password: {made.password}  (told only now; change it after the log-in)")
    return lines


def nobody_can_log_in() -> bool:
    """Whether no active user exists yet. Needs a migrated database."""
    from hotline.foundation.models import User  # noqa: PLC0415  # Django must be set up first

    return not User.objects.filter(is_active=True).exists()


def openapi_json(settings: Settings) -> str:
    """The OpenAPI description of /api/v1."""
    _set_up()
    from hotline.foundation.openapi import description  # noqa: PLC0415  # Django must be set up first
    from hotline.foundation.urls import browser_api  # noqa: PLC0415

    return json.dumps(description(browser_api), ensure_ascii=False, indent=2, default=str)


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.foundation.django_settings")
    django.setup()


@contextmanager
def _as_owner(settings: Settings) -> Iterator[None]:
    """Migrations speak as the owner of the tables, everything else as a role that owns nothing."""
    usual: dict[str, Any] = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = database_configuration(settings, as_owner=True)["OPTIONS"]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = usual
