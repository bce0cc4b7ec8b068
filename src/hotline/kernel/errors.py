"""The base error: a class, a stable code, data, and one sentence saying what to do.

`code` is stable and is the key of the message catalogue (zh and en). `data` fills the sentence.
HTTP status and WebSocket error frames are mapped from `status` in one place each."""

from typing import ClassVar


class HotlineError(Exception):
    """Something the caller can understand and mend."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = "Something went wrong."

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.sentence.format(**data) if data else self.sentence)
