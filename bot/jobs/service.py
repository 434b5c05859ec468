"""What people can ask of the bot, as verbs: the only thing that commands call to change something.

Each verb checks rights and state anew, writes in one transaction, and then wakes the
engine and tells whoever draws the cards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.jobs import rights
from bot.jobs.board import Board
from bot.jobs.clock import Clock, Ids
from bot.jobs.errors import AskedBefore, Busy, NoSuchModel, NothingToCancel, NotYours
from bot.jobs.journal import Journal
from bot.jobs.keeping import Keeping, project_name
from bot.jobs.opening import Opening
from bot.jobs.orders import Address, Asker, Order, Picture
from bot.jobs.pictures import Pictures
from bot.jobs.proposals import Proposals
from bot.jobs.proposing import visible
from bot.jobs.views import CancelTerms
from storage.database import Database, Transaction
from storage.models import (
    RUN_AT_VENDOR,
    RUN_ENDED,
    Job,
    Model,
    StageRun,
)
from storage.objects.base import ObjectStore

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """Starts, stops and forgets."""

    db: Database
    store: ObjectStore
    pictures: Pictures
    proposals: Proposals
    keeping: Keeping
    opening: Opening
    journal: Journal
    board: Board
    clock: Clock
    ids: Ids
    wake: Callable[[], None]
    """Tells the engine that something is to be done."""
    changed: Callable[[str], None]
    """Tells the presenter that a job looks different."""

    # Asking -----------------------------------------------------------------

    async def check(self, asker: Asker, order: Order, *, project: str = "") -> int:
        """Whether it could be started now; gives its price in credits.

        Raises:
            JobError: the leaf says why not. Nothing was charged.
        """
        project_name(project)
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            return (await self.proposals.make(tx, asker, account, order)).price

    async def start(self, asker: Asker, order: Order, address: Address, *, project: str = "") -> Job:
        """Store the job with all its runs and reserves, and the message that shows it.

        The model goes into the asker's ``project`` of that name, new or not; empty leaves it where it is.

        Raises:
            JobError: the leaf says why not. Nothing was charged.
        """
        async with self.db.begin() as tx:
            before = await tx.jobs.by_interaction(address.interaction_id)
            if before:
                raise AskedBefore(before.id)
            now = self.clock.now()
            account = await tx.accounts.ensure(asker.user_id, id=self.ids.new(), now=now)
            proposal = await self.proposals.make(tx, asker, account, order)
            earlier = await tx.jobs.latest_of_model(proposal.model.id) if proposal.model else None
            job = await self.opening.job(tx, asker, account, proposal, address)
            if project_name(project):
                await self.keeping.put(tx, account, job.model_id, project)
            if earlier:  # its card offered what is now under way
                await tx.jobs.bump(earlier.id)
        self.wake()
        for one in (job, earlier):
            if one:
                self.changed(one.id)
        log.info("start", job=job.id, model=job.model_id, what=job.request["kind"], credits=proposal.price)
        return job

    async def keep_picture(self, data: bytes, name: str) -> Picture:
        """Check a member's picture by its content, and store it.

        Raises:
            PictureUnusable: with the reason.
            StorageError: our store did not take it.
        """
        return await self.pictures.keep(data, name)

    async def discard_pictures(self, pictures: Sequence[Picture | None]) -> None:
        """Forget pictures that no job came of."""
        await self.pictures.discard(pictures)

    # Stopping ---------------------------------------------------------------

    async def cancel_terms(self, asker: Asker, job_id: str) -> CancelTerms:
        """What cancelling would do at this moment.

        Raises:
            NoSuchModel, NotYours, NothingToCancel.
        """
        async with self.db.read() as tx:
            job = await self._cancellable(tx, asker, job_id)
            returned, charged = self.terms(await tx.runs.of_job(job.id))
        return CancelTerms(job_id=job.id, returned=returned, charged=charged)

    def terms(self, runs: Sequence[StageRun]) -> tuple[int, int]:
        """Credits that would come back if these were cancelled now, and those that would not."""
        still = [run for run in runs if run.state not in RUN_ENDED]
        goes_on = [run for run in still if run.state in RUN_AT_VENDOR and not self._can_stop(run)]
        charged = sum(run.price for run in goes_on)
        return sum(run.price for run in still) - charged, charged

    async def cancel(self, asker: Asker, job_id: str) -> None:
        """Cancel what has not been sent; what runs already is stopped where the vendor can, or delivered.

        Raises:
            NoSuchModel, NotYours, NothingToCancel.
        """
        async with self.db.begin() as tx:
            job = await self._cancellable(tx, asker, job_id)
            await self.stop(tx, job.id)
        self.wake()
        self.changed(job_id)

    async def stop(self, tx: Transaction, job_id: str) -> None:
        """Within a transaction: cancel what has not been sent, and leave word for the engine of the rest."""
        await tx.jobs.ask_cancel(job_id, self.clock.now())
        job = await tx.jobs.get(job_id)
        if job is not None:
            await self.journal.cancel_waiting(tx, job)

    async def deletable(self, asker: Asker, model_id: str) -> Model:
        """The model, if this person could delete it now.

        Raises:
            NoSuchModel, NotYours.
            Busy: a job is under way on it; cancel that first.
        """
        async with self.db.read() as tx:
            return await self._deletable(tx, asker, model_id)

    async def delete(self, asker: Asker, model_id: str) -> None:
        """Delete a model with its files.

        Raises:
            NoSuchModel, NotYours.
            Busy: a job is under way on it; cancel that first.
        """
        async with self.db.begin() as tx:
            model = await self._deletable(tx, asker, model_id)
            await tx.models.delete(model.id, now=self.clock.now(), link_id=self.ids.link())
            if model.project_id:
                await tx.projects.delete_empty(model.project_id)
            keys = await tx.artifacts.delete_of_model(model.id)
            jobs = await tx.jobs.of_model(model.id)
            for job in jobs:
                await tx.jobs.bump(job.id)
        for key in keys:
            await self.store.delete(key)
        for job in jobs:
            self.changed(job.id)

    # Showing ----------------------------------------------------------------

    async def show(self, asker: Asker, model_id: str, address: Address) -> Job:
        """Let a message show a model's latest job from now on.

        Raises:
            NoSuchModel: also for one that nothing was ever done on.
        """
        async with self.db.begin() as tx:
            account = await tx.accounts.by_user(asker.user_id)
            model = await visible(tx, asker, account, model_id)
            job = await tx.jobs.latest_of_model(model.id)
            if job is None:
                raise NoSuchModel
            await self.opening.card(tx, job, address, locale=asker.locale)
        self.changed(job.id)
        return job

    async def refresh(self, asker: Asker, job_id: str, address: Address) -> None:
        """A click on Refresh brought a fresh token for this message: draw it anew.

        Raises:
            NoSuchModel.
        """
        async with self.db.begin() as tx:
            job = await tx.jobs.get(job_id)
            if job is None:
                raise NoSuchModel
            await visible(tx, asker, await tx.accounts.by_user(asker.user_id), job.model_id)
            card = await tx.cards.by_message(address.message_id)
            if card and card.job_id == job.id:
                await tx.cards.set_token(card.id, address.token, address.token_expires_at)
            else:
                await self.opening.card(tx, job, address, locale=asker.locale)
        self.changed(job_id)

    # Parts ------------------------------------------------------------------

    async def _cancellable(self, tx: Transaction, asker: Asker, job_id: str) -> Job:
        job = await tx.jobs.get(job_id)
        if job is None:
            raise NothingToCancel
        account = await tx.accounts.by_user(asker.user_id)
        model = await visible(tx, asker, account, job.model_id)
        if not rights.may_act(asker, account, model):
            raise NotYours
        runs = await tx.runs.of_job(job.id)
        if job.cancel_asked_at is not None or all(run.state in RUN_ENDED for run in runs):
            raise NothingToCancel
        return job

    def _can_stop(self, run: StageRun) -> bool:
        """Whether the vendor would stop it and give its price back; what we do not know is not promised."""
        provider = self.proposals.choosing.vendors.kinds.get(run.provider)
        if provider is None or not provider.capabilities().can_stop:
            return False
        news = self.board.of(run.id)
        return provider.capabilities().stops_started or (
            news is not None and not (news.started or news.checking)
        )

    async def _deletable(self, tx: Transaction, asker: Asker, model_id: str) -> Model:
        account = await tx.accounts.by_user(asker.user_id)
        model = await visible(tx, asker, account, model_id)
        if not rights.may_act(asker, account, model):
            raise NotYours
        if await tx.jobs.live_of_model(model.id):
            raise Busy
        return model
