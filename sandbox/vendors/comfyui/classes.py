"""What a node class is: its inputs with their limits, its outputs, and how it tells clients of them.

Older classes list a combo's options in the place of its type, newer ones (``modern``) say ``COMBO`` and list
them among the details; a client that looks up options has to know both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_SEED = 2**64 - 1

Files = Callable[[str], list[str]]
"""The files in a folder: of models, or ``input`` for what was uploaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input. Its type is a socket's (``MODEL``; several joined by commas) or a value's (``INT``)."""

    name: str
    type: str
    optional: bool = False
    default: Any = None
    least: float | None = None
    most: float | None = None
    options: tuple[str, ...] = ()
    folder: str = ""
    """A combo of the files in this folder."""
    branches: Mapping[str, tuple["Input", ...]] = field(default_factory=dict)
    """A dynamic combo: further inputs by option, with dotted names."""

    def choices(self, files: Files) -> list[str]:
        """What a combo offers at this moment."""
        if self.folder:
            return files(self.folder)
        return list(self.branches or self.options)

    def told(self, files: Files, *, modern: bool) -> list[Any]:
        """Type and details, as ``/object_info`` and errors show them."""
        named = {"default": self.default, "min": self.least, "max": self.most}
        details: dict[str, Any] = {key: value for key, value in named.items() if value is not None}
        if self.branches:
            return ["COMFY_DYNAMICCOMBO_V3", details | {"options": self._branched(files)}]
        if self.type != "COMBO":
            return [self.type, details]
        choices = self.choices(files)
        return (
            ["COMBO", {"multiselect": False, "options": choices, **details}] if modern else [choices, details]
        )

    def _branched(self, files: Files) -> list[dict[str, Any]]:
        return [
            {"key": key, "inputs": {"required": {one.name: one.told(files, modern=True) for one in inputs}}}
            for key, inputs in self.branches.items()
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeClass:
    """One class of nodes."""

    name: str
    inputs: tuple[Input, ...] = ()
    outputs: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    """What the outputs are called, where that is not their type."""
    is_output: bool = False
    modern: bool = False
    since: tuple[int, ...] = (0,)
    """The first version that has it."""
    pack: str = ""
    """The extension it comes with; nothing for the core's own."""
    work: float = 1.0
    """Its share of the time that a graph takes, beside the others'."""
    category: str = "sandbox"

    def inputs_for(self, given: Mapping[str, Any]) -> list[Input]:
        """All inputs of a node, with those that its choices bring along."""
        found: list[Input] = []
        for one in self.inputs:
            found.append(one)
            chosen = given.get(one.name)
            extra = one.branches.get(chosen, ()) if isinstance(chosen, str) else ()
            found += [_dotted(one.name, further) for further in extra]
        return found

    def told(self, files: Files) -> dict[str, Any]:
        """The class as ``/object_info`` shows it."""
        needed = [one for one in self.inputs if not one.optional]
        spare = [one for one in self.inputs if one.optional]
        groups = {"required": needed, "optional": spare} if spare else {"required": needed}
        return {
            "input": {
                group: {one.name: one.told(files, modern=self.modern) for one in inputs}
                for group, inputs in groups.items()
            },
            "input_order": {group: [one.name for one in inputs] for group, inputs in groups.items()},
            "is_input_list": False,
            "output": list(self.outputs),
            "output_is_list": [False] * len(self.outputs),
            "output_name": list(self.slots or self.outputs),
            "name": self.name,
            "display_name": self.name,
            "description": "",
            "python_module": f"custom_nodes.{self.pack}" if self.pack else "nodes",
            "category": self.category,
            "output_node": self.is_output,
        }


def _dotted(owner: str, one: Input) -> Input:
    return Input(
        name=f"{owner}.{one.name}",
        type=one.type,
        optional=one.optional,
        default=one.default,
        least=one.least,
        most=one.most,
        options=one.options,
    )


def link(name: str, kind: str, *, optional: bool = False) -> Input:
    """What only another node can give."""
    return Input(name=name, type=kind, optional=optional)


def whole(name: str, default: int, least: int, most: int, *, optional: bool = False) -> Input:
    """A whole number within limits."""
    return Input(name=name, type="INT", default=default, least=least, most=most, optional=optional)


def real(name: str, default: float, least: float, most: float, *, optional: bool = False) -> Input:
    """A number within limits."""
    return Input(name=name, type="FLOAT", default=default, least=least, most=most, optional=optional)


def text(name: str, default: str = "", *, optional: bool = False) -> Input:
    """Words, without a limit."""
    return Input(name=name, type="STRING", default=default, optional=optional)


def flag(name: str, *, default: bool, optional: bool = False) -> Input:
    """Yes or no."""
    return Input(name=name, type="BOOLEAN", default=default, optional=optional)


def choice(name: str, *options: str, optional: bool = False) -> Input:
    """One of these, the first by default."""
    return Input(name=name, type="COMBO", default=options[0], options=options, optional=optional)


def installed(name: str, folder: str) -> Input:
    """One of the files in a folder."""
    return Input(name=name, type="COMBO", folder=folder)


def dynamic(name: str, **branches: tuple[Input, ...]) -> Input:
    """One of these, each with further inputs of its own."""
    return Input(name=name, type="COMBO", default=next(iter(branches)), branches=branches)
