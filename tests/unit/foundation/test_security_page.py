"""The page on security lists what the program does."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from hotline.foundation.tenancy import escapes

_PAGE = Path(__file__).parents[3] / "docs" / "security.md"


def test_every_escape_from_the_tenants_scope_is_listed_with_its_reason() -> None:
    for app in settings.DOMAIN_APPS:
        for module in ("queries", "actions", "http", "retention"):
            if find_spec(f"{app}.{module}"):
                import_module(f"{app}.{module}")
    import_module("hotline.live.worker_parts")  # the worker's own are declared where it uses them
    declared = {escape.name: escape.reason for escape in escapes() if not escape.name.startswith("tests.")}
    listed = dict(re.findall(r"^\| `([a-z_.]+)` \| (.+) \|$", _PAGE.read_text("utf-8"), re.MULTILINE))
    assert declared == listed
