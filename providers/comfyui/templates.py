"""Workflow templates: graphs in ComfyUI's API format, and which of their inputs are ours to fill.

A folder holds one folder per template: ``text_to_3d``, ``image_to_3d``, ``rig``. What is there can be
asked for. ``workflows/README.md`` tells an owner how to put their own in.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

OURS = Path(__file__).parent / "workflows"
TEXT, IMAGE, RIG = "text_to_3d", "image_to_3d", "rig"
CENTRAL: Mapping[str, str] = MappingProxyType({TEXT: "prompt", IMAGE: "picture", RIG: "mesh"})
"""The templates there can be, and the input without which each would be no use."""

Graph = Mapping[str, Mapping[str, Any]]
"""Nodes by id: ``class_type`` and ``inputs``, which are values or ``[node, slot]``."""


class BadTemplate(Exception):
    """A template that cannot be used, in words for the owner."""


class Place(NamedTuple):
    """An input of a node; written ``node.input``."""

    node: str
    name: str


def _place(text: object) -> Place:
    node, dot, name = str(text).partition(".")
    if not (node and dot and name):
        raise ValueError('is no "<node>.<input>"')
    return Place(node, name)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


OnePlace = Annotated[Place, BeforeValidator(_place)]
Places = Annotated[tuple[OnePlace, ...], BeforeValidator(_listed)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Inputs(_Table):
    """Where our values go."""

    prompt: OnePlace | None = None
    negative_prompt: OnePlace | None = None
    picture: OnePlace | None = None
    mesh: OnePlace | None = None
    polycount: OnePlace | None = None
    seed: Places = ()
    filename_prefix: Places = ()
    """In every node that saves: it gets the job's id, without which ComfyUI may answer with an old file."""
    file_name: Places = ()
    """The same for nodes that want a whole name, ending in ``.glb``."""

    def places(self) -> frozenset[Place]:
        """All of them."""
        single = (self.prompt, self.negative_prompt, self.picture, self.mesh, self.polycount)
        several = (*self.seed, *self.filename_prefix, *self.file_name)
        return frozenset([place for place in single if place]).union(several)


class Outputs(_Table):
    """Which nodes give the results."""

    model: str
    preview: str | None = None


class Faces(_Table):
    """The face counts that the workflow is good for."""

    least: int = Field(default=1_000, ge=1)
    most: int = Field(default=500_000, ge=1)


class Manifest(_Table):
    """What the bot needs to know of a graph."""

    seconds: int = Field(ge=1, le=86_400)
    """What one run usually takes on the owner's GPU."""
    comfyui: str = "0"
    """The oldest version of ComfyUI that has the graph's nodes."""
    prompt_words: str = ""
    """Appended to every prompt."""
    inputs: Inputs
    outputs: Outputs
    polycount: Faces = Faces()


class _Node(BaseModel):
    class_type: str
    inputs: dict[str, Any]


_GRAPH = TypeAdapter(dict[str, _Node])


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A graph that can be run."""

    name: str
    graph: Graph
    manifest: Manifest

    def value(self, place: Place) -> Any:
        """What an input has as the owner exported it."""
        return self.graph[place.node]["inputs"][place.name]

    def filled(self, values: Mapping[Place, Any]) -> Graph:
        """The graph with these values in it."""
        nodes = {key: {**node, "inputs": {**node["inputs"]}} for key, node in self.graph.items()}
        for place, value in values.items():
            nodes[place.node]["inputs"][place.name] = value
        return nodes

    def weights(self) -> Mapping[str, int]:
        """How much of the work each node is: a sampler's steps, and 1 for everything else."""
        steps = {key: node["inputs"].get("steps") for key, node in self.graph.items()}
        return {key: count if isinstance(count, int) and count > 0 else 1 for key, count in steps.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The templates of a folder by name, and what is wrong with the others."""

    by_name: Mapping[str, Template]
    problems: tuple[str, ...] = ()


def read_templates(folder: Path) -> Templates:
    """Read a folder; a template that cannot be used is left out and told in ``problems``."""
    found: dict[str, Template] = {}
    problems = [] if folder.is_dir() else [f"the folder of the workflows, {folder}, is not there"]
    for name in CENTRAL:
        if not (folder / name).is_dir():
            continue
        try:
            found[name] = _read(folder / name)
        except BadTemplate as error:
            problems.append(f"template {name}: {error}")
    return Templates(by_name=found, problems=tuple(problems))


def _read(folder: Path) -> Template:
    try:
        graph = _GRAPH.validate_python(json.loads((folder / "workflow.json").read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise BadTemplate(f"workflow.json is no graph in API format ({_reason(error)})") from error
    try:
        manifest = Manifest.model_validate(tomllib.loads((folder / "manifest.toml").read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise BadTemplate(f"manifest.toml cannot be used ({_reason(error)})") from error
    nodes = {key: node.model_dump() for key, node in graph.items()}
    template = Template(name=folder.name, graph=nodes, manifest=manifest)
    _check(template)
    return template


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")
    return error.strerror or "" if isinstance(error, OSError) else str(error)


def _check(template: Template) -> None:
    """Hold the manifest against the graph."""
    inputs, outputs = template.manifest.inputs, template.manifest.outputs
    central = CENTRAL[template.name]
    if getattr(inputs, central) is None:
        raise BadTemplate(f"manifest.toml names no input for the {central}")
    if not (inputs.filename_prefix or inputs.file_name):
        raise BadTemplate("manifest.toml names no input for the name of what is saved")
    for place in sorted(inputs.places()):
        if place.name not in template.graph.get(place.node, {}).get("inputs", {}):
            raise BadTemplate(f"the graph has no input {place.node}.{place.name}")
    for node in (outputs.model, outputs.preview):
        if node is not None and node not in template.graph:
            raise BadTemplate(f"the graph has no node {node}")
    if _gives_fbx(template):
        raise BadTemplate(f"node {outputs.model} gives an FBX file, and only GLB can be kept and shown")


def _gives_fbx(template: Template) -> bool:
    """Whether the node of the result speaks of FBX, in its class, its inputs' names or their values."""
    node = template.graph[template.manifest.outputs.model]
    words = [node["class_type"], *node["inputs"]]
    words += [value for value in node["inputs"].values() if isinstance(value, str)]
    return any("fbx" in word.lower() for word in words)
