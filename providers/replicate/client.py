"""Replicate behind one key: the ``Provider`` that the rest of the house speaks to.

Thin: what is sent is decided in ``models`` and ``requests``, what came back in ``problems`` and
``predictions``, how a lost prediction is found in ``recovery``, who calls us in ``webhook``.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from copy import copy
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel

from providers.base import (
    FileRef,
    Outcome,
    RemoteFile,
    Request,
    Search,
    Source,
    Succeeded,
    TaskHandle,
    Upload,
)
from providers.capabilities import Capabilities, Estimate, Pool
from providers.errors import (
    AnswerLost,
    ProviderError,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    Throttled,
    Unauthorised,
    Unavailable,
)
from providers.http import PATIENT, Api, Files, Hosts, Timing
from providers.inline import address, handed_over
from providers.links import extension
from providers.lists import PAGES
from providers.replicate.models import (
    DEFAULT_MODEL,
    FLUX,
    GENERATORS,
    PROMPT_MAX,
    UNIRIG,
    Record,
    model_of,
    steps,
)
from providers.replicate.predictions import USABLE, Created, Prediction, kept, outcome
from providers.replicate.problems import NAME, opened
from providers.replicate.recovery import Page, following, verdict, window
from providers.replicate.requests import INLINE_MAX, is_reachable, order, submission
from providers.replicate.schemas import drift, path
from providers.replicate.webhook import Ear
from providers.several import each
from providers.shapes import shaped
from providers.styles import WORDS
from providers.unknown import UnknownStates

BASE_URL = "https://api.replicate.com/v1"
FILE_HOSTS = ("replicate.delivery", ".replicate.delivery")
ANSWER_LIMIT = 20 * 1024 * 1024  # bytes; a prediction may echo the files that came with its request
CANCELLED_WITHIN = (0.0, 1.0, 2.0)  # seconds before each look whether a cancel has come through


class Account(BaseModel):
    """Whose key it is."""

    username: str


def verify_key_shape(key: str) -> str | None:
    """What is wrong with the look of a key, for the owner; ``None`` where nothing is."""
    if re.fullmatch("r8_[A-Za-z0-9]{20,}", key):
        return None
    return "a Replicate API token begins with r8_, and letters and digits follow"


class Replicate:
    """Replicate's API. A prediction is seen by every key of its account, and by no other.

    ``model`` is one of ``GENERATORS``; drafts are drawn by FLUX, rigs made by UniRig.
    ``webhook_url`` goes with every request where it is https, or where ``api_url`` is not
    either. ``file_hosts`` are hosts beyond Replicate's own from which results may be fetched,
    with a port where it is not the usual one. ``now`` is in milliseconds since 1970.
    """

    name = NAME
    title = "Replicate"

    def __init__(
        self,
        *,
        api_key: str,
        api_url: str = BASE_URL,
        model: str = DEFAULT_MODEL,
        webhook_url: str | None = None,
        file_hosts: Collection[str] = (),
        now: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
        timing: Timing = PATIENT,
    ) -> None:
        if model not in GENERATORS:
            raise ValueError(f"no model {model} is known, only {', '.join(GENERATORS)}")
        self._generator = GENERATORS[model]
        self._api_url = api_url
        self._webhook = webhook_url if webhook_url and is_reachable(webhook_url, api_url=api_url) else None
        self._now = now
        self._sleep = sleep
        self._unknown = UnknownStates()
        self._authorization = f"Bearer {api_key}"
        keyed = Hosts(FILE_HOSTS, (urlsplit(api_url).netloc,))
        self._files = Files(NAME, hosts=Hosts(FILE_HOSTS, file_hosts), keyed=keyed, timing=timing)
        self._api = Api(
            NAME,
            base_url=api_url,
            authorization=self._authorization,
            now=now,
            sleep=sleep,
            timing=timing,
            answer_limit=ANSWER_LIMIT,
        )
        self._ear = Ear(self._api, now)

    def behind(self, api_key: str) -> "Replicate":
        """The same vendor behind another key, over the same connections."""
        other = copy(self)
        other._authorization = f"Bearer {api_key}"  # noqa: SLF001 -- a copy of ours
        other._api = self._api.behind(other._authorization)  # noqa: SLF001
        other._ear = Ear(other._api, self._now)  # noqa: SLF001 -- an account has a secret of its own
        other._webhook = None  # noqa: SLF001 -- what it signs, only this copy could read
        return other

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._api.aclose()
        await self._files.aclose()

    # What there is -----------------------------------------------------------

    def capabilities(self) -> Capabilities:
        """What can be asked for with the generator in use.

        A prediction that runs is charged for its time when it is stopped, so only what waits is.
        ``echoes`` is false: UniRig and Hunyuan have no seed, so equal requests look equal.
        """
        longest = max(map(len, WORDS.values())) + len(FLUX.words) + 2 * len(", ")
        return Capabilities(
            styles=tuple(WORDS),
            max_pictures=self._generator.pictures,
            polycount=self._generator.faces,
            prompt_max=PROMPT_MAX - longest,
            negative_prompt_max=0,
            can_stop=True,
            stops_started=False,
            animate=False,
            echoes=False,
        )

    def expand(self, stage: str, *, pictures: int = 0, triangles: int | None = None) -> tuple[str, ...]:  # noqa: ARG002 -- UniRig names no limit
        """A generator that takes no words is preceded by a draft: a picture."""
        return steps(self._generator, pictures=pictures) if stage == "generate" else (stage,)

    def estimate(self, step: str, *, pictures: int = 0) -> Estimate:  # noqa: ARG002 -- other vendors need it
        """From the models' pages and what users measured on warm machines."""
        record = model_of(step, self._generator)
        return Estimate(seconds=record.seconds, usd_micros=record.usd_micros)

    def clips(self, rig: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG002 -- other vendors' rigs differ
        """None: UniRig names bones by number, and no clip fits those."""
        return ()

    def pool(self, stage: str) -> Pool:  # noqa: ARG002 -- one for all
        """Replicate names no limit of this kind; it is ours, so that a burst does not meet its rate limit."""
        return Pool(name="predictions", size=20)

    def deadline(self, stage: str) -> int:
        """Milliseconds; long enough for a machine that has to wake first."""
        return model_of(stage, self._generator).deadline

    async def balance(self) -> None:
        """Replicate tells nobody what is left; that it answers proves the key."""
        shaped(NAME, Account, opened(await self._api.get_json("/account")))

    async def inspect(self) -> Sequence[str]:
        """What the models in use say of themselves, held against our records.

        Where Replicate cannot be reached, or refuses the key, nothing is said: ``balance``
        meets the same and tells.
        """
        drafts = (FLUX,) if not self._generator.prompt else ()
        found = [await self._drift(record) for record in (self._generator, *drafts, UNIRIG)]
        return [said for one in found for said in one]

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """The prediction that a webhook's call is about. Raises ``Forged``."""
        return await self._ear.hear(headers, body)

    # Asking ------------------------------------------------------------------

    async def upload(self, file: Upload) -> FileRef:
        """Hand a file over: as a link of ours that says what it is, else in the request itself.

        Replicate's own store of files is not used, because many models, UniRig among them, go by
        the ending of an address, and there addresses have none.
        """
        link = file.link or ""
        usable = is_reachable(link, api_url=self._api_url) and extension(link)
        return await handed_over(NAME, file if usable else replace(file, link=None), most=INLINE_MAX)

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:
        """Ask for a prediction, once. It ends by itself at the deadline, also where we are no more."""
        sent = order(request, generator=self._generator, seed=seed)
        addresses = [await self._address(source, sent.record) for source in sent.files]
        where, body = submission(sent, addresses, self._webhook)
        until = {"Cancel-After": f"{sent.record.deadline // 1000}s"}
        data = opened(await self._api.post_json(where, body, headers=until), missing=Rejected)
        return TaskHandle(task_id=shaped(NAME, Created, data, AnswerLost).id, expires_at=self._now() + USABLE)

    async def cancel(self, task_id: str) -> bool:
        """Stop a prediction that has not begun. One that runs is left: its time is charged anyway."""
        if shaped(NAME, Prediction, await self._task(task_id)).status != "starting":
            return False
        await self._api.order("POST", f"/predictions/{quote(task_id, safe='')}/cancel")
        for pause in CANCELLED_WITHIN:
            await self._sleep(pause)
            found = shaped(NAME, Prediction, await self._task(task_id))
            if found.status in {"canceled", "aborted"}:
                return found.started_at is None
        return False

    # Looking -----------------------------------------------------------------

    async def check(self, task_id: str) -> Outcome:
        """How a task goes. Raises ``TaskNotFound`` also where its result has been erased."""
        data = await self._task(task_id)
        return self._unknown.judged(task_id, outcome(data), answer=kept(data))

    async def check_many(self, task_ids: Sequence[str]) -> Mapping[str, Outcome | Exception]:
        """How several go; the error of one is its value. The list of all would lack their progress."""
        return await each(task_ids, self.check)

    def fetch(self, file: RemoteFile, *, limit: int) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a result. Replicate's documents ask for the key here; its hosts mostly do not."""
        return self._files.download(file.url, limit=limit, authorization=self._authorization)

    async def find(
        self, request: Request, *, seed: int, since: int, now: int, known: Collection[str]
    ) -> Search:
        """Look for a lost submit in the account's list of predictions, by the echo of its input.

        It rests on a seed that no other submit has. UniRig and Hunyuan have none: there it rests on
        ``known`` being complete, and on one submit at a time; a prediction that another program
        asked of the same account, with the same words in the same minutes, would pass for ours.
        """
        sent = order(request, generator=self._generator, seed=seed)
        marks = [await self._mark(source, sent.record) for source in sent.files]
        listed, complete = await self._listed(since)
        return verdict(sent, marks, listed, known=known, since=since, now=now, complete=complete)

    async def _listed(self, since: int) -> tuple[list[Prediction], bool]:
        """Predictions that may be of a submit at ``since``, and whether those are all."""
        listed: list[Prediction] = []
        query = window(since)
        for _ in range(PAGES):
            page = shaped(NAME, Page, opened(await self._api.get_json("/predictions", **query)))
            listed += page.results
            if not page.next:
                return listed, True
            query = following(page.next)
        return listed, False

    async def _task(self, task_id: str) -> Any:
        return opened(await self._api.get_json(f"/predictions/{quote(task_id, safe='')}"))

    async def _address(self, source: Source, record: Record) -> str:
        """Where Replicate finds a file. Raises ``SourceUnusable`` for a task whose output is none."""
        if isinstance(source, FileRef):
            return await asyncio.to_thread(address, source)  # millions of bytes, where they go along
        result = outcome(await self._task(source.task_id))
        if not isinstance(result, Succeeded) or not result.files:
            raise SourceUnusable(NAME, "the task to build on has no output")
        url = result.files[0].url
        if record.mesh and extension(url) != ".glb":
            raise SourceUnusable(NAME, "a mesh whose address does not say that it is one")
        return url

    async def _mark(self, source: Source, record: Record) -> str:
        """What to know a file of a lost submit by: its link or sha256; empty where that is gone."""
        if isinstance(source, FileRef):
            return source.token
        try:
            return await self._address(source, record)
        except (SourceUnusable, TaskNotFound):
            return ""

    async def _drift(self, record: Record) -> list[str]:
        try:
            return drift(record, opened(await self._api.get_json(path(record))))
        except TaskNotFound:
            version = f" at version {record.version}" if record.version else ""
            return [f"{record.name}{version} is gone, or not for this key"]
        except (Unavailable, Throttled, Unauthorised):
            return []
        except ProviderError as error:
            return [f"{record.name} could not be read ({type(error).__name__})"]
