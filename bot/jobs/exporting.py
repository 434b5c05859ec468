"""A member's models to take along: all files, and a manifest that says what they are.

The manifest comes last and lists what is really in the archive, with each file's size and
SHA-256; a file that our store no longer has is named there as missing. Nobody else's models
are in it, and of a parent that its reader may not know of not even the label.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from bot.files.zips import Entry, zipped
from bot.jobs import lineage
from bot.jobs.clock import Clock
from bot.jobs.text import file_name
from storage.database import Database, Transaction
from storage.lists import ModelFilter, Turn
from storage.models import Artifact, Model, Project, Stage, Visibility
from storage.objects.base import ObjectStore

MANIFEST = "manifest.json"
INBOX_FOLDER = "inbox"
_BATCH = 50
_IN_MEMORY = 1024 * 1024
"""Bytes of a manifest; a longer one waits on the disk."""
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporting:
    """Makes archives."""

    db: Database
    store: ObjectStore
    clock: Clock

    async def archive(
        self, account_id: str, project_id: str | None = None, batch_id: str | None = None
    ) -> AsyncIterator[bytes]:
        """A zip of an account's models, of one project (``INBOX``: of none), one batch, or all of them.

        Raises ``StorageError`` where a file breaks off on the way.
        """
        chosen = ModelFilter(account_id=account_id, project_id=project_id, batch_id=batch_id)
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as manifest:
            async for piece in zipped(self._entries(chosen, manifest)):
                if piece:
                    yield piece

    async def _entries(self, chosen: ModelFilter, manifest: Any) -> AsyncIterator[Entry]:
        made_at = self.clock.now()
        manifest.write(f'{{"version": 1, "made_at": "{_time(made_at)}", "models": ['.encode())
        comma = b"\n"
        async for model in self._models(chosen):
            told, files = await self._told(model)
            for artifact, path in files:
                entry = {"path": path, **_facts(artifact)}
                pieces = self._pieces(artifact, entry, told["files"].append)
                if await self.store.size(artifact.key) is None:
                    told["missing"].append(entry)
                else:
                    yield Entry(path=path, made_at=artifact.created_at, pieces=pieces)
            manifest.write(comma + json.dumps(told, ensure_ascii=False).encode())
            comma = b",\n"
        manifest.write(b"\n]}\n")
        yield Entry(path=MANIFEST, made_at=made_at, pieces=_read(manifest))

    async def _models(self, chosen: ModelFilter) -> AsyncIterator[Model]:
        turn = None
        while True:
            async with self.db.read() as tx:
                page = await tx.listing.newest(chosen, limit=_BATCH, turn=turn)
            for one in page:
                yield one.model
            if len(page) < _BATCH:
                return
            turn = Turn(model=page[-1].model)

    async def _told(self, model: Model) -> tuple[dict[str, Any], list[tuple[Artifact, str]]]:
        """What the manifest says of a model, and its files with their places in the archive."""
        async with self.db.read() as tx:
            project = await tx.projects.get(model.project_id) if model.project_id else None
            told = {
                "label": model.label,
                "name": model.name,
                "prompt": model.prompt,
                "provider": model.provider,
                "project": project.name if project else None,
                "tags": list((await tx.tags.of([model.id])).get(model.id, ())),
                "created_at": _time(model.created_at),
                "public": model.visibility is Visibility.SERVER,
                "parent": await _parent(tx, model),
                "seed": await _seed(tx, model),
                "files": [],
                "missing": [],
            }
            artifacts = await tx.artifacts.of_model(model.id)
        return told, _placed(_folder(model, project), artifacts)

    async def _pieces(
        self, artifact: Artifact, entry: dict[str, Any], written: Callable[[dict[str, Any]], None]
    ) -> AsyncIterator[bytes]:
        async with self.store.open(artifact.key) as stream:
            async for piece in stream:
                yield piece
        written(entry)


async def _parent(tx: Transaction, model: Model) -> str | None:
    parent = await tx.models.get(model.parent_id) if model.parent_id else None
    if parent is None or parent.deleted_at is not None:
        return None
    known = parent.account_id == model.account_id or (
        parent.visibility is Visibility.SERVER and parent.guild_id == model.guild_id
    )
    return parent.label if known else None


async def _seed(tx: Transaction, model: Model) -> int | None:
    """Of the run that made its shape, where that was its member's own."""
    made = await lineage.made_by(tx, model, Stage.GENERATE)
    if made is None or made.account_id != model.account_id:
        return None
    chosen: int | None = made.params.get("seed")
    return chosen if chosen is not None else made.submit_seed


def _folder(model: Model, project: Project | None) -> str:
    shelf = file_name(project.name) if project else INBOX_FOLDER
    return f"{shelf}/{file_name(model.name, model.label)}"


def _placed(folder: str, artifacts: list[Artifact]) -> list[tuple[Artifact, str]]:
    """Each file's place; the second of a name has a number before it."""
    seen: Counter[str] = Counter()
    placed = []
    for artifact in artifacts:
        seen[artifact.name] += 1
        again = f"{seen[artifact.name]}-" if seen[artifact.name] > 1 else ""
        placed.append((artifact, f"{folder}/{again}{artifact.name}"))
    return placed


def _facts(artifact: Artifact) -> dict[str, Any]:
    return {
        "kind": artifact.kind.value,
        "content_type": artifact.content_type,
        "size": artifact.size,
        "sha256": artifact.sha256,
    }


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


async def _read(file: Any) -> AsyncIterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
