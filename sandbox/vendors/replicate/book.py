"""Predictions, from acceptance to their end.

Nothing runs in the background: a prediction's state follows from the time, and is worked
out when somebody looks. That is also when it is charged.
"""

import math
import secrets
from collections.abc import Callable, Mapping
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.vendors.faults import Fault
from sandbox.vendors.pace import Pace
from sandbox.vendors.replicate.accounts import Account
from sandbox.vendors.replicate.predictions import Order, Prediction
from sandbox.vendors.replicate.refusals import not_found
from sandbox.vendors.replicate.ways import Ways

SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789"
STARTING_SHARE = 0.1
"""The first part of a prediction's time, in which it waits for a machine."""
SENSITIVE = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
OUT_OF_MEMORY = (
    "CUDA out of memory. Tried to allocate 2.50 GiB (GPU 0; 44.39 GiB total capacity)"
    ' File "/src/predict.py", line 214, in predict'
)
ENDS: Mapping[str, tuple[str, str | None]] = {
    "moderated": ("failed", SENSITIVE),
    "late_failed": (
        "failed",
        OUT_OF_MEMORY,
    ),
    "late_moderated": ("failed", SENSITIVE),
    "late_cancelled": ("canceled", None),
}
"""Status and error that faults end in."""


class Book:
    """Every prediction that was ever accepted."""

    def __init__(self, clock: Clock, pace: Pace, ways: Ways) -> None:
        self._clock = clock
        self._pace = pace
        self._ways = ways
        self._all: dict[str, Prediction] = {}
        self._live: dict[str, Prediction] = {}
        self._tokens: dict[str, Prediction] = {}
        self.happened: Callable[[Prediction, str], None] = lambda _prediction, _event: None
        """Told of ``start``, ``logs``, ``output`` and ``completed``, each time."""

    def accept(self, order: Order, fault: Fault | None) -> Prediction:
        """Take it on."""
        recipe, now = order.version.recipe, self._clock.now()
        cold = 0 if recipe.official else self._ways.cold_seconds
        found = Prediction(
            id=new_id(),
            token=secrets.token_urlsafe(32),
            order=order,
            begun=self._pace.now(),
            starts=1000 * (cold + STARTING_SHARE * recipe.seconds),
            runs=1000 * (1 - STARTING_SHARE) * recipe.seconds,
            created_at=now,
            deadline=None if order.cancel_after is None else now + round(1000 * order.cancel_after),
            fault=fault,
        )
        self._all[found.id] = self._live[found.id] = self._tokens[found.token] = found
        return found

    def advance(self) -> None:
        """Bring every live prediction to where it is by now, and charge those that ended."""
        for prediction in list(self._live.values()):
            self._advance(prediction)

    def _advance(self, one: Prediction) -> None:
        start = one.begun + one.starts
        if one.status == "starting" and self._reached(one, start):
            self._start(one, at=self._pace.when(start))
        if one.status == "processing":
            self.happened(one, "logs")
            finish = start + one.needs * one.runs
            if not one.endless and self._reached(one, finish):
                self._finish(one, at=self._pace.when(finish))
        if one.live and not one.endless and self._clock.now() >= self._stopped_at(one):
            stopped = "aborted" if one.status == "starting" else "canceled"
            self._end(one, stopped, None, at=round(self._stopped_at(one)))

    def _reached(self, one: Prediction, work: float) -> bool:
        """Whether a point of the pace's time is there, and was before it had to stop."""
        there = self._pace.now() >= work
        return there and (one.endless or self._pace.when(work) <= self._stopped_at(one))

    def _stopped_at(self, one: Prediction) -> float:
        """When the vendor stops it: at its deadline, else after the usual time of running."""
        if one.deadline is not None:
            return one.deadline
        if one.started_at is None:
            return math.inf
        return one.started_at + 1000 * self._ways.running_seconds

    def _start(self, one: Prediction, *, at: int) -> None:
        if one.has_fault("late_aborted"):
            self._end(one, "aborted", None, at=at)
            return
        one.status, one.started_at = "processing", at
        self.happened(one, "start")

    def _finish(self, one: Prediction, *, at: int) -> None:
        usual = ("failed", one.order.error) if one.order.error else ("succeeded", None)
        status, error = ENDS.get(one.fault.name if one.fault else "", usual)
        if status == "succeeded" and one.order.then is not None:
            one.order.then()
        self._end(one, status, error, at=at)

    def _end(self, one: Prediction, status: str, error: str | None, *, at: int) -> None:
        if status in {"succeeded", "failed"}:
            one.ran = one.needs
        elif one.started_at is not None:
            one.ran = min(1.0, (at - one.started_at) * self._pace.factor / one.runs)
        one.status, one.error, one.completed_at = status, error, at
        one.charged = self._cost(one)
        one.account.balance -= one.charged
        del self._live[one.id]
        if status == "succeeded":
            self.happened(one, "output")
        self.happened(one, "completed")

    def _cost(self, one: Prediction) -> Decimal:
        """By what came out, or by the time on the machine."""
        recipe = one.order.version.recipe
        if one.status == "succeeded":
            files = len(one.order.product.files) if one.order.product else 0
            return recipe.price * (files if recipe.per_file else 1)
        if recipe.official or (one.status == "failed" and not self._ways.failures_cost):
            return Decimal(0)
        return (recipe.price * Decimal(one.ran)).quantize(Decimal("0.000001"))

    def cancel(self, one: Prediction) -> None:
        """Stop it now, if it is not over."""
        if one.live:
            self._end(one, "canceled", None, at=self._clock.now())

    def share(self, one: Prediction) -> float:
        """How much of its run is done."""
        return min(one.share(self._pace.now()), 0.99) if one.live else one.ran

    def removed(self, one: Prediction) -> bool:
        """Whether its data and its files are gone."""
        if one.completed_at is None:
            return False
        return self._clock.now() >= one.completed_at + 1000 * self._ways.retention_seconds

    def get(self, account: Account, prediction_id: str) -> Prediction:
        """A prediction of this account; 404 for any other."""
        found = self._all.get(prediction_id)
        if found is None or found.account is not account or found.has_fault("forgotten"):
            raise not_found()
        return found

    def by_token(self, token: str) -> Prediction:
        """The prediction whose files have this token; 404."""
        if token not in self._tokens:
            raise not_found()
        return self._tokens[token]

    def listed(self, account: Account, *, trainings: bool = False) -> list[Prediction]:
        """What a list shows, the newest first; trainings have a list of their own."""
        now = self._clock.now()
        return [
            one
            for one in reversed(self._all.values())
            if one.account is account
            and one.order.training is trainings
            and one.listed_at <= now
            and not one.has_fault("forgotten")
        ]

    def all(self) -> list[Prediction]:
        """Every prediction, oldest first."""
        return list(self._all.values())

    def live(self) -> list[Prediction]:
        """Those that have not ended."""
        return list(self._live.values())


def new_id() -> str:
    """An id as the vendor makes them: 26 signs."""
    return "".join(secrets.choice(SIGNS) for _ in range(26))
