"""``Prefer`` and ``Cancel-After``."""

import re

from sandbox.vendors.replicate.refusals import Refusal

WAIT = re.compile(r"wait(?:=([1-9]|[1-5][0-9]|60))?")
DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?")
LONGEST_WAIT = 60
SHORTEST = 5
"""Seconds after which a prediction may be stopped, at the earliest."""


def wait(prefer: str) -> int:
    """Seconds that the answer may be held back; 0 where that was not, or not rightly, asked for."""
    found = WAIT.fullmatch(prefer.strip())
    return 0 if found is None else int(found[1] or LONGEST_WAIT)


def cancel_after(value: str | None) -> float | None:
    """Seconds until a prediction is stopped: ``90``, ``30s``, ``5m``, ``1h30m45s``; 422 for anything else."""
    if value is None:
        return None
    found = DURATION.fullmatch(value.strip())
    if not value.strip() or found is None:
        raise Refusal(422, "Cancel-After must be a duration, such as 30s, 5m or 1h30m45s")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    total = 3600 * hours + 60 * minutes + seconds
    if total < SHORTEST:
        raise Refusal(422, f"Cancel-After must be at least {SHORTEST} seconds")
    return total
