"""What the gateway refuses, as Failed frames or as reasons of closing. Codes are keys of the message catalogue."""

from enum import IntEnum

from hotline.kernel.errors import HotlineError


class CloseCode(IntEnum):
    """Why the gateway ends a connection; the reason text says it in words."""

    BAD_FRAME = 4400
    TOKEN = 4401
    FORBIDDEN = 4403
    HELLO_MISSING = 4408
    TAKEN_OVER = 4409
    TOO_FAST = 4429
    SILENT = 4440
    RESTARTING = 1012


class ClosedError(HotlineError):
    """Ends the connection with its close code."""

    close_code: CloseCode


class BadFirstFrameError(ClosedError):
    code = "live.bad_first_frame"
    close_code = CloseCode.BAD_FRAME
    sentence = "The first frame must be a Hello with a token."


class TooManyBadFramesError(ClosedError):
    code = "live.too_many_bad_frames"
    close_code = CloseCode.BAD_FRAME
    sentence = "Too many frames that cannot be read. Reload the page."


class TokenInvalidError(ClosedError):
    code = "live.token_invalid"
    status = 401
    close_code = CloseCode.TOKEN
    sentence = "The live token is not valid. Log in again."


class TokenExpiredError(ClosedError):
    code = "live.token_expired"
    status = 401
    close_code = CloseCode.TOKEN
    sentence = "The live token has expired. Ask for a new one."


class OtherUserError(ClosedError):
    code = "live.other_user"
    status = 403
    close_code = CloseCode.FORBIDDEN
    sentence = "This window belongs to another log-in. Reload the page."


class HelloMissingError(ClosedError):
    code = "live.hello_missing"
    close_code = CloseCode.HELLO_MISSING
    sentence = "No Hello came in time. Connect again."


class OpenedAgainError(ClosedError):
    code = "live.opened_again"
    status = 409
    close_code = CloseCode.TAKEN_OVER
    sentence = "This window was opened again elsewhere, which has taken over."


class FloodError(ClosedError):
    code = "live.flood"
    status = 429
    close_code = CloseCode.TOO_FAST
    sentence = "Far too many frames in a short time. Wait a few seconds and connect again."


class SilentError(ClosedError):
    code = "live.silent"
    status = 408
    close_code = CloseCode.SILENT
    sentence = "Nothing was heard from this window for too long. Connect again."


class RestartingError(ClosedError):
    code = "live.restarting"
    status = 503
    close_code = CloseCode.RESTARTING
    sentence = "The switch restarts. Connect again."


class BadFrameError(HotlineError):
    code = "live.bad_frame"
    sentence = "This frame cannot be read: {cause}"


class TooFastError(HotlineError):
    code = "live.too_fast"
    status = 429
    sentence = "Too many actions in a short time. Wait a second and try again."


class UnknownActionError(HotlineError):
    code = "live.unknown_action"
    status = 404
    sentence = "There is no action {name}."


class BadArgumentsError(HotlineError):
    code = "live.bad_arguments"
    status = 422
    sentence = "The action {name} cannot be done with these arguments: {cause}"


class ForbiddenActionError(HotlineError):
    code = "live.forbidden"
    status = 403
    sentence = "You are not permitted to do this ({permission}). Ask an administrator."


class ForbiddenBoardError(HotlineError):
    code = "live.forbidden_board"
    status = 403
    sentence = "You are not permitted to watch the {board}. Ask an administrator."


class NotAnAgentError(HotlineError):
    code = "live.not_an_agent"
    status = 403
    sentence = "This log-in has no agent's post. Ask an administrator."


class MirrorError(HotlineError):
    code = "live.mirror"
    status = 409
    sentence = "Another window of yours owns the phone. Take over here first."


class ForeignTargetError(HotlineError):
    code = "live.unknown_target"
    status = 404
    sentence = "There is no such {kind} that you may act on."


class SharedSiteError(HotlineError):
    code = "live.shared_site"
    status = 403
    sentence = "Agents of this site serve other tenants too. Ask somebody who supervises all of them to mark it."
