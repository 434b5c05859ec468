from typing import Any

import pytest

from providers.errors import (
    AnswerLost,
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
    Unavailable,
)
from providers.http import Answer
from providers.meshy.answers import opened


def answer(
    status: int,
    body: Any = None,
    *,
    lost: type[ProviderError] = AnswerLost,
    retry_after: float | None = None,
) -> Answer:
    return Answer(status=status, body=body, reference="ref-1", retry_after=retry_after, lost=lost)


def refused(given: Answer, resource: str = "text-to-3d") -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        opened(given, resource)
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_success_is_one(status: int) -> None:
    assert opened(answer(status, {"result": "1"})) == {"result": "1"}


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "prompt is required", Rejected),
        (400, "Blocked by content moderation", Moderated),
        (400, "Model exceeds 300,000 faces", SourceUnusable),
        (400, "Preview task has not SUCCEEDED", SourceUnusable),
        (400, "Failed to download image_url", NotHandedOver),
        (400, "Invalid ID", TaskNotFound),
        (401, "Invalid API key", Unauthorised),
        (402, "Insufficient funds", OutOfCredit),
        (403, "not in your plan", Unauthorised),
        (404, "Task not found", TaskNotFound),
        (404, "NoMatchingRoute", ContractChanged),
        (405, "", ContractChanged),
        (409, "Task is in progress", SourceUnusable),
        (413, "", NotHandedOver),
        (422, "what?", Rejected),
        (429, "RateLimitExceeded", RateLimited),
        (429, "NoMoreConcurrentTasks: wait", PoolFull),
        (429, "NoMorePendingTasks: please upgrade", Unauthorised),
        (429, "NoMorePendingTasks", PoolFull),
        (429, "", RateLimited),
        (302, "", AnswerLost),
        (418, "", AnswerLost),
    ],
)
def test_a_refusal_says_what_it_is(status: int, message: str, kind: type[ProviderError]) -> None:
    error = refused(answer(status, {"message": message}))

    assert type(error) is kind
    assert (error.detail, error.status, error.reference) == (message, status, "ref-1")


def test_only_a_rig_is_refused_for_its_pose() -> None:
    assert type(refused(answer(422, {"message": "no pose"}), "rigging")) is NotRiggable


@pytest.mark.parametrize("field", ["code", "error_code"])
def test_a_code_is_read_where_there_is_one(field: str) -> None:
    error = refused(answer(429, {"message": "busy", field: "TooManyPendingTasks"}))

    assert type(error) is PoolFull
    assert error.code == "TooManyPendingTasks"


@pytest.mark.parametrize("body", [None, [], "no", {"message": None}, {"message": {"a": 1}}, {}])
def test_a_refusal_of_any_shape_is_one(body: Any) -> None:
    assert type(refused(answer(402, body))) is OutOfCredit


def test_a_read_that_nobody_understands_is_no_lost_answer() -> None:
    assert type(refused(answer(418, {}, lost=Unavailable))) is Unavailable


@pytest.mark.parametrize(
    ("message", "asked", "wait"),
    [
        ("NoMoreConcurrentTasks", None, 12),
        ("NoMoreConcurrentTasks", 40.0, 40),
        ("RateLimitExceeded", None, 2),
        ("RateLimitExceeded", 0.0, 0),
    ],
)
def test_who_is_to_wait_is_told_how_long(message: str, asked: float | None, wait: float) -> None:
    error = refused(answer(429, {"message": message}, retry_after=asked))

    assert isinstance(error, Throttled)
    assert error.retry_after == wait


def test_no_link_and_no_key_gets_into_an_error() -> None:
    said = "cannot download https://store.example/owl?sig=1 for msy_secret_key data:image/png;base64,AAAA"

    error = refused(answer(400, {"message": said, "code": "https://store.example/x"}))

    assert "store.example" not in str(error)
    assert "msy_" not in str(error)
    assert "AAAA" not in str(error)
