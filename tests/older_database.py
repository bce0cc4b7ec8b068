"""A database as the replaced migrations make it: what a centre has that was set up before they were replaced.

python -m tests.older_database [APP MIGRATION]    into the database of HOTLINE_DATA_DIR or HOTLINE_DATABASE_URL;
                                                  with a migration: no further than that one and what it needs"""

import sys
from collections.abc import Callable

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from hotline.entrypoints import manage
from hotline.kernel.settings import load_settings


def replaced_only(load_disk: Callable[[MigrationLoader], None]) -> Callable[[MigrationLoader], None]:
    """Django's reading of the migrations on disk, with the replaced ones in the place of those that replace them."""

    def load(loader: MigrationLoader) -> None:
        load_disk(loader)
        found = loader.disk_migrations
        ours = [key for key, found_one in found.items() if type(found_one).__module__.startswith("hotline.")]
        newest = {key: found[key].replaces[-1] for key in ours if found[key].replaces}
        for key in newest:
            del found[key]
        for migration in found.values():
            migration.dependencies = [newest.get(needed, needed) for needed in migration.dependencies]

    return load


class ReplacedOnly(MigrationLoader):
    load_disk = replaced_only(MigrationLoader.load_disk)


if __name__ == "__main__":
    MigrationLoader.load_disk = ReplacedOnly.load_disk  # type: ignore[method-assign]
    manage._set_up()
    with manage._as_owner(load_settings()):
        call_command("migrate", *sys.argv[1:], interactive=False, verbosity=0)
