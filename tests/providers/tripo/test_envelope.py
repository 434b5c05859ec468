from typing import Any

import pytest

from providers.errors import (
    AnswerLost,
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
from providers.tripo.envelope import opened


def answer(
    status: int, body: Any, *, lost: type[ProviderError] = AnswerLost, retry_after: float | None = None
) -> Answer:
    return Answer(status=status, body=body, reference="r-header", retry_after=retry_after, lost=lost)


@pytest.mark.parametrize(
    "body", [{"code": 0, "data": {"a": 1}}, {"code": 0, "status": "success", "data": {"a": 1}}]
)
def test_success_is_opened_with_or_without_a_status(body: Any) -> None:
    assert opened(answer(200, body)) == {"a": 1}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, 1002, Unauthorised),
        (401, 2, Unauthorised),
        (401, 1000, Unauthorised),
        (401, 1001, Unauthorised),
        (400, 1003, Rejected),
        (400, 1004, Rejected),
        (403, 1005, Unauthorised),
        (429, 1007, RateLimited),
        (429, 2000, PoolFull),
        (404, 2001, TaskNotFound),
        (400, 2002, Rejected),
        (400, 2003, Rejected),
        (400, 2004, Rejected),
        (400, 2005, SourceUnusable),
        (400, 2006, SourceUnusable),
        (400, 2007, SourceUnusable),
        (400, 2008, Moderated),
        (400, 2009, Rejected),
        (403, 2010, OutOfCredit),
        (400, 2011, SourceUnusable),
        (400, 2012, SourceUnusable),
        (403, 2013, Unauthorised),
        (400, 2014, Unavailable),
        (400, 2015, Rejected),
        (400, 2016, Rejected),
        (400, 2017, Rejected),
        (400, 2018, SourceUnusable),
        (404, 2019, SourceUnusable),
        (400, 2021, SourceUnusable),
        (400, 2022, SourceUnusable),
        (404, 4001, ContractChanged),
        (400, 9999, Rejected),
        (403, 9999, Unauthorised),
        (404, 9999, ContractChanged),
        (429, 9999, RateLimited),
        (200, 2008, Moderated),
        (200, 9999, AnswerLost),
        (200, 1000, AnswerLost),
        (302, 0, AnswerLost),
    ],
)
def test_every_documented_error_has_its_meaning(status: int, code: int, kind: type[ProviderError]) -> None:
    body = {"code": code, "status": "error", "message": "no", "request_id": "r-body"}

    with pytest.raises(ProviderError) as caught:
        opened(answer(status, body))

    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.status) == (str(code), status)
    assert caught.value.reference == "r-body"


def test_an_error_status_counts_even_with_code_0() -> None:
    with pytest.raises(AnswerLost):
        opened(answer(200, {"code": 0, "status": "error"}))


@pytest.mark.parametrize(
    ("status", "body", "lost", "kind"),
    [
        (401, None, AnswerLost, Unauthorised),
        (429, None, AnswerLost, RateLimited),
        (200, [], AnswerLost, AnswerLost),
        (200, {"data": {}}, AnswerLost, AnswerLost),
        (200, {"code": "zero"}, Unavailable, ContractChanged),
    ],
)
def test_an_answer_without_an_envelope_is_judged_by_its_status(
    status: int, body: Any, lost: type[ProviderError], kind: type[ProviderError]
) -> None:
    with pytest.raises(ProviderError) as caught:
        opened(answer(status, body, lost=lost))

    assert type(caught.value) is kind
    assert caught.value.reference == "r-header"


@pytest.mark.parametrize(("said", "seconds"), [(17.0, 17.0), (0.0, 0.0), (None, 5.0)])
def test_a_throttled_request_knows_when_to_come_back(said: float | None, seconds: float) -> None:
    with pytest.raises(Throttled) as caught:
        opened(answer(429, {"code": 2000}, retry_after=said))

    assert caught.value.retry_after == seconds


def test_a_key_that_the_vendor_repeats_is_not_kept() -> None:
    with pytest.raises(Unauthorised) as caught:
        opened(answer(401, {"code": 2, "message": "key tsk_abc of https://x/?k=abc is wrong"}))

    assert "abc" not in str(caught.value)
