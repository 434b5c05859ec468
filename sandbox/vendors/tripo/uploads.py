"""Files that were handed over, by token, in memory; the oldest go when there are too many."""

from dataclasses import dataclass
from uuid import uuid4

from sandbox.vendors.pictures import is_picture
from sandbox.vendors.tripo.refusals import Refusal, bad

PICTURE_LIMIT = 20 * 1024 * 1024
MODEL_LIMIT = 150 * 1024 * 1024
KEEP = 512 * 1024 * 1024
"""Bytes in all."""
FORMATS = frozenset({"png", "jpg", "jpeg", "webp", "glb", "gltf", "fbx", "obj", "stl"})
UNREADABLE_MODELS = (".gltf", ".fbx", ".obj", ".stl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of somebody's. ``data`` is ``None`` until a presigned PUT has brought it."""

    data: bytes | None


class Uploads:
    """All files that are there."""

    def __init__(self) -> None:
        self._files: dict[str, Upload] = {}

    def add(self, data: bytes | None) -> str:
        """Keep a file, or a place for one; its token."""
        token = f"file_{uuid4()}"
        self._files[token] = Upload(data=data)
        self._make_room()
        return token

    def fill(self, token: str, data: bytes) -> None:
        """Bring the file that a place was kept for; 404 / 2019 where there is none."""
        if token not in self._files:
            raise Refusal(404, 2019, "The file was not found.")
        self._files[token] = Upload(data=data)
        self._make_room()

    def read(self, token: str) -> bytes:
        """A file's bytes; 400 / 1004 for an unknown token, 404 / 2019 where none were brought."""
        upload = self._files.get(token)
        if upload is None:
            raise bad("The file token is invalid.")
        if upload.data is None:
            raise Refusal(404, 2019, "The file was not found.")
        return upload.data

    def _make_room(self) -> None:
        while sum(len(file.data or b"") for file in self._files.values()) > KEEP:
            del self._files[next(iter(self._files))]


def admit(name: str, data: bytes) -> None:
    """Refuse what is empty (2003), of no known kind (2004) or too large (2021)."""
    if not data:
        raise Refusal(400, 2003, "The file is empty.")
    if is_picture(data):
        limit = PICTURE_LIMIT
    elif data.startswith(b"glTF") or name.lower().endswith(UNREADABLE_MODELS):
        limit = MODEL_LIMIT
    else:
        raise Refusal(400, 2004, "The file type is not supported.")
    if len(data) > limit:
        raise Refusal(400, 2021, "The file is too large.")
