"""Why a what-if has no answer."""

from hotline.kernel.errors import HotlineError


class NotRecordedError(HotlineError):
    code = "what_if.not_recorded"
    status = 422
    sentence = "There is no routing log for that time; it is kept from {first} to {last}. Choose a day within it."


class PlayerBrokenError(HotlineError):
    code = "what_if.player_broken"
    status = 500
    sentence = (
        "The replay ended without an answer ({cause}). Ask again; if it ends so again, look into the worker's log."
    )
