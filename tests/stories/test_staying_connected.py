"""The way to Discord breaks, and the bot comes back by itself; what it works on goes on meanwhile."""

import asyncio
from pathlib import Path

import discord
import pytest

from sandbox.discord.faults import Fault, Kind
from tests.stories.house import House, open_house
from tests.stories.person import Person

UNREADABLE = {"id": "1", "name": "a channel of no type"}


def send_unreadable(house: House) -> None:
    """An event that discord.py cannot parse; its exception ends the client."""
    guild = next(iter(house.discord.world.guilds))
    house.discord.gateway.dispatch("CHANNEL_CREATE", UNREADABLE, guild_id=guild)


def listening(house: House) -> bool:
    return bool(house.app and house.app.client.listening)


async def test_an_event_that_discord_py_cannot_parse_costs_a_new_session(house: House, ada: Person) -> None:
    before = house.discord.gateway.counts.identifies

    send_unreadable(house)
    await house.until(lambda: house.discord.gateway.counts.identifies > before and listening(house))

    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")


async def test_a_job_ends_and_is_shown_while_every_session_breaks(house: House, ada: Person) -> None:
    card = await ada.type("generate", prompt="a brass owl")

    def break_again_until_shown() -> bool:
        if listening(house):
            send_unreadable(house)
        return "Download GLB" in card.text

    await house.until(break_again_until_shown)

    assert house.discord.gateway.counts.identifies > 3
    assert [task.type for task in house.at_vendor()] == ["text_to_model"]


async def test_a_network_that_is_down_at_the_start_is_waited_for(house: House, ada: Person) -> None:
    await house.stop()
    house.discord.faults.add(Fault(kind=Kind.CUT, method="GET", path="/users/@me", times=3))

    starting = asyncio.ensure_future(house.start())
    await house.until(starting.done)

    card = await ada.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")


@pytest.mark.usefixtures("_discord_as_before")
async def test_a_token_that_discord_refuses_is_final(tmp_path: Path) -> None:
    with pytest.raises(discord.LoginFailure):
        async with open_house(tmp_path, discord_token="not-the-token"):
            pass
