"""ComfyUI's queue and history in our words. Pure, and lenient about what it does not need.

A job is in the queue until it ends, and in the history from then on, until the server restarts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel

from providers.base import Failed, Outcome, RemoteFile, Succeeded
from providers.comfyui.requests import NAME
from providers.comfyui.templates import Outputs
from providers.redact import redacted
from providers.shapes import shaped

_MODELS = frozenset({".glb", ".gltf", ".fbx", ".obj", ".stl", ".ply", ".usdz"})
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_FOLDERS = frozenset({"output", "temp", "input"})
_ENTRY_ID = 1  # of a queue's entry; what else is in it has changed before


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Ids of the jobs that wait, and of those that run."""

    pending: frozenset[str]
    running: frozenset[str]

    def __contains__(self, prompt_id: object) -> bool:
        """Whether a job is in either."""
        return prompt_id in self.pending or prompt_id in self.running


class _Queue(BaseModel):
    queue_running: list[Any]
    queue_pending: list[Any]


class _Status(BaseModel):
    status_str: str | None = None
    messages: list[Any] | None = None


class _Entry(BaseModel):
    """A job that has ended."""

    outputs: dict[str, Any] | None = None
    status: _Status | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in one of the server's folders."""

    filename: str
    subfolder: str
    folder: str

    @property
    def extension(self) -> str:
        """Lower case, with the dot."""
        return PurePosixPath(self.filename).suffix.lower()


def line_of(data: Any) -> Line:
    """Who is in the queue. Raises ``ContractChanged``."""
    queue = shaped(NAME, _Queue, data)
    return Line(pending=_ids(queue.queue_pending), running=_ids(queue.queue_running))


def _ids(entries: list[Any]) -> frozenset[str]:
    rows = [entry for entry in entries if isinstance(entry, list) and len(entry) > _ENTRY_ID]
    return frozenset(row[_ENTRY_ID] for row in rows if isinstance(row[_ENTRY_ID], str))


def outcome(data: Any, prompt_id: str, outputs: Outputs | None, *, base_url: str) -> Outcome | None:
    """How a job ended, by the history's answer; ``None`` where it is not in it. Raises ``ContractChanged``.

    ``outputs`` of the template that it ran; without it every file is taken for what its name says.
    """
    if not isinstance(data, Mapping) or data.get(prompt_id) is None:
        return None
    entry = shaped(NAME, _Entry, data[prompt_id])
    status = entry.status or _Status()
    events = dict(_events(status.messages or []))
    if status.status_str == "error":
        return _failed(events)
    files = _results(entry.outputs or {}, outputs)
    if status.status_str != "success" and not files:
        return Failed(code="contract_changed", answer={"status": status.status_str})
    return Succeeded(
        files=tuple(_remote(kind, file, base_url) for kind, file in files),
        answer={"files": [file.filename for _, file in files], "seconds": _seconds(events)},
    )


def _events(messages: list[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for message in messages:
        match message:
            case [str(name), dict(facts)]:
                yield name, facts


def _failed(events: Mapping[str, Mapping[str, Any]]) -> Failed:
    """Interrupted, or broken; of the server's words only those that the owner needs."""
    if "execution_interrupted" in events:
        return Failed(code="vendor_cancelled", answer={"status": "interrupted"})
    error = events.get("execution_error", {})
    names = ("node_id", "node_type", "exception_type", "exception_message")
    told = {name: redacted(str(error[name])) for name in names if name in error}
    return Failed(code="vendor_failed", answer={"status": "error", **told})


def _seconds(events: Mapping[str, Mapping[str, Any]]) -> float | None:
    """How long it ran; older servers do not say."""
    begun = events.get("execution_start", {}).get("timestamp")
    ended = events.get("execution_success", {}).get("timestamp")
    if isinstance(begun, int) and isinstance(ended, int):
        return (ended - begun) / 1000
    return None


def _results(outputs: Mapping[str, Any], wanted: Outputs | None) -> list[tuple[str, Stored]]:
    """Models, GLB first and those of the wanted node before all others; then the preview."""
    everything = list(_stored(outputs))
    named = list(_stored(outputs.get(wanted.model))) if wanted else []
    models = [file for file in (*named, *everything) if file.extension in _MODELS]
    models.sort(key=lambda file: file.extension != ".glb")  # stable, so that the wanted node's stay in front
    shown = outputs.get(wanted.preview) if wanted and wanted.preview else None
    pictures = [file for file in _stored(shown) if file.extension in _PICTURES]
    return [("model", file) for file in dict.fromkeys(models)] + [("preview", file) for file in pictures[:1]]


def _stored(value: Any) -> Iterator[Stored]:
    """Every file that a node's output names, in whichever of the known shapes."""
    if isinstance(value, Mapping):
        if isinstance(value.get("filename"), str):
            yield from _safe(value["filename"], value.get("subfolder"), value.get("type"))
        else:
            for part in value.values():
                yield from _stored(part)
    elif isinstance(value, list):
        for part in value:
            yield from _stored(part)
    elif isinstance(value, str) and PurePosixPath(value).suffix.lower() in _MODELS:
        path = PurePosixPath(value.replace("\\", "/"))
        yield from _safe(path.name, "" if str(path.parent) == "." else str(path.parent), "output")


def _safe(filename: str, subfolder: Any, folder: Any) -> Iterator[Stored]:
    """A file inside the server's folders; one that points out of them is none."""
    where = subfolder.replace("\\", "/") if isinstance(subfolder, str) else ""
    out = where.startswith("/") or ":" in where or ".." in where.split("/")
    if not out and not filename.startswith("/") and ".." not in filename:
        yield Stored(filename, where, folder if folder in _FOLDERS else "output")


def _remote(kind: str, file: Stored, base_url: str) -> RemoteFile:
    query = urlencode({"filename": file.filename, "subfolder": file.subfolder, "type": file.folder})
    return RemoteFile(url=f"{base_url}/view?{query}", kind=kind, extension=file.extension)
