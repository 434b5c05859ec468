"""Turns between members, and within a vendor's limits."""

import asyncio

from bot.jobs.errors import QuotaExceeded
from storage.models import RunState
from tests.bot.jobs.conftest import ADA, BEN, OWL, Workshop


async def test_one_members_pile_does_not_keep_another_waiting(workshop: Workshop) -> None:
    for _ in range(4):
        await workshop.ask(OWL, ADA)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    assert len(workshop.vendor.tasks) == 2

    bens = await workshop.ask(OWL, BEN)
    await workshop.core.engine.run_once()

    assert len(workshop.vendor.tasks) == 3
    assert (await workshop.view(bens)).stages[0].state is RunState.WAITING


async def test_a_waiting_member_sees_a_place(workshop: Workshop) -> None:
    jobs = [await workshop.ask() for _ in range(4)]
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()

    places = [(await workshop.view(job)).stages[0].place for job in jobs]

    assert places == [None, None, 1, 2]


async def test_the_vendors_pool_is_respected_before_asking(workshop: Workshop) -> None:
    workshop.vendor.pool_size = 1
    for asker in (ADA, BEN):
        await workshop.ask(OWL, asker)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    assert len(workshop.vendor.tasks) == 1
    await workshop.core.engine.run_until_idle()
    assert len(workshop.vendor.tasks) == 2


async def test_two_requests_at_once_cannot_overspend(workshop: Workshop) -> None:
    asked = [workshop.ask() for _ in range(7)]

    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(isinstance(answer, QuotaExceeded) for answer in answers) == 2
    assert await workshop.left() == 0
