"""Asking a vendor for a task, once: prepare, send, and find again what may have been accepted.

Preparing costs nothing and may be repeated. Sending happens after the run says
``submitting`` in the database. Whatever happens to the answer, the request is never sent
again before the vendor's records have said twice that it is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.jobs import requests
from bot.jobs.circuits import Circuits
from bot.jobs.clock import MINUTE, SECOND, Clock, Ids
from bot.jobs.collecting import opener
from bot.jobs.failures import Failure
from bot.jobs.links import Links
from bot.jobs.machine import Advance, Fail, Outcome, Retry, Wait
from bot.jobs.plan import clips_of, rig_facts
from bot.jobs.refusing import refused
from bot.jobs.scratch import Scratch
from providers.base import (
    Absent,
    AnimateRequest,
    DraftRequest,
    FileRef,
    Found,
    GenerateRequest,
    Provider,
    Request,
    RigRequest,
    Source,
    TaskHandle,
    TaskRef,
    Upload,
)
from providers.errors import AnswerLost, ContractChanged, ProviderError
from storage.database import Database
from storage.errors import StorageError
from storage.models import Artifact, ArtifactKind, RunState, Stage, StageRun

log = structlog.get_logger()

GRACE = 30 * SECOND
"""A vendor's records may lag: the first look comes this long after the submit."""
GIVE_UP = 20 * MINUTE
"""After this long without a word either way, the run is unsure."""
LOOKS_AGREE = 2
_DRAFT = ("prompt", "negative_prompt", "style", "polycount", "seed")


class SourceLost(Exception):
    """What a run builds on is gone, at the vendor and with us."""


