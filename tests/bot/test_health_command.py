"""``python -m bot health`` as whoever watches a container runs it: an exit code, and a line for each part."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from bot.pulse import PATIENCE
from sandbox.object_server import s3_server
from tests.process import running

pytestmark = pytest.mark.process

WELL = ("✅ gateway", "✅ engine", "✅ database", "✅ store")


async def test_a_bot_that_works_is_well_and_ends_well(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as bot:
        assert await bot.says(*WELL) == 0

        assert await bot.stop() == 0

        assert await bot.health() == (
            1,
            f"❌ no bot answers at port {bot.environment['WEB_PORT']} of 127.0.0.1\n",
        )


async def test_a_discord_that_went_away_is_told(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as bot:
        await bot.says(*WELL)

        await bot.discord.stop()

        assert await bot.says("❌ gateway", *WELL[1:]) == 1


async def test_a_database_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as bot:
        await bot.says(*WELL)

        other = sqlite3.connect(tmp_path / "data" / "maquette.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert await bot.says("❌ database") == 1

        other.close()
        assert await bot.says(*WELL) == 0


async def test_a_store_that_went_away_is_told(tmp_path: Path) -> None:
    with s3_server(tmp_path / "s3") as server:
        stack = running(tmp_path / "data", s3=server)
        bot = await stack.__aenter__()
        await bot.says(*WELL)

    assert await bot.says("❌ store", *WELL[:3]) == 1
    await stack.__aexit__(None, None, None)


async def test_a_bot_that_stands_still_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as bot:
        await bot.says(*WELL)

        bot.process.send_signal(signal.SIGSTOP)
        async with asyncio.timeout(2 * (PATIENCE.total or 0)):
            code, said = await bot.health()

        assert (code, said.startswith("❌ no bot answers")) == (1, True)
