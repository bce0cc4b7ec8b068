"""Names and passwords under which people's telephones register. Computed, never stored: web and node agree on them."""

import hashlib
import hmac


def sip_user(user_id: str) -> str:
    """`a` and twelve hexadecimal digits; says nothing about the person."""
    return "a" + hashlib.sha256(user_id.encode()).hexdigest()[:12]


def sip_password(user_id: str, secret: bytes) -> str:
    """32 hexadecimal digits that only holders of the installation's secret can compute."""
    return hmac.new(secret, user_id.encode(), hashlib.sha256).hexdigest()[:32]
