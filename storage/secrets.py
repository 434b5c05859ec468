"""Encryption of what must not lie in the open, under one key that the owner keeps.

Other keys that the bot needs (for signed links) are derived from the same one, so
that there is a single secret to keep, and no purpose's key tells another's.
"""

import contextlib
import os
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import SecretKeyUnusable

MINIMUM_BYTES = 32


class SecretBox:
    """Seals texts, and opens what it sealed. Raises ``SecretKeyUnusable`` for a key under 32 bytes."""

    def __init__(self, key: bytes | str) -> None:
        self._key = key.encode() if isinstance(key, str) else key
        if len(self._key) < MINIMUM_BYTES:
            raise SecretKeyUnusable(f"{len(self._key)} bytes long, at least {MINIMUM_BYTES} are needed")
        self._fernet = Fernet(urlsafe_b64encode(self.derive("seal")))

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """With the key in ``path``; where there is no file, a new key that only this user may read."""
        try:
            if not path.exists():
                _write_once(path, Fernet.generate_key())
            return cls(path.read_bytes().strip())
        except OSError as error:
            raise SecretKeyUnusable(f"{path}: {error.strerror}") from error

    def seal(self, text: str) -> str:
        """The text as nobody without the key can read or change it."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; ``None`` if not by this key, or changed since."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one other purpose, always the same ones (HKDF, RFC 5869)."""
        return HKDF(SHA256(), length=32, salt=None, info=f"maquette {purpose}".encode()).derive(self._key)


def _write_once(path: Path, key: bytes) -> None:
    """All of the key or no file at all; of two processes that try, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by this user alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            Path(path).hardlink_to(draft)
    finally:
        Path(draft).unlink()
