"""A vendor's API behind one key.

A read is tried up to three times within seconds. Longer waits belong to the caller,
who survives a restart; the vendor's own hint travels up as ``retry_after``.

A post that may cost money is sent once. What failed before it left is ``Unavailable``;
from then on everything but a clear answer is ``AnswerLost``.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from copy import copy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from providers.base import Upload
from providers.errors import AnswerLost, ContractChanged, ProviderError, Unavailable
from providers.http.multipart import frame
from providers.http.patience import seconds_asked
from providers.http.wire import HTTPX_ERRORS, Timing, client, measured, translated
from providers.redact import redacted

ANSWER_LIMIT = 2 * 1024 * 1024  # bytes; a hundred tasks with long signed links are a quarter of this
PAUSES = (0.5, 1.5)  # seconds before the second and the third try of a read
PATIENCE = 10.0  # seconds after which a read is not tried again; longer waits are the caller's

_PASSING = frozenset({429, 502, 503, 504})  # may be over in a moment
_CLEAR = frozenset({401, 403, 413, 429})  # say all there is to say, even where a gateway words them in HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a vendor said; what it means is for the vendor's own mapping to tell."""

    status: int
    body: Any
    """The JSON, or ``None`` where it was none."""
    reference: str
    """The vendor's id of the request, from ``X-Request-ID``."""
    retry_after: float | None
    """Seconds that the vendor asked us to wait."""
    lost: type[ProviderError]
    """The error to raise where the answer leaves open what became of the request."""

    @property
    def unreadable(self) -> type[ProviderError]:
        """The error to raise where the answer makes no sense."""
        return AnswerLost if self.lost is AnswerLost else ContractChanged


class Api:
    """One vendor, one key. ``now`` is in milliseconds since 1970, ``sleep`` takes seconds."""

    def __init__(
        self,
        provider: str,
        *,
        base_url: str,
        authorization: str | None,
        now: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
        timing: Timing,
        answer_limit: int = ANSWER_LIMIT,
    ) -> None:
        self._client = client(timing, base_url=base_url, headers={"Accept": "application/json"})
        self._authorization = authorization
        self._provider = provider
        self._now = now
        self._sleep = sleep
        self._timing = timing
        self._answer_limit = answer_limit

    def behind(self, authorization: str) -> "Api":
        """The same vendor behind another key, over the same connections."""
        other = copy(self)
        other._authorization = authorization  # noqa: SLF001 -- a copy of ours
        return other

    async def aclose(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def get_json(self, path: str, **query: int | str) -> Answer:
        """Read something. ``Unavailable`` when three tries did not reach the vendor."""
        return await self._repeated(self._client.build_request("GET", path, params=query))

    async def ask_json(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Read something by a POST that changes nothing, and so is repeated like a GET."""
        return await self._repeated(self._json_request(path, body))

    async def post_json(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask for something that may cost money: sent once, whatever happens."""
        request = await asyncio.to_thread(self._json_request, path, body)  # a file may be part of it
        request.headers.update(headers or {})
        return self._readable(await self._exchange(request, lost=AnswerLost))

    async def order(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Have something stopped or removed, which is the same done twice; the answer may be empty."""
        request = self._client.build_request(method, path) if body is None else self._json_request(path, body)
        return await self._exchange(request, lost=Unavailable)

    async def upload(
        self, path: str, file: Upload, *, field: str, fields: Mapping[str, str] | None = None
    ) -> Answer:
        """Stream a file as ``multipart/form-data``, after ``fields``. Not repeated here; the caller may."""
        form = frame(file, field, fields or {})
        headers = {"Content-Type": form.content_type, "Content-Length": str(form.size)}
        async with file.open() as pieces:
            content = form.around(measured(self._provider, pieces, file.size))
            request = self._client.build_request("POST", path, content=content, headers=headers)
            answer = await self._exchange(request, lost=Unavailable, seconds=self._timing.transfer)
        return self._readable(answer)

    def _json_request(self, path: str, body: Mapping[str, Any]) -> httpx.Request:
        # Plain ASCII, because a member's text may hold half a surrogate pair, which UTF-8 cannot.
        content = json.dumps(body, allow_nan=False).encode("ascii")
        headers = {"Content-Type": "application/json"}
        return self._client.build_request("POST", path, content=content, headers=headers)

    async def _repeated(self, request: httpx.Request) -> Answer:
        begun = self._now()
        for pause in PAUSES:
            try:
                answer = await self._exchange(request, lost=Unavailable)
            except Unavailable:
                if self._too_long(begun, pause):
                    raise
                wait = pause
            else:
                wait = pause if answer.retry_after is None else answer.retry_after
                if answer.status not in _PASSING or self._too_long(begun, wait):
                    return self._readable(answer)
            await self._sleep(wait)
        return self._readable(await self._exchange(request, lost=Unavailable))

    def _too_long(self, begun: int, wait: float) -> bool:
        return (self._now() - begun) / 1000 + wait > PATIENCE

    async def _exchange(
        self, request: httpx.Request, *, lost: type[ProviderError], seconds: float | None = None
    ) -> Answer:
        if self._authorization:
            request.headers["Authorization"] = self._authorization
        try:
            async with asyncio.timeout(seconds or self._timing.call):
                async with aclosing(await self._client.send(request, stream=True)) as response:
                    body = _parsed(await _read(response, self._answer_limit))
        except (*HTTPX_ERRORS, TimeoutError) as error:
            raise translated(self._provider, error, lost) from error
        return Answer(
            status=response.status_code,
            body=body,
            reference=response.headers.get("X-Request-ID", ""),
            retry_after=seconds_asked(response.headers, self._now()),
            lost=lost,
        )

    def _readable(self, answer: Answer) -> Answer:
        """The answer, if a vendor's mapping can make something of it."""
        facts: dict[str, Any] = {"status": answer.status, "reference": answer.reference}
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            said = "" if answer.body is None else redacted(json.dumps(answer.body))
            raise answer.lost(self._provider, said, **facts)
        if answer.body is None and answer.status not in _CLEAR:
            raise answer.unreadable(self._provider, "the answer is not JSON, or too large", **facts)
        return answer


async def _read(response: httpx.Response, limit: int) -> bytes:
    """The body, or nothing where it is too large to be an answer."""
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > limit:
            return b""
    return bytes(content)


def _parsed(content: bytes) -> Any:
    """The JSON in it, or ``None``: gateways answer in HTML."""
    try:
        return json.loads(content)
    except ValueError:
        return None
