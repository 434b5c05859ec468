"""Tripo's tasks in our words.

Pure. Lenient where the sources disagree or a field may be missing; a state that nobody
knows is left to the caller, who sees whether it passes.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from providers.base import Cost, Failed, Outcome, RemoteFile, Running, Succeeded
from providers.links import extension
from providers.redact import without_secrets
from providers.shapes import shaped
from providers.tripo.envelope import NAME

UNIT = "tripo credit"

FINAL = frozenset({"success", "failed", "cancelled", "banned", "expired"})
"""States that a task does not leave; the last two are of v2, and the SDK still knows them."""

_MODERATED = 2008
_EXPIRED_OR_TOO_COMPLEX = 2018


class Created(BaseModel):
    """The answer to a creation."""

    task_id: str


class Output(BaseModel):
    """What a task made."""

    model_url: str | None = None
    model_urls: list[str] | None = None
    rendered_image_url: str | None = None
    riggable: bool | None = None
    rig_type: str | None = None
    topology: str | None = None
    """Another name that v3 has for ``rig_type``."""


class Task(BaseModel):
    """A task as Tripo tells it."""

    task_id: str
    type: str = ""
    status: str
    progress: float | None = None
    input: dict[str, Any] | None = None
    output: Output | None = None
    error_code: int | None = None
    error_message: str | None = None
    credits_consumed: Decimal | None = None


class TaskList(BaseModel):
    """Several tasks by id; each is read on its own later, so that a bad one does not spoil the rest."""

    tasks: dict[str, Any]


class Wallet(BaseModel):
    """What is left, in credits."""

    balance: float
    frozen: float = 0


class Stored(BaseModel):
    """An uploaded file, or the place for one."""

    file_token: str
    presigned_url: str | None = None
    upload_url: str | None = None


def outcome(data: Any) -> Outcome | None:
    """How a task goes; ``None`` for a state that we do not know. Raises ``ContractChanged``."""
    task = shaped(NAME, Task, data)
    match task.status:
        case "queued" | "running":
            progress = min(max(int(task.progress or 0), 0), 100)
            return Running(progress=progress, started=task.status == "running")
        case "success":
            return _success(task, data)
        case status if status in FINAL:
            return Failed(code=_failure(task), answer=without_secrets(data))
    return None


def _success(task: Task, data: Any) -> Outcome:
    output = task.output or Output()
    if task.type == "animate_prerigcheck" and output.riggable is None:
        return Failed(code="contract_changed", answer=without_secrets(data))
    return Succeeded(
        files=tuple(_files(output)),
        facts=_facts(task, output),
        answer=without_secrets(data),
        cost=_cost(task),
    )


def _files(output: Output) -> list[RemoteFile]:
    models = [url for url in (output.model_url, *(output.model_urls or ())) if url]
    files = [_file(url, "model") for url in dict.fromkeys(models)]
    return files + ([_file(output.rendered_image_url, "preview")] if output.rendered_image_url else [])


def _file(url: str, kind: str) -> RemoteFile:
    return RemoteFile(url=url, kind=kind, extension=extension(url))


def _facts(task: Task, output: Output) -> Mapping[str, Any]:
    if task.type == "animate_prerigcheck":
        return {"riggable": output.riggable, "rig_type": output.rig_type or output.topology}
    if task.type == "animate_rig":
        echo = task.input or {}
        return {"rig_model": echo.get("model"), "rig_type": echo.get("rig_type")}
    return {}


def _cost(task: Task) -> Cost | None:
    if task.credits_consumed is None:
        return None
    return Cost.of(task.credits_consumed, UNIT)


def _failure(task: Task) -> str:
    states = {"cancelled": "vendor_cancelled", "banned": "moderated", "expired": "vendor_expired"}
    if task.status in states:
        return states[task.status]
    if task.error_code == _MODERATED:
        return "moderated"
    if task.error_code == _EXPIRED_OR_TOO_COMPLEX:  # the sources give it both meanings
        makes_anew = task.type.endswith("_to_model")  # out of words or pictures, which are never too complex
        expired = makes_anew or "expire" in (task.error_message or "").lower()
        return "vendor_expired" if expired else "too_complex"
    return "vendor_failed"
