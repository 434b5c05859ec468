"""Writing down what happened to a run, with all that follows from it, in one transaction.

The run's own row, the books, the runs that waited for it, the state of the job: either
all of it is written or none. A write with an old epoch changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.jobs import ledger
from bot.jobs.clock import MINUTE, Clock, Ids
from bot.jobs.failures import Failure
from bot.jobs.machine import Change, Money, job_state
from storage.database import Database, Transaction
from storage.models import RUN_ENDED, Artifact, Job, JobState, Notify, RunState, Stage, StageRun

ENOUGH_TO_COMBINE = 2
FRESH = MINUTE
"""A job that ended so soon is still before its member's eyes, and they need not be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The only writer of runs once a job is stored."""

    db: Database
    clock: Clock
    ids: Ids

    async def write(
        self, run: StageRun, change: Change, artifacts: Sequence[Artifact] = ()
    ) -> StageRun | None:
        """Write a change; gives the run as it is now, or ``None`` if somebody else has it."""
        async with self.db.begin() as tx:
            if not await tx.runs.save(run.id, epoch=run.epoch, changes=change.fields, expect={run.state}):
                return None
            for artifact in artifacts:
                await tx.artifacts.insert(artifact)
            now_is = replace(run, **change.fields)
            await self._follow(tx, now_is, change)
            return now_is

    async def cancel_waiting(self, tx: Transaction, job: Job) -> list[StageRun]:
        """Cancel all runs of a job that have not been sent; gives those that go on."""
        runs = await tx.runs.of_job(job.id)
        for run in runs:
            if run.state in {RunState.PLANNED, RunState.QUEUED}:
                await self._end(tx, run, RunState.CANCELLED)
        await self.close(tx, job.id)
        return [run for run in await tx.runs.of_job(job.id) if run.state not in RUN_ENDED]

    async def close(self, tx: Transaction, job_id: str) -> None:
        """Bring the job's own state and version up to date with its runs."""
        job = await tx.jobs.get(job_id)
        if job is None:
            return
        runs = await tx.runs.of_job(job_id)
        state = job_state(runs, cancel_asked=job.cancel_asked_at is not None)
        if state is not job.state:
            ended_at = None if state is JobState.LIVE else self.clock.now()
            await tx.jobs.set_state(job_id, state, ended_at)
            if ended_at:
                await tx.vendor_keys.forget_unused()
                await self._leave_word(tx, job, state)
        await tx.jobs.bump(job_id)

    async def _leave_word(self, tx: Transaction, job: Job, ended: JobState) -> None:
        """Have the member told, where they wish that.

        Who cancelled knows, and a job that ended at once needs no word. Of a batch its last job tells.
        """
        account, now = await tx.accounts.get(job.account_id), self.clock.now()
        if job.batch_id and any(one.state is JobState.LIVE for one in await tx.jobs.of_batch(job.batch_id)):
            return  # they are told once, of all of it
        wished = account is not None and account.notify is not Notify.OFF
        news = job.state is JobState.LIVE and ended is not JobState.CANCELLED
        if wished and news and now - job.created_at >= FRESH:
            await tx.jobs.set_notify_due(job.id, now)

    async def _follow(self, tx: Transaction, run: StageRun, change: Change) -> None:
        if change.money is Money.SETTLE:
            job = await tx.jobs.get(run.job_id)
            await ledger.settle(tx, run, job.guild_id if job else None, self.ids, self.clock.now())
        elif change.money is Money.RELEASE:
            await ledger.release(tx, run, self.ids, self.clock.now())
        if run.state in RUN_ENDED:
            await self._wake(tx, run.job_id)
        elif run.state is RunState.QUEUED:
            await self._unless_cancelled(tx, run)
        if change.visible:
            await self.close(tx, run.job_id)

    async def _unless_cancelled(self, tx: Transaction, run: StageRun) -> None:
        """A run that comes back to the queue finds out that nobody wants it any more."""
        job = await tx.jobs.get(run.job_id)
        if job and job.cancel_asked_at is not None:
            await self._end(tx, run, RunState.CANCELLED)
            await self._wake(tx, run.job_id)

    async def _wake(self, tx: Transaction, job_id: str) -> None:
        """Queue what can start now, and skip what never can; again until nothing moves."""
        moved = True
        while moved:
            moved = False
            runs = {run.id: run for run in await tx.runs.of_job(job_id)}
            for run in runs.values():
                if run.state is RunState.PLANNED:
                    moved |= await self._wake_one(tx, run, [runs[need] for need in run.needs if need in runs])

    async def _wake_one(self, tx: Transaction, run: StageRun, needs: Sequence[StageRun]) -> bool:
        done = sum(need.state is RunState.DONE for need in needs)
        ended = all(need.state in RUN_ENDED for need in needs)
        if run.stage is Stage.COMBINE:
            enough = done + len(run.params.get("with", ())) >= ENOUGH_TO_COMBINE
            ready, hopeless = ended and enough, ended and not enough
        else:
            ready = done == len(needs)
            hopeless = any(need.state in RUN_ENDED and need.state is not RunState.DONE for need in needs)
        if ready:
            fields = {"state": RunState.QUEUED, "queued_at": self.clock.now()}
            return await tx.runs.save(run.id, epoch=run.epoch, changes=fields, expect={run.state})
        if hopeless:
            await self._end(tx, run, RunState.SKIPPED)
        return hopeless

    async def _end(self, tx: Transaction, run: StageRun, state: RunState) -> None:
        failure = Failure.NEEDED_FAILED.value if state is RunState.SKIPPED else None
        fields = {"state": state, "failure": failure, "finished_at": self.clock.now(), "due_at": None}
        # A new epoch is not needed: nobody works on a planned or queued run, and the engine
        # takes one only from the state QUEUED, inside a transaction of its own.
        if await tx.runs.save(run.id, epoch=run.epoch, changes=fields, expect={run.state}):
            await ledger.release(tx, run, self.ids, self.clock.now())
