"""Encryption at rest: AES-256-GCM under named keys, and blind indexes. A thin layer over `cryptography`.

Used for fields (phone numbers), recordings, and numbers on their way through the routing log. Each purpose has its own
key, derived from the keyring's, so that a sealed value of one purpose cannot be opened as another."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.kernel.errors import HotlineError

_NONCE_BYTES = 12


class UnsealError(HotlineError):
    code = "sealing.cannot_open"
    status = 500
    sentence = (
        "A protected value cannot be opened: its key is missing or it was changed. Restore the secrets directory."
    )


class Keyring:
    """Keys by id; the first seals, all open. `keys` are 32-byte secrets."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._keys = keys
        self._derived: dict[tuple[str, str], bytes] = {}
        self._ciphers: dict[tuple[str, str], AESGCM] = {}
        self.current_id = next(iter(keys))

    def _key(self, key_id: str, purpose: str) -> bytes:
        found = self._derived.get((key_id, purpose))
        if found is None:
            found = HKDF(SHA256(), 32, salt=None, info=f"hotline/{purpose}".encode()).derive(self._keys[key_id])
            self._derived[key_id, purpose] = found
        return found

    def _cipher(self, key_id: str, purpose: str) -> AESGCM:
        found = self._ciphers.get((key_id, purpose))
        if found is None:
            found = self._ciphers[key_id, purpose] = AESGCM(self._key(key_id, purpose))
        return found

    def file_key(self, key_id: str, purpose: str, salt: bytes) -> bytes:
        """The key of one file alone, told from others by its salt. Raises UnsealError when the key is unknown."""
        if key_id not in self._keys:
            raise UnsealError
        return HKDF(SHA256(), 32, salt=salt, info=b"hotline/file").derive(self._key(key_id, purpose))

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """`<key id>:<nonce><ciphertext>`; the purpose is authenticated with it."""
        nonce = os.urandom(_NONCE_BYTES)
        body = self._cipher(self.current_id, purpose).encrypt(nonce, plain, purpose.encode())
        return self.current_id.encode() + b":" + nonce + body

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed. Raises UnsealError when the key is unknown or the value was altered."""
        key_id, separator, rest = sealed.partition(b":")
        if not separator or key_id.decode("ascii", "replace") not in self._keys:
            raise UnsealError
        try:
            cipher = self._cipher(key_id.decode(), purpose)
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise UnsealError from error

    def seal_text(self, plain: str, purpose: str) -> str:
        """The sealed form as URL-safe text."""
        return base64.urlsafe_b64encode(self.seal(plain.encode(), purpose)).decode()

    def open_text(self, sealed: str, purpose: str) -> str:
        try:
            return self.open(base64.urlsafe_b64decode(sealed), purpose).decode()
        except ValueError as error:
            raise UnsealError from error

    def blind_index(self, value: str, purpose: str) -> bytes:
        """Equal values give equal 32 bytes; nothing can be read from them. Always under the oldest key, so that
        rotation does not lose rows."""
        oldest = list(self._keys)[-1]
        return hmac.new(self._key(oldest, f"{purpose}/index"), value.encode(), hashlib.sha256).digest()
