"""Is what was asked possible, and what would it be? Checks that need no network.

A proposal is what an order comes to: which model, which runs, at what price. It is made
twice: before the first answer, so that a refusal can be private, and again inside the
transaction that stores the job, so that what was checked still holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.jobs import ledger, lineage, rights
from bot.jobs.checking import checked, checked_clips, cleaned, wish_of
from bot.jobs.choosing import Choice, Choosing, Wish
from bot.jobs.clock import Ids
from bot.jobs.errors import (
    AlreadyRigged,
    Busy,
    HasClips,
    KeyUnusable,
    NoSuchModel,
    NothingToRetry,
    NothingToRig,
    NotRigged,
    NotYours,
    RigPlaysNothing,
    TooManyJobs,
    VendorInTrouble,
)
from bot.jobs.orders import AnimateOrder, Asker, GenerateOrder, Order, RetryOrder, RigOrder
from bot.jobs.plan import LOCAL, Planner, with_dependents
from bot.jobs.rules import Rules
from providers.base import Provider
from storage.database import Transaction
from storage.models import Account, Model, RunState, Stage, StageRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an order comes to."""

    order: Order
    provider: Provider
    credential: str
    price: int
    request: Mapping[str, Any]
    """What the job keeps of the order, to show it."""
    plan: Callable[[Planner], None]
    model: Model | None = None
    """The asker's model to go on with; ``None``: a new one."""
    parent: Model | None = None
    """What a new model builds on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Turns orders into proposals."""

    choosing: Choosing
    rules: Rules
    ids: Ids
    now: Callable[[], int]

    async def make(self, tx: Transaction, asker: Asker, account: Account | None, order: Order) -> Proposal:
        """Check everything about an order.

        Raises:
            JobError: the leaf says why.
        """
        if isinstance(order, GenerateOrder):
            proposal = await self._generate(tx, account, order)
        elif isinstance(order, RigOrder):
            proposal = await self._rig(tx, asker, account, order)
        elif isinstance(order, AnimateOrder):
            proposal = await self._animate(tx, asker, account, order)
        else:
            proposal = await self._retry(tx, asker, account, order)
        await self._afford(tx, asker, account, proposal)
        return proposal

    async def _generate(self, tx: Transaction, account: Account | None, order: GenerateOrder) -> Proposal:
        order = cleaned(order)
        choice = await self.choosing.choose(tx, account, order.provider, wish_of(order))
        order = checked(order, choice.provider)
        return self._proposal(
            order, choice, request=_shown(order), plan=lambda planner: planner.generate(order)
        )

    async def _rig(self, tx: Transaction, asker: Asker, account: Account | None, order: RigOrder) -> Proposal:
        model = await visible(tx, asker, account, order.model_id)
        made = await lineage.made_by(tx, model, Stage.GENERATE)
        if made is None:
            raise NothingToRig
        choice = await self._rigger(tx, account, order, made)
        rigged = await lineage.made_by(tx, model, Stage.RIG)
        elsewhere = order.provider is not None and rigged and rigged.provider != choice.provider.name
        if (
            rigged
            and rights.owns(account, model)
            and not elsewhere
            and await self._rig_serves(tx, account, model, rigged)
        ):
            raise AlreadyRigged
        triangles = await lineage.triangles(tx, made)
        return self._proposal(
            order,
            choice,
            request={"kind": "rig"},
            plan=lambda planner: planner.rig(made.id, triangles=triangles),
            **await self._where(tx, account, model),
        )

    async def _rigger(
        self, tx: Transaction, account: Account | None, order: RigOrder, made: StageRun
    ) -> Choice:
        """The vendor that made the model where it can rig; what another takes is our file."""
        usable = await self.choosing.usable(tx, account)
        maker = next((one for one in usable if one.provider.name == made.provider), None)
        at_home = maker is not None and maker.credential == made.credential
        by_maker = Wish(rig=True, file=not at_home)
        named = order.provider
        if named is None and maker and by_maker.lacks(maker.provider.capabilities()) is None:
            named = made.provider
        wish = by_maker if named == made.provider else Wish(rig=True, file=True)
        return await self.choosing.choose(tx, account, named, wish)

    async def _rig_serves(
        self, tx: Transaction, account: Account | None, model: Model, rigged: StageRun
    ) -> bool:
        """Whether there is still something to be done with a rig, so that another one would be a waste."""
        if await lineage.rig_is_lost(tx, model):
            return False
        try:
            await self.choosing.source(tx, account, rigged)
        except KeyUnusable:
            return False
        except VendorInTrouble:
            return True
        return True

    async def _animate(
        self, tx: Transaction, asker: Asker, account: Account | None, order: AnimateOrder
    ) -> Proposal:
        model = await visible(tx, asker, account, order.model_id)
        rig = await lineage.made_by(tx, model, Stage.RIG)
        if rig is None:
            raise NotRigged
        choice = await self.choosing.source(tx, account, rig)
        if not choice.provider.capabilities().animate:
            usable = await self.choosing.usable(tx, account)
            wish = Wish(rig=True, file=True, clips=order.clips)
            able = [one.provider for one in usable if wish.lacks(one.provider.capabilities()) is None]
            raise RigPlaysNothing(choice.provider.title, tuple(provider.title for provider in able))
        clips = checked_clips(order.clips, choice.provider, rig)
        clips = await self._without_free(tx, model, rig, clips) if rights.owns(account, model) else clips
        return self._proposal(
            order,
            choice,
            request={"kind": "animate", "clips": list(clips)},
            plan=lambda planner: planner.animate(clips, rig.id),
            **await self._where(tx, account, model),
        )

    async def _without_free(
        self, tx: Transaction, model: Model, rig: StageRun, clips: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Nobody pays for what came with the rig and lies there.

        Raises:
            HasClips: nothing else was asked for.
        """
        came = {
            artifact.facts.get("clip")
            for artifact in await tx.artifacts.of_run(rig.id)
            if artifact.model_id == model.id
        }
        rest = tuple(clip for clip in clips if clip not in came)
        if not rest:
            raise HasClips(clips)
        return rest

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
        runs = with_dependents(of_job, failed, self.now())
        done = {run.id for run in of_job if run.state is RunState.DONE}
        paid = next((run for run in runs if run.provider != LOCAL), failed)
        return self._proposal(
            order,
            await self.choosing.source(tx, account, paid) if paid.provider != LOCAL else self._ours(),
            request=job.request,
            plan=lambda planner: planner.again(runs, done),
            **await self._where(tx, account, model),
        )

    def _ours(self) -> Choice:
        """Work of our own needs no vendor; any will do to plan it with."""
        return Choice(provider=next(iter(self.choosing.vendors.kinds.values())))

    def _proposal(
        self,
        order: Order,
        choice: Choice,
        *,
        request: Mapping[str, Any],
        plan: Callable[[Planner], None],
        **where: Any,
    ) -> Proposal:
        """Priced by planning it once for nobody, so that the two cannot differ."""
        planner = Planner(
            provider=choice.provider,
            credential=choice.credential,
            rules=self.rules,
            ids=self.ids,
            job_id="",
            model_id="",
            account_id="",
            now=0,
        )
        plan(planner)
        return Proposal(
            order=order,
            provider=choice.provider,
            credential=choice.credential,
            price=planner.price,
            request=request,
            plan=plan,
            **where,
        )

    async def _where(self, tx: Transaction, account: Account | None, model: Model) -> dict[str, Any]:
        """One's own model goes on; another's becomes the parent of a new one."""
        if not rights.owns(account, model):
            return {"parent": model}
        if await tx.jobs.live_of_model(model.id):
            raise Busy
        return {"model": model}

    async def _afford(
        self, tx: Transaction, asker: Asker, account: Account | None, proposal: Proposal
    ) -> None:
        live = await tx.jobs.live_of_account(account.id) if account else []
        most = self.rules.running + self.rules.waiting
        if len(live) >= most:
            raise TooManyJobs(len(live), most)
        payer = account or Account(id="", user_id=asker.user_id, created_at=0)
        standing = await ledger.position(tx, payer, asker.guild_id, self.rules, self.now())
        ledger.require(standing, proposal.price)


async def visible(tx: Transaction, asker: Asker, account: Account | None, model_id: str) -> Model:
    """A model that the asker may know of.

    Raises:
        NoSuchModel: unknown, deleted, or not for them; the three look the same from outside.
    """
    model = await tx.models.get(model_id)
    if model is None or model.deleted_at is not None or not rights.may_see(asker, account, model):
        raise NoSuchModel
    return model


def _shown(order: GenerateOrder) -> dict[str, Any]:
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
