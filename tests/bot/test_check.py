from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.check import Finding, Subject, findings, probe_token
from bot.clamd import Clamd
from bot.files.previews.rendering import CannotDraw
from bot.vendor_check import VendorSubject
from providers.base import Balance, Provider
from providers.errors import ProviderError, Unauthorised, Unavailable
from storage import SecretBox, migrate
from storage.objects import Aspect, LocalStore, ObjectStore
from storage.objects import Finding as StoreFinding
from tests.clamd import clamd

TOKEN = "the-bot-token"


class Vendor:
    """A vendor with a balance, or with an error instead."""

    title = "Tripo"

    def __init__(self, answer: float | ProviderError | None, *drift: str | ProviderError) -> None:
        self.answer = answer
        self.drift = drift

    async def balance(self) -> Balance | None:
        if isinstance(self.answer, ProviderError):
            raise self.answer
        return None if self.answer is None else Balance(available=self.answer, frozen=0, unit="credit")

    async def inspect(self) -> list[str]:
        for one in self.drift:
            if isinstance(one, ProviderError):
                raise one
        return [str(one) for one in self.drift]


def subject(
    answer: float | ProviderError | None = 120, *drift: str | ProviderError, **facts: Any
) -> tuple[VendorSubject, ...]:
    vendor = cast("Provider", Vendor(answer, *drift))
    return (VendorSubject(**{"provider": vendor, "variable": "TRIPO_API_KEY", "fault": None, **facts}),)


class OpenBucket:
    """A store that strangers may read."""

    async def probe(self) -> list[StoreFinding]:
        return [
            StoreFinding(aspect=Aspect.EXISTS, ok=True),
            StoreFinding(aspect=Aspect.WRITABLE, ok=True),
            StoreFinding(aspect=Aspect.PRIVATE, ok=False, detail="a stranger was let in"),
        ]


async def _me(request: web.Request) -> web.Response:
    if request.headers["Authorization"] == "Bot of-a-bad-day":
        return web.Response(status=503)
    if request.headers["Authorization"] != f"Bot {TOKEN}":
        return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)
    return web.json_response({"id": "1", "username": "Maquette"})


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"ok": True})


@asynccontextmanager
async def serving(path: str, handler: Any) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get(path, handler)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    """Everything as it should be."""
    migrate(tmp_path / "maquette.sqlite")
    async with serving("/users/@me", _me) as discord, serving("/health", _health) as ours:
        yield {
            "discord_token": TOKEN,
            "discord_api_url": discord,
            "vendors": subject(),
            "database": tmp_path / "maquette.sqlite",
            "secrets": SecretBox("k" * 32),
            "store": LocalStore(tmp_path / "files", signing_key=b"k" * 32, now=lambda: 0),
            "public_url": ours,
            "files_need_site": True,
        }


async def wrong(world: dict[str, Any], **changes: object) -> list[Finding]:
    return [finding for finding in await findings(Subject(**{**world, **changes})) if not finding.ok]


async def test_a_view_that_is_not_installed_is_told_with_its_mend_where_there_are_pages(
    world: dict[str, Any],
) -> None:
    lacking = {**world, "viewer_lacks": ["view.js"]}
    (finding,) = [one for one in await findings(Subject(**lacking)) if "3D view" in one.what]

    assert finding.ok
    assert "npm ci" in finding.mend
    assert "3D view" not in str(await findings(Subject(**{**lacking, "public_url": None})))


async def test_a_good_set_up_is_told_in_one_line_each(world: dict[str, Any]) -> None:
    found = await findings(Subject(**world))

    lines = "\n".join(map(str, found))
    assert all(finding.ok for finding in found), lines
    assert len(lines.splitlines()) == len(found) == 7
    assert "Maquette" in lines
    assert "120 credits" in lines


CHANGES: list[tuple[dict[str, object], str, str]] = [
    ({"discord_token": None}, "DISCORD_TOKEN is not set", "discord.com"),
    ({"discord_token": "wrong"}, "does not know DISCORD_TOKEN", "copy it"),
    ({"discord_token": "two\nlines"}, "does not know DISCORD_TOKEN", "copy it"),
    ({"discord_token": "of-a-bad-day"}, "answered 503", "again"),
    ({"discord_api_url": "http://127.0.0.1:9"}, "cannot be reached", "DISCORD_API_URL"),
    ({"vendors": ()}, "No vendor is set up", "/generate"),
    ({"vendors": subject(fault="this is a client id")}, "TRIPO_API_KEY: this is a client id", "Copy"),
    ({"vendors": subject(0)}, "0 credits are left", "Buy"),
    ({"vendors": subject(Unauthorised("tripo"))}, "does not accept TRIPO_API_KEY", "new key"),
    ({"vendors": subject(Unavailable("tripo"))}, "cannot be reached", "again"),
    ({"vendors": subject(120, "the model is gone.")}, "Tripo: the model is gone", ""),
    ({"vendors": subject(120, Unavailable("tripo"))}, "Tripo cannot be looked over (Unavailable)", "again"),
    ({"database": Path("/dev/null/maquette.sqlite")}, "No database can be made", "DATA_DIR"),
    ({"store": cast("ObjectStore", OpenBucket())}, "private (a stranger was let in)", "public access"),
    ({"public_url": "http://models.example.org"}, "is not https", "proxy"),
]


