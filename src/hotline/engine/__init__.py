"""The routing engine: who gets which contact, and when. Pure: no input or output, no clock, no randomness.

`boundary.Router` is the door for everybody who speaks in messages; the core behind it speaks in integers.
How it is built: docs/engine.md."""
