import inspect
import logging

import httpx
import pytest

from providers.errors import AnswerLost, ProviderError, Unavailable
from providers.http import PATIENT
from providers.http.wire import HTTPX_ERRORS, client, translated


def exceptions_of_httpx() -> list[type[Exception]]:
    found = [
        thing for thing in vars(httpx).values() if inspect.isclass(thing) and issubclass(thing, Exception)
    ]
    assert len(found) > 20
    return found


@pytest.mark.parametrize("kind", exceptions_of_httpx())
def test_every_exception_of_httpx_is_one_that_we_catch(kind: type[Exception]) -> None:
    assert issubclass(kind, HTTPX_ERRORS)


@pytest.mark.parametrize(
    "kind", [kind for kind in exceptions_of_httpx() if issubclass(kind, httpx.HTTPError)]
)
def test_only_what_surely_did_not_leave_is_unavailable(kind: type[Exception]) -> None:
    before_sending = {
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "ProxyError",
        "UnsupportedProtocol",
    }

    ours = translated("tripo", kind.__new__(kind), AnswerLost)

    assert type(ours) is (Unavailable if kind.__name__ in before_sending else AnswerLost)


def test_what_is_said_about_an_error_holds_no_link() -> None:
    error: ProviderError = translated(
        "tripo", httpx.ReadError("GET https://host/x?Signature=abc"), AnswerLost
    )

    assert "abc" not in str(error)
    assert "ReadError" in error.detail


async def test_addresses_and_headers_are_kept_out_of_the_log() -> None:
    logging.getLogger("httpx").setLevel(logging.DEBUG)

    await client(PATIENT, headers={}).aclose()

    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("httpcore").isEnabledFor(logging.DEBUG)
