"""What a model builds on: the runs and files of its own, then of those it was made from."""

from collections.abc import AsyncIterator

from bot.jobs.failures import Failure
from storage.database import Transaction
from storage.models import Model, RunState, Stage, StageRun

SHAPES = (Stage.GENERATE, Stage.RETEXTURE, Stage.REMESH)
"""Whose result is a shape of its own. What was made of another shape has nothing to do with it."""
DEEPEST = 16
"""More generations than anybody makes; a guard against a circle in the data."""


async def line(tx: Transaction, model: Model) -> AsyncIterator[Model]:
    """The model, its parent, and so on."""
    current: Model | None = model
    for _ in range(DEEPEST):
        if current is None:
            return
        yield current
        current = await tx.models.get(current.parent_id) if current.parent_id else None


async def made_by(tx: Transaction, model: Model, *stages: Stage) -> StageRun | None:
    """The latest finished run of such a stage on the model, or on what has the same shape before it."""
    async for ancestor in line(tx, model):
        done = [
            run
            for run in await tx.runs.of_model(ancestor.id)
            if run.shown and run.state is RunState.DONE and run.stage in {*stages, *SHAPES}
        ]
        wanted = [run for run in done if run.stage in stages]
        if wanted:
            return max(wanted, key=lambda run: (run.finished_at or 0, run.id))
        if done:
            return None
    return None


async def shape(tx: Transaction, model: Model) -> StageRun | None:
    """The run that made the shape of a model."""
    return await made_by(tx, model, *SHAPES)


async def rig_is_lost(tx: Transaction, model: Model) -> bool:
    """Whether the vendor forgot the rig, as the latest try to animate found out."""
    runs = [run for run in await tx.runs.of_model(model.id) if run.stage in {Stage.ANIMATE, Stage.RIG}]
    latest = max(runs, key=lambda run: (run.created_at, run.id), default=None)
    return (
        latest is not None and latest.stage is Stage.ANIMATE and latest.failure == Failure.SOURCE_LOST.value
    )


async def triangles(tx: Transaction, run: StageRun) -> int | None:
    """How heavy the model is that a run made; ``None`` where that is not known."""
    counts = [artifact.facts.get("triangles") for artifact in await tx.artifacts.of_run(run.id)]
    return next((count for count in counts if count is not None), None)
