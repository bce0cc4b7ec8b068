"""Errors that every domain shares. Each code has a sentence in `catalogue/`."""

from typing import ClassVar

from hotline.kernel.errors import HotlineError


class NotSignedInError(HotlineError):
    code = "session.missing"
    status = 401
    sentence = "You are not signed in. Sign in and try again."


class CsrfError(HotlineError):
    code = "session.csrf"
    status = 403
    sentence = "This page is too old to be trusted. Reload it and try again."


class ForbiddenError(HotlineError):
    code = "permission.missing"
    status = 403
    sentence = "You may not do this: the permission “{permission}” is missing. Ask your administrator for it."


class InternalOnlyError(HotlineError):
    code = "internal.refused"
    status = 403
    sentence = "This address is for the centre's own processes only."


class NotFoundError(HotlineError):
    """Unknown, or of a tenant that the reader may not see: both look the same from outside."""

    code = "object.not_found"
    status = 404
    sentence = "There is no {object_type} {object_id} that you may see. Check the address or go back to the list."


class ConflictError(HotlineError):
    code = "object.conflict"
    status = 409
    sentence = "This clashes with what is stored. Reload and try again."


class StaleVersionError(HotlineError):
    code = "object.stale"
    status = 409
    sentence = "Somebody changed this meanwhile (now version {version}). Reload, look at the change and try again."


class InUseError(HotlineError):
    code = "object.in_use"
    status = 409
    sentence = "This is still used by {used_by}. Remove it there first."


class InvalidInputError(HotlineError):
    code = "input.invalid"
    status = 422
    sentence = "The field {field} is not right: {problem}"


class RequestInvalidError(HotlineError):
    """Answer to a body or query that does not fit the schema; `fields` in the data names each place."""

    code = "request.invalid"
    status = 422
    sentence = "Something in the request is not right: {summary}"


class TenantNeededError(HotlineError):
    code = "tenant.needed"
    status = 422
    sentence = "You serve several tenants. Say for which one this is (tenant_id)."


class NotYourTenantError(HotlineError):
    code = "tenant.not_yours"
    status = 403
    sentence = "You do not serve this tenant. Choose one of yours."


class RateLimitedError(HotlineError):
    code = "request.too_many"
    status = 429
    sentence = "Too many tries in a short time. Wait {wait_s} seconds and try again."


class IdempotencyConflictError(HotlineError):
    code = "idempotency.conflict"
    status = 409
    sentence = "This Idempotency-Key was used for another request. Use a new key."


class IdempotencyKeyError(HotlineError):
    code = "idempotency.key_invalid"
    status = 422
    sentence = "The Idempotency-Key must have 8 to 100 letters, digits, dots, dashes or underscores."


class CursorError(HotlineError):
    code = "page.cursor_invalid"
    status = 422
    sentence = "The page mark is not one of ours. Start again from the first page."


class InternalError(HotlineError):
    code = "internal.error"
    status = 500
    sentence = (
        "Something went wrong on our side (mark {mark}). Try again; if it stays, tell your administrator the mark."
    )


class TryAgainError(HotlineError):
    """The database cannot do it now; nothing is wrong with what was asked. `wait_s` goes out as Retry-After."""

    code = "database.unready"
    status = 503
    sentence = "The database cannot do this at the moment. Try again in {wait_s} seconds."
    wait_s: ClassVar[int] = 5

    def __init__(self) -> None:
        super().__init__(wait_s=self.wait_s)


class DatabaseBusyError(TryAgainError):
    code = "database.busy"
    sentence = "Somebody else is changing this at the moment; nothing was changed. Try again."
    wait_s = 2


class DatabaseAwayError(TryAgainError):
    """It may have gone after it had kept something and before it could say so."""

    code = "database.no_answer"
    sentence = (
        "The database does not answer at the moment. Try again in {wait_s} seconds. If you were saving something, look "
        "first whether it was kept."
    )


class DatabaseFullError(TryAgainError):
    code = "database.full"
    sentence = (
        "There is no room left on the server's disk: your change was not kept. Tell your administrator to make room, "
        "then try again."
    )
    wait_s = 60
