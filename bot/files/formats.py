"""Is a file in another format what it is called? Its first bytes say; more is for whoever opens it."""

from pathlib import Path

from bot.files.errors import WrongFormat

_ARCHIVE = b"PK\x03\x04", b"PK\x05\x06"
BEGINNINGS = {
    "fbx": (b"Kaydara FBX Binary", b"; FBX"),
    "usdz": _ARCHIVE,
    "zip": _ARCHIVE,
}
TYPES = {
    "fbx": "application/octet-stream",
    "obj": "model/obj",
    "usdz": "model/vnd.usdz+zip",
    "zip": "application/zip",
    "stl": "model/stl",
    "3mf": "model/3mf",
}
"""By extension."""
_WORDS = (b"#", b"v ", b"mtllib", b"o ", b"g ")
"""With one of which an OBJ begins."""


def check_format(path: Path, kind: str) -> None:
    """See that a file begins as its format does.

    Raises:
        WrongFormat: it does not; an error page, say.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if not head.lstrip().startswith(BEGINNINGS.get(kind, _WORDS)):
        raise WrongFormat(f"{kind} that begins with {head[:16]!r}")
