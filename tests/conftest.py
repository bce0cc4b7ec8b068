"""What every test stands on: its own data directory, no way out of the machine, SQLite unless told otherwise."""

import os
import tempfile
from pathlib import Path

# Before Django's settings are read: tests must neither see nor touch the installation in var/.
_SCRATCH = Path(tempfile.mkdtemp(prefix="hotline-tests-"))
os.environ["HOTLINE_DATA_DIR"] = str(_SCRATCH)
os.environ["HOTLINE_DATABASE_URL"] = os.environ.get("HOTLINE_TEST_DATABASE_URL", "")
os.environ.pop("HOTLINE_SETTINGS_FILE", None)
