"""Standard output of the commands whose answer it holds: an answer that does not arrive is told, and ends with a code
of its own, so that nobody takes half of it for the whole."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import TextIO, cast


class OutputLostError(Exception):
    """Standard output cannot be written."""

    def __init__(self, cause: OSError | None) -> None:
        self.has_reader_gone = isinstance(cause, BrokenPipeError)
        why = "it is closed" if cause is None else os.strerror(cause.errno or errno.EIO)
        super().__init__(
            f"The answer could not be written to standard output ({why}): send it elsewhere and ask again."
        )


@contextmanager
def written_whole() -> Iterator[None]:
    """What is printed meanwhile has arrived at the end. Raises OutputLostError."""
    if sys.stdout is None:
        raise OutputLostError(None)
    told = _Told(sys.stdout)
    with redirect_stdout(cast(TextIO, told)):
        try:
            yield
        finally:
            told.flush()


class _Told(io.TextIOBase):
    """A stream that says by an error of its own that it cannot be written, since other files fail alike."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError as error:
            raise self._lost(error) from error

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            raise self._lost(error) from error

    def isatty(self) -> bool:
        return self._stream.isatty()

    def _lost(self, error: OSError) -> OutputLostError:
        # What is left in the stream goes nowhere, so that the interpreter does not complain of it once more.
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
        return OutputLostError(error)
