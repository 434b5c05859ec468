"""What a creating route decides on before a task is accepted."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.vendors.making import Make
from sandbox.vendors.tripo.accounts import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A task that may be accepted: its type, what is echoed as its input, and how it is made."""

    type: str
    echo: Mapping[str, Any]
    make: Make
    facts: dict[str, Any] = field(default_factory=dict)


Operation = Callable[[Key, dict[str, Any]], Awaitable[Plan]]
"""Checks a body, and plans; refuses what the vendor refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A file of a task that is not simply its model."""

    make: Make
    content_type: str
