"""What was sent to a vendor, to and from the plain data that a run keeps.

It is stored with ``submitting``, before the call, so that ``find`` can later ask
for exactly what went out.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from providers.base import (
    AnimateRequest,
    FileRef,
    GenerateRequest,
    Request,
    RigCheckRequest,
    RigRequest,
    Source,
    TaskRef,
)
from storage.models import Stage


def to_data(request: Request) -> dict[str, Any]:
    """The request as JSON can hold it."""
    return asdict(request)


def from_data(stage: Stage, data: Mapping[str, Any]) -> Request:
    """The request that ``to_data`` wrote for this stage."""
    if stage is Stage.GENERATE:
        pictures = tuple(FileRef(**ref) if ref else None for ref in data["pictures"])
        return GenerateRequest(**{**data, "pictures": pictures})
    if stage is Stage.RIG_CHECK:
        return RigCheckRequest(source=_source(data))
    if stage is Stage.RIG:
        return RigRequest(source=_source(data), rig_type=data["rig_type"])
    return AnimateRequest(source=_source(data), clips=tuple(data["clips"]), rig=data["rig"])


def _source(data: Mapping[str, Any]) -> Source:
    source = data["source"]
    return TaskRef(**source) if "task_id" in source else FileRef(**source)
