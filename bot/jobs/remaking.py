"""What can be made of a finished model: the same shape anew, or copies of its file."""

from collections.abc import Sequence

from bot.files import lighter, printing
from bot.jobs import lineage, rights, text
from bot.jobs.choosing import Wish
from bot.jobs.errors import (
    HasCopy,
    NoFileYet,
    NothingAsked,
    NotInstalled,
    NotYours,
    PolycountOutOfRange,
    PromptTooLong,
    UnknownFormat,
)
from bot.jobs.orders import Asker, ConvertOrder, OptimiseOrder, RemeshOrder, RetextureOrder
from bot.jobs.plan import OUR_FORMATS
from bot.jobs.proposing import Proposal, Proposing, going_on, visible
from bot.jobs.states import best_model_file
from storage.database import Transaction
from storage.models import Account, Artifact, ArtifactKind, Model, StageRun

VENDOR_FORMATS = ("fbx", "obj", "usdz")
FORMATS = (*VENDOR_FORMATS, *OUR_FORMATS)
"""What a model can be converted to, by extension."""


class Remaking(Proposing):
    """Proposals for a new model out of the shape of another, which stays as it is."""

    async def retexture(
        self, tx: Transaction, asker: Asker, account: Account | None, order: RetextureOrder
    ) -> Proposal:
        """Another surface.

        Raises:
            NothingAsked, PromptTooShort, PromptTooLong, NoFileYet, CannotDo.
        """
        words = text.prompt(order.words)
        if not words:
            raise NothingAsked
        model, made = await self._shape(tx, asker, account, order.model_id)
        choice = await self.choosing.best_for(tx, account, order.provider, made, Wish(retexture=True))
        longest = choice.provider.capabilities().prompt_max
        if len(words) > longest:
            raise PromptTooLong(longest, len(words))
        return self.priced(
            order,
            choice,
            request={"kind": "retexture", "words": words},
            plan=lambda planner: planner.retexture(made.id, words),
            parent=model,
        )

    async def remesh(
        self, tx: Transaction, asker: Asker, account: Account | None, order: RemeshOrder
    ) -> Proposal:
        """Fewer faces.

        Raises:
            PolycountOutOfRange: more than the model has, or not what the vendor makes.
            NoFileYet, CannotDo.
        """
        model, made = await self._shape(tx, asker, account, order.model_id)
        choice = await self.choosing.best_for(tx, account, order.provider, made, Wish(remesh=order.faces))
        able = choice.provider.capabilities().remesh
        has = await lineage.triangles(tx, made) or able.stop
        if order.faces not in able or order.faces >= has:
            raise PolycountOutOfRange(able.start, max(able.start, min(able.stop, has) - 1))
        return self.priced(
            order,
            choice,
            request={"kind": "remesh", "polycount": order.faces},
            plan=lambda planner: planner.remesh(made.id, order.faces),
            parent=model,
        )

    async def _shape(
        self, tx: Transaction, asker: Asker, account: Account | None, model_id: str
    ) -> tuple[Model, StageRun]:
        model = await visible(tx, asker, account, model_id)
        made = await lineage.shape(tx, model)
        if made is None:
            raise NoFileYet
        return model, made


class Copying(Proposing):
    """Proposals for copies of a model's best file, to lie beside it."""

    async def convert(
        self, tx: Transaction, asker: Asker, account: Account | None, order: ConvertOrder
    ) -> Proposal:
        """Another format.

        Raises:
            UnknownFormat, NotInstalled, NotYours, NoFileYet, HasCopy, Busy, CannotDo.
        """
        kind = order.format
        if kind not in FORMATS:
            raise UnknownFormat(kind, FORMATS)
        model, file, run_id = await self._file(tx, asker, account, order.model_id, kind)
        if kind in OUR_FORMATS:
            _require(printing.installed(), kind)
            choice = self.ours()
        else:
            made = await tx.runs.get(run_id)
            choice = await self.choosing.best_for(tx, account, None, made, Wish(convert=kind))
        return self.priced(
            order,
            choice,
            request={"kind": "convert", "format": kind},
            plan=lambda planner: planner.convert(run_id, file.id, kind),
            **await going_on(tx, account, model),
        )

    async def optimise(
        self, tx: Transaction, asker: Asker, account: Account | None, order: OptimiseOrder
    ) -> Proposal:
        """Lighter copies.

        Raises:
            NotInstalled, NotYours, NoFileYet, HasCopy, Busy.
        """
        _require(lighter.installed(), "optimise")
        model, file, run_id = await self._file(tx, asker, account, order.model_id, "optimise")
        return self.priced(
            order,
            self.ours(),
            request={"kind": "optimise"},
            plan=lambda planner: planner.optimise(run_id, file.id),
            **await going_on(tx, account, model),
        )

    async def _file(
        self, tx: Transaction, asker: Asker, account: Account | None, model_id: str, kind: str
    ) -> tuple[Model, Artifact, str]:
        """One's own model, its best file, and the run that made it."""
        model = await visible(tx, asker, account, model_id)
        if not rights.owns(account, model):
            raise NotYours
        artifacts = await tx.artifacts.of_model(model.id)
        best = (plain(artifacts) if kind in OUR_FORMATS else None) or best_model_file(artifacts)
        if best is None or best.run_id is None:
            raise NoFileYet
        if any(_is_copy(one, best, kind) for one in artifacts):
            raise HasCopy(kind)
        return model, best, best.run_id


def plain(artifacts: Sequence[Artifact]) -> Artifact | None:
    """The newest file without a skeleton, in which the shape stands as it was made: best for printers."""
    files = [one for one in artifacts if one.kind is ArtifactKind.MODEL and not one.facts.get("joints")]
    return max(files, key=lambda one: (one.created_at, one.id), default=None)


def _require(installed: bool, kind: str) -> None:  # noqa: FBT001 -- the question itself
    if not installed:
        raise NotInstalled(kind)


def _is_copy(artifact: Artifact, of: Artifact, kind: str) -> bool:
    facts = artifact.facts
    return artifact.kind is ArtifactKind.COPY and (facts.get("of"), facts.get("copy")) == (of.id, kind)
