"""Signed words that stand for one file and a time: who has one may fetch, and nobody can make one."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a link says."""

    key: str
    filename: str
    """The name under which a browser saves the file."""
    content_type: str
    expires_at: int
    """Milliseconds since 1970 UTC; from then on it is worth nothing."""


class Tickets:
    """Makes tickets and knows its own again. Whether one has expired is the caller's question."""

    def __init__(self, signing_key: bytes) -> None:
        self._key = signing_key

    def sign(self, ticket: Ticket) -> str:
        """As text that fits into a path."""
        body = json.dumps(asdict(ticket), separators=(",", ":")).encode()
        return f"{_text(body)}.{_text(self._mac(body))}"

    def read(self, token: str) -> Ticket | None:
        """What was signed; ``None`` where it was not by this key, or was changed."""
        try:
            body, mac = (_bytes(part) for part in token.split("."))
        except ValueError:
            return None
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        return Ticket(**json.loads(body))

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
