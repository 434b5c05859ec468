"""What was sent to a vendor, to and from the plain data that a run keeps.

It is stored with ``submitting``, before the call, so that ``find`` can later ask
for exactly what went out.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from providers.base import (
    AnimateRequest,
    ConvertRequest,
    DraftRequest,
    FileRef,
    GenerateRequest,
    RemeshRequest,
    Request,
    RetextureRequest,
    RigCheckRequest,
    RigRequest,
    Source,
    TaskRef,
)
from storage.models import Stage, StageRun

LIGHT = 100_000
"""Triangles of a model that was too heavy to be rigged."""
_ON_A_MODEL: Mapping[Stage, Callable[..., Request]] = {
    Stage.REMESH: RemeshRequest,
    Stage.RETEXTURE: RetextureRequest,
    Stage.CONVERT: ConvertRequest,
    Stage.RIG_CHECK: RigCheckRequest,
    Stage.RIG: RigRequest,
}


def to_data(request: Request) -> dict[str, Any]:
    """The request as JSON can hold it; of a file that goes inside it, the checksum alone."""
    return asdict(_without_bytes(request))


def from_data(stage: Stage, data: Mapping[str, Any]) -> Request:
    """The request that ``to_data`` wrote for this stage."""
    if stage is Stage.DRAFT:
        return DraftRequest(**data)
    if stage is Stage.GENERATE:
        pictures = tuple(FileRef(**ref) if ref else None for ref in data["pictures"])
        draft = data.get("draft")
        return GenerateRequest(**{**data, "pictures": pictures, "draft": TaskRef(**draft) if draft else None})
    facts = {**data, "source": _source(data)}
    if stage is Stage.ANIMATE:
        return AnimateRequest(**{**facts, "clips": tuple(data["clips"])})
    return _ON_A_MODEL[stage](**facts)


def on_a_model(run: StageRun, source: Source) -> Request:
    """What a run asks for that needs to know nothing but its parameters and the model."""
    match run.stage:
        case Stage.REMESH:
            return RemeshRequest(source=source, polycount=run.params.get("polycount", LIGHT))
        case Stage.RETEXTURE:
            return RetextureRequest(source=source, prompt=run.params["prompt"])
        case Stage.CONVERT:
            return ConvertRequest(source=source, format=run.params["format"])
    return RigCheckRequest(source=source)


def _without_bytes(request: Request) -> Request:
    if isinstance(request, GenerateRequest):
        bare = tuple(replace(file, inline=None) if file else None for file in request.pictures)
        return replace(request, pictures=bare)
    source = getattr(request, "source", None)
    if isinstance(source, FileRef) and not isinstance(request, DraftRequest):
        return replace(request, source=replace(source, inline=None))
    return request


def _source(data: Mapping[str, Any]) -> Source:
    source = data["source"]
    return TaskRef(**source) if "task_id" in source else FileRef(**source)
