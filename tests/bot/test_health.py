"""What the bot says of itself, and what another process hears when it asks."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import App, build
from bot.health import FRESH, STILL_MOVING, Health
from bot.jobs.clock import RandomIds
from bot.pulse import ask
from bot.settings import Settings
from bot.web import serving
from sandbox.object_server import BUCKET, KEY_ID, SECRET, s3_server
from tests.clock import HandClock

ALL_WELL = {"gateway": True, "engine": True, "database": True, "store": True}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def app(tmp_path: Path, clock: HandClock) -> AsyncIterator[App]:
    async with build(Settings.model_validate({"data_dir": tmp_path}), clock, RandomIds()) as app:
        yield app


def health_of(app: App, *, listening: bool = True) -> Health:
    return Health(
        clock=app.clock, db=app.db, store=app.store, engine=app.core.engine, gateway=lambda: listening
    )


async def test_a_bot_that_works_is_well(app: App) -> None:
    await app.core.engine.run_once()

    assert await health_of(app).look() == ALL_WELL


async def test_an_engine_that_stands_still_is_seen(app: App, clock: HandClock) -> None:
    health = health_of(app)
    await app.core.engine.run_once()
    assert (await health.look())["engine"]

    clock.advance(STILL_MOVING / 1000)

    assert await health.look() == ALL_WELL | {"engine": False}


async def test_a_gateway_that_is_cut_is_seen(app: App) -> None:
    await app.core.engine.run_once()

    assert await health_of(app, listening=False).look() == ALL_WELL | {"gateway": False}


async def test_a_client_that_never_connected_is_not_listening(app: App) -> None:
    assert not app.client.listening


async def test_a_database_that_cannot_be_written_is_seen(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.health.PATIENCE", 0.2)
    await app.core.engine.run_once()
    other = sqlite3.connect(tmp_path / "maquette.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert await health_of(app).look() == ALL_WELL | {"database": False}

    other.close()
    assert (await health_of(app).look())["database"]


async def test_a_store_that_cannot_be_reached_is_seen(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server(tmp_path / "s3") as server:
        settings = Settings.model_validate(
            {
                "data_dir": tmp_path / "data",
                "s3_bucket": BUCKET,
                "s3_endpoint_url": server.url,
                "s3_access_key_id": KEY_ID,
                "s3_secret_access_key": SECRET,
            }
        )
        bot = build(settings, clock, RandomIds())
        app = await bot.__aenter__()
        await app.core.engine.run_once()
        assert await health_of(app).look() == ALL_WELL

    monkeypatch.setattr("bot.health.PATIENCE", 0.2)
    assert await health_of(app).look() == ALL_WELL | {"store": False}
    await bot.__aexit__(None, None, None)


async def test_who_asks_again_at_once_gets_the_same_answer(app: App, clock: HandClock) -> None:
    looks = 0

    def count() -> bool:
        nonlocal looks
        looks += 1
        return True

    health = Health(clock=clock, db=app.db, store=app.store, engine=app.core.engine, gateway=count)
    for _ in range(5):
        await health.look()
    assert looks == 1

    clock.advance(FRESH / 1000)
    await health.look()
    assert looks == 2


async def test_every_look_at_the_database_reaches_the_disk(app: App, tmp_path: Path) -> None:
    log = tmp_path / "maquette.db-wal"
    before = log.stat().st_size if log.exists() else 0

    async with app.db.begin() as tx:
        await tx.touch()

    assert log.stat().st_size > before


async def test_another_process_hears_every_part(app: App) -> None:
    async with serving(app.site, host="127.0.0.1", port=0) as port:
        heard = await ask("0.0.0.0", port)  # noqa: S104 - where a container's site listens

    assert heard == {"gateway": False, "engine": False, "database": True, "store": True}


@pytest.mark.parametrize("answer", ["<html>", "[]", '{"parts": 3}', "{}"])
async def test_somebody_elses_answer_is_none_of_ours(answer: str) -> None:
    async def theirs(_request: web.Request) -> web.Response:
        return web.Response(text=answer, content_type="application/json")

    site = web.Application()
    site.router.add_get("/health", theirs)
    async with serving(site, host="127.0.0.1", port=0) as port:
        assert await ask("127.0.0.1", port) is None

    assert await ask("127.0.0.1", port) is None
