"""The routing engine: who gets which contact, and when. Pure: no input or output, no clock, no randomness.

`boundary.Router` is the door for everybody who speaks in messages; the core behind it speaks in integers.
How it is built: docs/engine.md. `make compiled` compiles the core, which is then imported in place of its sources."""

from pathlib import Path

from hotline.kernel.compiled_modules import compiled_path

__path__[:0] = compiled_path(Path(__file__).parent)
