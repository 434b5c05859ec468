"""From what a person asked for to the runs that will do it.

A plan is a small graph: a rig needs its model, every clip needs the rig, and the
file with all clips needs each of them. A vendor's own helpers (a draft before the
model, a check before the rig) are runs too, free of charge and not shown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.jobs.clock import Ids
from bot.jobs.orders import GenerateOrder, Picture
from bot.jobs.rules import Rules
from providers.base import Provider
from storage.models import RunState, Stage, StageRun

Thing = TypeVar("Thing")

LOCAL = "maquette"
"""The provider's name of runs that are our own work."""
OUR_FORMATS = ("stl", "3mf")
"""What we convert to ourselves: no vendor is asked, and it costs nothing."""
OWNER_KEY = "owner"
OF_ONE_TRY = frozenset({"sent", "upload", "inline"})
"""Parameters that say how one try was sent, and mean nothing to the next."""
BUILT_ON: Mapping[Stage, str] = {Stage.DRAFT: "draft_run", Stage.REMESH: "source_run"}
"""Helpers whose result the next step goes on with, and the parameter that names their run."""


@dataclass(slots=True, kw_only=True)
class Planner:
    """Collects the runs of one job."""

    provider: Provider
    credential: str
    rules: Rules
    ids: Ids
    job_id: str
    model_id: str
    account_id: str
    now: int
    runs: list[StageRun] = field(default_factory=list)

    @property
    def price(self) -> int:
        """Credits for all of it."""
        return sum(run.price for run in self.runs)

    def generate(self, order: GenerateOrder) -> None:
        """A model, and at once its rig and clips where asked for."""
        pictures = sum(picture is not None for picture in order.pictures) or order.picture_count
        steps = self.provider.expand(Stage.GENERATE.value, pictures=pictures)
        made = self._steps(Stage.GENERATE, steps, generate_params(order), ())
        if order.rig or order.clips:
            self.rig(made.id, clips=order.clips, needs=(made.id,))

    def rig(
        self,
        source_run: str,
        *,
        triangles: int | None = None,
        clips: Sequence[str] = (),
        needs: tuple[str, ...] = (),
    ) -> None:
        """A skeleton for what ``source_run`` made, and clips for it; some may come with the rig."""
        free = [clip for clip in clips if clip in self.provider.capabilities().rig_clips]
        steps = self.provider.expand(Stage.RIG.value, triangles=triangles)
        rig = self._steps(Stage.RIG, steps, {"source_run": source_run, "clips": free}, needs)
        rest = [clip for clip in clips if clip not in free]
        if rest:
            self.animate(rest, rig.id, needs=(rig.id,))

    def animate(self, clips: Sequence[str], rig_run: str, *, needs: tuple[str, ...] = ()) -> None:
        """Runs of as many clips as the vendor takes at once; of several, one file that has them all."""
        size = self.provider.capabilities().clips_at_once
        played = [
            self._add(Stage.ANIMATE, {"clips": list(some), "source_run": rig_run}, needs=needs)
            for some in batched(clips, size)
        ]
        if len(played) > 1:
            self._add(Stage.COMBINE, {"clips": list(clips)}, needs=tuple(run.id for run in played))

    def retexture(self, source_run: str, words: str) -> None:
        """Another surface for what ``source_run`` made."""
        self._add(Stage.RETEXTURE, {"source_run": source_run, "prompt": words}, needs=())

    def remesh(self, source_run: str, faces: int) -> None:
        """What ``source_run`` made, with so many faces."""
        self._add(Stage.REMESH, {"source_run": source_run, "polycount": faces}, needs=())

    def convert(self, source_run: str, file: str, format_: str) -> None:
        """A copy in another format of a stored file, by its id, which ``source_run`` made."""
        self._add(Stage.CONVERT, {"source_run": source_run, "file": file, "format": format_}, needs=())

    def optimise(self, source_run: str, file: str) -> None:
        """Lighter copies of a stored file."""
        self._add(Stage.OPTIMISE, {"source_run": source_run, "file": file}, needs=())

    def again(self, failed: Sequence[StageRun], done: Collection[str]) -> None:
        """The failed run and what waited for it, anew; ``done`` are ids of runs that stay as they are."""
        ids = {run.id: self.ids.new() for run in failed}
        for run in failed:
            needs = tuple(ids[need] for need in run.needs if need in ids)
            params = {key: value for key, value in run.params.items() if key not in OF_ONE_TRY}
            for name in BUILT_ON.values():
                if params.get(name) in ids:
                    params[name] = ids[params[name]]
            if run.stage is Stage.COMBINE:
                params["with"] = [*params.get("with", ()), *(need for need in run.needs if need in done)]
            self._add(run.stage, params, needs=needs, run_id=ids[run.id], shown=run.shown)

    def _steps(
        self, stage: Stage, steps: Sequence[str], params: Mapping[str, Any], needs: tuple[str, ...]
    ) -> StageRun:
        """The vendor's own steps, each of which needs the one before; gives the last."""
        for step in map(Stage, steps):
            run = self._add(step, params, needs=needs, shown=step is stage)
            needs = (run.id,)
            if step in BUILT_ON:
                params = {**params, BUILT_ON[step]: run.id}
        return run

    def _add(
        self,
        stage: Stage,
        params: Mapping[str, Any],
        *,
        needs: tuple[str, ...],
        run_id: str | None = None,
        shown: bool | None = None,
    ) -> StageRun:
        local = is_local(stage, params)
        shown = stage is not Stage.COMBINE if shown is None else shown
        run = StageRun(
            id=run_id or self.ids.new(),
            job_id=self.job_id,
            model_id=self.model_id,
            account_id=self.account_id,
            position=len(self.runs),
            stage=stage,
            shown=shown,
            needs=needs,
            price=self._price(stage, params) if shown and not local else 0,
            state=RunState.PLANNED if needs else RunState.QUEUED,
            provider=LOCAL if local else self.provider.name,
            credential=OWNER_KEY if local else self.credential,
            params=params,
            created_at=self.now,
            queued_at=None if needs else self.now,
        )
        self.runs.append(run)
        return run

    def _price(self, stage: Stage, params: Mapping[str, Any]) -> int:
        """Nothing for what a member pays with their own key."""
        if self.credential != OWNER_KEY:
            return 0
        return self.rules.price(stage, self.provider.name) * max(1, len(clips_of(stage, params)))


