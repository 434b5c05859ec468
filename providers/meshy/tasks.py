"""Meshy's tasks in our words.

Pure. One shape for all kinds of task, lenient where the sources disagree or a field may be
missing; a state that nobody knows is left to the caller, who sees whether it passes.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from providers.base import Cost, Failed, Outcome, RemoteFile, Running, Succeeded
from providers.links import extension
from providers.meshy.answers import MODERATED
from providers.meshy.resources import NAME
from providers.redact import without_secrets
from providers.shapes import shaped

UNIT = "meshy credit"


class Models(BaseModel):
    """The files of a model; a kind that was not made is missing."""

    glb: str | None = None
    fbx: str | None = None
    obj: str | None = None
    usdz: str | None = None


class Clips(BaseModel):
    """What comes with every rig."""

    walking_glb_url: str | None = None
    running_glb_url: str | None = None


class Result(BaseModel):
    """The files of a rig, or of an animation."""

    rigged_character_glb_url: str | None = None
    basic_animations: Clips | None = None
    animation_glb_url: str | None = None


class Problem(BaseModel):
    """Why a task failed; its message is empty where it did not."""

    type: str | None = None
    code: str | None = None
    message: str | None = None


class Task(BaseModel):
    """A task as Meshy tells it."""

    id: str
    status: str
    progress: float | None = None
    model_urls: Models | None = None
    thumbnail_url: str | None = None
    result: Result | None = None
    task_error: Problem | None = None
    consumed_credits: Decimal | None = None


def outcome(data: Any) -> Outcome | None:
    """How a task goes; ``None`` for a state that we do not know. Raises ``ContractChanged``."""
    task = shaped(NAME, Task, data)
    match task.status:
        case "PENDING" | "IN_PROGRESS":
            progress = min(max(int(task.progress or 0), 0), 100)
            return Running(progress=progress, started=task.status == "IN_PROGRESS")
        case "SUCCEEDED":
            return Succeeded(files=tuple(_files(task)), answer=without_secrets(data), cost=_cost(task))
        case "FAILED":
            return Failed(code=_failure(task), answer=without_secrets(data))
        case "CANCELED" | "CANCELLED":
            return Failed(code="vendor_cancelled", answer=without_secrets(data))
    return None


def _files(task: Task) -> Iterator[RemoteFile]:
    models, result = task.model_urls or Models(), task.result or Result()
    clips = result.basic_animations or Clips()
    for url in (
        models.glb,
        models.fbx,
        models.obj,
        models.usdz,
        result.rigged_character_glb_url,
        result.animation_glb_url,
    ):
        yield from _file(url, "model")
    yield from _file(task.thumbnail_url, "preview")
    yield from _file(clips.walking_glb_url, "clip", "walk")
    yield from _file(clips.running_glb_url, "clip", "run")


def _file(url: str | None, kind: str, clip: str = "") -> Iterator[RemoteFile]:
    if url:
        yield RemoteFile(url=url, kind=kind, extension=extension(url), clip=clip)


def _cost(task: Task) -> Cost | None:
    if task.consumed_credits is None:
        return None
    return Cost.of(task.consumed_credits, UNIT)


def _failure(task: Task) -> str:
    problem = task.task_error or Problem()
    blocked = problem.code == "moderation_blocked" or MODERATED.search(problem.message or "")
    return "moderated" if blocked else "vendor_failed"
