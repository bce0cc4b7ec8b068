"""Typed, versioned messages that rooms exchange.

Commands are imperative, events are in the past tense. Ids are UUIDv7 text; `at_ms` is UTC epoch milliseconds.
Field names and tags are kept on disk and on the wire: a change of meaning needs a new `SCHEMA_VERSION` and an
upcast in `messages.upcast`."""
