"""What a member is told about a model, derived from its files and its latest job."""

from collections.abc import Sequence

from storage.models import (
    RUN_AT_VENDOR,
    RUN_ENDED,
    Artifact,
    ArtifactKind,
    JobState,
    ModelState,
    Stage,
    StageRun,
)

_AT_WORK = {
    Stage.DRAFT: ModelState.GENERATING,
    Stage.REMESH: ModelState.RIGGING,
    Stage.GENERATE: ModelState.GENERATING,
    Stage.RETEXTURE: ModelState.GENERATING,
    Stage.RIG_CHECK: ModelState.RIGGING,
    Stage.RIG: ModelState.RIGGING,
    Stage.ANIMATE: ModelState.ANIMATING,
    Stage.COMBINE: ModelState.ANIMATING,
}
_MADE = {
    Stage.GENERATE: ModelState.GENERATED,
    Stage.RETEXTURE: ModelState.GENERATED,
    Stage.REMESH: ModelState.GENERATED,
    Stage.RIG: ModelState.RIGGED,
    Stage.ANIMATE: ModelState.COMPLETE,
    Stage.COMBINE: ModelState.COMPLETE,
}
_RANK = (ModelState.GENERATED, ModelState.RIGGED, ModelState.COMPLETE)


def stage_of(artifact: Artifact) -> Stage | None:
    """The stage that made a file, as its facts say; ``None`` for a member's picture."""
    stage = artifact.facts.get("stage")
    return Stage(stage) if stage else None


def stored_state(artifacts: Sequence[Artifact]) -> ModelState | None:
    """The furthest that files prove; ``None`` without any."""
    made = [_MADE[stage] for artifact in artifacts if _is_model(artifact) and (stage := stage_of(artifact))]
    return max(made, key=_RANK.index, default=None)


def model_state(artifacts: Sequence[Artifact], job: JobState | None, runs: Sequence[StageRun]) -> ModelState:
    """``runs`` are those of the latest job. A model never falls below what is stored."""
    stored = stored_state(artifacts)
    if job is JobState.LIVE:
        working = next((run for run in runs if run.state in RUN_AT_VENDOR), None)
        if working:
            return _at_work(working) or stored or ModelState.QUEUED
        started = any(run.state in RUN_ENDED for run in runs)
        waiting = next((run for run in runs if run.state not in RUN_ENDED), None)
        if started and waiting:
            return _at_work(waiting) or stored or ModelState.QUEUED
        return stored or ModelState.QUEUED
    return stored or (ModelState.CANCELLED if job is JobState.CANCELLED else ModelState.FAILED)


def _at_work(run: StageRun) -> ModelState | None:
    """What a run makes of its model; ``None`` where it only adds a copy."""
    if run.stage is Stage.REMESH and run.shown:
        return ModelState.GENERATING
    return _AT_WORK.get(run.stage)


def best_model_file(artifacts: Sequence[Artifact]) -> Artifact | None:
    """All clips over one, animated over rigged, rigged over plain; of equals the newest."""
    order = (Stage.GENERATE, Stage.RIG, Stage.ANIMATE, Stage.COMBINE)
    files = [artifact for artifact in artifacts if _is_model(artifact)]
    newest_combined = max((a.created_at for a in files if stage_of(a) is Stage.COMBINE), default=0)

    def rank(artifact: Artifact) -> tuple[int, int]:
        stage = stage_of(artifact) or Stage.GENERATE
        if stage is Stage.RIG and "clip" in artifact.facts:  # came along unasked; the rig itself is the thing
            stage = Stage.GENERATE
        if stage is Stage.ANIMATE and artifact.created_at > newest_combined:
            return order.index(Stage.COMBINE), artifact.created_at
        return order.index(stage) if stage in order else 0, artifact.created_at

    return max(files, key=rank, default=None)


def newest_of(artifacts: Sequence[Artifact], kind: ArtifactKind) -> Artifact | None:
    """The newest file of a kind."""
    found = [artifact for artifact in artifacts if artifact.kind is kind]
    return max(found, key=lambda a: (a.created_at, a.id), default=None)


def _is_model(artifact: Artifact) -> bool:
    return artifact.kind is ArtifactKind.MODEL
