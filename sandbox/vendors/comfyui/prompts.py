"""Prompts: graphs that were queued, from acceptance to their end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.vendors.comfyui.graph import Graph, upstream
from sandbox.vendors.comfyui.unirig_nodes import RIGGERS
from sandbox.vendors.faults import Fault

ENDS = frozenset({"completed", "failed", "cancelled", "lost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What a node will fail with."""

    type: str
    message: str


@dataclass(slots=True, kw_only=True)
class Prompt:
    """One graph that was accepted; the same id may have been accepted twice."""

    number: float
    prompt_id: str
    graph: Graph
    extra_data: dict[str, Any]
    outputs: list[str]
    key: str
    """The authorization it came with."""
    kind: str
    text: str
    created_at: int = 0
    put_at: float = 0.0
    """In the pace's time."""
    wrongs: Mapping[str, Wrong] = field(default_factory=dict)
    """Nodes that read a file which they cannot use."""
    fault: Fault | None = None
    status: str = "pending"
    """``pending``, ``in_progress``, or one of ``ENDS``; ``lost`` is what a restart leaves of it."""
    completed_at: int | None = None

    @property
    def client_id(self) -> str | None:
        """Whose socket is told of it."""
        found = self.extra_data.get("client_id")
        return found if isinstance(found, str) else None

    def has_fault(self, name: str) -> bool:
        """Whether this was asked to go wrong with it."""
        return self.fault is not None and self.fault.name == name

    def row(self) -> list[Any]:
        """As queue and history show it."""
        return [self.number, self.prompt_id, self.graph, self.extra_data, self.outputs]


def kind_of(graph: Graph, outputs: Iterable[str]) -> str:
    """What a graph is for, in the words of those who rent the same work: ``text_to_3d``, ``rig`` ..."""
    outputs = list(outputs)
    classes = {node["class_type"] for output in outputs for node in upstream(graph, output)}
    if classes & RIGGERS:
        return "rig"
    if not classes & {"SaveGLB", "Preview3D", "Preview3DAnimation"}:
        return "image"
    return "image_to_3d" if "LoadImage" in classes else "text_to_3d"
