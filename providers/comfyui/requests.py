"""Our requests as a graph to run, under an id that we choose.

Pure. The id follows from the submit's seed, so that a submit whose answer was lost can be
looked up by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from providers.base import FileRef, GenerateRequest, Request, RigRequest
from providers.comfyui.templates import IMAGE, RIG, TEXT, Graph, Place, Template, Templates
from providers.errors import Rejected, SourceUnusable
from providers.styles import WORDS

NAME = "comfyui"
FOLDER = "maquette"
"""Where results lie in ComfyUI's output folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One job."""

    prompt_id: str
    template: Template
    graph: Graph


def prompt_id_of(seed: int) -> str:
    """A UUID in its canonical form, which newer servers insist on; always the same for a seed."""
    return str(UUID(bytes=sha256(b"maquette %d" % seed).digest()[:16], version=4))


def submission(request: Request, templates: Templates, *, seed: int) -> Submission:
    """What to run. Raises ``Rejected`` where no template does it, or for a style that does not exist."""
    match request:
        case GenerateRequest():
            name, values = _generate(request)
        case RigRequest():
            name, values = RIG, {"mesh": _mesh(request)}
        case _:
            raise Rejected(NAME, f"no step for {type(request).__name__}", code="step")
    template = templates.by_name.get(name)
    if template is None:
        raise Rejected(NAME, f"no template {name}", code="template")
    prompt_id = prompt_id_of(seed)
    chosen = request.seed if isinstance(request, GenerateRequest) else None
    places = _places(template, values) | _marks(template, prompt_id, seed if chosen is None else chosen)
    return Submission(prompt_id=prompt_id, template=template, graph=template.filled(places))


def _generate(request: GenerateRequest) -> tuple[str, dict[str, Any]]:
    if request.style is not None and request.style not in WORDS:
        raise Rejected(NAME, f"no style {request.style}", code="style")
    pictures = [file.token for file in request.pictures if file]
    if len(pictures) > 1:
        raise Rejected(NAME, "one picture at most", code="pictures")
    values = {
        "prompt": ", ".join(filter(None, (request.prompt, WORDS.get(request.style or "")))),
        "negative_prompt": request.negative_prompt,
        "picture": pictures[0] if pictures else None,
        "polycount": request.polycount,
    }
    return IMAGE if pictures else TEXT, values


def _mesh(request: RigRequest) -> str:
    """The uploaded file: loaders differ in how, and whether, they read another job's output."""
    if not isinstance(request.source, FileRef):
        raise SourceUnusable(NAME, "a rig starts from a file", code="source_task")
    return request.source.token


def _places(template: Template, values: Mapping[str, Any]) -> dict[Place, Any]:
    """Our values where they go; what is not said stays as the template has it."""
    inputs, manifest = template.manifest.inputs, template.manifest
    places = {place: value for name, value in values.items() if value and (place := getattr(inputs, name))}
    if inputs.prompt in places and manifest.prompt_words:
        places[inputs.prompt] += f", {manifest.prompt_words}"
    own = inputs.negative_prompt
    if own and own in places and (usual := template.value(own)):
        places[own] += f", {usual}"
    if inputs.polycount in places:
        least, most = manifest.polycount.least, manifest.polycount.most
        places[inputs.polycount] = min(max(places[inputs.polycount], least), most)
    return places


def _marks(template: Template, prompt_id: str, number: int) -> dict[Place, Any]:
    inputs = template.manifest.inputs
    seeds: dict[Place, Any] = dict.fromkeys(inputs.seed, number)
    names = dict.fromkeys(inputs.filename_prefix, f"{FOLDER}/{prompt_id}")
    # Who takes a whole name may not make folders.
    return seeds | names | dict.fromkeys(inputs.file_name, f"{FOLDER}-{prompt_id}.glb")
