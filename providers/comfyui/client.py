"""ComfyUI behind one address: the ``Provider`` that the rest of the house speaks to.

Thin: what can be made is decided by ``templates``, what is sent in ``requests``, what came
back in ``answers`` and ``tasks``. Work here costs nothing but the GPU's time.

A task's id is the template's name and the id that we chose: ``image_to_3d/<uuid>``.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from copy import copy
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from providers.base import (
    Absent,
    CannotTell,
    FileRef,
    Found,
    Outcome,
    RemoteFile,
    Request,
    Running,
    Search,
    TaskHandle,
    Upload,
)
from providers.capabilities import Capabilities, Estimate, Pool
from providers.comfyui.address import host_of, socket_of
from providers.comfyui.answers import (
    Accepted,
    Stats,
    Uploaded,
    concerns,
    opened,
    said_about,
    version_of,
)
from providers.comfyui.feed import Feed
from providers.comfyui.inspection import classes_of, misfits, too_old
from providers.comfyui.offers import capabilities, seconds, slowest
from providers.comfyui.requests import FOLDER, NAME, Submission, submission
from providers.comfyui.tasks import Line, line_of, outcome
from providers.comfyui.templates import OURS, Template, read_templates
from providers.errors import AnswerLost, ContractChanged, ProviderError, Rejected, TaskNotFound
from providers.http import PATIENT, Api, Files, Hosts, Timing
from providers.several import each
from providers.shapes import shaped

BASE_URL = "http://127.0.0.1:8188"
MESH_FOLDER = "3d"
"""Where ComfyUI's own nodes look for meshes among the inputs."""
PROMPT_MAX = 1_000
NEGATIVE_PROMPT_MAX = 500
STOPS_ONE = (0, 3, 57)
"""From this version on, an interrupt stops the job it names; before, whatever runs, be it someone else's."""
SECOND = 1_000
DEADLINE = 30 * 60 * SECOND
PATIENCE = 4  # times what a template usually takes, as others' work may be in the queue before it


