"""What the command line does to the database: migrations, the audit's verification, the API's description."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

from hotline.entrypoints.preparation import Step, fingerprint
from hotline.foundation.databases import database_configuration
from hotline.kernel.settings import Settings


def migrate(settings: Settings) -> None:
    """Bring the database to this version, and put up its guards. Safe to run again."""
    _set_up()
    with _as_owner(settings):
        call_command("migrate", interactive=False, verbosity=0)
    note_preparation("tables")


def note_preparation(step: Step) -> None:
    """Remember in the database that this program has done the step, so that the next start can leave it out."""
    from hotline.foundation.models import Preparation  # noqa: PLC0415  # Django must be set up first

    Preparation.objects.update_or_create(step=step, defaults={"fingerprint": fingerprint(step)})


def verify_audit(settings: Settings) -> list[str]:
    """A sentence for each line of the audit that was changed or is missing; empty when it is whole."""
    _set_up()
    from hotline.foundation.audit import seal_audit, verify_audit  # noqa: PLC0415  # Django must be set up first

    seal_audit()
    return [str(problem) for problem in verify_audit()]


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
