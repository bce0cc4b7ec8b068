"""An error that is kept or sent: what is left of it once its exception is gone."""

from collections.abc import Mapping
from typing import Any

import msgspec

from hotline.kernel.errors import HotlineError


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer: an error's code, data and English sentence."""

    code: str
    data: dict[str, Any]
    sentence: str


def failure_of(error: HotlineError) -> Failure:
    """What is kept of the error, to be told in the reader's language."""
    return Failure(code=error.code, data=dict(error.data), sentence=str(error))


def kept_failure(failure: Mapping[str, Any]) -> Failure:
    """The failure as it was kept or sent: a mapping of the same three values."""
    return Failure(code=failure["code"], data=dict(failure["data"]), sentence=failure["sentence"])
