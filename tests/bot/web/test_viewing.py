"""The page of a model and what it is made of, as a program reads them; a browser looks in another file."""

import gzip
import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientPayloadError, web
from aiohttp.test_utils import TestClient, TestServer

from bot.locales.catalogue import Catalogue
from bot.web.viewer import PACKAGED, Viewer, missing
from bot.web.viewing import preferred
from storage.models import ArtifactKind
from storage.objects import LocalStore
from tests.bot.web.showroom import LINK, Showroom

PAGE = f"/m/{LINK}/view"
STYLE = b"<style>p { color: red }</style>"
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def room(tmp_path: Path) -> Showroom:
    return Showroom(LocalStore(tmp_path / "files", signing_key=b"k" * 32, now=lambda: 1_000_000))


@pytest.fixture
def viewer(tmp_path: Path) -> Viewer:
    """A viewer as npm would install one, with other scripts in it."""
    for path in PACKAGED:
        script = tmp_path / "node_modules" / path
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_bytes(STYLE + b" // a script" * 100)
    return Viewer.read(tmp_path / "node_modules")


@pytest.fixture
async def client(room: Showroom, viewer: Viewer) -> AsyncIterator[Client]:
    async with TestClient(TestServer(room.site(viewer)), auto_decompress=False) as client:
        yield client


def tags(page: str) -> dict[str, str]:
    """What the page tells whoever unfolds a link to it."""
    found = re.findall(r'<meta (?:property|name)="([a-z:]+)" content="([^"]*)">', page)
    return {name: html.unescape(content) for name, content in found}


async def test_a_page_tells_of_its_model_and_lets_nothing_typed_become_markup(
    client: Client, room: Showroom
) -> None:
    await room.show(b"glb", picture=b"picture")

    page = await (await client.get(PAGE)).text()

    assert "<owl>" not in page
    assert "a brass &lt;owl&gt; &amp; &#34;friends&#34;" in page
    for told in ("1,234 triangles", "22 joints", "walk and idle", "3 byte", "Tripo"):
        assert told in page
    assert 'href="owl%20all.glb"' in page


async def test_a_link_unfolds_with_name_facts_and_picture(client: Client, room: Showroom) -> None:
    shown = await room.show(b"glb", picture=b"picture")
    film = await room.keep("owl.gif", b"film", ArtifactKind.TURNTABLE)
    room.view = replace(shown, unfolded=film)

    told = tags(await (await client.get(PAGE)).text())
    picture = await client.get(told["og:image"].removeprefix("https://ours.example"))

    assert told["og:title"] == "a brass <owl>"
    assert told["og:description"].startswith("1,234 triangles · 22 joints · walk and idle")
    assert told["og:url"] == f"https://ours.example{PAGE}"
    assert told["twitter:card"] == "summary_large_image"
    assert (await picture.read(), picture.headers["Content-Type"]) == (b"film", film.content_type)


async def test_what_its_owner_keeps_private_is_not_told(client: Client, room: Showroom) -> None:
    await room.show(b"glb", prompt="")

    page = await (await client.get(PAGE)).text()

    assert "friends" not in page
    assert "Made from" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "Descargar GLB"),
        ("fr, en;q=0.5, es;q=0.4", "Download GLB"),
        ("", "Download GLB"),
    ],
)
async def test_a_page_speaks_its_readers_language(
    client: Client, room: Showroom, language: str, words: str
) -> None:
    await room.show(b"glb")

    answer = await client.get(PAGE, headers={"Accept-Language": language})

    assert words in await answer.text()
    assert answer.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("header", "language"),
    [("en;q=0, es;q=0.1", "es"), ("*", "en"), (";;q=,\x00 es;q=9", "es"), ("es" * 5000, "en")],
)
def test_any_wish_for_a_language_has_an_answer(header: str, language: str) -> None:
    assert preferred(header, Catalogue.load()) == language


