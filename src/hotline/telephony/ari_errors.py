"""ARI's errors of a command on a leg, in the contract's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from hotline.telephony.ari import AriDownError, AriError
from hotline.telephony.contract import LegGoneError, PlatformDownError, VoiceError

# 404 no such channel; 409 and 412 not (or no longer) in our application; 422 on its way out.
_GONE_STATUSES = (404, 409, 412, 422)


@contextmanager
def leg_errors() -> Iterator[None]:
    """ARI's errors of a command on a leg, in the contract's words."""
    try:
        yield
    except AriError as error:
        if error.http_status in _GONE_STATUSES:
            raise LegGoneError from error
        raise VoiceError(cause=str(error)) from error
    except AriDownError as error:
        raise PlatformDownError from error
