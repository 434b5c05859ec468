"""Bringing results home: from the vendor, through the check, into our store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from bot.files.clips import combine_clips, name_clips
from bot.files.errors import BadPicture, BrokenGlb, CannotCombine
from bot.files.formats import TYPES, check_format
from bot.files.glb import GlbFacts, check_glb, strip_extras
from bot.files.picture import check_picture
from bot.jobs.clock import Clock, Ids
from bot.jobs.plan import clips_of
from bot.jobs.rules import Rules
from bot.jobs.scanning import Infected, NotScanned, Scanned, Scanning
from bot.jobs.scratch import Scratch, read_pieces
from bot.jobs.text import file_name
from providers.base import Provider, RemoteFile
from providers.errors import DownloadFailed
from storage.errors import StorageError
from storage.models import Artifact, ArtifactKind, Model, Stage, StageRun

log = structlog.get_logger()

GLB = "model/gltf-binary"
PREVIEW_BYTES = 10 * 1024 * 1024


class NoUsableFile(Exception):
    """The vendor's answer names no GLB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Fetches, checks and stores what runs made."""

    scratch: Scratch
    scanning: Scanning
    clock: Clock
    ids: Ids
    rules: Rules

    async def collect(
        self, provider: Provider, model: Model, run: StageRun, files: Sequence[RemoteFile]
    ) -> list[Artifact]:
        """Store a finished run's GLB, its picture if there is one, and clips that came along.

        Of a draft only the picture is kept: the model comes after it.

        Raises:
            NoUsableFile, BrokenGlb, WrongFormat, Infected: nothing was stored.
            DownloadFailed, StorageError, ProviderError, NotScanned: may go better the next time.
        """
        if run.stage is Stage.CONVERT:
            return [await self._copy(provider, model, run, files)]
        stored = []
        if run.stage is not Stage.DRAFT:
            remote = next((file for file in files if file.kind == "model" and file.extension == ".glb"), None)
            if remote is None:
                raise NoUsableFile([file.extension for file in files])
            stored.append(await self._model(provider, model, run, remote, clips_of(run.stage, run.params)))
        for extra in (file for file in files if file.kind == "clip"):
            stored += await self._extra(provider, model, run, extra)
        preview = next((file for file in files if file.kind == "preview"), None)
        if preview:
            stored += await self._preview(provider, model, run, preview)
        return stored

    async def _model(
        self, provider: Provider, model: Model, run: StageRun, remote: RemoteFile, clips: tuple[str, ...]
    ) -> Artifact:
        async with self.scratch.room() as room:
            path = room / "model.glb"
            async with provider.fetch(remote, limit=self.rules.model_bytes) as stream:
                await self.scratch.save(stream, path)
            scanned = await self.scanning.look(read_pieces(path), what="model", run=run.id)
            path = await asyncio.to_thread(
                strip_extras, path, room / "bare.glb", limit=self.rules.model_bytes
            )
            facts = await asyncio.to_thread(check_glb, path, limit=self.rules.model_bytes)
            if clips and facts.clips != clips:
                limit = self.rules.model_bytes
                path, facts = await asyncio.to_thread(_named, path, room / "named.glb", clips, limit)
            return await self._store_glb(model, run, path, facts, clips, scanned)

    async def _copy(
        self, provider: Provider, model: Model, run: StageRun, files: Sequence[RemoteFile]
    ) -> Artifact:
        """The model in another format; some vendors pack what belongs to it into an archive."""
        wanted = (f".{run.params['format']}", ".zip")
        found = [file for kind in wanted for file in files if (file.kind, file.extension) == ("model", kind)]
        if not found:
            raise NoUsableFile([file.extension for file in files])
        remote = found[0]
        kind = remote.extension.removeprefix(".")
        async with self.scratch.room() as room:
            path = room / "copy"
            async with provider.fetch(remote, limit=self.rules.model_bytes) as stream:
                await self.scratch.save(stream, path)
            await asyncio.to_thread(check_format, path, kind)
            scanned = await self.scanning.look(read_pieces(path), what="model", run=run.id)
            told = {"copy": run.params["format"], "of": run.params["file"], "stage": run.stage.value}
            told |= {"scan": scanned.value} if scanned else {}
            name = f"{file_name(model.name, *(run.params['format'],) * (kind == 'zip'))}.{kind}"
            return await self.keep(model, run, ArtifactKind.COPY, name, TYPES[kind], read_pieces(path), told)

    async def _extra(
        self, provider: Provider, model: Model, run: StageRun, remote: RemoteFile
    ) -> list[Artifact]:
        """A clip that came along with a rig. Nobody asked for it, so nothing fails without it."""
        try:
            return [await self._model(provider, model, run, remote, (remote.clip,))]
        except (DownloadFailed, BrokenGlb, StorageError, Infected, NotScanned) as error:
            log.warning("clip_not_kept", run=run.id, clip=remote.clip, reason=type(error).__name__)
            return []

    async def combine(self, model: Model, run: StageRun, clips: Sequence[Artifact]) -> list[Artifact]:
        """One GLB with the clips of several.

        Raises:
            CannotCombine: they do not share a rig.
            StorageError: may go better the next time.
        """
        names = [_clip_names(artifact) for artifact in clips]
        async with self.scratch.room() as room:
            paths = [room / f"{index}.glb" for index in range(len(clips))]
            for artifact, path in zip(clips, paths, strict=True):
                await self.scratch.get(artifact.key, path)
            out = room / "all.glb"
            facts = await asyncio.to_thread(combine_clips, paths, names, out, limit=self.rules.model_bytes)
            return [await self._store_glb(model, run, out, facts, ())]

    async def _store_glb(
        self,
        model: Model,
        run: StageRun,
        path: Path,
        facts: GlbFacts,
        clips: tuple[str, ...],
        scanned: Scanned | None = None,
    ) -> Artifact:
        marks = {Stage.RIG: ("rigged",), Stage.COMBINE: ("all", "clips")}
        name = f"{file_name(model.name, *(clips or marks.get(run.stage, ())))}.glb"
        stage = Stage.ANIMATE if set(clips) & set(run.params.get("clips", ())) else run.stage
        told: dict[str, Any] = {**asdict(facts), "clips": list(facts.clips), "stage": stage.value}
        if len(clips) == 1:
            told["clip"] = clips[0]
        if scanned:
            told["scan"] = scanned.value
        made = await self.keep(model, run, ArtifactKind.MODEL, name, GLB, read_pieces(path), told)
        return replace(made, film_due_at=made.created_at)

    async def _preview(
        self, provider: Provider, model: Model, run: StageRun, remote: RemoteFile
    ) -> list[Artifact]:
        """The vendor's picture, kept with us. A model without one is still a model."""
        try:
            async with provider.fetch(remote, limit=PREVIEW_BYTES) as stream:
                data = b"".join([piece async for piece in stream])
            scanned = await self.scanning.look(_once(data), what="preview", run=run.id)
            facts = await asyncio.to_thread(check_picture, data)
            name = f"{file_name(model.name)}{facts.extension}"
            told = {"width": facts.width, "height": facts.height, "stage": run.stage.value}
            told |= {"scan": scanned.value} if scanned else {}
            return [
                await self.keep(model, run, ArtifactKind.PREVIEW, name, facts.content_type, _once(data), told)
            ]
        except (BadPicture, DownloadFailed, StorageError, Infected, NotScanned) as error:
            log.warning("preview_left_out", run=run.id, reason=type(error).__name__)
            return []

    async def keep(
        self,
        model: Model,
        run: StageRun,
        kind: ArtifactKind,
        name: str,
        content_type: str,
        stream: AsyncIterator[bytes],
        facts: dict[str, Any],
    ) -> Artifact:
        """Store one file of a run.

        Raises:
            StorageError.
        """
        key = f"models/{model.id}/{run.id}/{name}"
        stored = await self.scratch.store.put(
            key, stream, content_type=content_type, limit=self.rules.model_bytes
        )
        return Artifact(
            id=self.ids.new(),
            model_id=model.id,
            run_id=run.id,
            kind=kind,
            key=key,
            name=name,
            content_type=content_type,
            size=stored.size,
            sha256=stored.sha256,
            facts=facts,
            created_at=self.clock.now(),
        )


def _clip_names(artifact: Artifact) -> tuple[str, ...]:
    """By our name for a file's only clip, which the file itself may not know it by."""
    facts = artifact.facts
    return (facts["clip"],) if "clip" in facts else tuple(facts["clips"])


def _named(path: Path, out: Path, clips: tuple[str, ...], limit: int) -> tuple[Path, GlbFacts]:
    """The file with its clips under our names; as it came where that cannot be done."""
    try:
        return out, name_clips(path, out, clips, limit=limit)
    except CannotCombine:
        return path, check_glb(path, limit=limit)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


def opener(scratch: Scratch, key: str) -> Any:
    """Opens an object of the store anew each time it is called, as an upload wants it."""

    @asynccontextmanager
    async def open_stream() -> AsyncIterator[AsyncIterator[bytes]]:
        async with scratch.store.open(key) as stream:
            yield stream

    return open_stream
