"""Work of our own: no vendor, no price. Clips put together, copies for printers, lighter copies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import structlog

from bot.files import lighter, printing
from bot.files.errors import ToolFailed
from bot.files.formats import TYPES
from bot.files.glb import check_glb
from bot.jobs.collecting import GLB, Collector
from bot.jobs.scratch import read_pieces
from storage.database import Database
from storage.models import Artifact, ArtifactKind, Model, Stage, StageRun

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handiwork:
    """Does it; programs that take much run one at a time."""

    db: Database
    collector: Collector
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def do(self, run: StageRun) -> list[Artifact]:
        """What comes of a run of ours.

        Raises:
            CannotCombine, BrokenGlb, ToolFailed: it will not work.
            StorageError, OSError: may go better the next time.
        """
        async with self.db.read() as tx:
            model = await tx.models.get(run.model_id)
        works: Mapping[Stage, Callable[[Model, StageRun], Awaitable[list[Artifact]]]] = {
            Stage.COMBINE: self._combine,
            Stage.CONVERT: self._print,
            Stage.OPTIMISE: self._lighten,
        }
        return await works[run.stage](model, run) if model else []

    async def _combine(self, model: Model, run: StageRun) -> list[Artifact]:
        made_by = (*run.params.get("with", ()), *run.needs)
        async with self.db.read() as tx:
            files = [file for maker in made_by for file in await tx.artifacts.of_run(maker)]
        return await self.collector.combine(
            model, run, [file for file in files if file.kind is ArtifactKind.MODEL]
        )

    async def _print(self, model: Model, run: StageRun) -> list[Artifact]:
        kind = run.params["format"]
        async with self._source(run) as (source, path):
            out = path.with_name(f"out.{kind}")
            async with self._one:
                printed = await printing.for_print(path, out)
            facts = {**asdict(printed), "millimetres": list(printed.millimetres), "copy": kind}
            return [await self._keep(model, run, source, out, f".{kind}", TYPES[kind], facts)]

    async def _lighten(self, model: Model, run: StageRun) -> list[Artifact]:
        """Each copy is checked like a vendor's file. One that is no lighter is no use."""
        copies = []
        async with self._source(run) as (source, path):
            for way in lighter.WAYS:
                out = path.with_name(f"{way.mark}.glb")
                async with self._one:
                    await lighter.lighten(path, out, way)
                limit = self.collector.rules.model_bytes
                told = asdict(await asyncio.to_thread(check_glb, out, limit=limit))
                if told["size"] >= source.size:
                    log.info("no_lighter", run=run.id, way=way.mark)
                    continue
                facts = {**told, "clips": list(told["clips"]), "copy": "optimise"}
                facts["share"] = _share(told, source, way)
                copies.append(await self._keep(model, run, source, out, f"-{way.mark}.glb", GLB, facts))
        if not copies:
            raise ToolFailed("nothing became lighter")
        return copies

    async def _keep(
        self,
        model: Model,
        run: StageRun,
        source: Artifact,
        path: Path,
        ending: str,
        content_type: str,
        facts: dict[str, Any],
    ) -> Artifact:
        name = f"{source.name.removesuffix('.glb')}{ending}"
        told = {**facts, "of": run.params["file"], "stage": run.stage.value}
        return await self.collector.keep(
            model, run, ArtifactKind.COPY, name, content_type, read_pieces(path), told
        )

    @asynccontextmanager
    async def _source(self, run: StageRun) -> AsyncIterator[tuple[Artifact, Path]]:
        """The file that a run works on, on disk."""
        async with self.db.read() as tx:
            files = await tx.artifacts.of_run(run.params["source_run"])
        source = next((file for file in files if file.id == run.params["file"]), None)
        if source is None:
            raise ToolFailed("its file is gone")
        async with self.collector.scratch.room() as room:
            path = room / "model.glb"
            await self.collector.scratch.get(source.key, path)
            yield source, path


def _share(told: Mapping[str, Any], source: Artifact, way: lighter.Way) -> int | None:
    """Percent of the faces that there really are; the program leaves more where fewer would be seen."""
    had = source.facts.get("triangles")
    return round(100 * told["triangles"] / had) if way.share is not None and had else None
