"""What Meshy's answers mean: a created task, a list, or why not.

Pure. The documents promise one field of an error, ``message``; Meshy's own tools know codes
too. Neither is fixed, so they are only looked into where the status leaves more than one
meaning.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from providers.errors import (
    ContractChanged,
    Moderated,
    NotHandedOver,
    NotRiggable,
    OutOfCredit,
    PoolFull,
    ProviderError,
    RateLimited,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    Throttled,
    Unauthorised,
)
from providers.http import Answer
from providers.meshy.resources import NAME, RIG
from providers.redact import redacted

POOL_PAUSE = 12.0
"""Seconds; a full queue names no time, and a place comes free when a task of minutes ends."""
RATE_PAUSE = 2.0
"""Seconds, where Meshy names none."""

BY_STATUS: Mapping[int, type[ProviderError]] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: Unauthorised,
        HTTPStatus.PAYMENT_REQUIRED: OutOfCredit,
        HTTPStatus.FORBIDDEN: Unauthorised,
        HTTPStatus.METHOD_NOT_ALLOWED: ContractChanged,
        HTTPStatus.CONFLICT: SourceUnusable,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: NotHandedOver,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ContractChanged,
        HTTPStatus.UNPROCESSABLE_ENTITY: Rejected,
    }
)

MODERATED = re.compile("moderat|safety|sensitive content|nsfw|content policy", re.IGNORECASE)
_FULL = re.compile("NoMore(Concurrent|Pending)Tasks|TooManyPendingTasks", re.IGNORECASE)
_NO_PLAN = re.compile("upgrade", re.IGNORECASE)
"""What a 429 says where no waiting helps: the account's plan makes no tasks."""
_NO_ROUTE = re.compile("NoMatchingRoute", re.IGNORECASE)
_BAD_REQUESTS: tuple[tuple[re.Pattern[str], type[ProviderError]], ...] = (
    (MODERATED, Moderated),
    (re.compile("invalid id", re.IGNORECASE), TaskNotFound),
    (re.compile(r"faces|succeeded|\btask\b", re.IGNORECASE), SourceUnusable),
    (re.compile("download|fetch|reach|not accessible|too large", re.IGNORECASE), NotHandedOver),
)
"""What the words of a 400 may tell; the first that fits."""


class Refusal(BaseModel):
    """An error, of which every part may be missing."""

    message: str = ""
    code: str = ""
    error_code: str = ""


class Created(BaseModel):
    """The answer to a creation."""

    result: str


class Wallet(BaseModel):
    """What is left, in credits."""

    balance: float


def opened(answer: Answer, resource: str = "") -> Any:
    """What an answer holds; raises what its error means.

    ``resource`` of a creation: a rig alone is refused because no pose was found. An error
    that nobody knows leaves open what became of the request.
    """
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer.body
    refusal = _refusal(answer.body)
    kind = _kind(answer, resource, f"{refusal.message} {refusal.code} {refusal.error_code}")
    facts: dict[str, Any] = {"status": answer.status, "reference": answer.reference}
    facts["code"] = redacted(refusal.error_code or refusal.code)
    if issubclass(kind, Throttled):
        pause = POOL_PAUSE if kind is PoolFull else RATE_PAUSE
        facts["retry_after"] = pause if answer.retry_after is None else answer.retry_after
    raise kind(NAME, redacted(refusal.message), **facts)


def _refusal(body: Any) -> Refusal:
    try:
        return Refusal.model_validate(body)
    except ValidationError:
        return Refusal()


def _kind(answer: Answer, resource: str, said: str) -> type[ProviderError]:
    match answer.status:
        case HTTPStatus.BAD_REQUEST:
            return next((kind for words, kind in _BAD_REQUESTS if words.search(said)), Rejected)
        case HTTPStatus.NOT_FOUND:
            return ContractChanged if _NO_ROUTE.search(said) else TaskNotFound
        case HTTPStatus.TOO_MANY_REQUESTS if _NO_PLAN.search(said):
            return Unauthorised
        case HTTPStatus.TOO_MANY_REQUESTS:
            return PoolFull if _FULL.search(said) else RateLimited
        case HTTPStatus.UNPROCESSABLE_ENTITY if resource == RIG:
            return NotRiggable
        case status:
            return BY_STATUS.get(status, answer.lost)
