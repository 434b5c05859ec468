"""Tripo behind one key: the ``Provider`` that the rest of the house speaks to.

Thin: what is sent is decided in ``requests``, what came back in ``envelope`` and
``tasks``, how a lost task is found in ``recovery``.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from copy import copy
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from providers.base import Balance, FileRef, Outcome, RemoteFile, Request, Search, TaskHandle, Upload
from providers.capabilities import Capabilities, Estimate, Pool
from providers.errors import AnswerLost, ProviderError, TaskNotFound
from providers.http import PATIENT, Api, Files, Hosts, Timing
from providers.lists import read_back
from providers.redact import without_secrets
from providers.several import each
from providers.shapes import shaped
from providers.tripo.clips import presets
from providers.tripo.envelope import NAME, opened
from providers.tripo.models import (
    DECIMATED_FACES,
    DEFAULT_MODEL,
    FORMATS,
    NEGATIVE_PROMPT_MAX,
    PROMPT_MAX,
    STYLES,
    faces,
    is_p_series,
)
from providers.tripo.recovery import (
    CLOCKS_DIFFER,
    LIST_LAGS,
    PAGE,
    UsageRow,
    candidates,
    lists_unfinished,
    moment,
    reaches_back,
    rows_of,
    verdict,
)
from providers.tripo.requests import SIDES, submission
from providers.tripo.tasks import UNIT, Created, Stored, TaskList, Wallet, outcome
from providers.tripo.webhook import heard
from providers.unknown import UnknownStates

BASE_URL = "https://openapi.tripo3d.ai/v3"
FILE_HOSTS = (".tripo3d.com", ".tripo3d.ai")
MULTIPART_MAX = 50 * 1024 * 1024  # bytes; from here on the SDK uploads to a presigned address
FEW = 3  # tasks that are read one by one
BATCH = 100  # the most that one list takes
MINUTE = 60_000

ESTIMATES = {
    "generate": Estimate(seconds=120, usd_micros=300_000),
    "rig_check": Estimate(seconds=10, usd_micros=0),
    "rig": Estimate(seconds=60, usd_micros=250_000),
    "animate": Estimate(seconds=30, usd_micros=100_000),
    "retexture": Estimate(seconds=60, usd_micros=100_000),
    "remesh": Estimate(seconds=60, usd_micros=300_000),
    "convert": Estimate(seconds=20, usd_micros=50_000),
}
_DEADLINES = {"generate": 15 * MINUTE, "rig_check": 5 * MINUTE}
_USUAL_DEADLINE = 10 * MINUTE

_WORKSHOP = Pool(name="texture, convert, import", size=5)
_POOLS = {"retexture": _WORKSHOP, "convert": _WORKSHOP, "remesh": Pool(name="mesh", size=10)}


def verify_key_shape(key: str) -> str | None:
    """What is wrong with the look of a key, for the owner; ``None`` where nothing is."""
    if key.startswith("tcli_"):
        return "this is a Tripo client id; the API key begins with tsk_"
    if not re.fullmatch("tsk_[!-~]+", key):
        return "a Tripo API key begins with tsk_ and has no spaces"
    return None


class Tripo:
    """Tripo's v3 API. A task is only ever seen by the key that made it.

    ``file_hosts`` are hosts beyond Tripo's own from which results may be fetched, with a
    port where it is not the usual one. ``now`` is in milliseconds since 1970.
    """

    name = NAME
    title = "Tripo"

    def __init__(
        self,
        *,
        api_key: str,
        api_url: str = BASE_URL,
        model: str = DEFAULT_MODEL,
        webhook_secret: str = "",
        webhook_url: str | None = None,  # noqa: ARG002 -- Tripo is told it in its console
        file_hosts: Collection[str] = (),
        now: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
        timing: Timing = PATIENT,
    ) -> None:
        self._model = model
        self._webhook_secret = webhook_secret
        self._now = now
        self._unknown = UnknownStates()
        self._files = Files(NAME, hosts=Hosts(FILE_HOSTS, file_hosts), timing=timing)
        self._api = Api(
            NAME,
            base_url=api_url,
            authorization=f"Bearer {api_key}",
            now=now,
            sleep=sleep,
            timing=timing,
        )

    def behind(self, api_key: str) -> "Tripo":
        """The same vendor behind another key, over the same connections."""
        other = copy(self)
        other._api = self._api.behind(f"Bearer {api_key}")  # noqa: SLF001 -- a copy of ours
        return other

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._api.aclose()
        await self._files.aclose()

    # What there is -----------------------------------------------------------

    def capabilities(self) -> Capabilities:
        """What can be asked for with the model in use."""
        longest = max(len(style.words) for style in STYLES.values())
        return Capabilities(
            styles=tuple(STYLES),
            max_pictures=len(SIDES),
            polycount=faces(self._model),
            prompt_max=PROMPT_MAX - longest - len(", "),
            negative_prompt_max=NEGATIVE_PROMPT_MAX,
            can_stop=False,
            retexture=True,
            remesh=DECIMATED_FACES,
            formats=FORMATS,
        )

    def expand(self, stage: str, *, pictures: int = 0, triangles: int | None = None) -> tuple[str, ...]:  # noqa: ARG002 -- other vendors need them
        """A rig is preceded by a check, which is free and names the skeleton."""
        return ("rig_check", "rig") if stage == "rig" else (stage,)

    def estimate(self, step: str, *, pictures: int = 0) -> Estimate:  # noqa: ARG002 -- other vendors need it
        """From Tripo's price list (a credit is a cent) and what its users measured."""
        return ESTIMATES[step]

    def clips(self, rig: Mapping[str, Any]) -> tuple[str, ...]:
        """Clips that a rig with these facts plays."""
        return tuple(presets(rig))

    def pool(self, stage: str) -> Pool:
        """Tripo's documented limits; those of an account may be lower, which ``PoolFull`` tells."""
        if stage != "generate":
            return _POOLS.get(stage, Pool(name="animation", size=10))
        return Pool(name="p-series", size=5) if is_p_series(self._model) else Pool(name="h-series", size=10)

    def deadline(self, stage: str) -> int:
        """Milliseconds; several times what Tripo says a stage takes."""
        return _DEADLINES.get(stage, _USUAL_DEADLINE)

    async def balance(self) -> Balance:
        """Credits left, and those held for tasks under way."""
        wallet = shaped(NAME, Wallet, opened(await self._api.get_json("/account/balance")))
        return Balance(available=wallet.balance, frozen=wallet.frozen, unit=UNIT)

    async def inspect(self) -> Sequence[str]:
        """Tripo describes itself nowhere, so nothing can be held against it."""
        return ()

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """The task of a webhook's call. Raises ``Forged``; also for every call while no secret is set."""
        return heard(headers, body, secret=self._webhook_secret, now=self._now())

    # Asking ------------------------------------------------------------------

    async def upload(self, file: Upload) -> FileRef:
        """Hand a file over; free, and may be repeated."""
        if file.size <= MULTIPART_MAX:
            stored = shaped(NAME, Stored, opened(await self._api.upload("/files", file, field="file")))
            return FileRef(token=stored.file_token)
        kind = PurePosixPath(file.name).suffix.lower().removeprefix(".")
        place = shaped(NAME, Stored, opened(await self._api.ask_json("/files/presign", {"format": kind})))
        await self._files.put(place.presigned_url or place.upload_url or "", file)
        return FileRef(token=place.file_token)

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:
        """Ask for a task, once."""
        sent = submission(request, model=self._model, seed=seed)
        data = opened(await self._api.post_json(sent.path, sent.body))
        return TaskHandle(task_id=shaped(NAME, Created, data, AnswerLost).task_id)

    async def cancel(self, task_id: str) -> bool:  # noqa: ARG002 # other vendors need it
        """Tripo cannot stop a task."""
        return False

    # Looking -----------------------------------------------------------------

    async def check(self, task_id: str) -> Outcome:
        """How a task goes."""
        return self._judged(task_id, await self._task(task_id))

    async def check_many(self, task_ids: Sequence[str]) -> Mapping[str, Outcome | Exception]:
        """How several go; the error of one is its value."""
        found = await self._tasks(task_ids)
        return {task_id: self._judged_or_error(task_id, found[task_id]) for task_id in task_ids}

    def fetch(self, file: RemoteFile, *, limit: int) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a result. On ``LinkExpired``, another ``check`` gives a fresh link."""
        return self._files.download(file.url, limit=limit)

    async def find(
        self, request: Request, *, seed: int, since: int, now: int, known: Collection[str]
    ) -> Search:
        """Look for a lost submit in the account's list of tasks, by the echo of its request."""
        sent = submission(request, model=self._model, seed=seed)
        start = moment(since) - CLOCKS_DIFFER
        rows, whole = await self._rows_since(start)
        found = await self._tasks(candidates(rows, sent, since=start, known=known))
        settled = lists_unfinished(rows) or moment(now) - moment(since) > LIST_LAGS
        return verdict(sent, found, complete=whole and settled)

    def _judged(self, task_id: str, data: Any) -> Outcome:
        return self._unknown.judged(task_id, outcome(data), answer=without_secrets(data))

    def _judged_or_error(self, task_id: str, found: Any) -> Outcome | Exception:
        try:
            return found if isinstance(found, ProviderError) else self._judged(task_id, found)
        except ProviderError as error:
            return error

    async def _rows_since(self, start: datetime) -> tuple[list[UsageRow], bool]:
        """Rows of the account's list, and whether every task since ``start`` is among them."""

        async def page(number: int) -> list[UsageRow]:
            answer = await self._api.get_json("/account/usage", limit=PAGE, offset=number * PAGE)
            return rows_of(opened(answer))

        return await read_back(page, lambda rows: reaches_back(rows, start))

    async def _task(self, task_id: str) -> Any:
        return opened(await self._api.get_json(f"/tasks/{quote(task_id, safe='')}"))

    async def _tasks(self, task_ids: Sequence[str]) -> dict[str, Any]:
        """Each id's task, or the error in its place: a few one by one, more of them as lists."""
        if len(task_ids) <= FEW:
            return await each(task_ids, self._task)
        found: dict[str, Any] = {}
        for first in range(0, len(task_ids), BATCH):
            found |= await self._batch(task_ids[first : first + BATCH])
        return found

    async def _batch(self, task_ids: Sequence[str]) -> dict[str, Any]:
        try:
            data = opened(await self._api.ask_json("/tasks/list", {"task_ids": list(task_ids)}))
            tasks = shaped(NAME, TaskList, data).tasks
        except ProviderError as error:
            return dict.fromkeys(task_ids, error)
        return {task_id: tasks.get(task_id) or TaskNotFound(NAME) for task_id in task_ids}