class ComfyUI:
    """ComfyUI's native API.

    ``api_key`` is the value of an Authorization header for a proxy in front; ComfyUI itself asks
    for none. ``workflows`` is a folder of templates that are used instead of ours. ``slots``: how
    many jobs we have there at once; the server runs one at a time. Results come from the
    address itself, so ``file_hosts`` plays no part, and there are no webhooks.
    """

    name = NAME
    title = "ComfyUI"

    def __init__(
        self,
        *,
        api_key: str = "",
        api_url: str = BASE_URL,
        workflows: Path | None = None,
        slots: int = 1,
        file_hosts: Collection[str] = (),  # noqa: ARG002 # every vendor is given it
        webhook_url: str | None = None,  # noqa: ARG002 # same
        now: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
        timing: Timing = PATIENT,
    ) -> None:
        self._url = api_url.rstrip("/")
        self._slots = slots
        self._client_id = uuid4().hex
        self._templates = read_templates(workflows or OURS)
        self._key, here = api_key, Hosts((), {host_of(self._url)})
        self._files = Files(NAME, hosts=here, keyed=here, timing=timing)
        self._api = Api(
            NAME, base_url=self._url, authorization=api_key or None, now=now, sleep=sleep, timing=timing
        )
        self._feed = Feed(socket_of(self._url, self._client_id), authorization=api_key, sleep=sleep)

    def behind(self, api_key: str) -> "ComfyUI":
        """The same server, with another value for the proxy in front of it."""
        other = copy(self)
        other._api, other._key = self._api.behind(api_key), api_key  # noqa: SLF001 # a copy of ours
        return other

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._feed.aclose()
        await self._api.aclose()
        await self._files.aclose()

    # What there is -----------------------------------------------------------

    def capabilities(self) -> Capabilities:
        """What the templates make."""
        return capabilities(self._templates)

    def expand(self, stage: str, *, pictures: int = 0, triangles: int | None = None) -> tuple[str, ...]:  # noqa: ARG002 # a stage is one job, whatever it starts from
        """A stage is one job."""
        return (stage,)

    def estimate(self, step: str, *, pictures: int = 0) -> Estimate:
        """What the template for it takes, by its manifest; free."""
        return Estimate(seconds=seconds(self._templates, step, pictures=pictures), usd_micros=0)

    def clips(self, rig: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG002 # other vendors need it
        """None: ComfyUI does not animate."""
        return ()

    def pool(self, stage: str) -> Pool:  # noqa: ARG002 # other vendors need it
        """One GPU does everything."""
        return Pool(name="gpu", size=self._slots)

    def deadline(self, stage: str) -> int:
        """Milliseconds; longer where the owner's templates are slow."""
        return max(DEADLINE, PATIENCE * SECOND * slowest(self._templates, stage))

    async def balance(self) -> None:
        """There is none; asks whether the server lets us in."""
        await self._version()

    async def inspect(self) -> Sequence[str]:
        """Templates that cannot be used, and what the others need and the server lacks."""
        words = list(self._templates.problems)
        version = await self._version()
        known: dict[str, Any] = {}
        for template in self._templates.by_name.values():
            for kind in classes_of(template):
                if kind not in known:
                    known[kind] = await self._class(kind)
            old = too_old(template, version)
            words += [*([old] if old else ()), *misfits(template, known)]
        return words

    async def _version(self) -> str:
        stats = shaped(NAME, Stats, opened(await self._api.get_json("/system_stats")))
        return stats.system.comfyui_version

    async def _class(self, kind: str) -> Any:
        """What the server says of a node class; ``None`` where it does not have it."""
        info = opened(await self._api.get_json(f"/object_info/{quote(kind, safe='')}"))
        return info.get(kind) if isinstance(info, Mapping) else None

    # Asking ------------------------------------------------------------------

    async def upload(self, file: Upload) -> FileRef:
        """Put a file among the server's inputs, under a name of its own: it is never removed there."""
        kind = PurePosixPath(file.name).suffix.lower()
        renamed = replace(file, name=f"{uuid4().hex}{kind}")
        where = {"type": "input", "subfolder": MESH_FOLDER if kind == ".glb" else FOLDER, "overwrite": "true"}
        answer = await self._api.upload("/upload/image", renamed, field="image", fields=where)
        return FileRef(token=shaped(NAME, Uploaded, opened(answer)).path)

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:
        """Queue a job under the id that follows from ``seed``.

        The answer is 200 also where the wanted output is invalid and only others would be
        made; such a job is taken out of the queue again and raises ``Rejected``.
        """
        sent = submission(request, self._templates, seed=seed)
        body = {"prompt": sent.graph, "prompt_id": sent.prompt_id, "client_id": self._client_id}
        answer = await self._api.post_json("/prompt", body)
        accepted = shaped(NAME, Accepted, opened(answer), AnswerLost)
        if concerns(accepted.node_errors, sent.template.manifest.outputs.model):
            with suppress(ProviderError):
                await self.cancel(accepted.prompt_id)
            raise Rejected(NAME, said_about(answer.body), code="node_errors")
        return self._accepted(sent, accepted.prompt_id)

    def _accepted(self, sent: Submission, prompt_id: str) -> TaskHandle:
        """``prompt_id`` is ours, except at servers too old to take one."""
        self._feed.watch(prompt_id, sent.template.weights())
        return TaskHandle(task_id=f"{sent.template.name}/{prompt_id}")

    async def cancel(self, task_id: str) -> bool:
        """Take it out of the queue, or stop it where that cannot hit another's job."""
        _, prompt_id = _parts(task_id)
        line = await self._line()
        if line and prompt_id in line.pending:
            opened(await self._api.order("POST", "/queue", {"delete": [prompt_id]}))
            line = await self._line()  # the answer does not say whether it was still there
            if line and prompt_id not in line:
                return self._stopped(prompt_id)
        if not line or prompt_id not in line.running or version_of(await self._version()) < STOPS_ONE:
            return False
        opened(await self._api.order("POST", "/interrupt", {"prompt_id": prompt_id}))
        return self._stopped(prompt_id)

    def _stopped(self, prompt_id: str) -> bool:
        self._feed.forget(prompt_id)
        return True

    # Looking -----------------------------------------------------------------

    async def check(self, task_id: str) -> Outcome:
        """How a job goes; ``TaskNotFound`` once the server has been restarted."""
        return await self._judged(task_id, await self._line())

    async def check_many(self, task_ids: Sequence[str]) -> Mapping[str, Outcome | Exception]:
        """How several go: one look at the queue, and one each for those that are not in it."""
        line = await self._line()
        return await each(task_ids, lambda task_id: self._judged(task_id, line))

    def fetch(self, file: RemoteFile, *, limit: int) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a result, from the server itself and nowhere else."""
        return self._files.download(file.url, limit=limit, authorization=self._key)

    async def find(
        self,
        request: Request,
        *,
        seed: int,
        since: int,  # noqa: ARG002 # the id says it all
        now: int,  # noqa: ARG002 # same
        known: Collection[str],
    ) -> Search:
        """Look for a lost submit by its id, which follows from ``seed``.

        Exact, unless the server was restarted meanwhile: then the job is gone with its queue,
        and to ask again costs nothing.
        """
        try:
            sent = submission(request, self._templates, seed=seed)
        except Rejected:
            return Absent()  # what cannot be put into words was never sent
        line = await self._line()
        there = line is not None and sent.prompt_id in line
        if not there and await self._ended(sent.prompt_id, sent.template) is None:
            return CannotTell() if line is None else Absent()
        handle = self._accepted(sent, sent.prompt_id)
        return CannotTell() if handle.task_id in known else Found(handle=handle)

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:  # noqa: ARG002 # nothing to hear
        """ComfyUI calls nobody."""
        return None

    async def _judged(self, task_id: str, line: Line | None) -> Outcome:
        """``line`` was read before the history: a job that ends in between is in both, not in none."""
        name, prompt_id = _parts(task_id)
        if line and prompt_id in line.pending:
            return Running(progress=0, started=False)
        if not line or prompt_id not in line.running:
            ended = await self._ended(prompt_id, self._templates.by_name.get(name))
            if ended or line:
                self._feed.forget(prompt_id)
                return _known(ended)
        return Running(progress=self._feed.percent(prompt_id))

    async def _line(self) -> Line | None:
        """Who is in the queue; ``None`` where it is too long to be read, as it holds everybody's graphs."""
        try:
            return line_of(opened(await self._api.get_json("/queue")))
        except ContractChanged:
            return None

    async def _ended(self, prompt_id: str, template: Template | None) -> Outcome | None:
        history = opened(await self._api.get_json(f"/history/{quote(prompt_id, safe='')}"))
        outputs = template.manifest.outputs if template else None
        return outcome(history, prompt_id, outputs, base_url=self._url)


def _known(ended: Outcome | None) -> Outcome:
    if ended is None:
        raise TaskNotFound(NAME)
    return ended


def _parts(task_id: str) -> tuple[str, str]:
    """The template's name and the server's id."""
    name, _, prompt_id = task_id.rpartition("/")
    return name, prompt_id
