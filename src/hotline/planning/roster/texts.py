"""Lines of text files, plain or gzipped."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from hotline.planning.roster.errors import file_error


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines, from 1. Raises RosterFileError when the file cannot be read."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise file_error(path, 0, f"it cannot be read ({error}); name a text file.") from error
    yield from enumerate(text.splitlines(), start=1)
