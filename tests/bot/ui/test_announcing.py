"""Where a member is told that a job has ended, and what is done where they cannot be."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.jobs.errors import NoSuchModel
from bot.jobs.notifying import Notice
from bot.locales.catalogue import Catalogue
from bot.ui.announcing import Announcer
from bot.ui.messenger import EditRefused, MessageGone, TryLater
from storage.models import Notify
from tests.bot.ui.views import JOB_ID, a_card, a_finished_view
from tests.clock import HandClock

ADA = 42
CLOSED: tuple[Exception, ...] = (MessageGone(), EditRefused("400 160002"))


@dataclass
class Post:
    """Both ways to somebody, each perhaps closed; what Discord has heard under one number, it says once."""

    mentions: Exception | None = None
    directs: Exception | None = None
    said: list[tuple[str, int]] = field(default_factory=list)

    async def mention(self, card: object, user_id: int, text: str, number: str) -> None:
        if self.mentions:
            raise self.mentions
        assert len(number) <= 25
        self.said.append(("mention", user_id))

    async def send(self, user_id: int, text: str, links: Any, number: str) -> None:
        if self.directs:
            raise self.directs
        assert next(link.url for link in links).startswith("https://discord.com/channels/")
        self.said.append(("direct", user_id))


@dataclass
class Waiting:
    """One member who waits for a word."""

    notices: list[Notice]

    async def waiting(self) -> list[Notice]:
        return list(self.notices)

    async def told(self, job_id: str) -> None:
        self.notices = [one for one in self.notices if one.job_id != job_id]


@dataclass
class Shelf:
    """Has the job, or not any more."""

    gone: bool = False

    async def view(self, job_id: str) -> Any:
        if self.gone:
            raise NoSuchModel
        return a_finished_view()


def waiting(how: Notify, **card: Any) -> Waiting:
    return Waiting([Notice(job_id=JOB_ID, user_id=ADA, locale="en-US", how=how, card=a_card(**card))])


def announcer(who: Waiting, post: Post, shelf: Shelf | None = None) -> Announcer:
    return Announcer(
        notifying=cast("Any", who),
        shelf=cast("Any", shelf or Shelf()),
        messenger=cast("Any", post),
        catalogue=Catalogue.load(),
        clock=HandClock(),
    )


@pytest.mark.parametrize("closed", CLOSED, ids=repr)
async def test_where_the_bot_may_not_write_a_direct_message_has_to_do(closed: Exception) -> None:
    who, post = waiting(Notify.MENTION), Post(mentions=closed)

    assert await announcer(who, post).tell_all()

    assert post.said == [("direct", ADA)]
    assert who.notices == []


async def test_beside_a_card_that_only_its_token_reaches_nobody_is_mentioned() -> None:
    post = Post()

    await announcer(waiting(Notify.MENTION, bot_may_edit=False), post).tell_all()

    assert post.said == [("direct", ADA)]


@pytest.mark.parametrize("closed", CLOSED, ids=repr)
async def test_who_takes_no_messages_is_not_told_in_public_and_not_asked_again(closed: Exception) -> None:
    who, post = waiting(Notify.DIRECT), Post(directs=closed)

    assert await announcer(who, post).tell_all()

    assert post.said == []
    assert who.notices == []


@pytest.mark.parametrize("how", [Notify.MENTION, Notify.DIRECT])
async def test_while_discord_is_down_nothing_is_forgotten(how: Notify) -> None:
    who, post = waiting(how), Post(mentions=TryLater(), directs=TryLater())
    assert not await announcer(who, post).tell_all()

    post.mentions = post.directs = None
    assert await announcer(who, post).tell_all()

    assert [to for _, to in post.said] == [ADA]
    assert who.notices == []


@pytest.mark.parametrize(("how", "gone"), [(Notify.OFF, False), (Notify.DIRECT, True)])
async def test_where_there_is_nothing_left_to_tell_nothing_is_said(how: Notify, gone: bool) -> None:  # noqa: FBT001 # a case
    who, post = waiting(how), Post()

    assert await announcer(who, post, Shelf(gone=gone)).tell_all()

    assert post.said == []
    assert who.notices == []
