"""How a member's picture is fetched: from Discord's hosts, as it is, and no more of it than we take."""

import gzip
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.jobs.errors import PictureUnusable
from bot.ui.pictures import DISCORDS, MAX_BYTES, Pictures


class Shelf:
    """Where pictures are kept."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    async def keep_picture(self, data: bytes, name: str) -> str:
        self.kept.append(data)
        return name

    async def discard_pictures(self, pictures: object) -> None:
        self.kept.clear()


class Cdn:
    """A host of pictures that misbehaves by path."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        app = web.Application()
        app.router.add_get("/{rest:.*}", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        match request.path:
            case "/moved.png":
                return web.Response(status=302, headers={"Location": "/inside.png"})
            case "/packed.png":
                return web.Response(body=gzip.compress(b"plain"), headers={"Content-Encoding": "gzip"})
            case "/endless.png":
                response = web.StreamResponse()
                await response.prepare(request)
                for _ in range(MAX_BYTES // 1_000_000 + 10):
                    await response.write(bytes(1_000_000))
                return response
        return web.Response(body=b"picture")


@pytest.fixture
async def cdn() -> AsyncIterator[Cdn]:
    cdn = Cdn()
    async with cdn.server:
        yield cdn


def attached(address: str) -> Any:
    """What Discord says is attached; it may be wrong about the size."""
    return SimpleNamespace(url=address, size=10, filename="owl.png")


async def kept(cdn: Cdn, path: str) -> bytes:
    shelf = Shelf()
    pictures = Pictures(cast("Any", shelf), {f"{cdn.server.host}:{cdn.server.port}"})
    attachment = attached(str(cdn.server.make_url(path)))
    pictures.accept([attachment])
    await pictures.keep([attachment])
    return shelf.kept[-1]


async def test_a_picture_comes_as_it_is(cdn: Cdn) -> None:
    assert await kept(cdn, "/owl.png") == b"picture"


async def test_no_redirect_is_followed(cdn: Cdn) -> None:
    with pytest.raises(PictureUnusable, match="unreachable"):
        await kept(cdn, "/moved.png")

    assert cdn.asked == ["/moved.png"]


async def test_a_picture_that_is_longer_than_it_said_is_cut_off(cdn: Cdn) -> None:
    with pytest.raises(PictureUnusable, match="too_heavy"):
        await kept(cdn, "/endless.png")


async def test_packed_bytes_are_not_unpacked(cdn: Cdn) -> None:
    assert gzip.decompress(await kept(cdn, "/packed.png")) == b"plain"


@pytest.mark.parametrize("host", sorted(DISCORDS))
def test_pictures_lie_on_discords_hosts_behind_https(host: str) -> None:
    Pictures(cast("Any", Shelf()), DISCORDS).accept([attached(f"https://{host}/attachments/1/2/owl.png")])


@pytest.mark.parametrize(
    "address",
    [
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "https://cdn.discordapp.com.example.org/a.png",
        "https://me:you@cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com@example.org/a.png",
        "https://169.254.169.254/a.png",
        "https://example.org/cdn.discordapp.com",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a.png",
        "https://[oops/a.png",
        "",
    ],
)
def test_pictures_from_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(PictureUnusable, match="unreachable"):
        Pictures(cast("Any", Shelf()), DISCORDS).accept([attached(address)])
