"""Signed words that stand for one file and a time: who has one may fetch, and nobody can make one."""

import json
from dataclasses import asdict, dataclass

from storage.seal import Seal


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
        self._seal = Seal(signing_key)

    def sign(self, ticket: Ticket) -> str:
        """As text that fits into a path."""
        return self._seal.sign(json.dumps(asdict(ticket), separators=(",", ":")).encode())

    def read(self, token: str) -> Ticket | None:
        """What was signed; ``None`` where it was not by this key, or was changed."""
        body = self._seal.read(token)
        return None if body is None else Ticket(**json.loads(body))
