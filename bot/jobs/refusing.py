"""What follows from a vendor's refusal that surely left nothing behind there. Pure, but for the log."""

from collections.abc import Mapping

import structlog

from bot.jobs.clock import SECOND
from bot.jobs.failures import Failure
from bot.jobs.machine import Fail, Retry, Wait
from bot.jobs.plan import OWNER_KEY
from providers.errors import (
    Moderated,
    NotHandedOver,
    NotRiggable,
    OutOfCredit,
    ProviderError,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    Throttled,
    Unauthorised,
)
from storage.models import RunState, Stage, StageRun

log = structlog.get_logger()

REFUSALS: Mapping[type[ProviderError], Failure] = {
    Moderated: Failure.MODERATED,
    OutOfCredit: Failure.OUT_OF_CREDIT,
    Unauthorised: Failure.UNAUTHORISED,
    TaskNotFound: Failure.REJECTED,
    NotRiggable: Failure.NOT_RIGGABLE,
    NotHandedOver: Failure.NOT_HANDED_OVER,
    SourceUnusable: Failure.REJECTED,
    Rejected: Failure.REJECTED,
}
"""Refusals that trying again would not change; subclasses before their parents."""
WITH_OWN_KEY = {Failure.OUT_OF_CREDIT: Failure.OWN_KEY_EMPTY, Failure.UNAUTHORISED: Failure.OWN_KEY_REFUSED}
"""The same where it is the member's own account."""


def refused(run: StageRun, error: ProviderError, now: int) -> Retry | Wait | Fail:
    """The outcome of a step that was refused."""
    waiting = RunState.QUEUED if run.state is RunState.SUBMITTING else None
    log.warning(
        "refused", run=run.id, provider=error.provider, reason=type(error).__name__, code=error.code,
        reference=error.reference,
    )  # fmt: skip
    if isinstance(error, Throttled):
        return Wait(until=now + int(error.retry_after * SECOND), back_to=waiting)
    if isinstance(error, NotHandedOver) and not run.params.get("inline") and error.code != "too_large":
        return _once_more(run, now, waiting, "inline")  # the bytes themselves, where a link did not serve
    gone = isinstance(error, TaskNotFound) or type(error) is SourceUnusable
    if gone and _builds_on_a_task(run) and not run.params.get("upload"):
        return _once_more(run, now, waiting, "upload")
    if gone and run.stage is Stage.ANIMATE:
        return Fail(failure=Failure.SOURCE_LOST)
    final = next((failure for kind, failure in REFUSALS.items() if isinstance(error, kind)), None)
    if final is None:
        return Retry(failure=Failure.VENDOR_DOWN, back_to=waiting)
    own = run.credential != OWNER_KEY
    return Fail(failure=WITH_OWN_KEY.get(final, final) if own else final)


def _builds_on_a_task(run: StageRun) -> bool:
    """Whether our own copy can stand in for what the vendor no longer has."""
    return run.stage not in {Stage.DRAFT, Stage.GENERATE, Stage.ANIMATE} or "draft_run" in run.params


def _once_more(run: StageRun, now: int, waiting: RunState | None, how: str) -> Wait:
    """Another way, once."""
    return Wait(until=now, back_to=waiting, fields={"params": {**run.params, how: True}})
