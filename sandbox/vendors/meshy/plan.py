"""What a creating route decides on before a task is accepted."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.models import Design
from sandbox.vendors.making import Make
from sandbox.vendors.meshy.accounts import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One of a task's files: its type, and how it comes of the task's GLB. Runs in a thread."""

    content_type: str
    of: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A task that may be accepted."""

    resource: str
    """The last part of its path: a task is found there and nowhere else."""
    type: str
    cost: int
    seconds: float
    body: Mapping[str, Any]
    """The request, for the books."""
    make: Make
    """Makes the GLB that all files come of."""
    files: Mapping[str, File]
    output: Mapping[str, Any]
    """What the finished task shows, with names of files where links will be."""
    echo: Mapping[str, Any] = field(default_factory=dict)
    """What of the request the task object repeats."""
    design: Design | None = None
    """What the GLB is made from, if it was made here: later tasks make it again with changes."""
    model: str = ""
    """The generation of the model that made it."""
    claims: frozenset[str] = frozenset()
    """What its file is treated as, whatever it is: see ``faults.CLAIMS``."""
    screened: bool = False
    """It was to be screened, and there is something in it: it will fail."""


Operation = Callable[[Key, dict[str, Any]], Awaitable[Plan]]
"""Checks a body, and plans; refuses what the vendor refuses."""
