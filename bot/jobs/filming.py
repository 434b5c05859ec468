"""Films of finished models: our own pictures of them, made in the background.

What is to be filmed stands in rows, so a restart goes on where the last process was. Only the
best file of a model is filmed, for that is what people see. A file is tried a few times, each
counted before it begins: one that ends the whole process does not do so for ever. No member
waits for any of this, and nobody pays for it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import structlog

from bot.files.errors import FileError
from bot.files.previews.rendering import CannotDraw, NotRendered, Pictures, Unreadable
from bot.jobs.clock import HOUR, MINUTE, SECOND, Clock, Ids
from bot.jobs.scratch import Scratch, read_pieces
from bot.jobs.states import best_model_file
from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.models import Artifact, ArtifactKind

log = structlog.get_logger()

WAITS = (MINUTE, 10 * MINUTE, HOUR)
"""After an attempt that failed, before the next; there are as many, and one more."""
LONGEST_NAP = 5 * MINUTE
AFTER_TROUBLE = MINUTE
"""Pause of everything while the database fails, or after a mistake of ours."""
LARGEST_PICTURE = 8 * 1024 * 1024


class Filmer(Protocol):
    """Who draws."""

    async def prepare(self) -> None:
        """Raises ``CannotDraw``, or ``OSError`` where it may go better later."""
        ...

    async def film(self, model: Path, folder: Path) -> Pictures:
        """Raises ``CannotDraw``, ``Unreadable``, ``NotRendered`` or ``OSError``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filming:
    """Works through models that have no film. ``changed`` is told of every job that looks different then."""

    db: Database
    scratch: Scratch
    filmer: Filmer
    clock: Clock
    ids: Ids
    changed: Callable[[str], None]
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Something may have been stored: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Go on until cancelled; comes back at once where this machine cannot draw."""
        try:
            await self._prepare()
            while True:
                self._woken.clear()
                await self._nap(await self._work())
        except CannotDraw as error:
            log.warning("no_films", reason=error.reason)

    async def run_until_idle(self) -> None:
        """Film all that is due now."""
        while artifact := await self._claim():
            await self._film(artifact)

    async def _prepare(self) -> None:
        """A disk that is full may have room again."""
        while True:
            try:
                return await self.filmer.prepare()
            except OSError as error:
                log.warning("films_wait", reason=type(error).__name__)
                await self.clock.sleep(AFTER_TROUBLE / SECOND)

    async def _work(self) -> int:
        """Film all that is due; gives the milliseconds until the next is."""
        try:
            await self.run_until_idle()
            async with self.db.read() as tx:
                due_at = await tx.artifacts.film_next_due()
        except StorageError as error:
            log.warning("films_wait", reason=type(error).__name__)
            return AFTER_TROUBLE
        except CannotDraw:
            raise
        except Exception:  # a mistake of ours; the attempt is counted
            log.exception("films_broke")
            return AFTER_TROUBLE
        return LONGEST_NAP if due_at is None else min(LONGEST_NAP, max(1, due_at - self.clock.now()))

    async def _nap(self, pause: int) -> None:
        """Until something is due, or was stored."""
        waits = {
            asyncio.ensure_future(self.clock.sleep(pause / SECOND)),
            asyncio.ensure_future(self._woken.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _claim(self) -> Artifact | None:
        """The next to film, with this attempt counted; what is no longer its model's best is let go."""
        now = self.clock.now()
        while True:
            async with self.db.read() as tx:
                if await tx.artifacts.next_to_film(now) is None:
                    return None
            async with self.db.begin() as tx:
                artifact = await tx.artifacts.next_to_film(now)
                if artifact is None:
                    return None
                done = artifact.film_attempts
                if await self._is_best(tx, artifact):
                    due_at = now + WAITS[done] if done < len(WAITS) else None
                    await tx.artifacts.set_film(artifact.id, due_at=due_at, attempts=done + 1)
                    return artifact
                await tx.artifacts.set_film(artifact.id, due_at=None, attempts=done)

    async def _is_best(self, tx: Transaction, artifact: Artifact) -> bool:
        best = best_model_file(await tx.artifacts.of_model(artifact.model_id))
        return best is not None and best.id == artifact.id

    async def _film(self, artifact: Artifact) -> None:
        """A film may fail for what is wrong with the file, with the store, or with this machine's disk."""
        try:
            async with self.scratch.room() as room:
                model = room / "model.glb"
                await self.scratch.get(artifact.key, model)
                pictures = await self.filmer.film(model, room)
                await self._keep(artifact, pictures)
        except CannotDraw:
            raise
        except Unreadable as error:
            log.info("not_filmed", artifact=artifact.id, reason=error.reason)
            async with self.db.begin() as tx:
                await tx.artifacts.set_film(artifact.id, due_at=None, attempts=artifact.film_attempts + 1)
        except (NotRendered, StorageError, OSError) as error:
            reason = str(error) if isinstance(error, FileError) else type(error).__name__
            log.warning(
                "not_filmed_yet", artifact=artifact.id, reason=reason, tried=artifact.film_attempts + 1
            )

    async def _keep(self, artifact: Artifact, pictures: Pictures) -> None:
        """Store what was made, and its rows; where the model was deleted meanwhile, neither.

        The keys follow from the file's: what is left of an attempt that was cut off is
        written over by the next.
        """
        kept = [await self._put(artifact, pictures.film, ArtifactKind.TURNTABLE)]
        if await self._lacks_preview(artifact):
            kept.append(await self._put(artifact, pictures.still, ArtifactKind.PREVIEW))
        jobs = await self._record(artifact, kept)
        if jobs is None:
            for one in kept:
                await self.scratch.store.delete(one.key)
            return
        log.info("filmed", artifact=artifact.id, size=kept[0].size)
        for job_id in jobs:
            self.changed(job_id)

    async def _lacks_preview(self, artifact: Artifact) -> bool:
        async with self.db.read() as tx:
            files = await tx.artifacts.of_model(artifact.model_id)
        return all(file.kind is not ArtifactKind.PREVIEW for file in files)

    async def _put(self, artifact: Artifact, picture: Path, kind: ArtifactKind) -> Artifact:
        ending = picture.suffix
        key = f"{artifact.key.removesuffix('.glb')}{ending}"
        content_type = {".gif": "image/gif", ".webp": "image/webp"}[ending]
        stored = await self.scratch.store.put(
            key, read_pieces(picture), content_type=content_type, limit=LARGEST_PICTURE
        )
        return Artifact(
            id=self.ids.new(),
            model_id=artifact.model_id,
            run_id=artifact.run_id,
            kind=kind,
            key=key,
            name=f"{artifact.name.removesuffix('.glb')}{ending}",
            content_type=content_type,
            size=stored.size,
            sha256=stored.sha256,
            facts={"of": artifact.id, "stage": artifact.facts["stage"]},
            created_at=self.clock.now(),
        )

    async def _record(self, artifact: Artifact, kept: list[Artifact]) -> set[str] | None:
        """Write the rows; gives the jobs that look different now, or ``None`` where the file is gone."""
        async with self.db.begin() as tx:
            if await tx.artifacts.get(artifact.id) is None:
                return None
            for one in kept:
                await tx.artifacts.insert(one)
            await tx.artifacts.set_film(artifact.id, due_at=None, attempts=artifact.film_attempts + 1)
            latest = await tx.jobs.latest_of_model(artifact.model_id)
            run = await tx.runs.get(artifact.run_id) if artifact.run_id else None
            jobs = {one for one in (latest and latest.id, run and run.job_id) if one}
            for job_id in jobs:
                await tx.jobs.bump(job_id)
            return jobs
