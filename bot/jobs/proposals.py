"""Is what was asked possible, and what would it be? Checks that need no network.

A proposal is what an order comes to: which model, which runs, at what price. It is made
twice: before the first answer, so that a refusal can be private, and again inside the
transaction that stores the job, so that what was checked still holds.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.jobs import ledger, rights
from bot.jobs.checking import checked, cleaned, wish_of
from bot.jobs.errors import NothingToRetry, NotYours, TooManyJobs
from bot.jobs.failures import can_try_again
from bot.jobs.moving import Moving
from bot.jobs.orders import (
    AnimateOrder,
    Asker,
    ConvertOrder,
    GenerateOrder,
    OptimiseOrder,
    Order,
    RemeshOrder,
    RetextureOrder,
    RetryOrder,
    RigOrder,
)
from bot.jobs.plan import LOCAL, with_dependents
from bot.jobs.proposing import Proposal, Proposing, going_on, visible
from bot.jobs.remaking import Copying, Remaking
from storage.database import Transaction
from storage.models import Account, RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals(Proposing):
    """Turns orders into proposals: those for something new here, those for what exists by kind."""

    now: Callable[[], int]
    moving: Moving = field(init=False)
    remaking: Remaking = field(init=False)
    copying: Copying = field(init=False)

    def __post_init__(self) -> None:
        """All kinds choose and count alike."""
        for name, kind in (("moving", Moving), ("remaking", Remaking), ("copying", Copying)):
            object.__setattr__(self, name, kind(choosing=self.choosing, rules=self.rules, ids=self.ids))

    async def make(self, tx: Transaction, asker: Asker, account: Account | None, order: Order) -> Proposal:
        """Check everything about an order.

        Raises:
            JobError: the leaf says why.
        """
        proposal = await self.propose(tx, asker, account, order)
        await self.afford(tx, asker, account, proposal.price)
        return proposal

    async def propose(self, tx: Transaction, asker: Asker, account: Account | None, order: Order) -> Proposal:
        """What an order comes to, whether or not its member can have it now.

        Raises:
            JobError: the leaf says why it cannot be.
        """
        propose: Mapping[type[Order], Callable[..., Awaitable[Proposal]]] = {
            GenerateOrder: self._generate,
            RigOrder: self.moving.rig,
            AnimateOrder: self.moving.animate,
            RetextureOrder: self.remaking.retexture,
            RemeshOrder: self.remaking.remesh,
            ConvertOrder: self.copying.convert,
            OptimiseOrder: self.copying.optimise,
            RetryOrder: self._retry,
        }
        return await propose[type(order)](tx, asker, account, order)

    async def _generate(
        self, tx: Transaction, asker: Asker, account: Account | None, order: GenerateOrder
    ) -> Proposal:
        order = cleaned(order)
        choice = await self.choosing.choose(tx, account, order.provider, wish_of(order))
        order = checked(order, choice.provider)
        parent = await visible(tx, asker, account, order.parent_id) if order.parent_id else None
        return self.priced(
            order,
            choice,
            request=shown(order),
            plan=lambda planner: planner.generate(order),
            parent=parent,
        )

    async def _retry(
        self, tx: Transaction, asker: Asker, account: Account | None, order: RetryOrder
    ) -> Proposal:
        failed = await tx.runs.get(order.run_id)
        if failed is None or failed.state not in {RunState.FAILED, RunState.UNSURE}:
            raise NothingToRetry
        model = await visible(tx, asker, account, failed.model_id)
        if not rights.owns(account, model):
            raise NotYours
        job = await tx.jobs.get(failed.job_id)
        latest = await tx.jobs.latest_of_model(model.id)
        if job is None or latest is None or latest.id != job.id:
            raise NothingToRetry
        of_job = await tx.runs.of_job(job.id)
        again = [run for run in of_job if can_try_again(run)] if order.all_failed else [failed]
        wanted = {run.id for one in again for run in with_dependents(of_job, one, self.now())}
        runs = [run for run in of_job if run.id in wanted]
        done = {run.id for run in of_job if run.state is RunState.DONE}
        paid = next((run for run in runs if run.provider != LOCAL), failed)
        return self.priced(
            order,
            await self.choosing.source(tx, account, paid) if paid.provider != LOCAL else self.ours(),
            request=job.request,
            plan=lambda planner: planner.again(runs, done),
            **await going_on(tx, account, model),
        )

    async def afford(self, tx: Transaction, asker: Asker, account: Account | None, price: int) -> None:
        """Refuse what a member has no place or no credits for; a batch takes one place.

        Raises:
            TooManyJobs, QuotaExceeded.
        """
        live = await tx.jobs.live_of_account(account.id) if account else []
        places = len({job.batch_id or job.id for job in live})
        most = self.rules.running + self.rules.waiting
        if places >= most:
            raise TooManyJobs(places, most)
        payer = account or Account(id="", user_id=asker.user_id, created_at=0)
        standing = await ledger.position(tx, payer, asker.guild_id, self.rules, self.now())
        ledger.require(standing, price)


def shown(order: GenerateOrder) -> dict[str, Any]:
    """What a job keeps of an order."""
    return {
        "kind": "generate",
        "prompt": order.prompt,
        "negative_prompt": order.negative_prompt,
        "pictures": [picture.name for picture in order.pictures if picture],
        "style": order.style,
        "polycount": order.polycount,
        "seed": order.seed,
        "rig": order.rig or bool(order.clips),
        "clips": list(order.clips),
        "provider": order.provider,
    }