def is_local(stage: Stage, params: Mapping[str, Any]) -> bool:
    """Whether a run is our own work."""
    return stage in {Stage.COMBINE, Stage.OPTIMISE} or params.get("format") in OUR_FORMATS


def with_dependents(runs: list[StageRun], failed: StageRun, now: int) -> list[StageRun]:
    """A failed run, what is to be done anew before it, and what was skipped because of it, in order."""
    failed_ids = {failed.id}
    helpers = {run.id for run in runs if run.id in failed.needs and _is_stale(run, now)}
    for run in runs:
        held_up = run.state is RunState.SKIPPED or run.stage is Stage.COMBINE
        if held_up and failed_ids & set(run.needs):
            failed_ids.add(run.id)
    return [run for run in runs if run.id in failed_ids | helpers]


def _is_stale(helper: StageRun, now: int) -> bool:
    """A check costs nothing and is made anew; a lighter copy is with the vendor alone, for some days."""
    if helper.stage is Stage.REMESH:
        return helper.task_expires_at is not None and helper.task_expires_at <= now
    return helper.stage is Stage.RIG_CHECK


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


def clips_of(stage: Stage, params: Mapping[str, Any]) -> tuple[str, ...]:
    """The clips that a run is to play, in order; none for other stages."""
    return tuple(params["clips"]) if stage is Stage.ANIMATE else ()


def batched(things: Sequence[Thing], size: int) -> list[Sequence[Thing]]:
    """In pieces of at most ``size``, in order."""
    return [things[start : start + size] for start in range(0, len(things), size)]


def rig_facts(rig: StageRun | None) -> dict[str, Any]:
    """What the vendor said of a rig; empty before there is one."""
    facts: dict[str, Any] = rig.result.get("facts", {}) if rig else {}
    return facts
