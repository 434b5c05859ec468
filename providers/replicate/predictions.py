"""Replicate's predictions in our words.

Pure. A prediction has six states, no field for its progress, and an output of whatever shape
its model gives it. Everything in it is erased an hour after its end.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from providers.base import Cost, Failed, Outcome, RemoteFile, Running, Succeeded
from providers.errors import TaskNotFound
from providers.links import extension
from providers.redact import redacted, without_secrets
from providers.replicate.models import RECORDS
from providers.replicate.problems import NAME, is_moderation
from providers.shapes import shaped

USABLE = 40 * 60_000
"""Milliseconds after acceptance for which an output is good to build on. It lives for an hour after
its task's end; who is handed it may need up to twenty minutes to start."""

OFFICIAL = "hidden"
"""The version that official models show; they are billed by the run."""

_PERCENT = re.compile(r"(\d{1,3})%")
_TAIL = 4_000  # characters of a log in which the newest progress stands
_KEPT = ("id", "model", "version", "status", "source", "created_at", "started_at", "completed_at", "metrics")
_MODEL_KEYS = ("model_file", "mesh", "glb", "model", "textured_mesh", "output", "file")
_ENDINGS = {"model": ".glb", "preview": ".png"}


class Created(BaseModel):
    """The answer to a creation."""

    id: str


class Prediction(BaseModel):
    """A prediction; older ones lack whole keys."""

    id: str
    status: str
    model: str | None = None
    version: str | None = None
    source: str | None = None
    input: dict[str, Any] | None = None
    output: Any = None
    data_removed: bool | None = None
    error: Any = None
    logs: str | None = None
    metrics: dict[str, Any] | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None


def outcome(data: Any) -> Outcome | None:
    """How a prediction goes; ``None`` for a state that we do not know.

    Raises ``ContractChanged``, and ``TaskNotFound`` where its output has been erased.
    """
    prediction = shaped(NAME, Prediction, data)
    match prediction.status:
        case "starting" | "processing":
            started = prediction.status == "processing"
            return Running(progress=_progress(prediction.logs or ""), started=started)
        case "succeeded":
            return _success(prediction, data)
        case "failed":
            said = str(prediction.error or "")
            code = "moderated" if is_moderation(said) else "vendor_failed"
            return Failed(code=code, answer=_answer(data, said))
        case "canceled":
            return Failed(code="vendor_cancelled", answer=_answer(data))
        case "aborted":  # ended before it ran: by our deadline, which it has had since its creation
            return Failed(code="vendor_expired", answer=_answer(data))
    return None


def addresses(output: Any) -> list[str]:
    """The links in an output; of several, those of models."""
    match output:
        case str():
            return [output]
        case list():
            links = [link for link in output if isinstance(link, str)]
            return [link for link in links if extension(link) == ".glb"][:1] or links
        case Mapping():
            return next((addresses(output[key]) for key in _MODEL_KEYS if output.get(key)), [])
    return []


def kept(data: Any) -> dict[str, Any]:
    """What a record may hold of a prediction: no links, no words of members, no logs."""
    facts = {key: data[key] for key in _KEPT if key in data} if isinstance(data, Mapping) else {}
    return dict(without_secrets(facts))


def _success(prediction: Prediction, data: Any) -> Outcome:
    if prediction.output is None and prediction.data_removed:
        raise TaskNotFound(NAME, "its output was erased, an hour after its end")
    files = tuple(_file(prediction, link) for link in addresses(prediction.output))
    return Succeeded(files=files, answer=kept(data), cost=_cost(prediction))


def _file(prediction: Prediction, link: str) -> RemoteFile:
    """Names are random and may lack an ending; what it is, its bytes will show."""
    record = RECORDS.get(prediction.model or "")
    kind = record.makes if record else "model"
    return RemoteFile(url=link, kind=kind, extension=extension(link) or _ENDINGS[kind])


def _progress(logs: str) -> int:
    found = _PERCENT.findall(logs[-_TAIL:])
    return min(int(found[-1]), 100) if found else 0


def _cost(prediction: Prediction) -> Cost | None:
    if prediction.version == OFFICIAL:
        return Cost.of(1, "replicate run")
    seconds = (prediction.metrics or {}).get("predict_time")
    if not isinstance(seconds, int | float):
        return None
    return Cost.of(seconds, "replicate second")


def _answer(data: Any, said: str = "") -> Mapping[str, Any]:
    return kept(data) | ({"error": redacted(said)} if said else {})
