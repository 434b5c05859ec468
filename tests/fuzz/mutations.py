"""Ways to spoil a GLB, in its bytes and in its JSON. All chance comes from one generator."""

import json
import random
import struct
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from typing import Any

from tests.bot.files.building import pack, pack_text

Place = tuple[Any, Any]
"""A container of the document, and the key or index in it."""
NUMBERS = (-1, 0, 1, 2, 3, 255, 256, 5121, 5123, 5125, 5126, 65_535, 65_536, 2**31, 2**32 - 1, 2**53, 10**18)
WORDS = ("", "x", "../x", "data:,x", "SCALAR", "VEC3", "MAT4", "\x00", "\u2028", "é\U0001f3c3", "a" * 5_000)
ODD: tuple[Any, ...] = (None, True, False, 0.5, -0.0, 1e300, [], {}, [[]], {"x": {}}, [0] * 300, *WORDS)
SIGNS = (b"NaN", b"1e999", b"-", b'"', b"\\ud800", b"\xff", b"{", b"]", b"9" * 80, b"//", b"\\u0000", b",")
FLOATS = (float("nan"), float("inf"), float("-inf"), 3.4e38, -0.0, 1e-45)


def spoilt(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A copy with one to four faults in it."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        data = chance.choice(WAYS)(data, others, chance)
    return data


def _bits(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64)) if out else 0):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def _head(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Lies in the words that say how long everything is."""
    if len(data) < 20:
        return data
    out, place = bytearray(data), chance.choice((0, 4, 8, 12, 16))
    struct.pack_into("<I", out, place, chance.choice(NUMBERS[1:]) & 0xFFFFFFFF)
    return bytes(out)


def _cut(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Cut off or longer; sometimes with a length that agrees."""
    end = chance.randrange(len(data) + 1)
    out = bytearray(chance.choice((data[:end], data + data[end:], data[:end] + data[end + 4 :])))
    if chance.random() < 0.7 and len(out) >= 12:
        struct.pack_into("<I", out, 8, len(out))
    return bytes(out)


def _binary(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Other indices, other floats, where the document stays as it is."""
    document, binary = taken_apart(data)
    if document is None or len(binary) < 4:
        return data
    out = bytearray(binary)
    for _ in range(chance.choice((1, 2, 16))):
        place = chance.randrange(len(out) - 3) & ~3
        value = struct.pack("<f", chance.choice(FLOATS)) if chance.random() < 0.5 else chance.randbytes(4)
        out[place : place + 4] = value
    return pack(document, bytes(out))


def _another(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """The document of one file over the bytes of another."""
    document, binary = taken_apart(data)
    _, other = taken_apart(chance.choice(others))
    return data if document is None else pack(document, chance.choice((binary + other, other, b"")))


def _value(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    def change(place: Place) -> None:
        holder, key = place
        old = holder[key]
        near = [old + 1, old - 1, -old, old * 2, old + 4] if type(old) is int else []
        holder[key] = deepcopy(chance.choice([*near, *near, *near, *NUMBERS, *ODD]))

    return _in_document(data, chance, change)


def _removed(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    def remove(place: Place) -> None:
        del place[0][place[1]]

    return _in_document(data, chance, remove)


def _moved(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Something that belongs elsewhere."""
    document, binary = taken_apart(data)
    found = places(document)
    if document is None or not found:
        return data
    (source, name), (target, key) = chance.choice(found), chance.choice(found)
    target[key] = deepcopy(source[name])
    return pack(document, binary)


def _many(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """A list that repeats itself."""
    document, binary = taken_apart(data)
    lists = [holder[key] for holder, key in places(document) if isinstance(holder[key], list) and holder[key]]
    if document is None or not lists:
        return data
    one = chance.choice(lists)
    one.extend(deepcopy(one[-1]) for _ in range(chance.choice((1, 2, 50, 2_000))))
    return pack(document, binary)


def _deep(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    def bury(place: Place) -> None:
        for _ in range(chance.choice((5, 40, 200))):
            place[0][place[1]] = [place[0][place[1]]]

    return _in_document(data, chance, bury)


def _text(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """JSON that is not quite JSON."""
    document, binary = taken_apart(data)
    if document is None:
        return data
    text = bytearray(json.dumps(document).encode())
    place = chance.randrange(len(text) + 1)
    text[place : place + chance.choice((0, 0, 1, 5))] = chance.choice(SIGNS)
    return pack_text(bytes(text), binary)


WAYS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    *(_bits, _head, _cut, _binary, _another, _text, _deep, _many),
    *(_value, _value, _value, _removed, _moved, _moved),
)


def _in_document(data: bytes, chance: random.Random, change: Callable[[Place], None]) -> bytes:
    document, binary = taken_apart(data)
    found = places(document)
    if document is None or not found:
        return data
    change(chance.choice(found))
    return pack(document, binary)


def taken_apart(data: bytes) -> tuple[dict[str, Any] | None, bytes]:
    """Document and binary chunk, as far as there is something to be read; ``None`` where there is not."""
    if len(data) < 20:
        return None, b""
    length = struct.unpack_from("<I", data, 12)[0]
    try:
        document = json.loads(data[20 : 20 + length])
    except (ValueError, RecursionError):
        return None, b""
    return (document, data[28 + length :]) if isinstance(document, dict) else (None, b"")


def places(value: object) -> list[Place]:
    """Everything in a document that can be put elsewhere, or be something else."""
    found: list[Place] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        pairs: Iterable[tuple[Any, object]] = ()
        if isinstance(holder, dict | list):
            pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, inner in pairs:
            found.append((holder, key))
            waiting.append(inner)
    return found
