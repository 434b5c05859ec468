"""Where a vendor's records do not say what was asked, one submit under a key is under way at a time."""

from dataclasses import dataclass

import pytest

from providers.base import Request, TaskHandle
from providers.errors import Moderated
from storage.models import JobState, RunState
from tests.bot.jobs.conftest import ADA, BEN, MONA, OWL, Workshop
from tests.bot.jobs.vendor import ScriptedVendor

ALL = (ADA, BEN, MONA)


@dataclass(kw_only=True)
class Narrow(ScriptedVendor):
    """Takes note of how many submits were under way at once."""

    workshop: Workshop
    under_way: int = 0
    most: int = 0

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            for _ in range(5):  # long enough for every other run to be written down as sent
                async with self.workshop.db.begin():
                    pass
            return await super().submit(request, seed=seed)
        finally:
            self.under_way -= 1


def narrow(workshop: Workshop, *, echoes: bool) -> Narrow:
    workshop.vendor = Narrow(workshop=workshop, can={"echoes": echoes})
    workshop.restart()
    return workshop.vendor


@pytest.mark.parametrize(("echoes", "most"), [(False, 1), (True, 3)])
async def test_submits_go_one_by_one_where_records_do_not_tell_them_apart(
    workshop: Workshop, *, echoes: bool, most: int
) -> None:
    vendor = narrow(workshop, echoes=echoes)
    jobs = [await workshop.ask(OWL, asker) for asker in ALL]

    await workshop.finish()

    assert vendor.most == most
    assert [(await workshop.view(job)).job.state for job in jobs] == [JobState.DONE] * 3
    assert len(vendor.tasks) == 3


async def test_other_keys_do_not_wait_for_each_other(workshop: Workshop) -> None:
    vendor = narrow(workshop, echoes=False)
    await workshop.core.keys.set(BEN, "tripo", "bens-own-key")
    own = vendor.keyed["bens-own-key"]
    vendor.lose.append("accepted")
    vendor.records = "late"
    await workshop.ask(OWL, ADA)
    await workshop.ask(OWL, BEN)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    await workshop.core.engine.run_once()

    assert (len(vendor.tasks), len(own.tasks)) == (1, 1)


@pytest.mark.parametrize("restarts", [False, True])
async def test_nothing_is_sent_while_the_fate_of_another_is_unknown(
    workshop: Workshop, *, restarts: bool
) -> None:
    vendor = narrow(workshop, echoes=False)
    vendor.lose.append("accepted")
    vendor.records = "late"
    lost = await workshop.ask(OWL, ADA)
    await workshop.core.engine.start()
    while not vendor.tasks:
        await workshop.core.engine.run_once()
    waits = await workshop.ask(OWL, BEN)
    if restarts:
        workshop.restart()
        await workshop.core.engine.start()
    for _ in range(30):
        await workshop.core.engine.run_once()
        workshop.clock.advance(seconds=5)

    assert len(vendor.tasks) == 1
    (run,) = await workshop.runs(waits)
    assert (run.state, run.attempt) == (RunState.QUEUED, 0)

    vendor.records = "complete"
    await workshop.core.engine.run_until_idle()
    assert [(await workshop.view(job)).job.state for job in (lost, waits)] == [JobState.DONE] * 2
    assert len(vendor.tasks) == 2


async def test_what_stays_unknown_holds_others_up_for_twenty_minutes_at_most(workshop: Workshop) -> None:
    vendor = narrow(workshop, echoes=False)
    vendor.lose.append("accepted")
    vendor.records = "blind"
    lost = await workshop.ask(OWL, ADA)
    waits = await workshop.ask(OWL, BEN)
    begun = workshop.clock.now()

    await workshop.finish()

    assert (await workshop.view(lost)).stages[0].state is RunState.UNSURE
    (run,) = await workshop.runs(waits)
    assert run.state is RunState.DONE
    assert (run.submitted_at or 0) - begun <= 21 * 60_000


async def test_a_refusal_holds_nobody_up(workshop: Workshop) -> None:
    vendor = narrow(workshop, echoes=False)
    vendor.refuse.append(Moderated("tripo"))
    jobs = [await workshop.ask(OWL, asker) for asker in ALL]

    await workshop.finish()

    states = [(await workshop.view(job)).job.state for job in jobs]
    assert sorted(states) == [JobState.DONE, JobState.DONE, JobState.FAILED]
