"""How a model was made, so that it can be made again: its order, and its pictures once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.jobs import lineage
from bot.jobs.checking import cleaned
from bot.jobs.errors import NoSuchModel
from bot.jobs.orders import Asker, GenerateOrder, Picture, RemeshOrder, RetextureOrder
from bot.jobs.pictures import Pictures
from bot.jobs.proposals import shown
from bot.jobs.proposing import visible
from bot.jobs.states import newest_of
from storage.database import Database, Transaction
from storage.models import ArtifactKind, Job, Model, RunState, Stage, StageRun
from storage.objects.base import ObjectStore

LOOKED_AT = 20
"""Models of the same words that are compared, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """Reads orders back, and copies pictures for new ones."""

    db: Database
    store: ObjectStore
    pictures: Pictures

    async def order(
        self, asker: Asker, model_id: str, *, seed: bool = False
    ) -> GenerateOrder | RetextureOrder | RemeshOrder:
        """The order that made a model's shape, to be given anew, without its pictures.

        A ``seed`` that was chosen belongs to just the same request, and to no other.

        Raises:
            NoSuchModel: also for a model that no order of ours made.
        """
        made, job = await self._made(asker, model_id)
        if made.stage is not Stage.GENERATE:
            return await self._remade(made)
        return GenerateOrder(
            prompt=made.params["prompt"],
            negative_prompt=made.params["negative_prompt"],
            picture_count=sum(picture is not None for picture in made.params["pictures"]),
            style=made.params["style"],
            polycount=made.params["polycount"],
            rig=bool(job.request.get("rig")),
            seed=made.params["seed"] if seed else None,
            clips=tuple(job.request.get("clips", ())),
            provider=job.request.get("provider"),
        )

    async def made_before(self, asker: Asker, order: GenerateOrder) -> Model | None:
        """The asker's newest model that the very same request made: vendor, options, seed and pictures.

        Raises:
            JobError: the order is none.
        """
        asked = shown(cleaned(order))
        hashes = [picture.sha256 if picture else None for picture in order.pictures]
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            models = await tx.models.of_prompt(account.id, asked["prompt"], LOOKED_AT) if account else []
            for model in models:
                runs = [run for run in await tx.runs.of_model(model.id) if run.stage is Stage.GENERATE]
                made = next((run for run in runs if run.state is RunState.DONE), None)
                job = await tx.jobs.get(made.job_id) if made else None
                if made and job and _same(job.request, asked) and _hashes(made) == hashes:
                    return model
        return None

    async def copies_of_pictures(self, asker: Asker, model_id: str) -> tuple[Picture | None, ...]:
        """The pictures that a model was made from, copied for another order.

        Raises:
            NoSuchModel.
            StorageError: they cannot be read or written.
        """
        made, _ = await self._made(asker, model_id)
        pictures = [Picture(**data) if data else None for data in made.params.get("pictures", ())]
        return tuple([await self.pictures.copy(picture) if picture else None for picture in pictures])

    async def picture_of(self, asker: Asker, model_id: str) -> Picture:
        """The stored picture of a model, copied, to make another model after it.

        Raises:
            NoSuchModel: also where it has none.
            PictureUnusable: it is none that vendors take.
            StorageError: it cannot be read or written.
        """
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            model = await visible(tx, asker, account, model_id)
            still = newest_of(await tx.artifacts.of_model(model.id), ArtifactKind.PREVIEW)
        if still is None:
            raise NoSuchModel
        async with self.store.open(still.key) as stream:
            data = b"".join([piece async for piece in stream])
        return await self.pictures.keep(data, still.name)

    async def _made(self, asker: Asker, model_id: str) -> tuple[StageRun, Job]:
        """The run that made a model's shape, or tried to, and its job."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            model = await visible(tx, asker, account, model_id)
            made = await lineage.shape(tx, model) or await _tried(tx, model)
            job = await tx.jobs.get(made.job_id) if made else None
        if made is None or job is None:
            raise NoSuchModel
        return made, job

    async def _remade(self, made: StageRun) -> RetextureOrder | RemeshOrder:
        async with self.db.read() as tx:
            model = await tx.models.get(made.model_id)
        if model is None or model.parent_id is None:
            raise NoSuchModel
        if made.stage is Stage.REMESH:
            return RemeshOrder(model_id=model.parent_id, faces=made.params["polycount"])
        return RetextureOrder(model_id=model.parent_id, words=made.params["prompt"])


def _same(request: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Pictures are compared by what is in them."""
    return all(request.get(name) == value for name, value in asked.items() if name != "pictures")


def _hashes(made: StageRun) -> list[str | None]:
    return [picture["sha256"] if picture else None for picture in made.params["pictures"]]


async def _tried(tx: Transaction, model: Model) -> StageRun | None:
    """The run of a model that came to nothing: Again works there too."""
    runs = [run for run in await tx.runs.of_model(model.id) if run.shown and run.stage in lineage.SHAPES]
    return max(runs, key=lambda run: run.created_at, default=None)
