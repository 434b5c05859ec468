"""Signing what stands in an address, so that nobody else can make one."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode


class Seal:
    """Signs bytes, which stay readable, and knows its own again."""

    def __init__(self, signing_key: bytes) -> None:
        self._key = signing_key

    def sign(self, body: bytes) -> str:
        """As text that fits into a path."""
        return f"{_text(body)}.{_text(self._mac(body))}"

    def read(self, token: str) -> bytes | None:
        """What was signed; ``None`` where it was not by this key, or was changed."""
        try:
            body, mac = (_bytes(part) for part in token.split("."))
        except ValueError:
            return None
        return body if hmac.compare_digest(mac, self._mac(body)) else None

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