@pytest.mark.parametrize(("change", "what", "mend"), CHANGES, ids=[what for _, what, _ in CHANGES])
async def test_each_fault_is_told_with_its_mend(
    world: dict[str, Any], change: dict[str, object], what: str, mend: str
) -> None:
    (finding,) = await wrong(world, **change)

    assert what in finding.what
    assert mend in finding.mend


async def test_a_vendor_without_a_balance_is_told_to_answer(world: dict[str, Any]) -> None:
    lines = "\n".join(map(str, await findings(Subject(**{**world, "vendors": subject(None)}))))

    assert "Tripo answers; it tells no balance" in lines


async def test_the_address_for_a_vendors_console_is_told(world: dict[str, Any]) -> None:
    told = subject(webhook="https://models.example/hooks/tripo/word")
    found = await findings(Subject(**{**world, "vendors": told}))

    assert any("https://models.example/hooks/tripo/word" in finding.what for finding in found)


async def test_all_faults_are_told_at_once(world: dict[str, Any]) -> None:
    found = await wrong(world, discord_token=None, vendors=(), store=cast("ObjectStore", OpenBucket()))

    assert len(found) == 3


async def test_a_database_that_is_not_there_yet_is_no_fault(world: dict[str, Any], tmp_path: Path) -> None:
    assert await wrong(world, database=tmp_path / "new" / "maquette.sqlite") == []
    assert not (tmp_path / "new").exists()


async def test_an_empty_database_has_to_be_migrated(world: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()

    (finding,) = await wrong(world, database=tmp_path / "empty.sqlite")

    assert "python -m bot migrate" in finding.mend


async def test_a_file_that_is_no_database_is_told(world: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("not a database at all, " * 100)

    (finding,) = await wrong(world, database=tmp_path / "text.sqlite")

    assert "cannot be used" in finding.what


async def test_a_store_in_a_place_that_is_no_folder_is_told(world: dict[str, Any]) -> None:
    store = LocalStore(Path("/dev/null/files"), signing_key=b"k" * 32, now=lambda: 0)

    (finding,) = await wrong(world, store=store)

    assert "store for files" in finding.what


async def test_another_server_under_our_address_is_told(world: dict[str, Any]) -> None:
    async with serving("/other", _health) as theirs:
        (finding,) = await wrong(world, public_url=theirs)

    assert "Somebody else" in finding.what


async def test_a_bot_that_does_not_run_yet_is_no_fault(world: dict[str, Any]) -> None:
    found = await findings(Subject(**{**world, "public_url": "http://127.0.0.1:9"}))

    (finding,) = [finding for finding in found if "PUBLIC_URL" in finding.what]
    assert finding.ok
    assert "start it first" in finding.mend


async def test_without_a_public_address_it_is_said_what_is_missing(world: dict[str, Any]) -> None:
    told = str(await findings(Subject(**{**world, "public_url": None})))

    assert "attachments" in told
    assert "links to files expire" in str(
        await findings(Subject(**{**world, "public_url": None, "files_need_site": False}))
    )


async def test_no_finding_shows_the_token(world: dict[str, Any]) -> None:
    for api_url in (world["discord_api_url"], "http://127.0.0.1:9"):
        for token in (TOKEN, "another-token", "another\ntoken"):
            assert token not in str(await probe_token(api_url, token))


async def test_without_f3d_it_is_said_that_pictures_are_the_vendors(world: dict[str, Any]) -> None:
    found = await findings(Subject(**world))

    (finding,) = [one for one in found if "f3d is not installed" in one.what]
    assert finding.ok
    assert "requirements-preview.txt" in finding.mend


async def test_a_machine_that_cannot_draw_is_told(world: dict[str, Any]) -> None:
    class Blind:
        async def look(self) -> None:
            raise CannotDraw("Cannot find EGL library")

    (finding,) = await wrong(world, filmer=Blind())

    assert "Cannot find EGL library" in finding.what
    assert "libegl1" in finding.mend


async def test_whoever_wants_no_films_hears_nothing_of_them(world: dict[str, Any]) -> None:
    found = await findings(Subject(**world, films=False))

    assert not [one for one in found if "f3d" in one.what]


async def test_a_virus_scanner_that_does_not_answer_is_told(world: dict[str, Any], tmp_path: Path) -> None:
    (finding,) = await wrong(world, scanner=Clamd(address=str(tmp_path / "nobody.sock")))

    assert "virus scanner does not answer" in finding.what
    assert "CLAMD_ADDRESS" in finding.mend


async def test_the_virus_scanner_says_what_it_is(world: dict[str, Any], tmp_path: Path) -> None:
    async with clamd(tmp_path) as socket:
        found = await findings(Subject(**{**world, "scanner": Clamd(address=str(socket))}))

    assert any("Files are scanned by ClamAV" in finding.what for finding in found)
