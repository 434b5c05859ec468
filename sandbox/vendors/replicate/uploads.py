"""Files that clients hand over: kept for a day, read by models without a key, by others with a signature."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.vendors.replicate.accounts import Account
from sandbox.vendors.replicate.refusals import Refusal, not_found
from sandbox.vendors.replicate.wire import moment

LIMIT = 100 * 1024 * 1024
LIFE = 24 * 3600 * 1000
"""Milliseconds."""
KEEP = 512 * 1024 * 1024
"""Bytes in all; the oldest go when there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of an account's."""

    id: str
    account: Account
    name: str
    content_type: str
    data: bytes
    created_at: int
    metadata: dict[str, Any] = field(default_factory=dict)

    def shown(self, base: str) -> dict[str, Any]:
        """As JSON. Its address has no extension, whatever its name."""
        digest = hashlib.md5(self.data, usedforsecurity=False).hexdigest()
        return {
            "id": self.id,
            "name": self.name,
            "content_type": self.content_type,
            "size": len(self.data),
            "etag": digest,
            "checksums": {"sha256": hashlib.sha256(self.data).hexdigest(), "md5": digest},
            "metadata": self.metadata,
            "created_at": moment(self.created_at),
            "expires_at": moment(self.created_at + LIFE),
            "urls": {"get": f"{base}/v1/files/{self.id}"},
        }


class Uploads:
    """All files that are there."""

    def __init__(self, clock: Clock, secret: bytes) -> None:
        self._clock = clock
        self._secret = secret
        self._files: dict[str, Upload] = {}

    def add(self, upload: Upload) -> Upload:
        """Keep a file; 413 for one that is too large."""
        if len(upload.data) > LIMIT:
            raise Refusal(413, "Files must be less than 100MB in size")
        self._files[upload.id] = upload
        while sum(len(file.data) for file in self._files.values()) > KEEP:
            del self._files[next(iter(self._files))]
        return upload

    def any(self, file_id: str) -> Upload:
        """A file that has not expired; 404."""
        found = self._files.get(file_id)
        if found is None or self._clock.now() >= found.created_at + LIFE:
            raise not_found()
        return found

    def get(self, account: Account, file_id: str) -> Upload:
        """One of this account's; 404."""
        found = self.any(file_id)
        if found.account is not account:
            raise not_found()
        return found

    def remove(self, account: Account, file_id: str) -> None:
        """It is gone; 404."""
        del self._files[self.get(account, file_id).id]

    def all(self, account: Account) -> list[Upload]:
        """An account's, the newest first."""
        alive = self._clock.now() - LIFE
        return [
            one for one in reversed(self._files.values()) if one.account is account and one.created_at > alive
        ]

    def signature(self, owner: str, file_id: str, expiry: str) -> str:
        """What lets anybody download a file until ``expiry`` (seconds since 1970)."""
        content = f"{owner} {file_id} {expiry}".encode()
        return base64.b64encode(hmac.digest(self._secret, content, "sha256")).decode()

    def public(self, file_id: str, *, owner: str, expiry: str, signature: str) -> Upload:
        """A file for who has a signature; 403 for a wrong or an old one."""
        good = hmac.compare_digest(self.signature(owner, file_id, expiry).encode(), signature.encode())
        if not good or not expiry.isdigit() or self._clock.now() > 1000 * int(expiry):
            raise Refusal(403, "The signature is not valid")
        found = self.any(file_id)
        if found.account.name != owner:
            raise not_found()
        return found
