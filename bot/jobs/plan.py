"""From what a person asked for to the runs that will do it.

A plan is a small graph: a rig needs its model, every clip needs the rig, and the
file with all clips needs each of them. A vendor's own helpers (a check before the
rig) are runs too, free of charge and not shown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.jobs.clock import Ids
from bot.jobs.orders import GenerateOrder, Picture
from bot.jobs.rules import Rules
from providers.base import Provider
from storage.models import RunState, Stage, StageRun

LOCAL = "maquette"
"""The provider's name of runs that are our own work."""
OWNER_KEY = "owner"


@dataclass(slots=True, kw_only=True)
class Planner:
    """Collects the runs of one job."""

    provider: Provider
    rules: Rules
    ids: Ids
    job_id: str
    model_id: str
    account_id: str
    now: int
    runs: list[StageRun] = field(default_factory=list)

    def generate(self, order: GenerateOrder) -> None:
        """A model, and at once its rig and clips where asked for."""
        made = self._add(Stage.GENERATE, generate_params(order), needs=())
        if order.rig or order.clips:
            self.rig(made.id, needs=(made.id,))
        if order.clips:
            self.animate(order.clips, self.runs[-1].id, needs=(self.runs[-1].id,))

    def rig(self, source_run: str, *, needs: tuple[str, ...] = ()) -> None:
        """A skeleton for what ``source_run`` made."""
        self._vendor_steps(Stage.RIG, {"source_run": source_run}, needs)

    def animate(self, clips: Sequence[str], rig_run: str, *, needs: tuple[str, ...] = ()) -> None:
        """A run for each clip, and with several one file that has them all."""
        played = [
            self._add(Stage.ANIMATE, {"clip": clip, "source_run": rig_run}, needs=needs) for clip in clips
        ]
        if len(played) > 1:
            self._add(Stage.COMBINE, {"clips": list(clips)}, needs=tuple(run.id for run in played))

    def again(self, failed: Sequence[StageRun], done: Collection[str]) -> None:
        """The failed run and what waited for it, anew; ``done`` are ids of runs that stay as they are."""
        ids = {run.id: self.ids.new() for run in failed}
        for run in failed:
            needs = tuple(ids[need] for need in run.needs if need in ids)
            params = {key: value for key, value in run.params.items() if key not in {"sent", "upload"}}
            source = params.get("source_run")
            if source in ids:
                params["source_run"] = ids[source]
            if run.stage is Stage.COMBINE:
                params["with"] = [*params.get("with", ()), *(need for need in run.needs if need in done)]
            self._add(run.stage, params, needs=needs, run_id=ids[run.id], shown=run.shown)

    def _vendor_steps(self, stage: Stage, params: Mapping[str, Any], needs: tuple[str, ...]) -> None:
        for step in map(Stage, self.provider.expand(stage.value)):
            run = self._add(step, params, needs=needs, shown=step is stage)
            needs = (run.id,)

    def _add(
        self,
        stage: Stage,
        params: Mapping[str, Any],
        *,
        needs: tuple[str, ...],
        run_id: str | None = None,
        shown: bool | None = None,
    ) -> StageRun:
        run = StageRun(
            id=run_id or self.ids.new(),
            job_id=self.job_id,
            model_id=self.model_id,
            account_id=self.account_id,
            position=len(self.runs),
            stage=stage,
            shown=stage is not Stage.COMBINE if shown is None else shown,
            needs=needs,
            price=self.rules.price(stage),
            state=RunState.PLANNED if needs else RunState.QUEUED,
            provider=LOCAL if stage is Stage.COMBINE else self.provider.name,
            credential=OWNER_KEY,
            params=params,
            created_at=self.now,
            queued_at=None if needs else self.now,
        )
        self.runs.append(run)
        return run


def generate_params(order: GenerateOrder) -> dict[str, Any]:
    """What a generate run keeps of its order."""
    return {
        "prompt": order.prompt,
        "negative_prompt": order.negative_prompt,
        "pictures": [picture_data(picture) for picture in order.pictures],
        "style": order.style,
        "polycount": order.polycount,
        "seed": order.seed,
    }


def picture_data(picture: Picture | None) -> dict[str, Any] | None:
    """A stored picture as a run keeps it."""
    if picture is None:
        return None
    return {name: getattr(picture, name) for name in Picture.__slots__}


def rig_facts(rig: StageRun | None) -> dict[str, Any]:
    """What the vendor said of a rig; empty before there is one."""
    facts: dict[str, Any] = rig.result.get("facts", {}) if rig else {}
    return facts
