"""Why a file is not kept: a code and facts, no sentences."""

from enum import StrEnum


class FileError(Exception):
    """Root of the family."""


class Rule(StrEnum):
    """What a GLB can break; saved with a failed run, so names are only ever added."""

    TOO_LARGE = "too_large"
    NOT_A_GLB = "not_a_glb"
    VERSION = "version"
    """Neither the container nor the asset may be anything but version 2."""
    LENGTH = "length"
    """The declared length is not the file's: cut off, or something was appended."""
    CHUNKS = "chunks"
    JSON_TOO_LARGE = "json_too_large"
    """Larger, or with more values or deeper, than any model needs."""
    JSON = "json"
    """Not JSON as the standard has it: encoding, NaN, numbers out of range."""
    SHAPE = "shape"
    """A property is missing, of the wrong type, or points to something that is not there."""
    EXTERNAL = "external"
    """It wants another file."""
    EXTENSION = "extension"
    """It requires an extension that viewers do not have."""
    BUFFER = "buffer"
    """A buffer, view or accessor reaches beyond what it lies in, or is not aligned."""
    NUMBERS = "numbers"
    """An index leads beyond the vertices, or something is placed at infinity or nowhere."""
    GRAPH = "graph"
    """The nodes are not trees, or nested too deep."""
    EMPTY = "empty"
    """There is nothing to see in it."""
    IMAGE = "image"
    """A texture is no picture that we know, or its pixels are too many."""


class BrokenGlb(FileError):
    """The file breaks ``rule``; ``detail`` is for the log."""

    def __init__(self, rule: Rule, detail: str) -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule = rule
        self.detail = detail


class CannotCombine(FileError):
    """These files are not takes of one rig; ``detail`` is for the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BadPicture(FileError):
    """``reason`` is ``not_a_picture``, ``broken``, ``too_small``, ``too_large`` or ``too_heavy``.

    ``facts``: ``width`` and ``height`` in pixels, ``size`` in bytes, where known, and the ``limit``.
    """

    def __init__(self, reason: str, **facts: int) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts


class ToolFailed(FileError):
    """A program took too much, died, or could not do it; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WrongFormat(FileError):
    """The file is not what it is called; ``detail`` is for the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