@dataclass(slots=True, kw_only=True)
class Submitter:
    """One step each; the engine writes what comes out."""

    db: Database
    scratch: Scratch
    links: Links
    circuits: Circuits
    clock: Clock
    ids: Ids
    _absent: dict[str, int] = field(default_factory=dict)
    """How often in a row a run's task was not in the vendor's records."""

    async def prepare(self, provider: Provider, run: StageRun) -> "Prepared | Retry | Wait | Fail":
        """Gather what the request needs, uploads included."""
        try:
            request = await self._request(provider, run)
        except SourceLost:
            return Fail(failure=Failure.SOURCE_LOST)
        except ProviderError as error:
            self.circuits.note(run.provider, run.credential, error)
            return refused(run, error, self.clock.now())
        except StorageError as error:
            log.warning("source_unreadable", run=run.id, reason=type(error).__name__)
            return Retry(failure=Failure.STORE)
        outcome = Advance(
            to=RunState.SUBMITTING,
            fields={
                "params": {**run.params, "sent": requests.to_data(request)},
                "submit_seed": self.ids.seed(),
                "submitted_at": self.clock.now(),
            },
        )
        return Prepared(request=request, outcome=outcome)

    async def send(self, provider: Provider, run: StageRun, request: Request) -> Outcome:
        """Send the request of a run that says ``submitting``; only right after it was written."""
        try:
            handle = await provider.submit(request, seed=run.submit_seed or 0)
        except (AnswerLost, ContractChanged) as error:
            self.circuits.note(run.provider, run.credential, error)
            log.warning("answer_lost", run=run.id, provider=run.provider, reason=error.detail)
            return Wait(until=self.clock.now() + GRACE)
        except ProviderError as error:
            self.circuits.note(run.provider, run.credential, error)
            return refused(run, error, self.clock.now())
        self.circuits.went_well(run.provider, run.credential)
        return self._accepted(provider, run, handle, self.clock.now())

    async def search(self, provider: Provider, run: StageRun) -> Outcome:
        """Was it accepted? Adopt what is found; post again only after two clear noes."""
        now, sent_at = self.clock.now(), run.submitted_at or 0
        if now < sent_at + GRACE:
            return Wait(until=sent_at + GRACE)
        request = requests.from_data(run.stage, run.params["sent"])
        async with self.db.read() as tx:
            known = await tx.runs.known_task_ids(run.provider, run.credential, sent_at - 10 * MINUTE)
        try:
            answer = await provider.find(
                request, seed=run.submit_seed or 0, since=sent_at, now=now, known=known
            )
        except ProviderError as error:
            self.circuits.note(run.provider, run.credential, error)
            log.warning("search_failed", run=run.id, provider=run.provider, reason=type(error).__name__)
            answer = None
        if isinstance(answer, Found):
            self._absent.pop(run.id, None)
            log.info("adopted", run=run.id, provider=run.provider)
            return self._accepted(provider, run, answer.handle, sent_at)
        if isinstance(answer, Absent):
            return self._not_there(run, now)
        self._absent.pop(run.id, None)
        if now >= sent_at + GIVE_UP:
            return Fail(failure=Failure.UNSURE)
        return Wait(until=min(now + max(GRACE, now - sent_at), sent_at + GIVE_UP))

    def _not_there(self, run: StageRun, now: int) -> Outcome:
        self._absent[run.id] = self._absent.get(run.id, 0) + 1
        if self._absent[run.id] < LOOKS_AGREE:
            return Wait(until=now + GRACE)
        del self._absent[run.id]
        return Retry(failure=Failure.VENDOR_DOWN, back_to=RunState.QUEUED)

    def _accepted(self, provider: Provider, run: StageRun, handle: TaskHandle, at: int) -> Advance:
        return Advance(
            to=RunState.WAITING,
            fields={
                "task_id": handle.task_id,
                "task_expires_at": handle.expires_at,
                "accepted_at": at,
                "deadline_at": at + provider.deadline(run.stage.value),
            },
        )

    async def _request(self, provider: Provider, run: StageRun) -> Request:
        if run.stage is Stage.DRAFT:
            return DraftRequest(**{name: run.params[name] for name in _DRAFT})
        if run.stage is Stage.GENERATE:
            return await self._generate(provider, run)
        source = await self._source(provider, run)
        if run.stage is Stage.RIG:
            return RigRequest(source=source, rig_type=await self._rig_type(run))
        if run.stage is not Stage.ANIMATE:
            return requests.on_a_model(run, source)
        async with self.db.read() as tx:
            rig = await tx.runs.get(run.params["source_run"])
        return AnimateRequest(source=source, clips=clips_of(run.stage, run.params), rig=rig_facts(rig))

    async def _generate(self, provider: Provider, run: StageRun) -> GenerateRequest:
        params = run.params
        draft, pictures = await self._draft(provider, run)
        if not pictures:
            pictures = tuple(
                [
                    await self._hand_over(provider, run, **_file_of(picture)) if picture else None
                    for picture in params["pictures"]
                ]
            )
        return GenerateRequest(**{name: params[name] for name in _DRAFT}, pictures=pictures, draft=draft)

    async def _draft(
        self, provider: Provider, run: StageRun
    ) -> tuple[TaskRef | None, tuple[FileRef | None, ...]]:
        """The draft to go on from: the vendor's own, or its picture, which we kept."""
        if "draft_run" not in run.params:
            return None, ()
        async with self.db.read() as tx:
            made_by = await tx.runs.get(run.params["draft_run"])
            artifacts = await tx.artifacts.of_run(run.params["draft_run"])
        if made_by and not run.params.get("upload") and self._still_there(made_by, run):
            return TaskRef(task_id=made_by.task_id or ""), ()
        picture = next((artifact for artifact in artifacts if artifact.kind is ArtifactKind.PREVIEW), None)
        if picture is None:
            raise SourceLost
        return None, (await self._hand_over_stored(provider, run, picture),)

    async def _source(self, provider: Provider, run: StageRun) -> Source:
        """The vendor's own task where it still knows it, else our stored file, handed over."""
        async with self.db.read() as tx:
            made_by = await tx.runs.get(run.params["source_run"])
            artifacts = await tx.artifacts.of_run(run.params["source_run"])
        if made_by and not run.params.get("upload") and self._still_there(made_by, run):
            return TaskRef(task_id=made_by.task_id or "")
        if run.stage is Stage.ANIMATE:
            raise SourceLost  # a clip needs the rig task itself; a file does not stand in for it
        files = [artifact for artifact in artifacts if artifact.kind is ArtifactKind.MODEL]
        glb = next((file for file in files if file.id == run.params.get("file", file.id)), None)
        if glb is None:
            raise SourceLost
        return await self._hand_over_stored(provider, run, glb)

    def _still_there(self, made_by: StageRun, run: StageRun) -> bool:
        same_key = (made_by.provider, made_by.credential) == (run.provider, run.credential)
        expired = made_by.task_expires_at is not None and made_by.task_expires_at <= self.clock.now()
        return same_key and made_by.task_id is not None and not expired

    async def _hand_over_stored(self, provider: Provider, run: StageRun, file: Artifact) -> FileRef:
        return await self._hand_over(
            provider, run, key=file.key, name=file.name, content_type=file.content_type, size=file.size
        )

    async def _hand_over(
        self, provider: Provider, run: StageRun, *, key: str, name: str, content_type: str, size: int
    ) -> FileRef:
        """A file of ours to the vendor: its bytes, or a short-lived link where that has not failed yet."""
        may_link = not run.params.get("inline")
        link = await self.links.for_vendor(key, name=name, content_type=content_type) if may_link else None
        upload = Upload(
            name=name, content_type=content_type, size=size, open=opener(self.scratch, key), link=link
        )
        return await provider.upload(upload)

    async def _rig_type(self, run: StageRun) -> str | None:
        """The skeleton that the check before this run named."""
        async with self.db.read() as tx:
            for need in run.needs:
                check = await tx.runs.get(need)
                if check and check.stage is Stage.RIG_CHECK:
                    return str(check.result.get("facts", {}).get("rig_type") or "") or None
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request that is ready to go, and what is written before it does."""

    request: Request
    outcome: Advance


def _file_of(picture: Mapping[str, Any]) -> dict[str, Any]:
    return {name: picture[name] for name in ("key", "name", "content_type", "size")}
