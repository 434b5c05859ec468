"""What was sent to a vendor, to and from the plain data that a run keeps.

It is stored with ``submitting``, before the call, so that ``find`` can later ask
for exactly what went out.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from providers.base import (
    AnimateRequest,
    DraftRequest,
    FileRef,
    GenerateRequest,
    RemeshRequest,
    Request,
    RigCheckRequest,
    RigRequest,
    Source,
    TaskRef,
)
from storage.models import Stage


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
    if stage is Stage.REMESH:
        return RemeshRequest(source=_source(data), polycount=data["polycount"])
    if stage is Stage.RIG_CHECK:
        return RigCheckRequest(source=_source(data))
    if stage is Stage.RIG:
        return RigRequest(source=_source(data), rig_type=data["rig_type"])
    return AnimateRequest(source=_source(data), clips=tuple(data["clips"]), rig=data["rig"])


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
