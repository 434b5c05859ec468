"""Objects as files in a folder, with links that the bot's own site honours.

A file appears under its name only when all of it is on the disk. Reading and writing
is done in threads.
"""

import asyncio
import contextlib
import errno
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar
from urllib.parse import quote

from storage.errors import (
    ObjectNotFound,
    StoreError,
    StoreForbidden,
    StoreFull,
    StoreMissing,
    StoreUnavailable,
)
from storage.objects.base import (
    PROBE_KEY,
    Aspect,
    Finding,
    Listed,
    Meter,
    Stored,
    Unfinished,
    probe_stream,
    require_plain,
)
from storage.objects.tickets import Ticket, Tickets

BLOCK = 1024 * 1024
DRAFTS = ".drafts"  # no key begins with a dot
PAGE = 500
"""Files looked at in one go when they are listed."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is not there yet."""

    file: BinaryIO
    path: Path

    def publish(self, target: Path) -> None:
        """All bytes to the disk, then the name, then the name to the disk too."""
        self.file.flush()
        os.fsync(self.file.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self) -> None:
        """Leave nothing, unless it was published."""
        with contextlib.suppress(OSError):  # what could not be written before cannot be on closing either
            self.file.close()
        self.path.unlink(missing_ok=True)


class LocalStore:
    """A folder. Without ``public_url`` (where the bot's site is reached) there are no links."""

    def __init__(
        self, folder: Path, *, signing_key: bytes, now: Callable[[], int], public_url: str | None = None
    ) -> None:
        self._folder = folder
        self._drafts = folder / DRAFTS
        self._name = str(folder)
        self._now = now
        self._public_url = public_url and public_url.rstrip("/")
        self._tickets = Tickets(signing_key)

    async def put(self, key: str, stream: AsyncIterator[bytes], *, content_type: str, limit: int) -> Stored:  # noqa: ARG002 -- a file has no type of its own; links carry it
        """Keep a stream; over ``limit`` bytes, on any error and when cancelled, nothing of it stays."""
        target = self.path(key)
        meter = Meter(self._name, key, limit)
        draft = await self._disk(self._new_draft)
        try:
            async for block in meter.blocks(stream, BLOCK):
                await self._disk(draft.file.write, block)
            await self._disk(draft.publish, target)
        finally:
            await asyncio.shield(self._disk(draft.discard))
        return meter.stored()

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """A context in which the bytes can be read in order, once."""
        path = self.path(key)
        try:
            file = await self._disk(path.open, "rb")
        except StoreMissing as error:
            raise ObjectNotFound(self._name, key) from error
        try:
            yield self._read(file)
        finally:
            await asyncio.shield(self._disk(file.close))

    async def link(self, key: str, *, ttl_seconds: int, filename: str, content_type: str) -> str | None:
        """An address under the bot's site; ``None`` where the site has no public address."""
        require_plain(self._name, key)
        if self._public_url is None:
            return None
        ticket = Ticket(
            key=key, filename=filename, content_type=content_type, expires_at=self._now() + ttl_seconds * 1000
        )
        # The name is for whoever judges a file by its address, as some vendors do.
        return f"{self._public_url}/files/{self._tickets.sign(ticket)}/{quote(filename)}"

    def verify(self, token: str, now: int) -> Ticket | None:
        """What a link's token stands for; ``None`` if forged, changed or expired."""
        ticket = self._tickets.read(token)
        return ticket if ticket and now < ticket.expires_at else None

    def path(self, key: str) -> Path:
        """Where the object's file is, if there is one; raises ``KeyRefused`` if that is not in the folder."""
        require_plain(self._name, key)
        return self._folder / key

    async def size(self, key: str) -> int | None:
        """Bytes of an object; ``None`` where there is none."""
        path = self.path(key)
        try:
            return (await self._disk(path.stat)).st_size
        except StoreMissing:
            return None

    async def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        path = self.path(key)
        await self._disk(_remove, path, self._folder)

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """All keys that begin so, in order; with ``""`` every one."""
        async for listed in self.listing(prefix):
            yield listed.key

    async def listing(self, prefix: str = "") -> AsyncIterator[Listed]:
        """All objects whose keys begin so, in the order of their keys; one folder's names are in memory."""
        found = _below(self._folder, "", prefix)
        while page := await self._disk(list, islice(found, PAGE)):
            for listed in page:
                yield listed

    async def unfinished(self) -> AsyncIterator[Unfinished]:
        """Drafts, which have no key yet."""
        for draft in await self._disk(_drafts_in, self._drafts):
            yield draft

    async def give_up(self, upload: Unfinished) -> None:
        """Remove a draft; one that is no more is no error."""
        await self._disk((self._drafts / upload.token).unlink, missing_ok=True)

    async def abort_stale_uploads(self) -> int:
        """Remove drafts that an earlier life of this program left."""
        stale = [draft async for draft in self.unfinished()]
        for draft in stale:
            await self.give_up(draft)
        return len(stale)

    async def probe(self) -> list[Finding]:
        """Is it there, and can we write? It is as private as the folder."""
        try:
            await self.put(PROBE_KEY, probe_stream(), content_type="text/plain", limit=100)
            await self.delete(PROBE_KEY)
        except StoreError as error:
            return [Finding(aspect=Aspect.WRITABLE, ok=False, detail=error.detail)]
        return [Finding(aspect=aspect, ok=True) for aspect in Aspect]

    async def aclose(self) -> None:
        """Nothing is held."""

    async def _read(self, file: BinaryIO) -> AsyncIterator[bytes]:
        while block := await self._disk(file.read, BLOCK):
            yield block

    def _new_draft(self) -> Draft:
        self._drafts.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._drafts)
        return Draft(os.fdopen(handle, "wb"), Path(name))

    async def _disk(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a thread; the disk's errors become ours."""
        try:
            return await asyncio.to_thread(work, *args, **kwargs)
        except OSError as error:
            raise _translated(self._name, error) from error


def _below(folder: Path, at: str, prefix: str) -> Iterator[Listed]:
    """The files under keys that begin with ``at`` and with ``prefix``, in the order of their keys."""
    for name in _names(folder):
        key, path = at + name, folder / name
        if name.endswith("/"):
            if key.startswith(prefix) or prefix.startswith(key):
                yield from _below(path, key, prefix)
        elif key.startswith(prefix):
            with contextlib.suppress(FileNotFoundError):  # it was deleted meanwhile
                yield _listed(key, path.stat())


def _names(folder: Path) -> list[str]:
    """What lies in a folder, in the order of keys: a slash behind a folder's name counts."""
    try:
        with os.scandir(folder) as entries:
            plain = (entry for entry in entries if not entry.name.startswith("."))
            return sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in plain)
    except FileNotFoundError:  # nothing was put yet, or the last file was deleted meanwhile
        return []


def _listed(key: str, facts: os.stat_result) -> Listed:
    return Listed(key=key, size=facts.st_size, stored_at=facts.st_mtime_ns // 1_000_000)


def _drafts_in(folder: Path) -> list[Unfinished]:
    drafts = []
    for path in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):  # it has its name now, or was discarded
            facts = path.stat()
            begun_at = facts.st_mtime_ns // 1_000_000
            name = f"{folder.name}/{path.name}"
            drafts.append(Unfinished(name=name, token=path.name, size=facts.st_size, begun_at=begun_at))
    return drafts


def _remove(path: Path, root: Path) -> None:
    """The file, and the folders that it leaves empty."""
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:  # something else is in it, or just moved in
            return


def _translated(name: str, error: OSError) -> StoreError:
    detail = error.strerror or ""
    if error.errno in _FULL:
        return StoreFull(name, detail)
    if error.errno in _FORBIDDEN:
        return StoreForbidden(name, detail)
    if isinstance(error, FileNotFoundError):
        return StoreMissing(name, detail)
    return StoreUnavailable(name, detail)
