"""Whether a webhook's call was made by who knows the secret, and not long ago.

The same for every vendor that signs: HMAC-SHA256, several signatures at once while a
secret is being changed, and a time that must be near ours.
"""

import hmac
from collections.abc import Iterable

TOLERANCE = 300
"""Seconds that a call may lie in the past, or in the future of our clock."""


def is_fresh(stamp: str, now: int) -> bool:
    """Whether a time in seconds since 1970, as text, is near ``now`` (milliseconds)."""
    return stamp.isascii() and stamp.isdigit() and abs(now / 1000 - int(stamp)) <= TOLERANCE


def is_signed(secret: bytes, content: bytes, signatures: Iterable[bytes]) -> bool:
    """Whether any of the signatures is that of the content, each compared in constant time."""
    wanted = hmac.digest(secret, content, "sha256")
    return any(hmac.compare_digest(wanted, given) for given in signatures)
