"""What every object store can do: streams in, streams and links out, under plain keys.

A key is written once and for all: putting it again replaces the whole object, and an
object is there in full or not at all. Every method raises only ``StoreError``; what a
caller's own stream raises passes through as it is.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from storage.errors import KeyRefused, ObjectTooLarge

_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"
_KEY = re.compile(rf"{_NAME}(/{_NAME}){{0,7}}")

PROBE_KEY = "probe/maquette.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What was put."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An object as a list tells of it."""

    key: str
    size: int
    stored_at: int
    """By the store's own clock (ms since 1970 UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """An upload that was begun and not ended."""

    name: str
    """The key that it is for, where the store knows it."""
    token: str = field(repr=False)
    """By which the store knows the upload."""
    size: int | None
    """Bytes that lie there already; ``None`` where the store does not say."""
    begun_at: int
    """By the store's own clock (ms since 1970 UTC)."""


class Aspect(StrEnum):
    """What ``probe`` looks at."""

    EXISTS = "exists"
    WRITABLE = "writable"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one aspect of a store stands."""

    aspect: Aspect
    ok: bool
    detail: str = ""
    """For the owner: what the store said. Never a key or a link."""


class ObjectStore(Protocol):
    """A place for files."""

    async def put(self, key: str, stream: AsyncIterator[bytes], *, content_type: str, limit: int) -> Stored:
        """Keep a stream; over ``limit`` bytes, on any error and when cancelled, nothing of it stays."""
        ...

    def open(self, key: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """A context in which the bytes can be read in order, once."""
        ...

    async def link(self, key: str, *, ttl_seconds: int, filename: str, content_type: str) -> str | None:
        """An address that gives the object to whoever has it, until it expires; ``None``: no way to have one.

        Does not ask whether there is such an object.
        """
        ...

    async def size(self, key: str) -> int | None:
        """Bytes of an object; ``None`` where there is none."""
        ...

    async def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        ...

    def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """All keys that begin so, in order; with ``""`` every one."""
        ...

    def listing(self, prefix: str = "") -> AsyncIterator[Listed]:
        """All objects whose keys begin so, in the order of their keys; memory does not grow with them."""
        ...

    def unfinished(self) -> AsyncIterator[Unfinished]:
        """Uploads left half done, and those under way at this moment."""
        ...

    async def give_up(self, upload: Unfinished) -> None:
        """End an upload and free what it holds; one that is no more is no error."""
        ...

    async def abort_stale_uploads(self) -> int:
        """Remove what earlier lives of this program left half done, before the first ``put`` of this one."""
        ...

    async def probe(self) -> list[Finding]:
        """Is it there, can we write, and is it closed to strangers?"""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class Meter:
    """Counts and hashes a stream on its way, and stops it at the limit."""

    def __init__(self, store: str, key: str, limit: int) -> None:
        self._store = store
        self._key = key
        self._limit = limit
        self._size = 0
        self._hash = hashlib.sha256()

    async def blocks(self, stream: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
        """The stream again, in blocks of ``size`` bytes and a last one; of nothing, one empty block.

        None is kept here once it is given away.
        """
        block = bytearray()
        async for piece in stream:
            self._size += len(piece)
            if self._size > self._limit:
                raise ObjectTooLarge(self._store, self._key, self._limit)
            block += piece
            while len(block) > size:
                yield await self._hashed(_cut(block, size))
        yield await self._hashed(bytes(block))

    def stored(self) -> Stored:
        """What went by."""
        return Stored(size=self._size, sha256=self._hash.hexdigest())

    async def _hashed(self, block: bytes) -> bytes:
        await asyncio.to_thread(self._hash.update, block)  # some milliseconds for a large one
        return block


def _cut(block: bytearray, size: int) -> bytes:
    """Take the first ``size`` bytes out."""
    with memoryview(block) as whole:
        first = bytes(whole[:size])
    del block[:size]
    return first


async def probe_stream() -> AsyncIterator[bytes]:
    """What ``probe`` writes under ``PROBE_KEY``, and removes."""
    yield b"Maquette tried whether it can write here."


def require_plain(store: str, key: str) -> None:
    """Raises ``KeyRefused`` unless the key is a relative path of plain names, none of them hidden."""
    if not is_plain(key):
        raise KeyRefused(store, key)


def is_plain(key: str) -> bool:
    """Whether a store would take this key; another's objects may have other names."""
    return _KEY.fullmatch(key) is not None
