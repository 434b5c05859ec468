"""How long the bot waits before it tries Discord again, and what it does not try again."""

from collections.abc import Iterator
from typing import cast

import discord
import pytest
from structlog.testing import capture_logs

from bot.client import MaquetteClient
from bot.connection import FIRST_PAUSE, LONGEST_PAUSE, STEADY, stay_connected
from tests.clock import StillClock

A_DAY = 24 * 3600
SESSIONS_A_DAY = 1_000
GOOD = "good"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Drawing so many tracebacks takes longer than all the rest."""
    with capture_logs():
        yield


class Falling:
    """A client whose connection breaks so many times; each session lasts so many seconds."""

    def __init__(self, clock: StillClock, breaks: int, lasting: float = 0) -> None:
        self.begun: list[float] = []
        self.error: Exception = KeyError("type")
        self.closes = False
        self._clock = clock
        self._breaks = breaks
        self._lasting = lasting

    async def log_in(self, token: str) -> None:
        if token != GOOD:
            raise discord.LoginFailure("no")

    async def listen(self) -> None:
        self.begun.append(self._clock.now() / 1000)
        self._clock.advance(seconds=self._lasting)
        if len(self.begun) <= self._breaks:
            raise self.error

    def is_closed(self) -> bool:
        return self.closes

    def pauses(self) -> list[float]:
        return [
            later - earlier - self._lasting
            for earlier, later in zip(self.begun, self.begun[1:], strict=False)
        ]


async def stay(client: Falling, clock: StillClock, token: str = GOOD) -> None:
    await stay_connected(cast("MaquetteClient", client), token, clock)


async def test_pauses_grow_up_to_the_longest() -> None:
    clock = StillClock()
    client = Falling(clock, breaks=12)

    await stay(client, clock)

    assert client.pauses()[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert client.pauses()[-1] == LONGEST_PAUSE


async def test_a_bot_that_always_breaks_begins_far_fewer_sessions_than_cost_it_its_token() -> None:
    clock = StillClock()
    client = Falling(clock, breaks=SESSIONS_A_DAY)

    await stay(client, clock)

    first = client.begun[0]
    assert sum(begun < first + A_DAY for begun in client.begun) < SESSIONS_A_DAY / 2


async def test_after_a_connection_that_held_the_first_pause_is_short_again() -> None:
    clock = StillClock()
    client = Falling(clock, breaks=5, lasting=STEADY / 1000)

    await stay(client, clock)

    assert client.pauses() == [FIRST_PAUSE] * 5


async def test_a_wrong_token_is_not_tried_again() -> None:
    clock = StillClock()
    client = Falling(clock, breaks=0)

    with pytest.raises(discord.LoginFailure):
        await stay(client, clock, token="bad")

    assert client.begun == []


async def test_intents_that_are_not_granted_are_not_asked_for_again() -> None:
    clock = StillClock()
    client = Falling(clock, breaks=9)
    client.error = discord.PrivilegedIntentsRequired(None)

    with pytest.raises(discord.PrivilegedIntentsRequired):
        await stay(client, clock)

    assert len(client.begun) == 1


async def test_a_client_that_discord_closed_for_good_stays_closed() -> None:
    clock = StillClock()
    client = Falling(clock, breaks=9)
    client.closes = True

    with pytest.raises(KeyError):
        await stay(client, clock)

    assert len(client.begun) == 1
