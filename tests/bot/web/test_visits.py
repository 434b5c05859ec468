"""What the site does where somebody asks for too much, or is too slow about it."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.web import Hooks, hooks, serving, site, visits
from bot.web.visits import AT_ONCE, PER_SECOND, UNDER_WAY
from providers.base import Provider
from storage.objects import LocalStore
from tests.bot.web.test_hooks import HERE, WORD, Caller, Watch
from tests.bot.web.test_site import LINK, Client, Hands, Shelf, artifact


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def caller() -> Caller:
    return Caller()


@asynccontextmanager
async def opened(hands: Hands, caller: Caller, **more: Any) -> AsyncIterator[Client]:
    vendors = cast("Mapping[str, Provider]", {"meshy": caller})
    calls = Hooks(vendors=vendors, words={"meshy": WORD}, look=Watch().look)
    shelf = more.pop("library", None) or cast("Any", Shelf)(None)
    app = site(library=shelf, health=hands.health, hooks=calls, now=hands.now, **more)
    async with TestClient(TestServer(app)) as client:
        yield client


async def asked(client: Client, times: int, **headers: str) -> list[int]:
    return [(await client.get("/health", headers=headers)).status for _ in range(times)]


async def test_who_asks_too_much_is_told_when_to_come_back(hands: Hands, caller: Caller) -> None:
    async with opened(hands, caller) as client:
        assert set(await asked(client, AT_ONCE)) == {200}
        refused = await client.get(f"/m/{LINK}")
        words = await refused.text()
        hands.time += int(refused.headers["Retry-After"]) * 1000
        afterwards = await asked(client, PER_SECOND + 1)

    assert refused.status == 429
    assert words == "Too Many Requests.\n"
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert afterwards == [200] * PER_SECOND + [429]


async def test_a_flood_of_calls_reaches_no_vendor(hands: Hands, caller: Caller) -> None:
    async with opened(hands, caller) as client:
        said = [(await client.post(HERE, data=b"task-1")).status for _ in range(AT_ONCE + 5)]

    assert said == [204] * AT_ONCE + [429] * 5
    assert len(caller.heard_of) == AT_ONCE


async def test_guessing_ends_soon(hands: Hands, caller: Caller) -> None:
    async with opened(hands, caller) as client:
        said = [(await client.post(f"/hooks/meshy/{number:032x}")).status for number in range(AT_ONCE + 1)]

    assert said == [404] * AT_ONCE + [429]


async def test_what_a_visitor_says_of_proxies_counts_only_where_there_is_one(
    hands: Hands, caller: Caller
) -> None:
    async with opened(hands, caller) as client:
        with capture_logs() as logs:
            said = [await asked(client, 1, **{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(AT_ONCE + 1)]

    assert said[-1] == [429]
    assert [line["event"] for line in logs] == ["proxy_not_set"]


async def test_behind_a_proxy_everybody_has_a_share(hands: Hands, caller: Caller) -> None:
    async with opened(hands, caller, behind_proxy=True) as client:
        first = await asked(client, AT_ONCE + 1, **{"X-Forwarded-For": "192.0.2.1"})
        other = await asked(client, 1, **{"X-Forwarded-For": "192.0.2.2"})
        forged = await asked(client, 1, **{"X-Forwarded-For": "192.0.2.3, 192.0.2.1"})

    assert (first[-1], other, forged) == (429, [200], [429])


async def test_the_addresses_of_one_network_are_one_visitor(hands: Hands, caller: Caller) -> None:
    async with opened(hands, caller, behind_proxy=True) as client:
        said = [await asked(client, 1, **{"X-Forwarded-For": f"2001:db8::{n:x}"}) for n in range(AT_ONCE + 1)]
        elsewhere = await asked(client, 1, **{"X-Forwarded-For": "2001:db8:0:1::1"})

    assert (said[-1], elsewhere) == ([429], [200])


@pytest.mark.parametrize("nonsense", ["", "unknown", "192.0.2.1:80", "a" * 5000, ","])
async def test_nonsense_from_a_proxy_counts_as_the_proxy(hands: Hands, caller: Caller, nonsense: str) -> None:
    async with opened(hands, caller, behind_proxy=True) as client:
        said = await asked(client, AT_ONCE + 1, **{"X-Forwarded-For": nonsense})

    assert said[-1] == 429


async def test_of_many_addresses_the_latest_are_remembered(
    hands: Hands, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "MOST_ADDRESSES", 3)
    counting = visits.Visits(now=hands.now)
    for number in range(10):
        counting._admitted(f"192.0.2.{number}")

    assert list(counting._visitors) == ["192.0.2.7", "192.0.2.8", "192.0.2.9"]


async def test_a_clock_that_goes_back_takes_nothing_away(hands: Hands) -> None:
    counting = visits.Visits(now=hands.now)
    counting._admitted("192.0.2.1")
    hands.time -= 60_000

    assert counting._admitted("192.0.2.1").left == AT_ONCE - 2


async def test_slow_downloads_of_one_address_are_few(hands: Hands, caller: Caller, tmp_path: Path) -> None:
    shelf = Shelf(LocalStore(tmp_path, signing_key=b"k" * 32, now=hands.now, public_url="http://ours.test"))
    await shelf.keep(artifact(), b"")
    shelf.store.path(artifact().key).write_bytes(bytes(32 * 1024 * 1024))  # more than sockets hold
    async with opened(hands, caller, library=shelf, local=shelf.store) as client:
        link = (await client.get(f"/m/{LINK}", allow_redirects=False)).headers["Location"]
        path = link.removeprefix("http://ours.test")
        slow = [await _half_asked(client.port or 0, path) for _ in range(UNDER_WAY)]
        refused = await client.get("/health")
        for _, writer in slow:
            writer.close()
            await writer.wait_closed()

    assert refused.status == 429


async def _half_asked(port: int, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request for a file whose bytes nobody reads."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: ours.test\r\n\r\n".encode())
    await writer.drain()
    await reader.readuntil(b"\r\n")
    return reader, writer


async def _answer_to(port: int, said: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize("said", [b"", b"GET /health HTTP/1.1\r\nHost: ours", b"GET"])
async def test_a_request_that_does_not_come_to_its_end_is_not_waited_for(hands: Hands, said: bytes) -> None:
    app = site(library=cast("Any", Shelf)(None), health=hands.health, now=hands.now)
    async with serving(app, host="127.0.0.1", port=0, idle_seconds=0.05) as port, asyncio.timeout(20):
        assert await _answer_to(port, said) == b""


async def test_a_body_that_dawdles_is_not_waited_for(
    hands: Hands, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "SECONDS", 0.05)
    head = f"POST {HERE} HTTP/1.1\r\nHost: ours.test\r\nContent-Length: 100\r\n\r\nsome"
    async with opened(hands, caller) as client, asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port or 0)
        writer.write(head.encode())
        status = await reader.readline()
        writer.close()
        await writer.wait_closed()

    assert status.startswith(b"HTTP/1.1 408 ")
    assert caller.heard_of == []


async def test_packed_bytes_stay_packed(hands: Hands, caller: Caller) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    vendors = cast("Mapping[str, Provider]", {"meshy": caller})
    calls = Hooks(vendors=vendors, words={"meshy": WORD}, look=Watch().look)
    app = site(library=cast("Any", Shelf)(None), health=hands.health, hooks=calls, now=hands.now)
    head = f"POST {HERE} HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nConnection: close\r\n"
    async with serving(app, host="127.0.0.1", port=0) as port:
        await _answer_to(port, f"{head}Content-Length: {len(bomb)}\r\n\r\n".encode() + bomb)

    assert caller.heard_of == [("", bomb)]
