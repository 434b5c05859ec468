"""The page of a model as people use it, in a real browser."""

import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.web.viewer import NODE_MODULES, missing
from sandbox import models
from sandbox.browser import Browser, Page, browser
from sandbox.models import Design
from storage.objects import LocalStore
from tests.bot.web.showroom import LINK, Showroom

pytestmark = pytest.mark.process

HERE = Path(__file__).parent
PHONE = {"width": 360, "height": 480}
PATIENCE = 60
"""Seconds; a machine without a graphics card draws slowly, and more so when it is busy."""
SHOWN = "document.querySelector('model-viewer').loaded && !document.querySelector('#controls').hidden"
SCENE = """(() => {
  const viewer = document.querySelector('model-viewer');
  return viewer[Object.getOwnPropertySymbols(viewer).find((one) => one.description === 'scene')];
})()"""
TRIANGLES = f"""(() => {{
  let count = 0;
  {SCENE}.model.traverse((node) => {{ if (node.isMesh) count += node.geometry.index.count / 3; }});
  return count;
}})()"""
WIRES = f"""(() => {{
  const found = [];
  {SCENE}.model.traverse((node) => {{ if (node.isMesh) found.push(node.material.wireframe); }});
  return found.every(Boolean);
}})()"""
ELSEWHERE = "performance.getEntriesByType('resource').map(e => e.name).filter(a => !a.startsWith(origin))"
ADDRESS = f"/m/{LINK}/view"


@pytest.fixture(scope="module")
def owl() -> bytes:
    return models.build(Design(prompt="a low poly owl", seed=1, face_limit=500))


@pytest.fixture(scope="module")
def knight() -> bytes:
    still = models.build(Design(prompt="a low poly knight", seed=1, face_limit=900))
    return models.animate(models.rig(still), ["walk", "idle"])


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    required = os.environ.get("REQUIRE_BROWSER") == "1"
    if missing():
        assert not required, "npm ci has not installed the viewer"
        pytest.skip("the viewer is not installed")
    try:
        async with browser() as running:
            yield running
    except FileNotFoundError:
        assert not required, "Chromium is not installed"
        pytest.skip("Chromium is not installed")


@pytest.fixture
def room(tmp_path: Path) -> Showroom:
    return Showroom(LocalStore(tmp_path / "files", signing_key=b"k" * 32, now=lambda: 1_000_000))


@pytest.fixture
async def address(room: Showroom) -> AsyncIterator[str]:
    async with TestServer(room.site()) as server:
        yield str(server.make_url(ADDRESS))


def with_draco(glb: bytes, folder: Path) -> bytes:
    """The same model, packed with Draco."""
    return in_node(glb, folder, HERE / "draco.mjs", "plain.glb", "packed.glb")


def with_meshopt(glb: bytes, folder: Path) -> bytes:
    """The same model, packed with meshopt."""
    return in_node(
        glb, folder, NODE_MODULES / "gltfpack" / "cli.js", "-cc", "-i", "plain.glb", "-o", "packed.glb"
    )


def in_node(glb: bytes, folder: Path, *command: str | Path) -> bytes:
    (folder / "plain.glb").write_bytes(glb)
    subprocess.run(["node", *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return (folder / "packed.glb").read_bytes()


async def shown(page: Page) -> None:
    """The model is there, and nothing was complained of or fetched from elsewhere on the way."""
    await page.wait_for(SHOWN, seconds=PATIENCE)
    assert page.problems == []
    assert await page.evaluate(ELSEWHERE) == []


async def test_a_model_moves_as_chosen_and_shows_its_mesh(
    chromium: Browser, room: Showroom, address: str, knight: bytes
) -> None:
    await room.show(knight, picture=models.picture(knight))
    page = await chromium.page(address, width=400, height=400)
    await shown(page)
    viewer = "document.querySelector('model-viewer')"

    assert await page.evaluate(f"{viewer}.animationName") == "walk"
    assert await page.evaluate(f"{viewer}.paused") is False
    await page.evaluate("document.querySelector('#clip').focus()")
    await page.press("ArrowDown")
    await page.wait_for(f"{SCENE}.currentGLTF && {viewer}.animationName === 'idle' && !{viewer}.paused")
    await page.click("#pause")
    await page.wait_for(f"{viewer}.paused && document.activeElement.id === 'play'")
    assert await page.evaluate(WIRES) is False
    await page.click("#wireframe")
    assert await page.evaluate(WIRES) is True
    assert await page.evaluate("document.querySelector('#wireframe').ariaPressed") == "true"
    await page.click("#wireframe")
    assert await page.evaluate(WIRES) is False
    assert page.problems == []


async def test_on_a_phone_in_spanish_with_rest_for_the_eyes(
    chromium: Browser, room: Showroom, address: str, knight: bytes
) -> None:
    await room.show(knight)
    page = await chromium.page("about:blank#", phone=True, dark=True, **PHONE)
    await page.call("Network.enable")
    await page.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": "es-MX"})
    await page.call(
        "Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}]
    )
    await page.goto(address)
    await shown(page)

    text = await page.text()
    assert "Malla de alambre" in text
    assert "Download" not in text
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.querySelector('model-viewer').paused")
    assert "Visto de frente" in await page.evaluate("document.querySelector('model-viewer').a11y")
    small = (
        "[...document.querySelectorAll('button, select, .download')].map(one => one.getBoundingClientRect())"
    )
    assert await page.evaluate(f"{small}.every(box => !box.width || box.height >= 44)")


async def test_packed_models_are_opened_by_decoders_of_our_own(
    chromium: Browser, room: Showroom, address: str, owl: bytes, tmp_path: Path
) -> None:
    for packed in (with_draco(owl, tmp_path), with_meshopt(owl, tmp_path)):
        await room.show(packed)
        page = await chromium.page(address, width=300, height=300)
        await shown(page)
        assert await page.evaluate(TRIANGLES) == models.triangles(owl)
        await page.close()


async def test_a_file_that_cannot_be_shown_is_said_to_be_so(
    chromium: Browser, room: Showroom, address: str
) -> None:
    await room.show(b"this is no model")
    page = await chromium.page(address, width=300, height=300)

    await page.wait_for_text("could not be shown", seconds=PATIENCE)

    assert await page.evaluate("document.querySelector('#controls').hidden")
    assert "Download GLB" in await page.text()
