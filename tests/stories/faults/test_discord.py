"""Discord at its worst: messages, channels and people go away, and so does the way to it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import discord
import pytest
from discord.backoff import ExponentialBackoff

from sandbox.discord.faults import Fault, Kind
from sandbox.discord.nouns import Overwrite
from sandbox.discord.permissions import Permission
from tests.stories.faults.books import charged, untouched
from tests.stories.house import House
from tests.stories.person import Person

PRICE = 2
PATIENCE, LOOK = 10.0, 0.005
"""Real seconds."""
TROUBLE = ("Something went wrong on my side", "Algo salió mal por mi parte")


# What goes away amid a job -------------------------------------------------------


def message_deleted(house: House, ada: Person, message: int) -> None:
    house.discord.people.delete(house.person("mona").id, ada.channel, message)


def channel_deleted(house: House, ada: Person, _: int) -> None:
    house.discord.changes.delete_channel(ada.channel)


def bot_removed(house: House, ada: Person, _: int) -> None:
    world = house.discord.world
    house.discord.changes.remove_member(world.channel(ada.channel).guild_id or 0, world.bot.id)


def member_gone(house: House, ada: Person, _: int) -> None:
    house.discord.changes.remove_member(house.discord.world.channel(ada.channel).guild_id or 0, ada.id)


def channel_hidden(house: House, ada: Person, _: int) -> None:
    hide(house, ada.channel)


def hide(house: House, channel: int) -> None:
    """The bot may do nothing there any more."""
    bot = house.discord.world.bot.id
    nothing = Overwrite(id=bot, type=1, deny=Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)
    house.discord.changes.change_channel(channel, overwrites=[nothing])


@pytest.mark.parametrize(
    "happens",
    [message_deleted, channel_deleted, bot_removed, member_gone, channel_hidden],
    ids=lambda happens: happens.__name__,
)
async def test_the_work_is_finished_and_kept_for_its_owner(
    house: House, ada: Person, happens: Callable[[House, Person, int], None]
) -> None:
    alone = house.alone("ada")
    card = await ada.type("generate", prompt="a brass owl")
    await house.until(house.at_vendor)
    happens(house, ada, card.id)
    await house.until(lambda: [task.status for task in house.at_vendor()] == ["success"])
    await house.pass_time(seconds=20)

    assert "a brass owl" in (await alone.type("models")).text
    again = await alone.type("status", model="a brass owl")
    await house.reads(again, "Download GLB")
    assert charged(house) == PRICE


async def test_a_card_that_the_bot_may_not_see_is_drawn_as_long_as_its_token_lives(
    house: House, ada: Person
) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    channel_hidden(house, ada, card.id)

    await house.reads(card, "Download GLB")


async def test_where_the_bot_may_not_be_a_click_keeps_the_card_alive(house: House, ada: Person) -> None:
    hide(house, ada.channel)
    house.tripo.pace.set(0)
    card = await ada.type("generate", prompt="a brass owl")
    await house.pass_time(minutes=13.5)
    await house.until(lambda: "Refresh" in card.buttons)

    house.tripo.pace.set(1)
    await ada.press(card, "Refresh")
    await house.reads(card, "Download GLB")


@pytest.mark.parametrize(
    "denied", [Permission.SEND_MESSAGES, Permission.ATTACH_FILES, Permission.EMBED_LINKS]
)
async def test_a_channel_where_the_bot_may_not_write_shows_cards_all_the_same(
    house: House, ada: Person, denied: Permission
) -> None:
    bot = house.discord.world.bot.id
    quiet = Overwrite(id=bot, type=1, deny=denied)
    house.discord.changes.change_channel(ada.channel, overwrites=[quiet])

    await house.reads(await ada.type("generate", prompt="a brass owl"), "Download GLB")


# The gateway ----------------------------------------------------------------------


def cut(house: House) -> None:
    house.discord.gateway.cut()


def asked_to_reconnect(house: House) -> None:
    house.discord.gateway.reconnect()


def closed(house: House) -> None:
    house.discord.gateway.close(4000)


def session_invalid(house: House) -> None:
    house.discord.gateway.invalidate(resumable=False)


async def back(house: House, before: int) -> None:
    """Wait until the bot listens anew, while time stands still."""
    async with asyncio.timeout(PATIENCE):
        while sessions(house) == before or not (house.app and house.app.client.listening):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(LOOK)


def sessions(house: House) -> int:
    """How often one was begun or resumed."""
    counts = house.discord.gateway.counts
    return counts.identifies + counts.resumes


@pytest.fixture
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits by itself before it comes back, in real time."""

    async def at_once(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _: 0.0)
    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)


