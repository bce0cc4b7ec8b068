"""Short signed tokens: `payload.signature`, base64url, HMAC-SHA256."""

import base64
import binascii
import hashlib
import hmac


def sign(payload: bytes, key: bytes) -> str:
    """The token of a payload."""
    signature = hmac.new(key, payload, hashlib.sha256).digest()
    return f"{_text(payload)}.{_text(signature)}"


def verify(token: str, key: bytes) -> bytes | None:
    """The payload, or None when the token is malformed or was not signed with this key."""
    body, separator, signature = token.partition(".")
    if not separator:
        return None
    try:
        payload, given = _bytes(body), _bytes(signature)
    except (binascii.Error, ValueError):
        return None
    expected = hmac.new(key, payload, hashlib.sha256).digest()
    return payload if hmac.compare_digest(given, expected) else None


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
