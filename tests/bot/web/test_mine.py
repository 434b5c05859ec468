"""A member's own page on the site, and the archive behind it."""

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from bot.jobs.browsing import Look
from bot.jobs.orders import GenerateOrder
from bot.jobs.passes import GOOD_FOR
from bot.locales.catalogue import Catalogue
from bot.web import Mine, Viewer, serving, site
from bot.web.mine import PAGE
from tests.bot.jobs.conftest import ADA, BEN, Workshop, workshop

__all__ = ["workshop"]

OUTSIDE = "https://models.example"


async def well() -> dict[str, bool]:
    return {"database": True}


@asynccontextmanager
async def opened(workshop: Workshop) -> AsyncIterator[aiohttp.ClientSession]:
    core = workshop.core
    mine = Mine(
        browsing=core.browsing,
        exporting=core.exporting,
        passes=core.passes,
        catalogue=Catalogue.load(),
        viewer=Viewer.read(),
    )
    pages = site(library=core.shelf, health=well, mine=mine, now=workshop.clock.now)
    async with (
        serving(pages, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session


async def address(workshop: Workshop) -> str:
    return str(await workshop.core.passes.address(ADA)).removeprefix(OUTSIDE)


async def test_a_page_shows_ones_own_models_private_ones_too_and_nobody_elses(workshop: Workshop) -> None:
    model = await workshop.make(GenerateOrder(prompt="an <oak> barrel"))
    await workshop.core.keeping.hide(ADA, model.model.id)
    await workshop.make(GenerateOrder(prompt="a tin whistle"), BEN)

    async with (
        opened(workshop) as session,
        session.get(await address(workshop), headers={"Accept-Language": "es"}) as answer,
    ):
        text = await answer.text()

    assert answer.status == 200
    assert "an &lt;oak&gt; barrel" in text
    assert "whistle" not in text
    assert "Tus modelos" in text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_more_models_than_a_page_holds_are_on_the_next(workshop: Workshop) -> None:
    made = (await workshop.make()).model
    async with workshop.db.begin() as tx:
        for number in range(PAGE):
            label = f"again{number}"
            await tx.models.insert(replace(made, id=label, label=label, link_id=label))
    first = (await workshop.core.browsing.page(ADA, Look(), limit=PAGE)).entries
    async with opened(workshop) as session:
        own = await address(workshop)
        async with session.get(own) as answer:
            assert f"?after={first[-1].model.label}" in await answer.text()
        async with session.get(own, params={"after": first[-1].model.label}) as answer:
            text = await answer.text()

    assert text.count("<li>") == 1
    assert "?before=" in text


@pytest.mark.parametrize("end", ["", "/maquette.zip"])
async def test_an_address_that_is_over_or_made_up_leads_nowhere(workshop: Workshop, end: str) -> None:
    await workshop.make()
    own = await address(workshop)
    async with opened(workshop) as session:
        async with session.get("/mine/" + "x" * 40 + "." + "y" * 43 + end) as answer:
            assert answer.status == 404
        workshop.clock.advance(seconds=GOOD_FOR // 1000)
        async with session.get(own + end) as answer:
            assert answer.status == 404


async def test_an_archive_that_breaks_off_does_not_look_whole(workshop: Workshop) -> None:
    view = await workshop.make()
    assert view.model_file is not None
    path = workshop.store.path(view.model_file.artifact.key)
    async with opened(workshop) as session:
        async with session.get(await address(workshop) + "/maquette.zip") as answer:
            whole = await answer.read()
        assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None
        path.unlink()
        path.mkdir()  # there by its name, and yet not to be read
        with pytest.raises(aiohttp.ClientError):
            async with session.get(await address(workshop) + "/maquette.zip") as answer:
                await answer.read()
