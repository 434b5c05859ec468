"""Putting together what a batch's card shows: a few queries for all of it, however many lines it has."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.jobs import ledger
from bot.jobs.batch_views import BatchView, PartView
from bot.jobs.board import Board
from bot.jobs.clock import Clock
from bot.jobs.errors import NoSuchModel
from bot.jobs.failures import can_try_again
from bot.jobs.links import Links
from bot.jobs.rules import Rules
from bot.jobs.states import best_model_file, model_state, newest_of
from storage.batches import Batch
from storage.database import Transaction
from storage.models import (
    RUN_AT_VENDOR,
    RUN_ENDED,
    Account,
    Artifact,
    ArtifactKind,
    Job,
    JobState,
    Model,
    RunState,
    StageRun,
)

Thing = TypeVar("Thing")
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchShowing:
    """Makes views of batches."""

    board: Board
    links: Links
    clock: Clock
    rules: Rules

    async def read(self, tx: Transaction, batch_id: str) -> BatchView:
        """All that a card needs of a batch.

        Raises:
            NoSuchModel: there is no such batch.
        """
        batch = await tx.batches.get(batch_id)
        if batch is None:
            raise NoSuchModel
        jobs = await tx.jobs.of_batch(batch.id)
        latest = {job.model_id: job for job in jobs}
        runs = _by(lambda run: run.job_id, await tx.runs.of_batch(batch.id))
        files = _by(lambda file: file.model_id, await tx.artifacts.of_batch(batch.id))
        models = {model.id: model for model in await tx.models.of_batch(batch.id)}
        charges = [await tx.ledger.of_job(job.id) for job in jobs]
        return BatchView(
            batch=batch,
            source=await tx.models.get(batch.model_id) if batch.model_id else None,
            parts=tuple(
                [
                    await self._part(models[model_id], job, runs[job.id], files[model_id])
                    for model_id, job in latest.items()
                ]
            ),
            version=sum(job.version for job in jobs),
            can_cancel=any(_can_cancel(job, runs[job.id]) for job in latest.values()),
            charged=sum(one.settled for one in charges),
            reserved=sum(one.reserved for one in charges),
            left=await self._left(tx, batch),
        )

    async def _part(self, model: Model, job: Job, runs: list[StageRun], files: list[Artifact]) -> PartView:
        stage = _at_work(runs)
        news = self.board.of(stage.id) if stage else None
        failed = next((run for run in runs if run.state in {RunState.FAILED, RunState.UNSURE}), None)
        best = best_model_file(files)
        url = await self.links.of(model, best) if best else None
        return PartView(
            model=model,
            job=job,
            state=model_state(files, job.state, runs),
            stage=stage,
            progress=news.progress if news and stage and stage.state is RunState.WAITING else None,
            failed=failed,
            can_retry=job.state is not JobState.LIVE and any(can_try_again(run) for run in runs),
            file=best,
            still=newest_of(files, ArtifactKind.PREVIEW),
            page=self.links.page(model) or url if best else None,
        )

    async def _left(self, tx: Transaction, batch: Batch) -> int:
        account = Account(id=batch.account_id, user_id=batch.user_id, created_at=0)
        return (await ledger.position(tx, account, batch.guild_id, self.rules, self.clock.now())).left


def _by(name: Callable[[Thing], Name], things: Iterable[Thing]) -> defaultdict[Name, list[Thing]]:
    found: defaultdict[Name, list[Thing]] = defaultdict(list)
    for thing in things:
        found[name(thing)].append(thing)
    return found


def _at_work(runs: list[StageRun]) -> StageRun | None:
    """What a vendor works on; else what comes next."""
    open_ = [run for run in runs if run.state not in RUN_ENDED]
    return next((run for run in open_ if run.state in RUN_AT_VENDOR), open_[0] if open_ else None)


def _can_cancel(job: Job, runs: list[StageRun]) -> bool:
    return job.cancel_asked_at is None and any(run.state not in RUN_ENDED for run in runs)
