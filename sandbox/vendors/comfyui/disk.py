"""The server's folders ``input``, ``output`` and ``temp``, in memory.

Files that somebody handed over are there with their bytes; what graphs save is made when it is first read.
Nothing is ever removed on request, for the server has no route for that; here the oldest go when there are
too many.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.vendors.making import Make, Shelf

FOLDERS = ("input", "output", "temp")
KEEP = 512 * 1024 * 1024
"""Bytes of what was handed over, in all."""
KEEP_FILES = 4096
"""Files that graphs saved."""
MODELS = (".glb", ".gltf", ".obj", ".fbx", ".stl", ".ply")
SUFFIX = re.compile(r"^(?P<name>.*?) ?\[(?P<folder>input|output|temp)\]$")


class Outside(ValueError):
    """A path that leads out of the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a file is: one of the folders, and its path there."""

    folder: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One file; ``number`` tells it from those that lay at its place before."""

    number: int
    make: Make
    size: int = 0
    mark: str = ""
    """Of bytes that are known: what tells them from others."""


def placed(folder: str, *parts: str) -> Place:
    """A place in a folder; ``Outside`` where the path leads out of it."""
    path = posixpath.normpath(posixpath.join("", *parts))
    if path.startswith(("/", "..")):
        raise Outside(path)
    return Place(folder=folder, path=path)


def named(reference: str, folder: str = "input") -> Place:
    """What a graph means by ``3d/owl.glb`` or ``owl.png [output]``; ``Outside``."""
    found = SUFFIX.match(reference)
    return placed(found["folder"], found["name"]) if found else placed(folder, reference)


class Disk:
    """All files there are."""

    def __init__(self) -> None:
        self._files: dict[Place, Stored] = {}
        self._count = 0
        self._shelf = Shelf()

    def add(self, place: Place, data: bytes) -> None:
        """Put a file there, in the place of another if need be."""

        async def make() -> bytes:
            return data

        mark = hashlib.sha256(data).hexdigest()
        self._put(place, Stored(number=self._next(), make=make, size=len(data), mark=mark))

    def save(self, place: Place, make: Make) -> None:
        """Put a file there that is made when somebody reads it."""
        self._put(place, Stored(number=self._next(), make=make))

    def find(self, place: Place) -> Stored | None:
        """The file that lies there now."""
        return self._files.get(place)

    async def read(self, stored: Stored) -> bytes:
        """A file's bytes, the same each time."""
        if stored.size:
            return await stored.make()
        return await self._shelf.file(str(stored.number), "", stored.make)

    def remove(self, places: Iterable[Place]) -> None:
        """Take files away, as an owner does who needs the room."""
        for place in list(places):
            self._files.pop(place, None)

    def places(self, folder: str) -> list[Place]:
        """All that lies in a folder."""
        return [place for place in self._files if place.folder == folder]

    def listed(self, folder: str) -> list[str]:
        """What combos offer: ``input`` without its folders, ``3d`` for the models in it."""
        paths = sorted(place.path for place in self.places("input"))
        if folder == "3d":
            return [path for path in paths if path.startswith("3d/") and path.endswith(MODELS)]
        return [path for path in paths if "/" not in path] if folder == "input" else []

    def next_place(self, folder: str, prefix: str, extension: str) -> Place:
        """Where a node saves next: ``prefix_00001_.glb``, counted on; ``Outside``."""
        start = placed(folder, prefix).path + "_"
        taken = [
            int(found[1])
            for place in self.places(folder)
            if place.path.startswith(start) and (found := re.match(r"(\d+)_", place.path[len(start) :]))
        ]
        return Place(folder=folder, path=f"{start}{max(taken, default=0) + 1:05}_.{extension}")

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _put(self, place: Place, stored: Stored) -> None:
        self._files.pop(place, None)
        self._files[place] = stored
        self._trim([one for one, file in self._files.items() if file.size == 0], KEEP_FILES)
        while sum(file.size for file in self._files.values()) > KEEP:
            self.remove([next(one for one, file in self._files.items() if file.size)])

    def _trim(self, saved: list[Place], keep: int) -> None:
        self.remove(saved[: max(0, len(saved) - keep)])


def shown(place: Place) -> dict[str, str]:
    """A file as histories and uploads name it."""
    subfolder, filename = posixpath.split(place.path)
    return {"filename": filename, "subfolder": subfolder, "type": place.folder}
