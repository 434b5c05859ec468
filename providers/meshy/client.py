"""Meshy behind one key: the ``Provider`` that the rest of the house speaks to.

Thin: what is sent is decided in ``requests``, what came back in ``answers`` and ``tasks``,
how a lost task is found in ``recovery``.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from copy import copy
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from providers.base import Balance, FileRef, Outcome, RemoteFile, Request, Running, Search, TaskHandle, Upload
from providers.capabilities import Capabilities, Estimate, Pool
from providers.errors import AnswerLost, NotHandedOver, ProviderError, TaskNotFound
from providers.http import PATIENT, Api, Files, Hosts, Timing
from providers.inline import handed_over
from providers.lists import read_back
from providers.meshy.answers import Created, Wallet, opened
from providers.meshy.clips import ACTIONS, AT_ONCE, WITH_EVERY_RIG, renumbered
from providers.meshy.models import (
    DEFAULT_MODEL,
    ESTIMATES,
    FACES,
    FORMATS,
    FROM_PICTURES,
    PICTURES,
    PROMPT_MAX,
    RIG_FACES,
)
from providers.meshy.recovery import CLOCKS_DIFFER, KEPT, LIST_LAGS, PAGE, Row, reaches_back, rows_of, verdict
from providers.meshy.requests import submission
from providers.meshy.resources import NAME, ROUTES, address, task_id
from providers.meshy.tasks import UNIT, outcome
from providers.meshy.webhook import heard
from providers.redact import without_secrets
from providers.several import each
from providers.shapes import shaped
from providers.styles import WORDS
from providers.unknown import UnknownStates

BASE_URL = "https://api.meshy.ai"
FILE_HOSTS = (".meshy.ai",)
PICTURE_KINDS = frozenset({"image/png", "image/jpeg"})
MINUTE = 60_000

_DEADLINES = {
    "draft": 15 * MINUTE,
    "generate": 20 * MINUTE,
    "remesh": 10 * MINUTE,
    "retexture": 15 * MINUTE,
    "convert": 10 * MINUTE,
    "rig": 10 * MINUTE,
    "animate": 10 * MINUTE,
}


def verify_key_shape(key: str) -> str | None:
    """What is wrong with the look of a key, for the owner; ``None`` where nothing is.

    How a key begins is left open: Meshy itself writes it in two ways.
    """
    if not re.fullmatch("[!-~]{8,}", key):
        return "a Meshy API key is one long word, which begins with msy"
    return None


class Meshy:
    """Meshy's API. A task is seen by every key of its account, for three days.

    ``model`` makes shapes and textures; low-poly shapes have a model of their own.
    ``file_hosts`` are hosts beyond Meshy's own from which results may be fetched, with a
    port where it is not the usual one. ``now`` is in milliseconds since 1970.
    """

    name = NAME
    title = "Meshy"

    def __init__(
        self,
        *,
        api_key: str,
        api_url: str = BASE_URL,
        model: str = DEFAULT_MODEL,
        webhook_url: str | None = None,  # noqa: ARG002 -- Meshy is told it in its console
        file_hosts: Collection[str] = (),
        now: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
        timing: Timing = PATIENT,
    ) -> None:
        self._model = model
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

    def behind(self, api_key: str) -> "Meshy":
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
        """What can be asked for. What waits can be stopped, a task under way cannot."""
        longest = max(map(len, WORDS.values()))
        return Capabilities(
            styles=tuple(WORDS),
            max_pictures=PICTURES,
            polycount=FACES,
            prompt_max=PROMPT_MAX - longest - len(", "),
            negative_prompt_max=0,
            can_stop=True,
            stops_started=False,
            rig_clips=WITH_EVERY_RIG,
            clips_at_once=AT_ONCE,
            retexture=True,
            remesh=FACES,
            formats=FORMATS,
            echoes=False,
        )

    def expand(self, stage: str, *, pictures: int = 0, triangles: int | None = None) -> tuple[str, ...]:
        """Words become a bare shape first, and a shape too heavy for a rig a lighter one."""
        if stage == "generate" and not pictures:
            return ("draft", "generate")
        if stage == "rig" and (triangles or 0) > RIG_FACES:
            return ("remesh", "rig")
        return (stage,)

    def estimate(self, step: str, *, pictures: int = 0) -> Estimate:
        """From Meshy's price list and what its users measured."""
        return FROM_PICTURES if step == "generate" and pictures else ESTIMATES[step]

    def clips(self, rig: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG002 -- other vendors need it
        """The whole library: Meshy rigs humanoids alone, and all of them alike."""
        return tuple(ACTIONS)

    def pool(self, stage: str) -> Pool:  # noqa: ARG002 -- other vendors need it
        """One queue for all an account does; of ten tasks on the smallest plan that has an API."""
        return Pool(name="tasks", size=10)

    def deadline(self, stage: str) -> int:
        """Milliseconds; several times what a stage usually takes."""
        return _DEADLINES[stage]

    async def balance(self) -> Balance:
        """Credits left; those of tasks under way are taken already."""
        wallet = shaped(NAME, Wallet, opened(await self._api.get_json("/openapi/v1/balance")))
        return Balance(available=wallet.balance, frozen=0, unit=UNIT)

    async def inspect(self) -> Sequence[str]:
        """Clips that Meshy means something else by: the one thing that it lists for programs to read.

        Where the list cannot be had, nothing is said: which keys may read it is not documented.
        """
        try:
            return renumbered(opened(await self._api.get_json("/openapi/v1/animations/library")))
        except ProviderError:
            return ()

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:  # noqa: ARG002 -- unsigned
        """The task that a call to our webhook names. Meshy signs nothing, so nothing else is believed."""
        return heard(body)

    # Asking ------------------------------------------------------------------

    async def upload(self, file: Upload) -> FileRef:
        """Meshy takes no uploads: the file's link, else its bytes. Raises ``NotHandedOver``."""
        if not file.content_type.startswith("image/"):
            # Meshy wants a model in a request under this name, whatever it is.
            return replace(await handed_over(NAME, file), content_type="application/octet-stream")
        if file.content_type not in PICTURE_KINDS:
            raise NotHandedOver(NAME, f"takes no {file.content_type}", code="kind")
        return await handed_over(NAME, file)

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:  # noqa: ARG002 -- nothing echoes it
        """Ask for a task, once. What comes of it is kept for three days, counted from now to be sure."""
        # A file inside the request takes a while to be spelled out.
        sent = await asyncio.to_thread(submission, request, model=self._model)
        answer = await self._api.post_json(ROUTES[sent.resource], sent.body)
        created = shaped(NAME, Created, opened(answer, sent.resource), AnswerLost)
        return TaskHandle(task_id=task_id(sent.resource, created.result), expires_at=self._now() + KEPT)

    async def cancel(self, task_id: str) -> bool:
        """Delete a task that still waits in the queue, which gives its price back.

        Looked at first: deleting one that has ended would take its files and give nothing back.
        """
        try:
            seen = await self.check(task_id)
            if not isinstance(seen, Running) or seen.started:
                return False
            answer = await self._api.order("DELETE", address(task_id))
            if answer.status == HTTPStatus.CONFLICT:  # it has begun since
                return False
            opened(answer)
        except TaskNotFound:
            return True  # an earlier order was heard, though its answer did not come
        return True

    # Looking -----------------------------------------------------------------

    async def check(self, task_id: str) -> Outcome:
        """How a task goes."""
        data = opened(await self._api.get_json(address(task_id)))
        return self._unknown.judged(task_id, outcome(data), answer=without_secrets(data))

    async def check_many(self, task_ids: Sequence[str]) -> Mapping[str, Outcome | Exception]:
        """How several go; the error of one is its value. Meshy reads them one by one."""
        return await each(task_ids, self.check)

    def fetch(self, file: RemoteFile, *, limit: int) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a result. On ``LinkExpired``, another ``check`` gives a fresh link."""
        return self._files.download(file.url, limit=limit)

    async def find(
        self,
        request: Request,
        *,
        seed: int,  # noqa: ARG002 -- nothing echoes it
        since: int,
        now: int,
        known: Collection[str],
    ) -> Search:
        """Look for a lost submit in the list of its kind of task.

        Rests on three things: only one submit at a time is under way behind a key, ``known``
        names every other task of ours since some minutes before ``since``, and a preview
        echoes its words. An account that other programs use too makes the answer
        ``CannotTell`` more often; taking another's task for ours needs one of the same kind,
        made within three minutes of a submit of ours that was lost and never accepted.
        """
        sent = await asyncio.to_thread(submission, request, model=self._model)
        rows, whole = await self._rows_since(ROUTES[sent.resource], since - CLOCKS_DIFFER)
        settled = now - since > LIST_LAGS
        return verdict(sent, rows, since=since, known=known, complete=whole and settled)

    async def _rows_since(self, route: str, start: int) -> tuple[list[Row], bool]:
        """Rows of a list, and whether every task since ``start`` is among them."""

        async def page(number: int) -> list[Row]:
            answer = await self._api.get_json(
                route, page_num=number + 1, page_size=PAGE, sort_by="-created_at"
            )
            return rows_of(opened(answer))

        return await read_back(page, lambda rows: reaches_back(rows, start))
