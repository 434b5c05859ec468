"""Links that prove by themselves that they were given out, and die."""

import hashlib
import hmac
from collections.abc import Mapping

from sandbox.clock import Clock


class Links:
    """Signs paths. ``seconds`` is how long a link lives."""

    def __init__(self, clock: Clock, secret: bytes, *, seconds: float) -> None:
        self._clock = clock
        self._secret = secret
        self.seconds = seconds

    def signed(self, path: str, *, seconds: float | None = None) -> str:
        """The path with its proof; of a link that is dead from the start ``seconds`` is negative."""
        life = self.seconds if seconds is None else seconds
        expires = self._clock.now() + round(life * 1000)
        return f"{path}?Expires={expires}&Signature={self._sign(path, expires)}"

    def alive(self, path: str, query: Mapping[str, str]) -> bool:
        """Whether a link was given out here, and has not died since."""
        try:
            expires = int(query.get("Expires", ""))
        except ValueError:
            return False
        # As bytes: text that is not ASCII cannot be compared.
        genuine = hmac.compare_digest(
            self._sign(path, expires).encode(), query.get("Signature", "").encode(errors="replace")
        )
        return genuine and expires >= self._clock.now()

    def _sign(self, path: str, expires: int) -> str:
        return hmac.new(self._secret, f"{path}:{expires}".encode(), hashlib.sha256).hexdigest()
