"""How long a vendor asks us to wait, from its answer's headers.

``Retry-After`` comes first, as seconds or as a date (RFC 9110, section 10.2.3), then
``X-RateLimit-Reset`` as seconds since 1970, then ``RateLimit-Reset`` as seconds to wait.
Nonsense counts as not said.
"""

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def seconds_asked(headers: Mapping[str, str], now: int) -> float | None:
    """Seconds from ``now`` (milliseconds since 1970), never negative; ``None`` where nothing is asked."""
    asked = headers.get("Retry-After", "")
    wait = _number(asked)
    if wait is None:
        moment = _date(asked)
        if moment is None:
            moment = _number(headers.get("X-RateLimit-Reset", ""))
        wait = _number(headers.get("RateLimit-Reset", "")) if moment is None else moment - now / 1000
    return None if wait is None else max(wait, 0.0)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
