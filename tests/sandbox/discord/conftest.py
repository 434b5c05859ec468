from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox
from tests.clock import StillClock
from tests.sandbox.discord.wire import Wire


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(StillClock()) as sandbox:
        yield sandbox


@pytest.fixture
async def wire(sandbox: DiscordSandbox) -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as session:
        yield Wire(session, sandbox)


@pytest.fixture
def ada(sandbox: DiscordSandbox) -> int:
    return _id(sandbox, "ada")


@pytest.fixture
def ben(sandbox: DiscordSandbox) -> int:
    return _id(sandbox, "ben")


@pytest.fixture
def mona(sandbox: DiscordSandbox) -> int:
    return _id(sandbox, "mona")


@pytest.fixture
def general(sandbox: DiscordSandbox) -> int:
    return sandbox.world.channel_named("Workshop", "general").id


@pytest.fixture
def workshop(sandbox: DiscordSandbox, general: int) -> int:
    guild_id = sandbox.world.channel(general).guild_id
    assert guild_id is not None
    return guild_id


def _id(sandbox: DiscordSandbox, name: str) -> int:
    user = sandbox.world.user_named(name)
    assert user is not None
    return user.id
