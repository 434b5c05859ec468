"""What the child process may take, and how it ends: what it and its parent have to agree on."""

from dataclasses import dataclass
from enum import IntEnum

SIDE = 512
"""Pixels of a picture; as large as vendors' are, so that one takes the other's place without a jump."""
GIF, STILL = "turntable.gif", "still.webp"
"""Files that a child leaves behind when it ends well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one child."""

    memory: int = 2 * 1024**3
    """Bytes of address space; a model of some megabytes takes half of it."""
    computing: int = 60
    """Seconds of a core; half of it is what a model of a hundred thousand triangles takes."""
    seconds: int = 300
    """Of the clock: on a busy machine a child waits most of the time."""
    written: int = 128 * 1024 * 1024
    """Bytes of any one file; the largest is a table of light."""


class Ending(IntEnum):
    """Exit codes; a negative one is the signal that ended it."""

    WELL = 0
    NOT_INSTALLED = 10
    CANNOT_DRAW = 11
    """This machine has no way to draw: libEGL is missing, or no driver is behind it."""
    UNREADABLE = 12
    """f3d cannot read the file, or nothing is to be seen in it."""
