"""Finding a prediction whose id we never learnt.

Replicate has no idempotency key, and a prediction takes no mark of ours. What there is: the
account's list, and the input that each prediction echoes. Where the model has a seed, ours
makes the echo unmistakable. Where it has none, equal requests look equal; they are told apart
only because they are sent one at a time, and because the ids of all other runs are known.
Pure; ``client`` does the reading.
"""

from base64 import b64decode
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel

from providers.base import Absent, CannotTell, Found, Search, TaskHandle
from providers.replicate.predictions import USABLE, Prediction
from providers.replicate.requests import Order

CLOCKS_DIFFER = timedelta(minutes=5)
"""The most that we believe of our clock and Replicate's."""
LIST_LAGS = timedelta(minutes=1)
"""After this long a prediction is in the list."""


class Page(BaseModel):
    """A page of the list, newest first."""

    results: list[Prediction]
    next: str | None = None
    """The address of the next one."""


def window(since: int) -> dict[str, str]:
    """The query for predictions that can be of a submit at ``since`` (milliseconds)."""
    sent = datetime.fromtimestamp(since / 1000, UTC)
    edges = {"created_after": sent - CLOCKS_DIFFER, "created_before": sent + CLOCKS_DIFFER}
    return {
        name: edge.isoformat(timespec="milliseconds").replace("+00:00", "Z") for name, edge in edges.items()
    }


def following(address: str) -> dict[str, str]:
    """The query for a next page; the path stays ours, wherever its address may lead."""
    return dict(parse_qsl(urlsplit(address).query))


def verdict(
    sent: Order, marks: Sequence[str], listed: Sequence[Prediction], *, known: Collection[str],
    since: int, now: int, complete: bool,
) -> Search:  # fmt: skip
    """What the list says of our submit.

    ``marks``: of each of its files the link or the sha256; empty where that is not known any more.
    ``complete``: nothing that was made in the window is missing from the list.
    """
    others = [one for one in listed if one.id not in known and one.source != "web" and _is_of(sent, one)]
    answers = {one.id: _is_ours(sent, marks, one) for one in others}
    ours = [task_id for task_id, answer in answers.items() if answer]
    if len(ours) == 1:
        return Found(handle=TaskHandle(task_id=ours[0], expires_at=since + USABLE))
    settled = now - since >= LIST_LAGS / timedelta(milliseconds=1)
    nobody = all(answer is False for answer in answers.values())
    return Absent() if complete and settled and nobody else CannotTell()


def _is_of(sent: Order, one: Prediction) -> bool:
    """Whether it is of the same model, at the version that we ask for."""
    if sent.record.version is None or one.version is None:
        return one.model == sent.record.name
    return one.version.rpartition(":")[2] == sent.record.version


def _is_ours(sent: Order, marks: Sequence[str], one: Prediction) -> bool | None:
    """Whether it was asked for as ours was; ``None`` where that has been erased."""
    echo = one.input
    if not echo:
        return None
    if any(echo.get(name) != value for name, value in sent.input.items()):
        return False
    echoed = _files(echo, sent.record.picture) + _files(echo, sent.record.mesh)
    if len(echoed) != len(sent.files):
        return False
    return all(_same(mark, other) for mark, other in zip(marks, echoed, strict=False))


def _files(echo: Mapping[str, Any], field: str | None) -> list[str]:
    value = echo.get(field) if field else None
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []


def _same(mark: str, echoed: str) -> bool:
    """Whether it can be the file that we sent.

    A link comes back as it was sent. What went along may come back as a link of Replicate's,
    which says nothing either way.
    """
    if echoed.startswith("data:"):
        return _digest(echoed) == mark
    return mark == echoed or "://" not in mark


def _digest(data_uri: str) -> str:
    try:
        return sha256(b64decode(data_uri.partition(",")[2])).hexdigest()
    except ValueError:
        return ""
