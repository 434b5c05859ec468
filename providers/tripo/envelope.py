"""What every answer of Tripo comes in, and what its errors mean.

Pure. An error can come with HTTP 200, and a gateway's error without any JSON.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from providers.errors import (
    ContractChanged,
    Moderated,
    OutOfCredit,
    PoolFull,
    ProviderError,
    RateLimited,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    Throttled,
    Unauthorised,
    Unavailable,
)
from providers.http import Answer
from providers.redact import redacted

NAME = "tripo"

BY_CODE: Mapping[int, type[ProviderError]] = MappingProxyType(
    {
        1003: Rejected,  # malformed body
        1004: Rejected,  # bad or missing parameter
        1005: Unauthorised,  # forbidden
        1007: RateLimited,
        2000: PoolFull,
        2001: TaskNotFound,
        2002: Rejected,  # task type not supported
        2003: Rejected,  # empty file
        2004: Rejected,  # kind of file not supported
        2005: SourceUnusable,  # draft not successful
        2006: SourceUnusable,  # of the wrong type
        2007: SourceUnusable,  # not successful
        2008: Moderated,
        2009: Rejected,  # signs in the prompt that it cannot read
        2010: OutOfCredit,
        2011: SourceUnusable,  # rig check of something without a model
        2012: SourceUnusable,  # retarget of something that is no rig
        2013: Unauthorised,  # priority not allowed
        2014: Unavailable,  # its moderation service is down
        2015: Rejected,  # model version retired
        2016: Rejected,  # task type retired
        2017: Rejected,  # model version invalid
        2018: SourceUnusable,  # too complex
        2019: SourceUnusable,  # file not found
        2021: SourceUnusable,  # size limits
        2022: SourceUnusable,
        4001: ContractChanged,  # no such route
    }
)
BY_STATUS: Mapping[int, type[ProviderError]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Rejected,
        HTTPStatus.FORBIDDEN: Unauthorised,
        HTTPStatus.NOT_FOUND: ContractChanged,
        HTTPStatus.METHOD_NOT_ALLOWED: ContractChanged,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Rejected,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ContractChanged,
        HTTPStatus.UNPROCESSABLE_ENTITY: Rejected,
        HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
    }
)


class Envelope(BaseModel):
    """Present in every answer that comes from Tripo itself."""

    code: int
    status: str | None = None
    data: Any = None
    message: str | None = None
    request_id: str | None = None


def opened(answer: Answer) -> Any:
    """The data in an answer; raises what its error means.

    HTTP 401 decides alone, because Tripo's own sources give it four different codes.
    An error that nobody knows leaves open what became of the request.
    """
    envelope = _envelope(answer.body)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise _error(Unauthorised, answer, envelope)
    if envelope is None:
        raise _error(BY_STATUS.get(answer.status, answer.unreadable), answer, envelope)
    if envelope.code or envelope.status == "error" or answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        kind = BY_CODE.get(envelope.code) or BY_STATUS.get(answer.status, answer.lost)
        raise _error(kind, answer, envelope)
    return envelope.data


def _envelope(body: Any) -> Envelope | None:
    try:
        return Envelope.model_validate(body)
    except ValidationError:
        return None


def _error(kind: type[ProviderError], answer: Answer, envelope: Envelope | None) -> ProviderError:
    facts: dict[str, Any] = {"status": answer.status, "reference": answer.reference}
    if envelope:
        facts["code"] = str(envelope.code)
        facts["reference"] = envelope.request_id or answer.reference
    if issubclass(kind, Throttled) and answer.retry_after is not None:
        facts["retry_after"] = answer.retry_after
    return kind(NAME, redacted(envelope.message or "") if envelope else "", **facts)
