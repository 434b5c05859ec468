"""Skeletons and movements for a model that exists."""

from bot.jobs import lineage, rights
from bot.jobs.checking import checked_clips
from bot.jobs.choosing import Choice, Wish
from bot.jobs.errors import (
    AlreadyRigged,
    HasClips,
    KeyUnusable,
    NothingToRig,
    NotRigged,
    RigPlaysNothing,
    VendorInTrouble,
)
from bot.jobs.orders import AnimateOrder, Asker, RigOrder
from bot.jobs.proposing import Proposal, Proposing, going_on, visible
from storage.database import Transaction
from storage.models import Account, Model, Stage, StageRun


class Moving(Proposing):
    """Proposals to rig and to animate."""

    async def rig(self, tx: Transaction, asker: Asker, account: Account | None, order: RigOrder) -> Proposal:
        """A skeleton for a model.

        Raises:
            NothingToRig: it has no shape yet.
            AlreadyRigged: it has a skeleton that serves.
        """
        model = await visible(tx, asker, account, order.model_id)
        made = await lineage.shape(tx, model)
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
        return self.priced(
            order,
            choice,
            request={"kind": "rig"},
            plan=lambda planner: planner.rig(made.id, triangles=triangles),
            **await going_on(tx, account, model),
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

    async def animate(
        self, tx: Transaction, asker: Asker, account: Account | None, order: AnimateOrder
    ) -> Proposal:
        """Clips for a rigged model.

        Raises:
            NotRigged, RigPlaysNothing, HasClips, UnknownClip, TooManyClips.
        """
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
        return self.priced(
            order,
            choice,
            request={"kind": "animate", "clips": list(clips)},
            plan=lambda planner: planner.animate(clips, rig.id),
            **await going_on(tx, account, model),
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
