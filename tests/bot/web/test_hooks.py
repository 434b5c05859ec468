"""Vendors' calls: never believed, only a reason to look."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.web import Hooks, site
from bot.web.hooks import LONGEST
from providers.base import Provider
from providers.errors import Forged, ProviderError, Unavailable
from tests.bot.web.test_site import Client, Hands, Shelf

WORD = "a-word-that-nobody-can-guess"
HERE = f"/hooks/meshy/{WORD}"


@dataclass
class Caller:
    """A vendor that reads its calls as a test says."""

    trouble: Exception | None = None
    heard_of: list[tuple[str, bytes]] = field(default_factory=list)

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        self.heard_of.append((headers.get("X-Signature", ""), body))
        if self.trouble:
            raise self.trouble
        return body.decode() or None


@dataclass
class Watch:
    """What the engine was told to look at; it holds one task."""

    looks: list[tuple[str, str]] = field(default_factory=list)

    def look(self, provider: str, task_id: str) -> bool:
        self.looks.append((provider, task_id))
        return task_id == "task-1"


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def client(tmp_path: Path, caller: Caller, watch: Watch) -> AsyncIterator[Client]:
    hands = Hands()
    vendors = cast("Mapping[str, Provider]", {"meshy": caller, "wordless": caller})
    hooks = Hooks(vendors=vendors, words={"meshy": WORD, "gone": WORD}, look=watch.look)
    app = site(library=cast("Any", Shelf)(None), health=hands.health, hooks=hooks, now=hands.now)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_call_makes_us_look_at_its_task_and_is_answered_with_nothing(
    client: Client, caller: Caller, watch: Watch
) -> None:
    answer = await client.post(HERE, data=b"task-1", headers={"X-Signature": "signed"})

    assert (answer.status, await answer.read()) == (204, b"")
    assert (caller.heard_of, watch.looks) == ([("signed", b"task-1")], [("meshy", "task-1")])


@pytest.mark.parametrize("body", [b"task-of-another", b""])
async def test_a_call_about_nothing_of_ours_is_answered_all_the_same(client: Client, body: bytes) -> None:
    assert (await client.post(HERE, data=body)).status == 204


@pytest.mark.parametrize(
    "path",
    [
        f"{HERE}x",
        HERE[:-1],
        "/hooks/meshy/x",
        "/hooks/meshy/w%C3%B6rd",
        "/hooks/meshy/%FF%00",
        f"/hooks/nobody/{WORD}",
        f"/hooks/gone/{WORD}",
        "/hooks/wordless/x",
        "/hooks/wordless/",
        "/hooks/meshy/",
    ],
)
async def test_whoever_does_not_know_the_word_learns_nothing(
    client: Client, caller: Caller, path: str
) -> None:
    answer = await client.post(path, data=b"task-1")

    assert (answer.status, await answer.text()) == (404, "There is nothing here.\n")
    assert caller.heard_of == []


async def test_the_address_cannot_be_visited(client: Client, caller: Caller) -> None:
    assert (await client.get(HERE)).status == 405
    assert caller.heard_of == []


@pytest.mark.parametrize(("trouble", "status"), [(Forged("meshy"), 401), (Unavailable("meshy", "down"), 503)])
async def test_a_forged_call_is_refused_and_one_that_cannot_be_read_now_may_come_again(
    client: Client, caller: Caller, watch: Watch, trouble: ProviderError, status: int
) -> None:
    caller.trouble = trouble

    answer = await client.post(HERE, data=b"task-1")

    assert (answer.status, watch.looks) == (status, [])
    assert "meshy" not in await answer.text()


@pytest.mark.parametrize("said", [True, False])
async def test_a_call_that_is_too_long_is_not_read(client: Client, caller: Caller, *, said: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LONGEST // 65_536 + 1):
            yield bytes(65_536)

    answer = await client.post(HERE, data=BytesIO(bytes(LONGEST + 1)) if said else pieces())

    assert (answer.status, caller.heard_of) == (413, [])


async def test_a_call_of_just_the_longest_length_is_read(client: Client, caller: Caller) -> None:
    assert (await client.post(HERE, data=BytesIO(b"x" * (LONGEST - 1)))).status == 204
    assert len(caller.heard_of) == 1
