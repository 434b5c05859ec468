"""Encryption of what must not lie in the open, under one key that the owner keeps.

Other keys that the bot needs (for signed links) are derived from the same one, so
that there is a single secret to keep, and no purpose's key tells another's. While
the key is being changed, the one before it still opens what it sealed.
"""

from base64 import urlsafe_b64encode
from enum import Enum
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage import key_file
from storage.errors import SecretKeyUnusable

MINIMUM_BYTES = 32


class Seal(Enum):
    """Which key a sealed text opens with."""

    CURRENT = "current"
    EARLIER = "earlier"
    UNKNOWN = "unknown"


class SecretBox:
    """Seals texts under ``key``, and opens what that key sealed, or one of the ``earlier`` ones.

    Raises ``SecretKeyUnusable`` for a key under 32 bytes.
    """

    def __init__(self, key: bytes | str, *earlier: bytes | str) -> None:
        self._key = _long_enough(key)
        self._current = _fernet(self._key)
        self._any = MultiFernet([self._current, *(_fernet(_long_enough(one)) for one in earlier)])

    @classmethod
    def from_file(cls, path: Path, *earlier: bytes | str) -> Self:
        """With the key in ``path``; where there is no file, a new key that only this user may read."""
        return cls(*key_file.read(path), *earlier)

    def seal(self, text: str) -> str:
        """The text as nobody without the key can read or change it."""
        return self._current.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; ``None`` if by no key of ours, or changed since."""
        try:
            return self._any.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def reseal(self, sealed: str) -> str:
        """The same text under the current key; ``sealed`` has to be one that opens."""
        return self._any.rotate(sealed.encode()).decode()

    def look(self, sealed: str) -> Seal:
        """Which key this text opens with."""
        try:
            self._current.decrypt(sealed.encode())
        except InvalidToken:
            return Seal.UNKNOWN if self.open(sealed) is None else Seal.EARLIER
        return Seal.CURRENT

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one other purpose, always the same ones of the same key (HKDF, RFC 5869)."""
        return _derived(self._key, purpose)


def _long_enough(key: bytes | str) -> bytes:
    given = key.encode() if isinstance(key, str) else key
    if len(given) < MINIMUM_BYTES:
        raise SecretKeyUnusable(f"{len(given)} bytes long, at least {MINIMUM_BYTES} are needed")
    return given


def _fernet(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(_derived(key, "seal")))


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"maquette {purpose}".encode()).derive(key)
