"""The product's settings, in a data directory of the test run's own, with an app of tables to test the walls on.

pytest-django reads settings before any conftest is loaded: the environment must be set here."""

import atexit
import os
import shutil
import tempfile

# Tests must neither see nor touch the installation in var/.
_SCRATCH = tempfile.mkdtemp(prefix="hotline-tests-")
atexit.register(shutil.rmtree, _SCRATCH, ignore_errors=True)
os.environ["HOTLINE_DATA_DIR"] = _SCRATCH
os.environ["HOTLINE_DATABASE_URL"] = os.environ.get("HOTLINE_TEST_DATABASE_URL", "")
os.environ.pop("HOTLINE_SETTINGS_FILE", None)

from hotline.foundation.django_settings import *  # noqa: E402, F403
from hotline.foundation.django_settings import INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "tests.walls"]

# As in the product, but quick: guessing these passwords need not be dear.
PASSWORD_HASHERS = ["tests.passwords.QuickArgon2"]
