import pytest

from providers.http.patience import seconds_asked

NOW = 1_700_000_000_000  # 2023-11-14 22:13:20 UTC


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"X-RateLimit-Reset": "1700000012"}, 12.0),
        ({"X-RateLimit-Reset": "1600000000"}, 0.0),
        ({"X-RateLimit-Reset": "later"}, None),
        ({"RateLimit-Reset": "30"}, 30.0),
        ({"Retry-After": "4", "RateLimit-Reset": "30"}, 4.0),
        ({"Retry-After": "4", "X-RateLimit-Reset": "1700000012"}, 4.0),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "1700000012"}, 12.0),
    ],
)
def test_retry_after_comes_before_reset_and_nonsense_is_not_said(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert seconds_asked(headers, NOW) == seconds
