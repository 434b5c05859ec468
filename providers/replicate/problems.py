"""What Replicate's errors mean: ``application/problem+json``, or whatever a gateway says.

Pure. The words of a refusal may tell how the owner's account stands, so those of a throttle are
read here and left here.
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
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TaskNotFound,
    Unauthorised,
)
from providers.http import Answer
from providers.redact import redacted

NAME = "replicate"
PAUSE = 10.0  # seconds, where a throttle does not say how long

BY_STATUS: Mapping[int, type[ProviderError]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Rejected,
        HTTPStatus.UNAUTHORIZED: Unauthorised,
        HTTPStatus.PAYMENT_REQUIRED: OutOfCredit,
        HTTPStatus.FORBIDDEN: Unauthorised,
        HTTPStatus.NOT_FOUND: TaskNotFound,
        HTTPStatus.METHOD_NOT_ALLOWED: ContractChanged,
        HTTPStatus.CONFLICT: Rejected,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: NotHandedOver,
        HTTPStatus.UNPROCESSABLE_ENTITY: Rejected,
        HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
    }
)

_MODERATION = re.compile(r"nsfw|flagged|sensitive|moderat|content (?:policy|filter)|safety", re.IGNORECASE)
_SECONDS = re.compile(r"\bin ~?(\d+(?:\.\d+)?) ?s", re.IGNORECASE)


class Problem(BaseModel):
    """An error as Replicate words it (RFC 9457); older ones have a ``detail`` alone."""

    title: str | None = None
    detail: str | None = None
    retry_after: float | None = None


def opened(answer: Answer, *, missing: type[ProviderError] = TaskNotFound) -> Any:
    """The data in an answer; raises what its error means, and ``missing`` for a 404.

    An error that nobody knows leaves open what became of the request.
    """
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer.body
    problem = _problem(answer.body)
    kind = BY_STATUS.get(answer.status, answer.lost)
    if kind is RateLimited:
        raise RateLimited(NAME, retry_after=_wait(answer, problem), status=answer.status)
    said = problem.detail or problem.title or ""
    if kind is TaskNotFound:
        kind = missing
    if kind is Rejected and is_moderation(said):
        kind = Moderated
    raise kind(NAME, redacted(said), status=answer.status, code=redacted(problem.title or ""))


def is_moderation(words: str) -> bool:
    """Whether an error's words speak of what the content policy does not allow."""
    return bool(_MODERATION.search(words))


def _problem(body: Any) -> Problem:
    try:
        return Problem.model_validate(body)
    except ValidationError:
        return Problem()


def _wait(answer: Answer, problem: Problem) -> float:
    """Seconds, from the first that says: the body's number, its words, the headers."""
    if problem.retry_after is not None:
        return max(problem.retry_after, 0.0)
    said = _SECONDS.search(problem.detail or "")
    if said:
        return float(said[1])
    return PAUSE if answer.retry_after is None else answer.retry_after
