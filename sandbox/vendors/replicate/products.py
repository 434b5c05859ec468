"""What a model gives: files, and an output in which their names stand for links."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.vendors.making import Make
from sandbox.vendors.replicate.inputs import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that will be made when it is asked for."""

    make: Make
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """``output`` is a name, a list or an object of names; ``null`` stays ``null``."""

    files: Mapping[str, Made]
    output: Any


Run = Callable[[Mapping[str, Any], Read], Awaitable[Product]]
"""A model: takes its inputs, all of them, and a reader of the files among them. ``ModelDied``."""


def linked(output: Any, links: Mapping[str, str]) -> Any:
    """The same output with links in the place of files' names."""
    if isinstance(output, str):
        return links.get(output, output)
    if isinstance(output, list):
        return [linked(one, links) for one in output]
    if isinstance(output, dict):
        return {name: linked(one, links) for name, one in output.items()}
    return output
