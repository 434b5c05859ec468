"""Reading: jobs as a card shows them, models as a list shows them, files as people fetch them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.jobs import lineage, rights
from bot.jobs.batch_showing import BatchShowing
from bot.jobs.batch_views import BatchView
from bot.jobs.choosing import AUTO, Choice, Choosing, Wish
from bot.jobs.clock import Clock
from bot.jobs.errors import JobError, NoSuchModel
from bot.jobs.links import Links
from bot.jobs.orders import Asker
from bot.jobs.plan import OWNER_KEY, rig_facts
from bot.jobs.showing import Showing
from bot.jobs.states import best_model_file, model_state, newest_of, stage_of
from bot.jobs.text import clean
from bot.jobs.views import JobView, ModelView, PageView, VendorOffer
from storage.database import Database, Transaction
from storage.lists import ModelFilter, Turn
from storage.models import Artifact, ArtifactKind, Model, ModelState, Stage, StageRun, Visibility
from storage.objects.base import ObjectStore

SUGGESTIONS = 25
"""As many as Discord shows."""
HAS_FILE = frozenset({ModelState.GENERATED, ModelState.RIGGED, ModelState.COMPLETE})
_PICTURES = frozenset({ArtifactKind.PREVIEW, ArtifactKind.TURNTABLE, ArtifactKind.SOURCE})
CLIPS_FIRST = ("walk", "run", "idle", "jump", "wave_goodbye_01", "dance_01")
"""What people ask for most comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The read side."""

    db: Database
    store: ObjectStore
    showing: Showing
    batches: BatchShowing
    choosing: Choosing
    links: Links
    clock: Clock

    async def view(self, job_id: str) -> JobView:
        """All that a card needs of a job.

        Raises:
            NoSuchModel: there is no such job.
        """
        async with self.db.read() as tx:
            return await self.showing.job(tx, job_id)

    async def batch(self, batch_id: str) -> BatchView:
        """All that a card needs of a batch.

        Raises:
            NoSuchModel: there is no such batch.
        """
        async with self.db.read() as tx:
            return await self.batches.read(tx, batch_id)

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
        wanted = clean(text)
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
            last = await tx.models.get(before) if before else None
            found = await tx.listing.newest(
                ModelFilter(account_id=account.id), limit=limit, turn=Turn(model=last) if last else None
            )
            return [await self.listed(tx, one.model) for one in found]

    async def suggest_models(self, asker: Asker, text: str, *, for_stage: Stage | None) -> list[ModelView]:
        """The asker's own that match, and that the stage could be done on."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            if account is None:
                return []
            found = await tx.models.search(account.id, clean(text).removeprefix("#"), 2 * SUGGESTIONS)
            views = [await self.listed(tx, model) for model in found]
        return [view for view in views if _fits(view, for_stage)][:SUGGESTIONS]

    async def suggest_clips(
        self, asker: Asker, model_text: str | None, text: str, *, vendor: str | None = None
    ) -> list[str]:
        """Clips that match, and that the model's rig can play."""
        rig = None
        if model_text:
            try:
                model = await self.find_model(asker, model_text)
            except NoSuchModel:
                return []
            async with self.db.read() as tx:
                rig = await lineage.made_by(tx, model, Stage.RIG)
        return matching_clips(await self._clips(asker, rig, vendor), text)[:SUGGESTIONS]

    async def _clips(self, asker: Asker, rig: StageRun | None, vendor: str | None) -> Sequence[str]:
        """What the rig plays; before there is one, what the vendor named would, or the one that is chosen."""
        if rig:
            maker = self.choosing.vendors.kinds.get(rig.provider)
            return maker.clips(rig_facts(rig)) if maker else ()
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            try:
                wish = Wish(generate=True, rig=True, clips=("walk",))
                choice = await self.choosing.choose(tx, account, vendor, wish)
            except JobError:
                return ()
        return choice.provider.clips({})

    async def suggest_vendors(self, asker: Asker, text: str, wish: Wish) -> list[VendorOffer]:
        """Vendors that could do it, with price and time; ``auto`` first, as what it would take now."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            choices = [
                one
                for one in await self.choosing.usable(tx, account)
                if wish.lacks(one.provider.capabilities()) is None
            ]
            offers = [self._offer(one.provider.name, one, wish) for one in choices]
            if len(offers) > 1:
                try:
                    chosen = await self.choosing.choose(tx, account, AUTO, wish)
                    offers.insert(0, self._offer(AUTO, chosen, wish))
                except JobError:
                    pass  # none is well: each offer says so
        wanted = text.strip().lower()
        return [one for one in offers if wanted in one.name or wanted in one.title.lower()]

    def _offer(self, name: str, choice: Choice, wish: Wish) -> VendorOffer:
        trouble = self.choosing.trouble(choice)
        return VendorOffer(
            name=name,
            title=choice.provider.title,
            price=self.choosing.price(choice, wish),
            seconds=self.choosing.seconds(choice, wish),
            own_key=choice.credential != OWNER_KEY,
            trouble=trouble.value if trouble else None,
        )

    def styles(self) -> tuple[str, ...]:
        """Styles that some vendor takes."""
        kinds = self.choosing.vendors.kinds.values()
        return tuple(dict.fromkeys(style for one in kinds for style in one.capabilities().styles))

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

    async def page(self, link_id: str) -> PageView | None:
        """What there is to look at behind a model's lasting address; ``None`` where its file is not."""
        found = await self.model_files(link_id)
        file = best_model_file(found[1]) if found else None
        if found is None or file is None:
            return None
        model, artifacts = found
        still = newest_of(artifacts, ArtifactKind.PREVIEW)
        return PageView(
            model=model,
            vendor=self.choosing.title(model.provider),
            prompt="" if model.visibility is Visibility.PRIVATE else model.prompt,
            file=file,
            files=tuple({a.name: a for a in reversed(artifacts) if a.kind not in _PICTURES}.values())[::-1],
            still=still,
            unfolded=newest_of(artifacts, ArtifactKind.TURNTABLE) or still,
        )

    def open(self, artifact: Artifact) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """A context in which a file's bytes can be read in order, once."""
        return self.store.open(artifact.key)

    async def link(self, artifact: Artifact) -> str | None:
        """A freshly signed address of a file's bytes."""
        return await self.links.fresh(artifact)

    async def listed(self, tx: Transaction, model: Model) -> ModelView:
        """What became of a model, in short."""
        artifacts = await tx.artifacts.of_model(model.id)
        job = await tx.jobs.latest_of_model(model.id)
        runs = await tx.runs.of_job(job.id) if job else []
        best = best_model_file(artifacts)
        clips = [name for a in artifacts for name in a.facts.get("clips", ()) if _plays(a)]
        return ModelView(
            model=model,
            state=model_state(artifacts, job.state if job else None, runs),
            url=await self.links.of(model, best) if best else None,
            rigged=any(stage_of(a) is Stage.RIG and not _plays(a) for a in artifacts),
            clips=tuple(sorted(set(clips))),
        )


def matching_clips(known: Sequence[str], text: str) -> list[str]:
    """Those that contain the text; what people ask for most first, then by name."""
    wanted = text.strip().lower().replace(" ", "_")
    hits = [clip for clip in known if wanted in clip]
    return sorted(hits, key=lambda clip: (clip not in CLIPS_FIRST, not clip.startswith(wanted), clip))


def _plays(artifact: Artifact) -> bool:
    """Whether a file is there for the clips in it."""
    return stage_of(artifact) is Stage.ANIMATE or "clip" in artifact.facts


def _fits(view: ModelView, stage: Stage | None) -> bool:
    if stage is Stage.RIG:
        return view.state in HAS_FILE and not view.rigged
    if stage is Stage.ANIMATE:
        return view.rigged
    return stage is None or view.state in HAS_FILE
