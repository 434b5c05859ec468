"""Several jobs at once: all or none, in fair turns, stopped and tried again together."""

import pytest

from bot.jobs.batch_views import BatchView
from bot.jobs.errors import AskedBefore, NothingToRetry, NotYours, QuotaExceeded, TooManyJobs
from bot.jobs.orders import GenerateOrder
from providers.base import Failed
from storage.batches import Batch
from storage.models import JobState, RunState
from tests.bot.jobs.conftest import ADA, BEN, MONA, OWL, Workshop

RICH = pytest.mark.parametrize("workshop", [{"allowance": 100}], indirect=True)


def things(count: int) -> list[GenerateOrder]:
    return [GenerateOrder(prompt=f"barrel number {number}") for number in range(1, count + 1)]


async def ask(workshop: Workshop, count: int) -> Batch:
    return await workshop.core.batches.start(ADA, things(count), workshop.address())


async def look(workshop: Workshop, batch: Batch) -> BatchView:
    return await workshop.core.shelf.batch(batch.id)


@RICH
async def test_all_of_a_batch_is_made_and_shown_in_its_order(workshop: Workshop) -> None:
    batch = await ask(workshop, 20)
    assert await workshop.left() == 60

    await workshop.finish()

    view = await look(workshop, batch)
    assert [part.model.prompt for part in view.parts] == [order.prompt for order in things(20)]
    assert {part.job.state for part in view.parts} == {JobState.DONE}
    assert (view.charged, view.reserved, view.percent, view.live) == (40, 0, 100, False)


async def test_what_cannot_be_paid_as_a_whole_is_not_begun_at_all(workshop: Workshop) -> None:
    with pytest.raises(QuotaExceeded) as refused:
        await ask(workshop, 6)

    assert (refused.value.needed, refused.value.left) == (12, 10)
    assert await workshop.left() == 10
    async with workshop.db.read() as tx:
        account = await tx.accounts.by_user(ADA.user_id)
        assert account is None or not await tx.jobs.live_of_account(account.id)


async def test_one_click_makes_one_batch(workshop: Workshop) -> None:
    address = workshop.address()
    batch = await workshop.core.batches.start(ADA, things(2), address)

    with pytest.raises(AskedBefore) as refused:
        await workshop.core.batches.start(ADA, things(2), address)

    assert refused.value.job_id == batch.id
    assert await workshop.left() == 6


@RICH
async def test_a_batch_takes_one_place_among_a_members_jobs(workshop: Workshop) -> None:
    await ask(workshop, 20)
    for _ in range(6):
        await workshop.ask()

    with pytest.raises(TooManyJobs) as refused:
        await workshop.ask()

    assert refused.value.count == 7


@RICH
async def test_a_batch_of_twenty_does_not_hold_up_another_member(workshop: Workshop) -> None:
    await ask(workshop, 20)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    assert len(workshop.vendor.tasks) == 2

    bens = await workshop.ask(OWL, BEN)
    await workshop.core.engine.run_once()

    assert (await workshop.view(bens)).stages[0].state is RunState.WAITING


@RICH
async def test_cancelling_the_rest_says_before_what_comes_back_and_keeps_what_runs(
    workshop: Workshop,
) -> None:
    batch = await ask(workshop, 5)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()

    terms = await workshop.core.batches.cancel_terms(MONA, batch.id)
    assert (terms.returned, terms.charged) == (6, 4)
    with pytest.raises(NotYours):
        await workshop.core.batches.cancel(BEN, batch.id)
    await workshop.core.batches.cancel(ADA, batch.id)
    await workshop.core.engine.run_until_idle()

    states = [part.job.state for part in (await look(workshop, batch)).parts]
    assert states == [JobState.DONE] * 2 + [JobState.CANCELLED] * 3
    assert await workshop.left() == 96


async def test_what_failed_is_tried_again_on_the_same_card(workshop: Workshop) -> None:
    fails = iter([True, False, True])
    workshop.vendor.judge = lambda _task: Failed(code="vendor_failed") if next(fails, False) else None
    batch = await ask(workshop, 3)
    await workshop.finish()
    before = await look(workshop, batch)
    assert len(before.retriable) == 2
    assert await workshop.left() == 8
    with pytest.raises(NotYours):
        await workshop.core.batches.retry(MONA, batch.id, 1)

    assert await workshop.core.batches.retry(ADA, batch.id, 1) == 2
    with pytest.raises(NothingToRetry):
        await workshop.core.batches.retry(ADA, batch.id, 2)
    await workshop.core.engine.run_until_idle()

    after = await look(workshop, batch)
    assert [part.model.id for part in after.parts] == [part.model.id for part in before.parts]
    assert {part.job.state for part in after.parts} == {JobState.DONE}
    assert after.version > before.version
    assert await workshop.left() == 4


async def test_a_restart_in_the_middle_finds_the_batch_whose_card_is_behind(workshop: Workshop) -> None:
    batch = await ask(workshop, 3)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    (card,) = (await workshop.core.cards.about(batch.id)).cards
    await workshop.core.cards.rendered(card.id, (await look(workshop, batch)).version, "")
    assert batch.id not in await workshop.core.cards.behind()

    workshop.restart()
    await workshop.finish()

    assert batch.id in await workshop.core.cards.behind()
    view = await look(workshop, batch)
    assert {part.job.state for part in view.parts} == {JobState.DONE}
    await workshop.core.cards.rendered(card.id, view.version, "")
    assert batch.id not in await workshop.core.cards.behind()
    about = await workshop.core.cards.about(view.parts[0].job.id)
    assert (about.cards, about.batch_id) == ((), batch.id)


async def test_of_variations_the_others_go_with_one_word(workshop: Workshop) -> None:
    owl = (await workshop.make()).model
    orders = [GenerateOrder(prompt=owl.prompt, parent_id=owl.id) for _ in range(3)]
    batch = await workshop.core.batches.start(ADA, orders, workshop.address(), model_id=owl.id)
    await workshop.finish()
    view = await look(workshop, batch)
    assert {part.model.parent_id for part in view.parts} == {owl.id}
    kept = view.parts[1].model.id

    assert await workshop.core.batches.keep(ADA, batch.id, [kept]) == 2

    assert [part.gone for part in (await look(workshop, batch)).parts] == [True, False, True]


async def test_a_batch_can_be_taken_along_by_itself(workshop: Workshop) -> None:
    await workshop.make()
    batch = await ask(workshop, 2)
    await workshop.finish()

    archive = [piece async for piece in workshop.core.exporting.archive(batch.account_id, batch_id=batch.id)]

    assert b"".join(archive).count(b"barrel-number") >= 2
    assert b"brass-owl" not in b"".join(archive)
