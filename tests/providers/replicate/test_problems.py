from typing import Any

import pytest

from providers.errors import (
    AnswerLost,
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
from providers.replicate.problems import opened

LOW_CREDIT = (
    "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute "
    "with a burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~10s."
)


def answer(status: int, body: Any, retry_after: float | None = None) -> Answer:
    return Answer(status=status, body=body, reference="", retry_after=retry_after, lost=AnswerLost)


def problem(status: int, body: Any, **how: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        opened(answer(status, body), **how)
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202])
def test_created_and_accepted_are_the_same(status: int) -> None:
    assert opened(answer(status, {"id": "a"})) == {"id": "a"}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"detail": "bad"}, Rejected),
        (401, {"title": "Unauthenticated", "detail": "no", "status": 401}, Unauthorised),
        (401, None, Unauthorised),
        (402, {"title": "Insufficient credit", "detail": "You have insufficient credit"}, OutOfCredit),
        (403, {"detail": "private"}, Unauthorised),
        (404, {"detail": "The requested resource could not be found.", "status": 404}, TaskNotFound),
        (405, {"detail": "Method not allowed"}, ContractChanged),
        (413, {"detail": "too large"}, NotHandedOver),
        (422, {"title": "Invalid version or not permitted", "detail": "The specified version"}, Rejected),
        (422, {"title": "Input validation failed", "detail": "- input: prompt is required\n"}, Rejected),
        (422, {"detail": "The prompt was flagged by moderation"}, Moderated),
        (418, {"detail": "?"}, AnswerLost),
        (302, {}, AnswerLost),
    ],
)
def test_a_status_says_what_went_wrong(status: int, body: Any, kind: type[ProviderError]) -> None:
    assert type(problem(status, body)) is kind


def test_what_a_missing_route_means_is_said_by_who_asked() -> None:
    assert type(problem(404, {"detail": "no such model"}, missing=Rejected)) is Rejected


@pytest.mark.parametrize(
    ("body", "header", "seconds"),
    [
        ({"detail": LOW_CREDIT, "retry_after": 10}, 1, 10),
        ({"detail": LOW_CREDIT}, 1, 10),
        ({"detail": "Request was throttled. Your rate limit resets in ~30s."}, None, 30),
        ({"detail": "Request was throttled. Expected available in 1 second."}, None, 1),
        ({"detail": "Request was throttled."}, 4, 4),
        ({"detail": "Request was throttled."}, None, 10),
        ({"detail": LOW_CREDIT, "retry_after": "soon"}, None, 10),
        ({"detail": "slow down", "retry_after": -3}, None, 0),
        ("<html>", None, 10),
    ],
)
def test_a_throttle_says_how_long_and_nothing_of_the_account(
    body: Any, header: float | None, seconds: float
) -> None:
    with pytest.raises(RateLimited) as caught:
        opened(answer(429, body, header))

    assert caught.value.retry_after == seconds
    assert "credit" not in f"{caught.value} {caught.value.detail} {caught.value.code}"


def test_links_and_keys_in_a_refusal_go_no_further() -> None:
    error = problem(422, {"title": "r8_abcdefghijkl", "detail": "input.image: https://x/y?sig=abc is gone"})

    assert "abc" not in f"{error} {error.detail} {error.code}"
