"""A member's own page on the site, on a phone in a real browser."""

import io
import os
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PIL import Image

from bot.locales.catalogue import Catalogue
from bot.web import Mine, Viewer, Viewing, serving, site
from sandbox.browser import Browser, browser
from storage.models import Artifact, ArtifactKind
from tests.bot.jobs.conftest import ADA, Workshop, workshop
from tests.bot.web.test_mine import OUTSIDE, well

__all__ = ["workshop"]

pytestmark = pytest.mark.process

PICTURES = "[...document.images].every(i => i.complete && i.naturalWidth > 0) && document.images.length === 3"


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    try:
        async with browser() as running:
            yield running
    except FileNotFoundError:
        assert os.environ.get("REQUIRE_BROWSER") != "1", "Chromium is not installed"
        pytest.skip("Chromium is not installed")


async def picture_of(workshop: Workshop, model_id: str, file: Artifact) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(drawn, "PNG")

    async def pieces() -> AsyncIterator[bytes]:
        yield drawn.getvalue()

    key = f"models/{model_id}/still.png"
    await workshop.store.put(key, pieces(), content_type="image/png", limit=10**7)
    still = replace(file, id=f"still{model_id}", kind=ArtifactKind.PREVIEW, key=key, name="still.png")
    async with workshop.db.begin() as tx:
        made = replace(
            still, content_type="image/png", size=len(drawn.getvalue()), created_at=file.created_at + 1
        )
        await tx.artifacts.insert(made)


async def test_pictures_fill_a_phone_side_by_side_and_lead_to_their_models(
    workshop: Workshop, chromium: Browser
) -> None:
    core, catalogue, viewer = workshop.core, Catalogue.load(), Viewer.read()
    for _ in range(3):
        view = await workshop.make()
        assert view.model_file is not None
        await picture_of(workshop, view.model.id, view.model_file.artifact)
    mine = Mine(
        browsing=core.browsing,
        exporting=core.exporting,
        passes=core.passes,
        catalogue=catalogue,
        viewer=viewer,
    )
    viewing = Viewing(library=core.shelf, viewer=viewer, catalogue=catalogue, public_url=OUTSIDE)
    pages = site(library=core.shelf, health=well, mine=mine, viewing=viewing, now=workshop.clock.now)
    async with serving(pages, host="127.0.0.1", port=0) as port:
        own = str(await core.passes.address(ADA)).replace(OUTSIDE, f"http://127.0.0.1:{port}")
        page = await chromium.page(own, width=390, height=844, phone=True)
        await page.wait_for(PICTURES)

        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        tops = await page.evaluate("[...document.images].map(i => i.getBoundingClientRect().top)")
        assert tops[0] == tops[1] < tops[2]
        assert await page.evaluate("document.querySelector('.shelf a').pathname.endsWith('/view')")
        assert page.problems == []
