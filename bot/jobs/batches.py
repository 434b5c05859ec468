"""Several jobs asked for at once: all of them are stored, with all their reserves, or none.

Each works, waits, costs and fails by itself, in its fair turn like everybody's. What is
common is the click that asked, the place in the line of a member's jobs, and the card.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.jobs import rights
from bot.jobs.batch_showing import BatchShowing
from bot.jobs.batch_views import BatchView
from bot.jobs.clock import Clock, Ids
from bot.jobs.errors import (
    AskedBefore,
    Busy,
    NoSuchModel,
    NothingToCancel,
    NothingToRetry,
    NotYours,
)
from bot.jobs.keeping import project_name
from bot.jobs.orders import Address, Asker, GenerateOrder, RetryOrder
from bot.jobs.service import Jobs
from bot.jobs.views import CancelTerms
from storage.batches import Batch, BatchKind
from storage.database import Transaction
from storage.models import JobState, Model

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """Starts, stops and tries again."""

    jobs: Jobs
    showing: BatchShowing
    clock: Clock
    ids: Ids
    wake: Callable[[], None]
    """Tells the engine that something is to be done."""
    changed: Callable[[str], None]
    """Tells the presenter that a batch looks different."""

    async def start(
        self,
        asker: Asker,
        orders: Sequence[GenerateOrder],
        address: Address,
        *,
        project: str = "",
        model_id: str | None = None,
    ) -> Batch:
        """Store a job for each order, and the message that shows them all.

        Their models go into the asker's ``project``. With ``model_id`` they are variations of that.

        Raises:
            JobError: the leaf says why not. Nothing was stored or charged.
        """
        async with self.jobs.db.begin() as tx:
            batch = await self.insert(tx, asker, orders, address, project=project, model_id=model_id)
        self.started(batch)
        return batch

    async def insert(
        self,
        tx: Transaction,
        asker: Asker,
        orders: Sequence[GenerateOrder],
        address: Address,
        *,
        project: str = "",
        model_id: str | None = None,
    ) -> Batch:
        """The same, within a transaction; once it is committed, ``started`` has to be called."""
        before = await tx.batches.by_interaction(address.interaction_id)
        if before:
            raise AskedBefore(before.id)
        account = await tx.accounts.ensure(asker.user_id, id=self.ids.new(), now=self.clock.now())
        proposals = [await self.jobs.proposals.propose(tx, asker, account, order) for order in orders]
        price = sum(proposal.price for proposal in proposals)
        await self.jobs.proposals.afford(tx, asker, account, price)
        batch = self._batch(asker, account.id, address, model_id)
        await tx.batches.insert(batch)
        for place, proposal in enumerate(proposals):
            job = await self.jobs.opening.part(tx, asker, account, proposal, batch, place)
            if project_name(project):
                await self.jobs.keeping.put(tx, account, job.model_id, project)
        await self.jobs.opening.card(tx, batch, address)
        log.info("start_batch", batch=batch.id, kind=batch.kind.value, jobs=len(proposals), credits=price)
        return batch

    def started(self, batch: Batch) -> None:
        """It is stored: have it made and shown."""
        self.wake()
        self.changed(batch.id)

    def _batch(self, asker: Asker, account_id: str, address: Address, model_id: str | None) -> Batch:
        return Batch(
            id=self.ids.new(),
            account_id=account_id,
            user_id=asker.user_id,
            guild_id=asker.guild_id,
            interaction_id=address.interaction_id,
            locale=asker.locale,
            kind=BatchKind.VARIATIONS if model_id else BatchKind.LIST,
            model_id=model_id,
            created_at=self.clock.now(),
        )

    # Stopping ---------------------------------------------------------------

    async def cancel_terms(self, asker: Asker, batch_id: str) -> CancelTerms:
        """What cancelling the rest would do at this moment.

        Raises:
            NoSuchModel, NotYours, NothingToCancel.
        """
        async with self.jobs.db.read() as tx:
            await self._acting(tx, asker, batch_id)
            runs = [run for job in await self._open(tx, batch_id) for run in await tx.runs.of_job(job)]
        returned, charged = self.jobs.terms(runs)
        return CancelTerms(job_id=batch_id, returned=returned, charged=charged)

    async def cancel(self, asker: Asker, batch_id: str) -> None:
        """Cancel what has not been sent, of all its jobs; what runs goes on as with a single one.

        Raises:
            NoSuchModel, NotYours, NothingToCancel.
        """
        async with self.jobs.db.begin() as tx:
            await self._acting(tx, asker, batch_id)
            for job_id in await self._open(tx, batch_id):
                await self.jobs.stop(tx, job_id)
        self.wake()
        self.changed(batch_id)

    async def _open(self, tx: Transaction, batch_id: str) -> list[str]:
        """Ids of jobs that can still be cancelled.

        Raises:
            NothingToCancel: there is none.
        """
        jobs = await tx.jobs.of_batch(batch_id)
        live = [job.id for job in jobs if job.state is JobState.LIVE and job.cancel_asked_at is None]
        if not live:
            raise NothingToCancel
        return live

    # Trying again -----------------------------------------------------------

    async def retry(self, asker: Asker, batch_id: str, interaction_id: int) -> int:
        """Try again whatever failed and may go better; gives how many models that is.

        Raises:
            NoSuchModel, NotYours.
            NothingToRetry: nothing failed, or it was tried again already.
            QuotaExceeded, TooManyJobs: then nothing is tried again.
        """
        async with self.jobs.db.begin() as tx:
            batch = await self._acting(tx, asker, batch_id)
            account = await tx.accounts.get(batch.account_id)
            if account is None or account.user_id != asker.user_id:
                raise NotYours
            failed = [part.failed for part in (await self.showing.read(tx, batch_id)).retriable]
            proposals = []
            for run in filter(None, failed):
                with suppress(NothingToRetry, Busy):  # gone on with by itself
                    order = RetryOrder(run_id=run.id, all_failed=True)
                    proposals.append(await self.jobs.proposals.propose(tx, asker, account, order))
            if not proposals:
                raise NothingToRetry
            await self.jobs.proposals.afford(tx, asker, account, sum(one.price for one in proposals))
            for place, proposal in enumerate(proposals):
                await self.jobs.opening.part(tx, asker, account, proposal, batch, place)
        log.info("retry_batch", batch=batch_id, jobs=len(proposals), interaction=interaction_id)
        self.started(batch)
        return len(proposals)

    # Choosing ---------------------------------------------------------------

    async def keep(self, asker: Asker, batch_id: str, kept: Sequence[str]) -> int:
        """Delete all its models but those with these ids; gives how many went.

        Raises:
            NoSuchModel, NotYours.
            Busy: some are still being made.
        """
        async with self.jobs.db.read() as tx:
            await self._acting(tx, asker, batch_id)
            view = await self.showing.read(tx, batch_id)
        if view.live:
            raise Busy
        rest = [part.model.id for part in view.parts if part.model.id not in kept and not part.gone]
        for model_id in rest:
            await self.jobs.delete(asker, model_id)
        return len(rest)

    # Showing ----------------------------------------------------------------

    async def refresh(self, asker: Asker, batch_id: str, address: Address) -> None:
        """A click on Refresh brought a fresh token for this message: draw it anew.

        Raises:
            NoSuchModel.
        """
        async with self.jobs.db.begin() as tx:
            batch, _ = await self._seen(tx, asker, batch_id)
            card = await tx.cards.by_message(address.message_id)
            if card and card.batch_id == batch.id:
                await tx.cards.set_token(card.id, address.token, address.token_expires_at)
            else:
                await self.jobs.opening.card(tx, batch, address, locale=asker.locale)
        self.changed(batch_id)

    async def owned(self, asker: Asker, batch_id: str) -> BatchView:
        """The batch, for who asked for it and nobody else.

        Raises:
            NoSuchModel, NotYours.
        """
        async with self.jobs.db.read() as tx:
            view = await self.showing.read(tx, batch_id)
        if view.batch.user_id != asker.user_id:
            raise NotYours
        return view

    async def _seen(self, tx: Transaction, asker: Asker, batch_id: str) -> tuple[Batch, list[Model]]:
        """A batch of which the asker may see a model that is there, and all its models."""
        batch = await tx.batches.get(batch_id)
        models = await tx.models.of_batch(batch_id)
        account = await tx.accounts.by_user(asker.user_id)
        own = batch is not None and account is not None and batch.account_id == account.id
        if batch is None or not (own or any(rights.may_see(asker, account, one) for one in models)):
            raise NoSuchModel
        return batch, models

    async def _acting(self, tx: Transaction, asker: Asker, batch_id: str) -> Batch:
        """A batch that the asker may stop or cut down: its member's, or a moderator's."""
        batch, models = await self._seen(tx, asker, batch_id)
        account = await tx.accounts.by_user(asker.user_id)
        if not all(rights.may_act(asker, account, model) for model in models if not model.deleted_at):
            raise NotYours
        return batch
