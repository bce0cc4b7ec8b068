"""Why a what-if has no answer."""

from hotline.kernel.errors import HotlineError


class NotRecordedError(HotlineError):
    code = "what_if.not_recorded"
    status = 422
    sentence = "There is no routing log for that time; it is kept from {first} to {last}. Choose a day within it."
