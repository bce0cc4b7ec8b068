"""Where a package's compiled modules lie, if they were made of exactly the sources that are there now.

`make compiled` writes them into a directory beside the sources, with a digest of these. Whoever changes a source, or
runs another Python, runs interpreted again without having to remember anything."""

import hashlib
import sys
from pathlib import Path

DIRECTORY = "_compiled"
DIGEST_FILE = "sources.sha256"


def compiled_path(package: Path) -> list[str]:
    """The directory to look into before the sources, as part of a package's `__path__`; empty for none that fits."""
    directory = package / DIRECTORY
    try:
        noted = (directory / DIGEST_FILE).read_text("ascii")
    except OSError:
        return []
    return [str(directory)] if noted == digest_of(package) else []


def digest_of(package: Path) -> str:
    """Of this Python and every source of the package."""
    digest = hashlib.sha256(f"{sys.implementation.cache_tag} {sys.platform}".encode())
    for source in sorted(package.glob("*.py")):
        digest.update(f"\0{source.name}\0".encode() + source.read_bytes())
    return digest.hexdigest()
