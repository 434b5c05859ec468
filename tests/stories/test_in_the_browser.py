"""The main job as a person does it: in a real browser on the chat page, the bot a process of its own."""

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.web.viewer import missing
from sandbox.browser import Page, browser
from sandbox.marketplace import MEMBER_KEYS
from sandbox.playground import Playground, playground
from tests.stories.glb import clips

pytestmark = pytest.mark.process


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Playground]:
    with (tmp_path / "bot.log").open("w") as log:
        async with playground(tmp_path / "data", log=log, speed=5) as running:
            await running.connected()
            yield running


@pytest.fixture
async def page(ground: Playground) -> AsyncIterator[Page]:
    try:
        async with browser() as chromium:
            opened = await chromium.page(ground.address)
            await opened.wait_for("document.querySelector('#online[data-online=true]')")
            yield opened
            assert opened.problems == []
    except FileNotFoundError:
        assert os.environ.get("REQUIRE_BROWSER") != "1", "Chromium is not installed"
        pytest.skip("Chromium is not installed")


async def press(page: Page, label: str) -> None:
    """Press the last button on the page that says this, as soon as it is there."""
    said = f"b => b.innerText.includes({json.dumps(label)})"
    last = f"[...document.querySelectorAll('button')].filter({said}).pop()"
    await page.wait_for(last, seconds=40)
    await page.evaluate(f"{last}.click()")


async def choose(page: Page, choice: str) -> None:
    """Take one entry of the open menu."""
    entry = (
        f"[...document.querySelectorAll('dialog [role=option]')].find(o => o.innerText.trim() === '{choice}')"
    )
    await page.wait_for(entry)
    await page.evaluate(f"{entry}.click()")


async def test_a_member_types_rigs_animates_and_downloads(page: Page) -> None:
    await page.click("#text")
    await page.type("/gen")
    await page.wait_for("document.querySelector('#suggest .entry')")
    await page.type("erate prompt: a brass owl")
    await page.press("Enter")
    await press(page, "Rig")
    await press(page, "Animate")
    await page.wait_for("document.querySelector('[data-select]')")
    await page.click("[data-select]")
    for choice in ("walk", "idle"):
        await choose(page, choice)
    await page.click("dialog .primary")
    await page.wait_for_text("all-clips.glb", seconds=40)

    link = "[...document.querySelectorAll('a')].filter(a => a.innerText.includes('Download')).pop().href"
    async with aiohttp.ClientSession() as session, session.get(str(await page.evaluate(link))) as answer:
        assert clips(await answer.read()) == ["walk", "idle"]

    await page.goto(str(await page.evaluate(link.replace("Download", "View in 3D"))))
    offered = "[...document.querySelectorAll('#clip option')].map(one => one.value).join() === 'walk,idle'"
    without = "document.body.innerText.includes('3D view is not installed')"
    await page.wait_for(without if missing() else offered, seconds=60)


async def test_a_member_takes_a_vendor_from_what_is_offered_and_brings_a_key_of_their_own(page: Page) -> None:
    await page.click("#text")
    await page.type("/key set provider: meshy")
    await page.press("Enter")
    await page.wait_for("document.querySelector('dialog input')")
    await page.type(MEMBER_KEYS["meshy"])
    await page.click("dialog .primary")
    await page.wait_for_text("Meshy accepts your key")

    await page.type("/gen")
    await page.wait_for("document.querySelector('#suggest .entry')")
    await page.press("Enter")
    await page.type("prompt:")
    await page.type("a brass owl")
    await page.press("Tab")
    await page.type("provider:")
    await page.wait_for_text("Replicate: 2 credits, usually")
    await page.type("Mes")
    await page.wait_for_text("\nMeshy: with your own key")
    await page.press("Enter", "Enter")
    await page.wait_for_text("Download GLB", seconds=40)

    card = await page.text(".message:last-child")
    assert "Meshy" in card
    assert "10 credits left" in card
    assert MEMBER_KEYS["meshy"] not in await page.text()
