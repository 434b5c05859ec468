"""What ComfyUI's answers mean, and those of a proxy in front of it. Pure."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from providers.comfyui.requests import NAME
from providers.errors import (
    NotHandedOver,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorised,
    Unavailable,
)
from providers.http import Answer
from providers.redact import redacted

_PAUSE = 5.0  # seconds, where a proxy asks for patience and does not say how much

_BY_STATUS: Mapping[int, type[ProviderError]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Rejected,
        HTTPStatus.UNAUTHORIZED: Unauthorised,
        HTTPStatus.FORBIDDEN: Unauthorised,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: NotHandedOver,
    }
)


class Accepted(BaseModel):
    """The answer to a submit. It comes with 200 also where some of the graph's outputs are invalid."""

    prompt_id: str
    node_errors: Any = None
    """By node; some versions say ``[]`` for none."""


class Uploaded(BaseModel):
    """Where an uploaded file lies in the input folder."""

    name: str
    subfolder: str = ""

    @property
    def path(self) -> str:
        """As a graph refers to it."""
        return f"{self.subfolder}/{self.name}" if self.subfolder else self.name


class System(BaseModel):
    """The part of ``/system_stats`` that matters to us."""

    comfyui_version: str = ""


class Stats(BaseModel):
    """What ``/system_stats`` says."""

    system: System


def opened(answer: Answer) -> Any:
    """What a good answer holds; raises what another one means."""
    if answer.status == HTTPStatus.OK:
        return answer.body
    facts: dict[str, Any] = {"status": answer.status, "code": _code(answer.body)}
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        pause = _PAUSE if answer.retry_after is None else answer.retry_after
        raise RateLimited(NAME, retry_after=pause, **facts)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable(NAME, **facts)
    raise _BY_STATUS.get(answer.status, answer.unreadable)(NAME, said_about(answer.body), **facts)


def concerns(node_errors: Any, output: str) -> bool:
    """Whether any of these errors keeps the output node from running."""
    if not isinstance(node_errors, Mapping):
        return False
    if output in node_errors:
        return True
    told = [error.get("dependent_outputs") for error in node_errors.values() if isinstance(error, Mapping)]
    return any(output in outputs for outputs in told if isinstance(outputs, list))


def said_about(body: Any) -> str:
    """What is wrong with a graph, for the log: the error's type, then each node's class and errors."""
    if not isinstance(body, Mapping):
        return ""
    nodes = body.get("node_errors")
    told = [_told(key, node) for key, node in nodes.items()] if isinstance(nodes, Mapping) else []
    return redacted("; ".join([_message(body), *told]).strip("; "), limit=1_000)


def _code(body: Any) -> str:
    error = body.get("error") if isinstance(body, Mapping) else None
    return redacted(str(error.get("type", "")), limit=60) if isinstance(error, Mapping) else ""


def _message(body: Mapping[str, Any]) -> str:
    error = body.get("error")
    return str(error.get("message", "")) if isinstance(error, Mapping) else ""


def _told(key: str, node: Any) -> str:
    """``node 4 (UNETLoader): value_not_in_list unet_name: ...``; without what the graph's inputs hold."""
    if not isinstance(node, Mapping):
        return f"node {key}"
    errors = node.get("errors")
    parts = [
        f"{error.get('type', '')} {error.get('details', '')}"
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, Mapping)
    ]
    return f"node {key} ({node.get('class_type', '')}): {', '.join(parts)}"


def version_of(text: str) -> tuple[int, ...]:
    """``0.3.57`` as numbers that compare; what follows the first part that is none is left out."""
    numbers: list[int] = []
    for part in text.strip().removeprefix("v").split("."):
        if not (part.isascii() and part.isdigit()):
            break
        numbers.append(int(part))
    return tuple(numbers)


def frame_of(text: str) -> tuple[str, Mapping[str, Any]]:
    """The type and data of a websocket's text frame; an empty type where it is nothing we know."""
    try:
        frame = json.loads(text)
    except ValueError:
        return "", {}
    if not isinstance(frame, dict) or not isinstance(frame.get("data"), dict):
        return "", {}
    return str(frame.get("type", "")), frame["data"]
