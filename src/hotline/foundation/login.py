"""Log-in: what this house changes in allauth (no sign-up, lockout answered in the reader's language)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, JsonResponse

from hotline.foundation.fields import keyring
from hotline.foundation.language import language_of
from hotline.foundation.text import sentence_of
from hotline.kernel.errors import HotlineError


class LockedOutError(HotlineError):
    code = "login.locked_out"
    status = 429
    sentence = "Too many wrong passwords. Wait {wait_minutes} minutes, or ask your administrator to unlock you."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors are stored sealed."""

    def encrypt(self, text: str) -> str:
        return keyring().seal_text(text, "mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().open_text(encrypted_text, "mfa")


def locked_out(request: HttpRequest, _response: Any = None, _credentials: Any = None) -> JsonResponse:
    """The answer to a log-in during a lockout."""
    error = LockedOutError(wait_minutes=round(settings.AXES_COOLOFF_TIME * 60))
    body = {"code": error.code, "sentence": sentence_of(error, language_of(request)), "data": error.data}
    return JsonResponse(body, status=error.status)
