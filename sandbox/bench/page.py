"""A model's own page against a bare one: how long until a model of 5 MB is loaded in a browser.

The bare page has nothing but the viewer, as large as on the real one, and the same model. Both
are opened in turn, each time by a browser that knows nothing yet; counted is the time from
the call of the page until the viewer says that the model is loaded.
"""

import json
import re
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.bench.figures import Figure
from sandbox.bench.finish import make
from sandbox.browser import Browser, Page, browser
from sandbox.discord.refusals import Json
from sandbox.player import NotAsItShouldBe
from sandbox.playground import Playground, playground

FOLDER = Path(".bench")
VIEWER = Path("node_modules/@google/model-viewer/dist/model-viewer.min.js")
MODEL_BYTES = 5_000_000
ROUNDS = 5
PATIENCE = 90
QUICK = 1000
STAGE = "document.querySelector('model-viewer').getBoundingClientRect().toJSON()"
MARK = (
    "document.addEventListener('load', ({target}) => target.src && performance.mark(target.localName), true)"
)
LOADED = "performance.getEntriesByName('model-viewer')[0]"
BARE = """<!doctype html><script type="module" src="/viewer.js"></script>
<model-viewer src="/model.glb" loading="eager" camera-controls></model-viewer>
<style>model-viewer {{ width: {width}px; height: {height}px }}</style>"""


async def figures(log: TextIO) -> list[Figure]:
    """How many times as long as the bare page ours takes; about two minutes."""
    async with playground(FOLDER, log=log, speed=QUICK) as ground, browser() as chromium:
        await ground.connected()
        await ground.vendors["tripo"].tell("settings", model_bytes=MODEL_BYTES)
        ours, model = await _made(ground)
        page = await _opened(chromium, ours)
        size = await page.evaluate(STAGE)
        await page.close()
        async with _bare(model, size) as bare:
            rounds = [(await _seconds(chromium, ours), await _seconds(chromium, bare)) for _ in range(ROUNDS)]
    ours_took, bare_took = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        Figure(
            what=f"page of a model of {len(model) / 1e6:.1f} MB, loaded",
            value=ours_took / bare_took,
            unit="of a bare page",
            goal=2.0,
            note=f"{ours_took:.2f} s and {bare_took:.2f} s, medians of {ROUNDS}",
        )
    ]


async def _made(ground: Playground) -> tuple[str, bytes]:
    """The address of a model's page, and the model."""
    message = await make(ground, "tripo", "an owl")
    view, file = (_address(message, end) for end in ("/view", ".glb"))
    async with aiohttp.ClientSession() as http, http.get(file) as answer:
        return view, await answer.read()


def _address(message: Json, end: str) -> str:
    found = re.search(rf'"(http[^"]+{re.escape(end)})"', json.dumps(message["components"]))
    if found is None:
        raise NotAsItShouldBe(f"the card has no address that ends with {end}")
    return found[1]


@asynccontextmanager
async def _bare(model: bytes, size: Json) -> AsyncIterator[str]:
    """The address of a page with nothing else on it."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=BARE.format_map(size), content_type="text/html")

    async def file(_request: web.Request) -> web.Response:
        return web.Response(body=model, content_type="model/gltf-binary")

    async def viewer(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(VIEWER)

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/model.glb", file), web.get("/viewer.js", viewer)])
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def _seconds(chromium: Browser, address: str) -> float:
    page = await _opened(chromium, address)
    took: float = await page.evaluate(f"{LOADED}.startTime / 1000")
    await page.close()
    return took


async def _opened(chromium: Browser, address: str) -> Page:
    page = await chromium.page("about:blank#")
    await page.call("Page.addScriptToEvaluateOnNewDocument", source=MARK)
    await page.goto(address)
    await page.wait_for(LOADED, seconds=PATIENCE)
    return page