async def test_where_there_is_nothing_a_stranger_reads_why_that_may_be(
    client: Client, room: Showroom
) -> None:
    for path in (PAGE, f"/m/{'B' * 22}/view"):
        answer = await client.get(path, headers={"Accept-Language": "es"})
        page = await answer.text()

        assert answer.status == 404
        assert "su dueño lo hizo privado o lo borró" in page
        assert "owl" not in page
    assert (await client.get(f"{PAGE}/picture")).status == 404


async def test_only_what_the_page_shows_is_given_by_it(client: Client, room: Showroom) -> None:
    shown = await room.show(b"glb")
    other = await room.keep("mine.png", b"a member's own", ArtifactKind.SOURCE)

    answer = await client.get(f"{PAGE}/{shown.file.id}/owl.glb")

    assert await answer.read() == b"glb"
    assert (await client.get(f"{PAGE}/{other.id}/mine.png")).status == 404
    assert (await client.head(f"{PAGE}/{shown.file.id}/owl.glb")).headers["Content-Length"] == "3"


async def test_a_picture_that_a_browser_has_is_not_sent_again(client: Client, room: Showroom) -> None:
    await room.show(b"glb", picture=b"picture")
    first = await client.get(f"{PAGE}/picture")
    assert await first.read() == b"picture"

    answer = await client.get(f"{PAGE}/picture", headers={"If-None-Match": first.headers["ETag"]})

    assert (answer.status, await answer.read()) == (304, b"")


async def test_a_file_that_is_gone_or_breaks_off_is_never_taken_for_whole(
    client: Client, room: Showroom
) -> None:
    shown = await room.show(b"glb")
    path = f"{PAGE}/{shown.file.id}/owl.glb"
    room.view = replace(shown, file=replace(shown.file, size=5))
    with pytest.raises(ClientPayloadError):
        await (await client.get(path)).read()

    await room.store.delete(shown.file.key)

    assert (await client.get(path)).status == 503


async def test_the_page_may_do_nothing_but_what_it_is_there_for(client: Client, room: Showroom) -> None:
    await room.show(b"glb")

    answer = await client.get(PAGE)
    policy = answer.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in policy
    assert "unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert not re.search(r"https?:|\*|data:", policy)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<style|style=|<script(?! type=\"module\" src=)| on\w+=", await answer.text())


async def test_scripts_come_packed_and_are_kept_for_ever(client: Client, viewer: Viewer) -> None:
    path = f"{viewer.address}/model-viewer.min.js"
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    packed = await client.get(path, headers={"Accept-Encoding": "gzip, br"})

    assert gzip.decompress(await packed.read()) == await plain.read()
    assert "immutable" in packed.headers["Cache-Control"]
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 10
    assert (await client.get(f"/viewer/other/{Path(path).name}")).status == 404
    assert (await client.get(f"{viewer.address}/..%2Fviewing.py")).status == 404


def test_another_version_has_another_address(viewer: Viewer, tmp_path: Path) -> None:
    (tmp_path / "node_modules" / PACKAGED[0]).write_bytes(b"// newer")

    assert Viewer.read(tmp_path / "node_modules").address != viewer.address


def test_what_is_not_installed_is_named(viewer: Viewer, tmp_path: Path) -> None:
    (tmp_path / "node_modules" / PACKAGED[1]).unlink()

    assert missing(tmp_path / "node_modules") == [PACKAGED[1]]
    assert not Viewer.read(tmp_path / "node_modules").complete


async def test_without_the_viewer_the_page_says_so_and_the_download_is_there(
    room: Showroom, tmp_path: Path
) -> None:
    await room.show(b"glb", picture=b"picture")
    async with TestClient(TestServer(room.site(Viewer.read(tmp_path / "nowhere")))) as client:
        page = await (await client.get(PAGE)).text()

    assert "The 3D view is not installed" in page
    assert "<script" not in page
    assert 'href="owl%20all.glb"' in page
