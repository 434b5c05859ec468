"""What moderators do about credits, and what is kept of it."""

from dataclasses import replace

import pytest

from bot.jobs.clock import HOUR
from bot.jobs.errors import AmountOutOfRange, NotYours, QuotaExceeded
from bot.jobs.orders import Asker
from storage.models import QuotaAction
from tests.bot.jobs.conftest import ADA, CHAIN, GUILD, MONA, OWL, Workshop

DAY_SECONDS = 24 * 3600
ALONE = replace(MONA, guild_id=None)


async def test_an_allowance_that_is_set_holds_until_the_next(workshop: Workshop) -> None:
    await workshop.ask()

    first = await workshop.core.quotas.set(MONA, ADA.user_id, 3, "small steps")
    second = await workshop.core.quotas.set(MONA, ADA.user_id, 20, None)

    assert [(change.before, change.after) for change in (first, second)] == [(10, 3), (3, 20)]
    assert await workshop.left() == 18


async def test_a_lower_allowance_than_was_used_leaves_nothing_not_less(workshop: Workshop) -> None:
    await workshop.ask(CHAIN)

    await workshop.core.quotas.set(MONA, ADA.user_id, 0, None)

    assert await workshop.left() == 0


async def test_a_gift_is_used_after_the_allowance_and_ends(workshop: Workshop) -> None:
    change = await workshop.core.quotas.grant(MONA, ADA.user_id, 4, "a good owl", hours=2)
    assert (change.before, change.after) == (10, 14)
    await workshop.ask()
    view = await workshop.core.quotas.view(ADA.user_id, GUILD)
    assert (view.used, view.granted, view.left) == (2, 4, 12)

    workshop.clock.advance(hours=2)

    assert await workshop.left() == 8


async def test_a_reset_gives_the_allowance_back_and_a_later_failure_nothing_more(workshop: Workshop) -> None:
    job = await workshop.ask(CHAIN)

    change = await workshop.core.quotas.reset(MONA, ADA.user_id, None)
    assert (change.amount, change.before, change.after) == (5, 5, 10)
    await workshop.core.jobs.cancel(ADA, job.id)

    assert await workshop.left() == 10


async def test_what_was_used_comes_back_when_its_day_is_over(workshop: Workshop) -> None:
    await workshop.ask()
    workshop.clock.advance(hours=1)
    await workshop.ask()
    view = await workshop.core.quotas.view(ADA.user_id, GUILD)
    assert [(when - workshop.clock.now(), back) for when, back in view.returns] == [
        (23 * HOUR, 2),
        (24 * HOUR, 2),
    ]

    workshop.clock.advance(seconds=23 * 3600 - 0.001)
    assert await workshop.left() == 6
    workshop.clock.advance(seconds=0.001)
    assert await workshop.left() == 8


async def test_every_change_is_kept_with_who_when_and_why(workshop: Workshop) -> None:
    await workshop.core.quotas.grant(MONA, ADA.user_id, 4, "a good owl")
    workshop.clock.advance(seconds=1)
    await workshop.core.quotas.set(MONA, ADA.user_id, 20, None)
    workshop.clock.advance(seconds=1)
    await workshop.core.quotas.reset(MONA, ADA.user_id, "a slip")

    report = await workshop.core.quotas.report(MONA, ADA.user_id)

    assert [(change.action, change.actor_id, change.amount, change.reason) for change in report.changes] == [
        (QuotaAction.RESET, MONA.user_id, 0, "a slip"),
        (QuotaAction.SET, MONA.user_id, 20, None),
        (QuotaAction.GRANT, MONA.user_id, 4, "a good owl"),
    ]
    assert report.changes[0].created_at == workshop.clock.now()
    assert report.quota.left == 24


async def test_a_change_holds_in_its_own_server_alone(workshop: Workshop) -> None:
    await workshop.core.quotas.set(MONA, ADA.user_id, 99, None)

    assert (await workshop.core.quotas.view(ADA.user_id, 88)).left == 10
    assert (await workshop.core.quotas.report(replace(MONA, guild_id=88), ADA.user_id)).changes == ()


@pytest.mark.parametrize("asker", [ADA, ALONE])
async def test_who_is_no_moderator_here_changes_and_sees_nothing(workshop: Workshop, asker: Asker) -> None:
    quotas = workshop.core.quotas

    for refused in (
        quotas.set(asker, ADA.user_id, 99, None),
        quotas.grant(asker, ADA.user_id, 5, None),
        quotas.reset(asker, ADA.user_id, None),
        quotas.report(asker, ADA.user_id),
    ):
        with pytest.raises(NotYours):
            await refused

    assert await workshop.left() == 10


@pytest.mark.parametrize(("verb", "amount"), [("set", -1), ("set", 10_001), ("grant", 0), ("grant", 10_001)])
async def test_amounts_have_bounds(workshop: Workshop, verb: str, amount: int) -> None:
    with pytest.raises(AmountOutOfRange):
        await getattr(workshop.core.quotas, verb)(MONA, ADA.user_id, amount, None)

    assert (await workshop.core.quotas.report(MONA, ADA.user_id)).changes == ()


async def test_somebody_unknown_has_what_everybody_has(workshop: Workshop) -> None:
    view = await workshop.core.quotas.view(123456, GUILD)

    assert (view.allowance, view.used, view.left, view.returns) == (10, 0, 10, ())
    assert view.prices == {"generate": 2, "rig": 1, "animate": 1, "retexture": 1, "remesh": 1, "convert": 1}


async def test_a_gift_pays_for_what_the_allowance_cannot(workshop: Workshop) -> None:
    await workshop.core.quotas.set(MONA, ADA.user_id, 1, None)
    with pytest.raises(QuotaExceeded):
        await workshop.ask(OWL)
    await workshop.core.quotas.grant(MONA, ADA.user_id, 1, None)

    await workshop.ask(OWL)

    assert await workshop.left() == 0
