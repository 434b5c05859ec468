"""What a prediction is: an order that was taken on, and how far it has come."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.vendors.faults import Fault
from sandbox.vendors.replicate.accounts import Account, Key
from sandbox.vendors.replicate.hub import Version
from sandbox.vendors.replicate.products import Product

EARLY = 0.1
"""How much of its run a model needs to find out that it will not do it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Whom to call about a prediction, and of which events; one call at a time."""

    url: str
    events: Sequence[str]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a client asked for, found to be in order."""

    model: str
    shown_version: str
    version: Version
    key: Key
    input: Mapping[str, Any]
    product: Product | None
    """``None`` where the model will fail, with ``error``."""
    error: str | None = None
    hook: Hook | None = None
    base: str
    """The vendor's address, as this client knows it."""
    cancel_after: float | None = None
    """Seconds."""
    training: bool = False
    then: Callable[[], None] | None = None
    """Done when it has succeeded."""


@dataclass(slots=True, kw_only=True)
class Prediction:
    """One run of a model. ``begun``, ``starts`` and ``runs`` are in the pace's time, in milliseconds."""

    id: str
    token: str
    """What its files' links hold."""
    order: Order
    begun: float
    starts: float
    runs: float
    created_at: int
    deadline: int | None
    listed_at: int = 0
    """When a list shows it, at the earliest."""
    fault: Fault | None = None
    status: str = "starting"
    started_at: int | None = None
    completed_at: int | None = None
    error: str | None = None
    ran: float = 0.0
    """How much of its run it had done at its end, from 0 to 1."""
    charged: Decimal = Decimal(0)

    @property
    def account(self) -> Account:
        """Who pays."""
        return self.order.key.account

    @property
    def live(self) -> bool:
        """Not ended yet."""
        return self.completed_at is None

    @property
    def needs(self) -> float:
        """How much of its run it takes to end, from 0 to 1: all of it, unless it fails early."""
        return EARLY if self.order.error or self.has_fault("moderated") else 1.0

    @property
    def endless(self) -> bool:
        """Whether it never comes to an end of itself, whatever its deadline."""
        return self.has_fault("never_finishes", "unknown_status")

    def share(self, now: float) -> float:
        """How much of its run is done at a time of the pace, from 0 to 1."""
        return min(max(0.0, now - self.begun - self.starts) / self.runs, 1.0)

    def has_fault(self, *names: str) -> bool:
        """Whether one of these was asked to go wrong with it."""
        return self.fault is not None and self.fault.name in names
