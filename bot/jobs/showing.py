"""Putting together what a card shows of a job, from rows and from the board's news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.jobs import ledger, lineage
from bot.jobs.board import Board
from bot.jobs.choosing import Choosing
from bot.jobs.clock import Clock
from bot.jobs.errors import NoSuchModel
from bot.jobs.failures import HOPELESS
from bot.jobs.links import Links
from bot.jobs.plan import clips_of
from bot.jobs.rules import Rules
from bot.jobs.states import best_model_file, model_state, newest_of
from bot.jobs.views import FileView, JobView, StageView
from storage.database import Transaction
from storage.models import (
    RUN_ENDED,
    Account,
    Artifact,
    ArtifactKind,
    Job,
    JobState,
    Model,
    RunState,
    Stage,
    StageRun,
)

QUEUE_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Makes views of jobs."""

    choosing: Choosing
    board: Board
    links: Links
    clock: Clock
    rules: Rules

    async def job(self, tx: Transaction, job_id: str) -> JobView:
        """All that a card needs of a job.

        Raises:
            NoSuchModel: there is no such job.
        """
        now = self.clock.now()
        job = await tx.jobs.get(job_id)
        model = await tx.models.get(job.model_id) if job else None
        if job is None or model is None:
            raise NoSuchModel
        runs = await tx.runs.of_job(job_id)
        artifacts = await tx.artifacts.of_model(model.id)
        latest = await tx.jobs.latest_of_model(model.id)
        is_latest = latest is None or latest.id == job.id
        state = model_state(artifacts, job.state, runs)
        charges = await tx.ledger.of_job(job_id)
        files = [a for a in artifacts if a.kind is ArtifactKind.MODEL]
        idle = job.state is not JobState.LIVE and is_latest and model.deleted_at is None
        shape = await lineage.shape(tx, model)
        rigged = await lineage.made_by(tx, model, Stage.RIG) is not None
        lost = await lineage.rig_is_lost(tx, model)
        return JobView(
            job=job,
            model=model,
            state=state,
            vendor=self.choosing.title(model.provider),
            stages=await self._stages(tx, runs, now, idle=idle),
            model_file=await self._file(model, best_model_file(artifacts)),
            clip_files=await self._clips(model, runs, files),
            copies=await self._copies(model, runs, artifacts),
            preview=newest_of(artifacts, ArtifactKind.TURNTABLE)
            or newest_of(artifacts, ArtifactKind.PREVIEW),
            page=self.links.page(model),
            parent=await tx.models.get(model.parent_id) if model.parent_id else None,
            seed=await self._seed(tx, model),
            charged=charges.settled,
            reserved=charges.reserved,
            left=await self._left(tx, job, now),
            costs=_costs(runs),
            links_expire=self.links.expire,
            can_rig=idle and shape is not None and (not rigged or lost),
            can_animate=idle and rigged and not lost,
            can_vary=idle and shape is not None and shape.stage is Stage.GENERATE,
            now=now,
        )

    async def _stages(
        self, tx: Transaction, runs: Sequence[StageRun], now: int, *, idle: bool
    ) -> tuple[StageView, ...]:
        waits = next((run for run in runs if run.state is RunState.QUEUED), None)
        places = await tx.runs.places(waits.job_id, QUEUE_DEPTH, now) if waits else {}
        by_id = {run.id: run for run in runs}
        rows = []
        for run in runs:
            if run.shown:
                helpers = [by_id[need] for need in run.needs if need in by_id and not by_id[need].shown]
                rows.append(await self._stage(tx, run, helpers, places, now, idle=idle))
        return tuple(rows)

    async def _stage(
        self,
        tx: Transaction,
        run: StageRun,
        helpers: Sequence[StageRun],
        places: Mapping[str, int],
        now: int,
        *,
        idle: bool,
    ) -> StageView:
        """A row speaks of the helper while that is what works, waits or has failed."""
        acting = next((h for h in helpers if h.state is not RunState.DONE), run)
        news = self.board.of(acting.id)
        started_at = next((one.submitted_at for one in (*helpers, run) if one.submitted_at), None)
        ended_at = acting.finished_at if acting.state in RUN_ENDED else None
        failed = acting.state in {RunState.FAILED, RunState.UNSURE}
        return StageView(
            run_id=acting.id if failed else run.id,
            stage=run.stage,
            clips=clips_of(run.stage, run.params),
            vendor=self.choosing.title(run.provider),
            state=acting.state,
            progress=news.progress if news and acting is run and acting.state is RunState.WAITING else None,
            elapsed_ms=(ended_at or now) - started_at if started_at else None,
            estimate_ms=await self.board.estimate(tx, run.provider, run.stage, now),
            place=places.get(acting.id),
            price=run.price,
            failure=acting.failure if failed else run.failure,
            failure_data=acting.failure_data,
            can_retry=idle and failed and acting.failure not in HOPELESS,
            held_back=acting.state is RunState.QUEUED
            and self.choosing.circuits.holds_back(acting.provider, acting.credential),
            checking=bool(news and news.checking and acting.state is RunState.SUBMITTING),
        )

    async def _file(self, model: Model, artifact: Artifact | None) -> FileView | None:
        if artifact is None:
            return None
        return FileView(
            artifact=artifact, url=await self.links.of(model, artifact), clip=artifact.facts.get("clip")
        )

    async def _clips(
        self, model: Model, runs: Sequence[StageRun], files: Sequence[Artifact]
    ) -> tuple[FileView, ...]:
        """Files with one clip each that this job made, in the order of the plan, where there are several."""
        place = {run.id: run.position for run in runs}
        made = [a for a in files if a.run_id in place and "clip" in a.facts]
        clips = sorted(made, key=lambda a: (place[a.run_id or ""], a.created_at, a.id))
        views = [await self._file(model, artifact) for artifact in clips] if len(clips) > 1 else []
        return tuple(view for view in views if view)

    async def _copies(
        self, model: Model, runs: Sequence[StageRun], artifacts: Sequence[Artifact]
    ) -> tuple[FileView, ...]:
        ours = {run.id for run in runs}
        copies = [one for one in artifacts if one.kind is ArtifactKind.COPY]
        copies.sort(key=lambda one: (one.run_id not in ours, -one.created_at, one.id))
        views = [await self._file(model, one) for one in copies]
        return tuple(view for view in views if view)

    async def _seed(self, tx: Transaction, model: Model) -> int | None:
        made = await lineage.made_by(tx, model, Stage.GENERATE)
        if made is None:
            return None
        chosen: int | None = made.params.get("seed")
        return chosen if chosen is not None else made.submit_seed

    async def _left(self, tx: Transaction, job: Job, now: int) -> int:
        account = Account(id=job.account_id, user_id=job.user_id, created_at=0)
        return (await ledger.position(tx, account, job.guild_id, self.rules, now)).left


def _costs(runs: Sequence[StageRun]) -> tuple[tuple[str, int], ...]:
    """What the vendor took for the job's runs, by unit."""
    by_unit: dict[str, int] = {}
    for run in runs:
        if run.cost_micros and run.cost_unit:
            by_unit[run.cost_unit] = by_unit.get(run.cost_unit, 0) + run.cost_micros
    return tuple(by_unit.items())