@pytest.mark.usefixtures("_no_backoff")
@pytest.mark.parametrize(
    "happens", [cut, asked_to_reconnect, closed, session_invalid], ids=lambda happens: happens.__name__
)
async def test_a_lost_socket_comes_back_and_nobody_notices(
    house: House, ada: Person, happens: Callable[[House], None]
) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    await house.until(house.at_vendor)
    house.clock.advance(6)  # sessions are not begun more often than every 5 seconds
    before = sessions(house)
    happens(house)
    await back(house, before)
    await house.reads(card, "Download GLB")

    await house.reads(await ada.press(card, "Rig"), "✅ Skeleton")
    assert charged(house) == PRICE + 1


@pytest.mark.usefixtures("_no_backoff")
async def test_a_click_while_the_socket_is_down_is_told_when_it_is_up(house: House, ada: Person) -> None:
    before = sessions(house)
    cut(house)
    card = await ada.type("generate", prompt="a brass owl")

    await back(house, before)
    await house.reads(card, "Download GLB")
    assert charged(house) == PRICE


# Its REST API -----------------------------------------------------------------------

EDITS = "/webhooks/*"
WEATHER = [
    Fault(kind=Kind.STATUS, path=EDITS, status=503, times=1),
    Fault(kind=Kind.USER, path=EDITS, times=2, seconds=0.05),
    Fault(kind=Kind.SHARED, path=EDITS, times=2, seconds=0.05),
    Fault(kind=Kind.GLOBAL, path=EDITS, times=2, seconds=0.05),
    Fault(kind=Kind.CLOUDFLARE, path=EDITS, times=2),
    Fault(kind=Kind.CUT, path=EDITS, times=3),
]


@pytest.mark.parametrize("fault", WEATHER, ids=lambda fault: fault.kind.value)
async def test_a_card_is_right_in_the_end(house: House, ada: Person, fault: Fault) -> None:
    card = await ada.type("generate", prompt="a brass owl")
    house.discord.faults.add(replace(fault))
    await house.reads(card, "Download GLB")

    assert house.discord.faults.all() == []
    assert len(house.at_vendor()) == 1
    assert charged(house) == PRICE


ANSWER = "/interactions/*"


@pytest.mark.parametrize(
    "fault",
    [Fault(kind=Kind.STATUS, path=ANSWER, status=400), Fault(kind=Kind.CLOUDFLARE, path=ANSWER)],
    ids=lambda fault: fault.kind.value,
)
async def test_a_command_whose_answer_discord_does_not_take_did_not_happen(
    house: House, ada: Person, carmen: Person, fault: Fault
) -> None:
    for person, sentence in zip((ada, carmen), TROUBLE, strict=True):
        house.discord.faults.add(replace(fault))
        refusal = await person.type("generate", prompt="a brass owl")

        assert refusal.private
        assert sentence in refusal.text

    untouched(house, ada, carmen)


async def test_an_answer_that_arrived_though_nobody_heard_so_leaves_no_empty_card(
    house: House, ada: Person, carmen: Person
) -> None:
    for person, sentence in zip((ada, carmen), TROUBLE, strict=True):
        house.discord.faults.add(Fault(kind=Kind.CUT, path=ANSWER))
        refusal = await person.type("generate", prompt="a brass owl")

        assert refusal.private
        assert sentence in refusal.text

    untouched(house, ada, carmen)


# Places ---------------------------------------------------------------------------------


def places(house: House, ada: Person) -> dict[str, int]:
    """Every kind of place where somebody may type a command."""
    world = house.discord.world
    post = next(one for one in world.channels.values() if one.is_thread)
    return {
        "voice chat": world.channel_named("Workshop", "lounge").id,
        "forum post": post.id,
        "thread": int(house.discord.people.begin_thread(ada.id, ada.channel, "owls")["id"]),
        "read only": world.channel_named("Workshop", "announcements").id,
    }


@pytest.mark.parametrize("place", ["voice chat", "forum post", "thread", "read only"])
async def test_every_kind_of_place_shows_cards_and_takes_clicks(
    house: House, ada: Person, place: str
) -> None:
    there = house.person("ada", channel=places(house, ada)[place])
    refusal = await there.type("generate", prompt="ow")
    assert refusal.private

    house.discord.faults.add(Fault(kind=Kind.STATUS, method="PATCH", path=EDITS, status=401, times=None))
    card = await there.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")  # no token is good for it: the bot edits as itself

    assert (await there.press(card, "More")).private
    assert charged(house) == PRICE


async def test_between_people_who_brought_the_bot_along_the_token_is_all_there_is(
    house: House, ada: Person
) -> None:
    world = house.discord.world
    alone = {ada.id, house.person("ben").id}
    talk = next(one for one in world.channels.values() if set(one.recipients) == alone and not one.is_thread)
    house.discord.changes.change_user(ada.id, installed=True)
    there = house.person("ada", channel=talk.id)

    card = await there.type("generate", prompt="a brass owl")
    await house.reads(card, "Download GLB")

    assert charged(house) == PRICE
