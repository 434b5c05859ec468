"""What is thrown away by and by, and what is not."""

from dataclasses import replace

import pytest

from bot.jobs.housekeeping import Housekeeping
from storage.models import Card, JobState
from tests.bot.jobs.conftest import ADA, Workshop
from tests.storage.nouns import CARD


async def kept(workshop: Workshop, state: JobState = JobState.DONE, **facts: object) -> Card | None:
    """What is left of a job's card with these facts, a quarter of an hour after its job."""
    job = (await workshop.make()).job
    expires = workshop.clock.now() + 15 * 60 * 1000
    card = replace(CARD, id="it", job_id=job.id, message_id=99, token="t", token_expires_at=expires, **facts)
    async with workshop.db.begin() as tx:
        await tx.jobs.set_state(job.id, state)
        await tx.cards.insert(card)
    workshop.clock.advance(minutes=15)
    await Housekeeping(db=workshop.db, clock=workshop.clock).tidy()
    async with workshop.db.read() as tx:
        return await tx.cards.get("it")


async def test_a_card_stays_and_its_dead_token_goes(workshop: Workshop) -> None:
    card = await kept(workshop)

    assert card
    assert card.token is None


async def test_a_token_that_lives_stays(workshop: Workshop) -> None:
    job = await workshop.ask()

    await Housekeeping(db=workshop.db, clock=workshop.clock).tidy()

    async with workshop.db.read() as tx:
        (card,) = await tx.cards.of_job(job.id)
    assert card.token


@pytest.mark.parametrize("facts", [{"gone": True}, {"bot_may_edit": False}], ids=["gone", "out of reach"])
async def test_a_card_that_can_never_be_drawn_again_goes(workshop: Workshop, facts: dict[str, bool]) -> None:
    assert await kept(workshop, **facts) is None


async def test_a_card_stays_while_its_job_lives_for_a_click_may_bring_a_token(workshop: Workshop) -> None:
    assert await kept(workshop, JobState.LIVE, bot_may_edit=False)


@pytest.mark.parametrize(("told", "stays"), [(99, False), (0, True)])
async def test_a_deleted_models_card_goes_when_it_says_so(
    workshop: Workshop, *, told: int, stays: bool
) -> None:
    view = await workshop.make()
    async with workshop.db.begin() as tx:
        (card,) = await tx.cards.of_job(view.job.id)
        await tx.cards.set_rendered(card.id, told, "")
    await workshop.core.jobs.delete(ADA, view.model.id)

    await Housekeeping(db=workshop.db, clock=workshop.clock).tidy()

    async with workshop.db.read() as tx:
        assert (await tx.cards.get(card.id) is not None) == stays
