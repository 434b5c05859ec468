"""What every idea needs to become a proposal: the model it is about, and its price."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.jobs import rights
from bot.jobs.choosing import Choice, Choosing
from bot.jobs.clock import Ids
from bot.jobs.errors import Busy, NoSuchModel
from bot.jobs.orders import Asker, Order
from bot.jobs.plan import Planner
from bot.jobs.rules import Rules
from providers.base import Provider
from storage.database import Transaction
from storage.models import Account, Model


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
class Proposing:
    """Turns one kind of order into proposals; a subclass has the kind."""

    choosing: Choosing
    rules: Rules
    ids: Ids

    def priced(
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

    def ours(self) -> Choice:
        """Work of our own needs no vendor; any will do to plan it with."""
        return Choice(provider=next(iter(self.choosing.vendors.kinds.values())))


async def going_on(tx: Transaction, account: Account | None, model: Model) -> dict[str, Any]:
    """One's own model goes on; another's becomes the parent of a new one.

    Raises:
        Busy: a job is under way on it.
    """
    if not rights.owns(account, model):
        return {"parent": model}
    if await tx.jobs.live_of_model(model.id):
        raise Busy
    return {"model": model}


async def visible(tx: Transaction, asker: Asker, account: Account | None, model_id: str) -> Model:
    """A model that the asker may know of.

    Raises:
        NoSuchModel: unknown, deleted, or not for them; the three look the same from outside.
    """
    model = await tx.models.get(model_id)
    if model is None or model.deleted_at is not None or not rights.may_see(asker, account, model):
        raise NoSuchModel
    return model
