"""Who is told of a vendor's trouble: the owner of theirs, a member of their own, and nobody twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import discord
import pytest

from bot.jobs.circuits import Trouble
from bot.jobs.keys import KeyOwner
from bot.jobs.plan import OWNER_KEY
from bot.locales.catalogue import Catalogue
from bot.ui.notices import MOST, Notices

CHANNEL, ADA = 555, 42


class _Closed:
    status, reason = 403, "Forbidden"


@dataclass
class Post:
    """Takes messages; some people take none."""

    said: list[tuple[int, str]] = field(default_factory=list)
    closed: bool = False
    broken: bool = False

    async def say(self, to: int, text: str) -> None:
        if self.broken:
            raise RuntimeError("a mistake of ours")
        if self.closed:
            raise discord.Forbidden(cast("Any", _Closed()), "Cannot send messages to this user")
        self.said.append((to, text))

    tell = say


@dataclass
class Known:
    """Ada's key; each is told of once."""

    owners: dict[str, KeyOwner]

    async def refused(self, credential: str) -> KeyOwner | None:
        return self.owners.pop(credential, None)


@dataclass
class Room:
    notices: Notices
    post: Post

    async def told(self) -> list[tuple[int, str]]:
        """What was said once all that was noted has been told."""
        while not self.notices._noted.empty():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        return self.post.said


@pytest.fixture
async def room(request: pytest.FixtureRequest) -> AsyncIterator[Room]:
    post = Post()
    owners = {key: KeyOwner(user_id=ADA, title="Tripo", locale="es-ES") for key in ("adas", "adas-other")}
    notices = Notices(
        keys=cast("Any", Known(owners)),
        messenger=cast("Any", post),
        catalogue=Catalogue.load(),
        title=str.title,
        channel_id=getattr(request, "param", CHANNEL),
    )
    running = asyncio.create_task(notices.run())
    yield Room(notices, post)
    assert not running.done()
    running.cancel()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble.EMPTY, "The account at Meshy has no credit left"),
        (Trouble.REFUSED, "Meshy does not accept the bot's key"),
    ],
)
async def test_the_owner_is_told_of_the_account(room: Room, trouble: Trouble, words: str) -> None:
    room.notices.note("meshy", OWNER_KEY, trouble)

    ((channel, text),) = await room.told()
    assert channel == CHANNEL
    assert words in text


async def test_a_vendor_that_is_down_is_nothing_to_be_told_of(room: Room) -> None:
    room.notices.note("meshy", OWNER_KEY, Trouble.DOWN)

    assert await room.told() == []


@pytest.mark.parametrize("room", [None], indirect=True)
async def test_without_a_channel_the_log_has_to_do(room: Room) -> None:
    room.notices.note("meshy", OWNER_KEY, Trouble.EMPTY)

    assert await room.told() == []


async def test_a_member_is_told_of_their_key_once_and_in_their_language(room: Room) -> None:
    for _ in range(3):
        room.notices.note("tripo", "adas", Trouble.REFUSED)

    ((user, text),) = await room.told()
    assert user == ADA
    assert text.startswith("🔑 Tripo ya no acepta la clave")


@pytest.mark.parametrize("trouble", [Trouble.EMPTY, Trouble.DOWN])
async def test_other_trouble_of_a_members_own_key_is_told_on_the_card_alone(
    room: Room, trouble: Trouble
) -> None:
    room.notices.note("tripo", "adas", trouble)

    assert await room.told() == []


@pytest.mark.parametrize("fault", ["closed", "broken"])
async def test_one_that_cannot_be_told_does_not_keep_the_next_from_being_told(room: Room, fault: str) -> None:
    setattr(room.post, fault, True)
    room.notices.note("tripo", "adas", Trouble.REFUSED)
    assert await room.told() == []

    setattr(room.post, fault, False)
    room.notices.note("tripo", "adas-other", Trouble.REFUSED)

    assert len(await room.told()) == 1


async def test_a_flood_of_troubles_waits_in_bounds() -> None:
    notices = Notices(
        keys=cast("Any", Known({})),
        messenger=cast("Any", Post()),
        catalogue=Catalogue.load(),
        title=str.title,
        channel_id=CHANNEL,
    )

    for _ in range(10 * MOST):
        notices.note("meshy", OWNER_KEY, Trouble.EMPTY)

    assert notices._noted.qsize() == MOST
