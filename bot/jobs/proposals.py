"""Is what was asked possible, and what would it be? Checks that need no network.

A proposal is what an order comes to: which model, which runs, at what price. It is made
twice: before the first answer, so that a refusal can be private, and again inside the
transaction that stores the job, so that what was checked still holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.jobs import ledger, lineage, rights, text
from bot.jobs.errors import (
    AlreadyRigged,
    Busy,
    FrontMissing,
    NoSuchModel,
    NothingAsked,
    NothingToRetry,
    NothingToRig,
    NotRigged,
    NotYours,
    NoVendor,
    PolycountOutOfRange,
    PromptTooLong,
    TooManyClips,
    TooManyJobs,
    UnknownStyle,
)
from bot.jobs.orders import AnimateOrder, Asker, GenerateOrder, Order, RetryOrder, RigOrder
from bot.jobs.plan import Planner, rig_facts
from bot.jobs.rules import MAX_CLIPS, Rules
from providers.base import Provider
from storage.database import Transaction
from storage.models import Account, Model, RunState, Stage, StageRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an order comes to."""

    order: Order
    provider: Provider
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

    providers: Mapping[str, Provider]
    rules: Rules
    now: Callable[[], int]

    async def make(self, tx: Transaction, asker: Asker, account: Account | None, order: Order) -> Proposal:
        """Check everything about an order.

        Raises:
            JobError: the leaf says why.
        """
        provider = self.provider()
        if isinstance(order, GenerateOrder):
            proposal = self._generate(order, provider)
        elif isinstance(order, RigOrder):
            proposal = await self._rig(tx, asker, account, order, provider)
        elif isinstance(order, AnimateOrder):
            proposal = await self._animate(tx, asker, account, order, provider)
        else:
            proposal = await self._retry(tx, asker, account, order, provider)
        await self._afford(tx, asker, account, proposal)
        return proposal

    def provider(self) -> Provider:
        """The vendor that makes models here.

        Raises:
            NoVendor: the owner has set no key.
        """
        if not self.providers:
            raise NoVendor
        return next(iter(self.providers.values()))

    def _generate(self, order: GenerateOrder, provider: Provider) -> Proposal:
        order = checked(order, provider)
        rig = self.rules.rig if order.rig or order.clips else 0
        return Proposal(
            order=order,
            provider=provider,
            price=self.rules.generate + rig + self.rules.clip * len(order.clips),
            request=_shown(order),
            plan=lambda planner: planner.generate(order),
        )

    async def _rig(
        self, tx: Transaction, asker: Asker, account: Account | None, order: RigOrder, provider: Provider
    ) -> Proposal:
        model = await visible(tx, asker, account, order.model_id)
        made = await lineage.made_by(tx, model, Stage.GENERATE)
        if made is None:
            raise NothingToRig
        rigged = await lineage.made_by(tx, model, Stage.RIG)
        if rigged and rights.owns(account, model) and not await lineage.rig_is_lost(tx, model):
            raise AlreadyRigged
        return Proposal(
            order=order,
            provider=provider,
            price=self.rules.rig,
            request={"kind": "rig"},
            plan=lambda planner: planner.rig(made.id),
            **await self._where(tx, account, model),
        )

    async def _animate(
        self, tx: Transaction, asker: Asker, account: Account | None, order: AnimateOrder, provider: Provider
    ) -> Proposal:
        model = await visible(tx, asker, account, order.model_id)
        rig = await lineage.made_by(tx, model, Stage.RIG)
        if rig is None:
            raise NotRigged
        clips = checked_clips(order.clips, provider, rig)
        return Proposal(
            order=order,
            provider=provider,
            price=self.rules.clip * len(clips),
            request={"kind": "animate", "clips": list(clips)},
            plan=lambda planner: planner.animate(clips, rig.id),
            **await self._where(tx, account, model),
        )

    async def _retry(
        self, tx: Transaction, asker: Asker, account: Account | None, order: RetryOrder, provider: Provider
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
        runs = with_dependents(of_job, failed)
        done = {run.id for run in of_job if run.state is RunState.DONE}
        return Proposal(
            order=order,
            provider=provider,
            price=sum(self.rules.price(run.stage) for run in runs),
            request=job.request,
            plan=lambda planner: planner.again(runs, done),
            **await self._where(tx, account, model),
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


def checked(order: GenerateOrder, provider: Provider) -> GenerateOrder:
    """An order for a new model, cleaned.

    Raises:
        JobError: the leaf says what is wrong with it.
    """
    can = provider.capabilities()
    prompt = text.prompt(order.prompt)
    negative = text.clean(order.negative_prompt)
    count = order.picture_count or sum(picture is not None for picture in order.pictures)
    if not prompt and not count:
        raise NothingAsked
    if order.pictures and order.pictures[0] is None:
        raise FrontMissing
    if len(negative) > can.negative_prompt_max:
        raise PromptTooLong(can.negative_prompt_max, len(negative))
    if order.style is not None and order.style not in can.styles:
        raise UnknownStyle(order.style, can.styles)
    if order.polycount is not None and order.polycount not in can.polycount:
        raise PolycountOutOfRange(can.polycount.start, can.polycount.stop - 1)
    clips = checked_clips(order.clips, provider, None) if order.clips else ()
    return replace(order, prompt=prompt, negative_prompt=negative, clips=clips)


def checked_clips(clips: tuple[str, ...], provider: Provider, rig: StageRun | None) -> tuple[str, ...]:
    """Clips that the rig can play, each once.

    Raises:
        TooManyClips, UnknownClip: with what is possible.
    """
    if len(clips) > MAX_CLIPS:
        raise TooManyClips(MAX_CLIPS)
    return text.known_clips(clips, provider.clips(rig_facts(rig)))


async def visible(tx: Transaction, asker: Asker, account: Account | None, model_id: str) -> Model:
    """A model that the asker may know of.

    Raises:
        NoSuchModel: unknown, deleted, or not for them; the three look the same from outside.
    """
    model = await tx.models.get(model_id)
    if model is None or model.deleted_at is not None or not rights.may_see(asker, account, model):
        raise NoSuchModel
    return model


def with_dependents(runs: list[StageRun], failed: StageRun) -> list[StageRun]:
    """A failed run, the helpers right before it, and what was skipped because of it, in order."""
    failed_ids = {failed.id}
    helpers = {run.id for run in runs if run.id in failed.needs and not run.shown}
    for run in runs:
        held_up = run.state is RunState.SKIPPED or run.stage is Stage.COMBINE
        if held_up and failed_ids & set(run.needs):
            failed_ids.add(run.id)
    return [run for run in runs if run.id in failed_ids | helpers]


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
    }
