"""Reading: jobs as a card shows them, models as a list shows them, files as people fetch them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs import lineage, rights
from bot.jobs.clock import Clock
from bot.jobs.errors import NoSuchModel
from bot.jobs.links import Links
from bot.jobs.orders import Asker
from bot.jobs.plan import rig_facts
from bot.jobs.proposals import Proposals
from bot.jobs.showing import Showing
from bot.jobs.states import best_model_file, model_state, stage_of
from bot.jobs.views import JobView, ModelView
from storage.database import Database, Transaction
from storage.models import Artifact, Model, ModelState, Stage
from storage.objects.base import ObjectStore

SUGGESTIONS = 25
"""As many as Discord shows."""
HAS_FILE = frozenset({ModelState.GENERATED, ModelState.RIGGED, ModelState.COMPLETE})
CLIPS_FIRST = ("walk", "run", "idle", "jump", "wave_goodbye_01", "dance_01")
"""What people ask for most comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The read side."""

    db: Database
    store: ObjectStore
    showing: Showing
    proposals: Proposals
    links: Links
    clock: Clock

    async def view(self, job_id: str) -> JobView:
        """All that a card needs of a job.

        Raises:
            NoSuchModel: there is no such job.
        """
        async with self.db.read() as tx:
            return await self.showing.job(tx, job_id)

    async def live_jobs(self, asker: Asker) -> list[JobView]:
        """The asker's jobs that have not ended."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            jobs = await tx.jobs.live_of_account(account.id) if account else []
            return [await self.showing.job(tx, job.id) for job in jobs]

    async def find_model(self, asker: Asker, text: str) -> Model:
        """A model by its id, its label (with or without #), or the exact name of one's own.

        Raises:
            NoSuchModel: none that the asker may know of.
        """
        wanted = text.strip()
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            label = wanted.removeprefix("#").lower()
            model = await tx.models.get(wanted) or await tx.models.by_label(label)
            if model is None and account:
                named = await tx.models.search(account.id, wanted, SUGGESTIONS)
                model = next((one for one in named if one.name.lower() == wanted.lower()), None)
        if model is None or model.deleted_at is not None or not rights.may_see(asker, account, model):
            raise NoSuchModel
        return model

    async def models(self, asker: Asker, *, before: str | None = None, limit: int = 10) -> list[ModelView]:
        """The asker's own, newest first."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            if account is None:
                return []
            found = await tx.models.of_account(account.id, limit=limit, before=before)
            return [await self._model_view(tx, model) for model in found]

    async def suggest_models(self, asker: Asker, text: str, *, for_stage: Stage | None) -> list[ModelView]:
        """The asker's own that match, and that the stage could be done on."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            if account is None:
                return []
            found = await tx.models.search(account.id, text.strip().removeprefix("#"), 2 * SUGGESTIONS)
            views = [await self._model_view(tx, model) for model in found]
        return [view for view in views if _fits(view, for_stage)][:SUGGESTIONS]

    async def suggest_clips(self, asker: Asker, model_text: str | None, text: str) -> list[str]:
        """Clips that match, and that the model's rig can play."""
        if not self.proposals.providers:
            return []
        rig = None
        if model_text:
            try:
                model = await self.find_model(asker, model_text)
            except NoSuchModel:
                return []
            async with self.db.read() as tx:
                rig = await lineage.made_by(tx, model, Stage.RIG)
        known = self.proposals.provider().clips(rig_facts(rig))
        return matching_clips(known, text)[:SUGGESTIONS]

    def styles(self) -> tuple[str, ...]:
        """Styles that can be asked for; none without a vendor."""
        return self.proposals.provider().capabilities().styles if self.proposals.providers else ()

    async def read_file(self, artifact: Artifact, limit: int) -> bytes:
        """A stored file as a whole, to be attached; only for sizes up to ``limit`` bytes.

        Raises:
            ValueError: it is larger.
            StorageError: it cannot be read.
        """
        if artifact.size > limit:
            raise ValueError(artifact.size, limit)
        async with self.store.open(artifact.key) as stream:
            return b"".join([piece async for piece in stream])

    async def model_files(self, link_id: str) -> tuple[Model, Sequence[Artifact]] | None:
        """What lies behind a model's lasting address: its files, the best first."""
        async with self.db.read() as tx:
            model = await tx.models.by_link(link_id)
            if model is None or model.deleted_at is not None:
                return None
            artifacts = await tx.artifacts.of_model(model.id)
        best = best_model_file(artifacts)
        rest = sorted((a for a in artifacts if a is not best), key=lambda a: -a.created_at)
        return model, [best, *rest] if best else rest

    async def link(self, artifact: Artifact) -> str | None:
        """A freshly signed address of a file's bytes."""
        return await self.links.fresh(artifact)

    async def _model_view(self, tx: Transaction, model: Model) -> ModelView:
        artifacts = await tx.artifacts.of_model(model.id)
        job = await tx.jobs.latest_of_model(model.id)
        runs = await tx.runs.of_job(job.id) if job else []
        best = best_model_file(artifacts)
        clips = [a.facts["clip"] for a in artifacts if stage_of(a) is Stage.ANIMATE and "clip" in a.facts]
        return ModelView(
            model=model,
            state=model_state(artifacts, job.state if job else None, runs),
            url=await self.links.of(model, best) if best else None,
            rigged=any(stage_of(a) is Stage.RIG for a in artifacts),
            clips=tuple(sorted(set(clips))),
        )


def matching_clips(known: Sequence[str], text: str) -> list[str]:
    """Those that contain the text; what people ask for most first, then by name."""
    wanted = text.strip().lower().replace(" ", "_")
    hits = [clip for clip in known if wanted in clip]
    return sorted(hits, key=lambda clip: (clip not in CLIPS_FIRST, not clip.startswith(wanted), clip))


def _fits(view: ModelView, stage: Stage | None) -> bool:
    if stage is Stage.RIG:
        return view.state in HAS_FILE and not view.rigged
    return view.rigged if stage is Stage.ANIMATE else True
