from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.stories.house import House, open_house
from tests.stories.person import Person


@pytest.fixture
def _discord_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot turns discord.py to another Discord for the whole process; other tests want the usual one."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.fixture
async def house(
    tmp_path: Path, _discord_as_before: None, request: pytest.FixtureRequest
) -> AsyncIterator[House]:
    """The whole house; a story that parametrizes it indirectly gives other settings."""
    async with open_house(tmp_path, **getattr(request, "param", {})) as house:
        yield house


@pytest.fixture
def ada(house: House) -> Person:
    return house.person("ada")


@pytest.fixture
def ben(house: House) -> Person:
    return house.person("ben")


@pytest.fixture
def carmen(house: House) -> Person:
    """Reads Spanish."""
    return house.person("carmen")


@pytest.fixture
def mona(house: House) -> Person:
    """Moderates the server."""
    return house.person("mona")
