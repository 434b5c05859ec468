"""Writing a new job down: its model, its runs with their reserves, and the message that shows it.

Everything happens in the transaction of the caller, after the proposal was checked in it.
"""

from dataclasses import dataclass, replace

from bot.jobs import ledger
from bot.jobs.clock import Clock, Ids
from bot.jobs.orders import Address, Asker, GenerateOrder
from bot.jobs.plan import Planner
from bot.jobs.proposing import Proposal
from bot.jobs.rules import Rules
from bot.jobs.text import name_of
from storage.batches import Batch
from storage.database import Transaction
from storage.models import (
    Account,
    Artifact,
    ArtifactKind,
    Card,
    Job,
    JobState,
    Model,
    Visibility,
)

NAMELESS = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Makes the rows of new jobs and cards."""

    clock: Clock
    ids: Ids
    rules: Rules

    async def job(
        self, tx: Transaction, asker: Asker, account: Account, proposal: Proposal, address: Address
    ) -> Job:
        """Insert a job with all that belongs to it."""
        model = proposal.model or await self._new_model(tx, asker, account, proposal)
        job = replace(self._job(asker, account, model, proposal), interaction_id=address.interaction_id)
        await self._insert(tx, job, proposal)
        await self.card(tx, job, address)
        return job

    async def part(
        self, tx: Transaction, asker: Asker, account: Account, proposal: Proposal, batch: Batch, place: int
    ) -> Job:
        """Insert a job of a batch, which has the card.

        Its time is its ``place`` milliseconds later: so they are listed and served in their order.
        """
        model = proposal.model or await self._new_model(tx, asker, account, proposal)
        job = self._job(asker, account, model, proposal)
        job = replace(job, batch_id=batch.id, created_at=job.created_at + place)
        await self._insert(tx, job, proposal)
        return job

    async def _insert(self, tx: Transaction, job: Job, proposal: Proposal) -> None:
        await tx.jobs.insert(job)
        await self._plan(tx, job, proposal)

    async def _new_model(self, tx: Transaction, asker: Asker, account: Account, proposal: Proposal) -> Model:
        prompt = str(proposal.request.get("prompt", ""))
        parent = proposal.parent
        model = Model(
            id=self.ids.new(),
            label=await self._free_label(tx),
            name=parent.name if parent and not prompt else name_of(prompt or _picture_name(proposal)),
            account_id=account.id,
            guild_id=asker.guild_id,
            prompt=parent.prompt if parent and not prompt else prompt,
            provider=proposal.provider.name,
            parent_id=parent.id if parent else None,
            visibility=Visibility.PRIVATE if asker.guild_id is None else Visibility.SERVER,
            link_id=self.ids.link(),
            created_at=self.clock.now(),
        )
        await tx.models.insert(model)
        return model

    async def _free_label(self, tx: Transaction) -> str:
        label = self.ids.label()
        while await tx.models.label_is_taken(label):
            label = self.ids.label()
        return label

    def _job(self, asker: Asker, account: Account, model: Model, proposal: Proposal) -> Job:
        return Job(
            id=self.ids.new(),
            model_id=model.id,
            account_id=account.id,
            user_id=asker.user_id,
            guild_id=asker.guild_id,
            interaction_id=None,
            locale=asker.locale,
            state=JobState.LIVE,
            version=1,
            request=proposal.request,
            created_at=self.clock.now(),
        )

    async def _plan(self, tx: Transaction, job: Job, proposal: Proposal) -> None:
        now = self.clock.now()
        planner = Planner(
            provider=proposal.provider,
            credential=proposal.credential,
            rules=self.rules,
            ids=self.ids,
            job_id=job.id,
            model_id=job.model_id,
            account_id=job.account_id,
            now=job.created_at,
        )
        proposal.plan(planner)
        await tx.runs.insert_many(planner.runs)
        if isinstance(proposal.order, GenerateOrder):
            await self._keep_sources(tx, job, proposal.order)
        account = Account(id=job.account_id, user_id=job.user_id, created_at=now)
        standing = await ledger.position(tx, account, job.guild_id, self.rules, now)
        await ledger.reserve(tx, planner.runs, job.guild_id, standing, self.ids, now)

    async def _keep_sources(self, tx: Transaction, job: Job, order: GenerateOrder) -> None:
        for picture in order.pictures:
            if picture:
                await tx.artifacts.insert(
                    Artifact(
                        id=self.ids.new(),
                        model_id=job.model_id,
                        run_id=None,
                        kind=ArtifactKind.SOURCE,
                        key=picture.key,
                        name=picture.name,
                        content_type=picture.content_type,
                        size=picture.size,
                        sha256=picture.sha256,
                        facts={"width": picture.width, "height": picture.height},
                        created_at=self.clock.now(),
                    )
                )

    async def card(
        self, tx: Transaction, shown: Job | Batch, address: Address, *, locale: str | None = None
    ) -> None:
        """One message shows one job or batch: an earlier one that it showed is let go."""
        earlier = await tx.cards.by_message(address.message_id)
        if earlier:
            await tx.cards.mark_gone(earlier.id)
        await tx.cards.insert(
            Card(
                id=self.ids.new(),
                job_id=shown.id if isinstance(shown, Job) else None,
                batch_id=shown.id if isinstance(shown, Batch) else None,
                channel_id=address.channel_id,
                message_id=address.message_id,
                guild_id=shown.guild_id,
                token=address.token,
                token_expires_at=address.token_expires_at,
                bot_may_edit=address.bot_may_edit,
                locale=locale or shown.locale,
                attachment_limit=address.attachment_limit,
                rendered_version=0,
                files=earlier.files if earlier else "",
                created_at=self.clock.now(),
            )
        )


def _picture_name(proposal: Proposal) -> str:
    """What a model without words is called: as its picture."""
    names = proposal.request.get("pictures", ())
    return str(names[0]).rsplit(".", 1)[0].replace("-", " ") if names else NAMELESS
