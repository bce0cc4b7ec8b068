"""A web-hook: each message is POSTed, signed, to an address of the operator's choice, such as an SMS gateway's adapter.

    POST <url>
    Idempotency-Key: <key>
    Hotline-Timestamp: <seconds since 1970>
    Hotline-Signature: sha256=<HMAC-SHA256 of "<timestamp>.<body>" under the shared secret, hexadecimal>
    {"key": ..., "to": ..., "sender": ..., "subject": ..., "text": ...}

2xx has taken it (an `id` in a JSON answer is kept as its mark); 408, 425, 429 and 5xx are tried again; 401, 403, 404,
405, 410 and redirections are the account's fault; every other answer refuses the message for good."""

import hashlib
import hmac
import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import SplitResult, urlsplit

from hotline.messages.sending import Accepted, AccountSettings, Outcome, Outgoing, Refused, TryLater, down
from hotline.messaging.reach import Reach, UnreachableError

_READ_BYTES = 65_536
_PASSING = frozenset({408, 425, 429})
_MISDIRECTED = frozenset({401, 403, 404, 405, 410})
_LONGEST_REFERENCE = 100


class WebhookDriver:
    """One address and one shared secret. Plain HTTP is spoken only within networks that the operator has named."""

    def __init__(self, account: AccountSettings, reach: Reach) -> None:
        self._account = account
        self._reach = reach

    def send(self, message: Outgoing) -> Outcome:
        url = urlsplit(self._account.address)
        if url.scheme not in ("https", "http") or not url.hostname:
            return down("address_of_account")
        try:
            return self._posted(url, self._body(message), message.key)
        except UnreachableError as error:
            return error.outcome
        except TimeoutError:
            return down("timeout")
        except (http.client.HTTPException, ssl.SSLError, OSError):
            return down("broken_off")

    def close(self) -> None:
        """Each message has a connection of its own."""

    def _body(self, message: Outgoing) -> bytes:
        return json.dumps(
            {
                "key": message.key,
                "to": message.to,
                "sender": self._account.sender,
                "subject": message.subject,
                "text": message.text,
            },
            ensure_ascii=False,
        ).encode()

    def _posted(self, url: SplitResult, body: bytes, key: str) -> Outcome:
        is_plain = url.scheme == "http"
        host, port = str(url.hostname), url.port or (80 if is_plain else 443)
        caller = http.client.HTTPConnection(host, port, timeout=self._reach.timeout_s)
        connection = self._reach.connect(host, port, is_plain_http=is_plain)
        caller.sock = connection if is_plain else self._reach.encrypted(connection, host)
        try:
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            caller.request("POST", path, body, self._headers(url, body, key))
            answer = caller.getresponse()
            return _outcome_of(answer.status, answer.read(_READ_BYTES))
        finally:
            caller.close()

    def _headers(self, url: SplitResult, body: bytes, key: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = signature_of(self._account.secret, timestamp, body)
        return {
            "Host": url.netloc.rpartition("@")[2],
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "Hotline-Timestamp": timestamp,
            "Hotline-Signature": f"sha256={signature}",
        }


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """What the receiver must compute as well, in hexadecimal; it should refuse timestamps of long ago."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _outcome_of(status: int, body: bytes) -> Outcome:
    if 200 <= status < 300:
        return Accepted(reference=_reference(body))
    if status in _PASSING or status >= 500:
        return TryLater(code="busy", status=str(status))
    if status in _MISDIRECTED or 300 <= status < 400:
        return down("gateway_misdirected", str(status))
    return Refused(code="gateway_refused", status=str(status))


def _reference(body: bytes) -> str:
    try:
        answer: Any = json.loads(body)
    except ValueError:
        return ""
    mark = answer.get("id") if isinstance(answer, dict) else None
    return str(mark)[:_LONGEST_REFERENCE] if isinstance(mark, str | int) else ""
