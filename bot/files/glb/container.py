"""The container around a GLB's JSON and bytes (section 4.4), read without trust and written."""

import json
import mmap
import os
import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.files.errors import BrokenGlb, Rule

Bytes = mmap.mmap | bytes
"""A file's content; slices of it are copies, so they are kept small."""

_HEADER = struct.Struct("<4sII")
_CHUNK = struct.Struct("<II")
_JSON_CHUNK = 0x4E4F534A
_BIN_CHUNK = 0x004E4942

_JSON_BYTES = 8 * 1024 * 1024
_JSON_DEPTH = 32
_JSON_VALUES = 250_000
"""A value may cost Python 250 bytes; a figure of a hundred joints with a dozen clips has half as many."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_SOME_STRINGS = re.compile(rb'(?:[^"]*+"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)){1,1000}+', re.DOTALL)
_WILD_NUMBER = re.compile(rb"[0-9]{64}|[eE]\+?[0-9]{3}")
"""Numbers whose size alone is work, or that become infinite: no model has such."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_OPENERS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A GLB taken apart; ``start`` and ``length`` say where its binary chunk lies in ``data``."""

    document: dict[str, Any]
    data: Bytes
    start: int
    length: int

    def let_go(self) -> None:
        """Give up the pages that were read: they are the file's, and would be counted as our memory."""
        if isinstance(self.data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self.data.madvise(mmap.MADV_DONTNEED)


@contextmanager
def open_glb(path: Path, *, limit: int) -> Iterator[Container]:
    """Take the file apart; raises ``BrokenGlb``. The bytes can be read until the context ends."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise BrokenGlb(Rule.TOO_LARGE, f"{size} bytes, limit {limit}")
        if size < _HEADER.size + _CHUNK.size:
            raise BrokenGlb(Rule.NOT_A_GLB, f"{size} bytes")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield _take_apart(data)


def write_glb(out: BinaryIO, document: dict[str, Any], parts: Sequence[bytes | memoryview]) -> None:
    """Write a GLB whose binary chunk is the parts one after the other, padded to four bytes."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    length = sum(len(part) for part in parts)
    padding = bytes(-length % 4)
    total = _HEADER.size + 2 * _CHUNK.size + len(text) + length + len(padding)
    out.write(_HEADER.pack(b"glTF", 2, total) + _CHUNK.pack(len(text), _JSON_CHUNK) + text)
    out.write(_CHUNK.pack(length + len(padding), _BIN_CHUNK))
    out.writelines((*parts, padding))


def _take_apart(data: mmap.mmap) -> Container:
    size = len(data)
    magic, version, declared = _HEADER.unpack_from(data)
    if magic != b"glTF":
        raise BrokenGlb(Rule.NOT_A_GLB, f"begins with {magic!r}")
    if version != 2:  # noqa: PLR2004 - the only version there is
        raise BrokenGlb(Rule.VERSION, f"container version {version}")
    if declared != size:
        raise BrokenGlb(Rule.LENGTH, f"declares {declared} bytes, has {size}")
    text_start, text_length = _chunk(data, _HEADER.size, _JSON_CHUNK)
    end = text_start + text_length
    start, length = (end, 0) if end == size else _chunk(data, end, _BIN_CHUNK)
    if start + length != size:
        raise BrokenGlb(Rule.CHUNKS, "something follows the binary chunk")
    if text_length > _JSON_BYTES:
        raise BrokenGlb(Rule.JSON_TOO_LARGE, f"{text_length} bytes of JSON")
    return Container(document=_parse(data[text_start:end]), data=data, start=start, length=length)


def _chunk(data: mmap.mmap, offset: int, expected: int) -> tuple[int, int]:
    """Start and length of the chunk whose head lies at ``offset``."""
    start = offset + _CHUNK.size
    if start > len(data):
        raise BrokenGlb(Rule.CHUNKS, f"no room for a chunk at {offset}")
    length, kind = _CHUNK.unpack_from(data, offset)
    if kind != expected:
        raise BrokenGlb(Rule.CHUNKS, f"chunk of type {kind:#x} at {offset}")
    if length % 4 or start + length > len(data):
        raise BrokenGlb(Rule.CHUNKS, f"chunk of {length} bytes at {offset}")
    return start, length


def _parse(text: bytes) -> dict[str, Any]:
    _refuse_monsters(text)
    try:
        document = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BrokenGlb(Rule.JSON, f"{type(error).__name__}: {str(error)[:100]}") from error
    if not isinstance(document, dict):
        raise BrokenGlb(Rule.SHAPE, "the JSON is no object")
    if _SURROGATE.search(text):
        _refuse_halves(document)
    return document


def _refuse_halves(document: dict[str, Any]) -> None:
    """Half a surrogate pair, spelled out, is no text: it could not be written, here or in a database."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BrokenGlb(Rule.JSON, "half a surrogate pair") from error


def _refuse_monsters(text: bytes) -> None:
    """Look at the size of what parsing would make, in time that grows with the text alone."""
    bare = _without_strings(text)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > _JSON_VALUES:
        raise BrokenGlb(Rule.JSON_TOO_LARGE, f"more than {_JSON_VALUES} values")
    if _WILD_NUMBER.search(bare):
        raise BrokenGlb(Rule.JSON, "a number out of all proportion")
    brackets = bare.translate(_OPENERS, _NOT_BRACKETS)
    for _ in range(_JSON_DEPTH):  # each round takes the innermost level away
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise BrokenGlb(Rule.JSON_TOO_LARGE, f"deeper than {_JSON_DEPTH} levels, or unbalanced")


def _without_strings(text: bytes) -> bytes:
    """The JSON with a mark for each string; some at a time, as a substitution lists all its pieces."""
    bare, start = bytearray(), 0
    while some := _SOME_STRINGS.match(text, start):
        bare += _STRING.sub(b'"', some[0])
        start = some.end()
    return bytes(bare) + text[start:]


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
