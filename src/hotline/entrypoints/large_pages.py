"""Large pages for a role that wakes hundreds of times a second and finds its memory cold each time.

Its objects lie on a few large pages in place of many small ones where glibc takes them from the kernel so; Python's own
allocator cannot. Less of the processor is spent on finding memory (docs/performance.md). The Asterisk that the node
starts has it from the node."""

import os
from collections.abc import Mapping
from pathlib import Path

_ROLES = frozenset({"switch", "node"})
_VARIABLES = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
_SINCE_GLIBC = (2, 35)
_MODES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def environment_of(role: str, given: Mapping[str, str], modes: Path = _MODES) -> dict[str, str]:
    """The environment for a role's process. Whoever has set one of the two variables decides about both."""
    if role in _ROLES and given.keys().isdisjoint(_VARIABLES) and _are_given(modes) and _glibc() >= _SINCE_GLIBC:
        return {**given, **_VARIABLES}
    return dict(given)


def _are_given(modes: Path) -> bool:
    """Whether the kernel gives large pages to those who ask."""
    try:
        return "[never]" not in modes.read_text()
    except OSError:
        return False


def _glibc() -> tuple[int, ...]:
    """The version of the C library, empty for another one than glibc."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        return tuple(int(part) for part in version.split(".")) if name == "glibc" else ()
    except (ValueError, OSError):
        return ()
