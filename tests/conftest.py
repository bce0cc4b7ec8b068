"""What every test stands on: no way out of the machine, SQLite unless told otherwise.

With HOTLINE_TEST_DATABASE_URL the same tests run on PostgreSQL: tables are made by the owner, tests speak as the app's
role, which row-level security binds."""

import os
from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import Any

import pytest
import pytest_socket
from hypothesis import HealthCheck, settings

from tests.centre import Centre

# A busy machine fails no test: how long one takes is no property of the code (benchmarks/ measures).
settings.register_profile("hotline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hotline")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Nothing calls out: only this machine may be reached."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the centre logged where a test on one failed: the machine it ran on may be gone when it is read."""
    report = yield
    centre = getattr(item, "funcargs", {}).get("centre")
    if report.failed and isinstance(centre, Centre):
        report.sections.append(("centre's log, newest lines", centre.newest_log()))
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests of PostgreSQL to the pass that runs on it; that pass fails when there is none."""
    if os.environ["HOTLINE_DATABASE_URL"]:
        return
    elsewhere = [item for item in items if item.get_closest_marker("postgres")]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Make the test database as the owner of its tables."""
    _speak_as_owner(is_owner=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Speak as the app's role from here on, until the database is removed."""
    from django.test import TransactionTestCase

    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = _as_owner(flush)  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        _speak_as_owner(is_owner=False)
        yield
        _speak_as_owner(is_owner=True)
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


def _as_owner(flush: Callable[..., None]) -> Callable[..., None]:
    """Emptying all tables after a test is the owner's work, and the audit's guards stand in its way."""

    @wraps(flush)
    def flush_as_owner(*arguments: Any) -> None:
        from hotline.foundation import guards

        _speak_as_owner(is_owner=True)
        guards.take_down()
        flush(*arguments)
        _speak_as_owner(is_owner=False)

    return flush_as_owner


def _speak_as_owner(*, is_owner: bool) -> None:
    """Choose the PostgreSQL role of the connections to come; SQLite has no roles."""
    from django.conf import settings
    from django.db import connection

    from hotline.foundation.databases import database_configuration

    if connection.vendor == "postgresql":
        connection.close()
        connection.settings_dict["OPTIONS"] = database_configuration(settings.HOTLINE, as_owner=is_owner)["OPTIONS"]
