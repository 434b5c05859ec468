"""The sandbox, a bot in it, and a browser before it."""

import asyncio
import os
from collections.abc import AsyncIterator

import discord
import pytest
import pytest_asyncio
import yarl

from sandbox.browser import Browser, Page, browser
from sandbox.clock import SystemClock
from sandbox.discord.server import DiscordSandbox
from tests.sandbox.discord.page.bot import Bot


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(SystemClock()) as running:
        yield running


@pytest_asyncio.fixture
async def bot(sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A bot that is online with its commands synced."""
    monkeypatch.setattr(discord.http.Route, "BASE", sandbox.rest_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway.url))
    async with Bot() as client:
        running = asyncio.create_task(client.start(sandbox.token))
        await asyncio.wait(
            {running, asyncio.create_task(client.synced.wait())}, return_when="FIRST_COMPLETED"
        )
        yield client
        await client.close()
        await running


@pytest_asyncio.fixture
async def chromium() -> AsyncIterator[Browser]:
    try:
        async with browser() as running:
            yield running
    except FileNotFoundError:
        if os.environ.get("REQUIRE_BROWSER"):
            raise
        pytest.skip("Chromium is not installed")


@pytest_asyncio.fixture
async def page(sandbox: DiscordSandbox, chromium: Browser) -> AsyncIterator[Page]:
    """The chat page as Ada sees it; it may not complain of anything."""
    opened = await chromium.page(sandbox.address)
    yield opened
    assert opened.problems == []
