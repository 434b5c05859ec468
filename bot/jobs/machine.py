"""How a run moves: the arrows, the ways a step can end, and what follows from each.

``decide`` is pure: a run, an outcome and the time give a change.
``docs/jobs.md`` draws ``ARROWS``; a test holds the drawing against this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.jobs.clock import HOUR, SECOND
from bot.jobs.failures import Failure
from storage.models import RUN_ENDED, JobState, RunState, StageRun

ARROWS: Mapping[RunState, frozenset[RunState]] = {
    RunState.PLANNED: frozenset({RunState.QUEUED, RunState.SKIPPED, RunState.CANCELLED}),
    RunState.QUEUED: frozenset(
        {RunState.SUBMITTING, RunState.COLLECTING, RunState.FAILED, RunState.CANCELLED}
    ),
    RunState.SUBMITTING: frozenset({RunState.WAITING, RunState.QUEUED, RunState.FAILED, RunState.UNSURE}),
    RunState.WAITING: frozenset({RunState.COLLECTING, RunState.DONE, RunState.FAILED, RunState.CANCELLED}),
    RunState.COLLECTING: frozenset({RunState.DONE, RunState.FAILED}),
    RunState.UNSURE: frozenset({RunState.WAITING, RunState.FAILED}),
}
"""From each state that can be left, where to. The others are ends."""

MAX_ATTEMPTS = 6
LATE_LOOK = HOUR
"""How long after its deadline a task is looked at once more, for the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """It went on to ``to``; ``fields`` is what we learned."""

    to: RunState
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Not yet, and nobody's fault: not an attempt. ``back_to`` leaves the vendor and frees the place."""

    until: int
    back_to: RunState | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """It did not work and may the next time: counts, backs off, and ends as ``failure``."""

    failure: Failure
    data: Mapping[str, Any] = field(default_factory=dict)
    back_to: RunState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """It will not work."""

    failure: Failure
    data: Mapping[str, Any] = field(default_factory=dict)
    look_again: bool = False
    """The vendor may still finish it: look once more later, for the record."""


Outcome = Advance | Wait | Retry | Fail
"""A step that is cut off has no outcome: its row already says all there is to know, and it is taken again."""


class Money(StrEnum):
    """What a change does to the reserve of its run."""

    SETTLE = "settle"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is written for an outcome."""

    fields: Mapping[str, Any]
    money: Money | None = None
    visible: bool = True
    """Whether a card would look different."""


class IllegalMove(Exception):
    """A step wanted an arrow that does not exist: a mistake of ours."""


def decide(run: StageRun, outcome: Outcome, now: int) -> Change:
    """What to write.

    Raises:
        IllegalMove: for a move that is not in ``ARROWS``.
    """
    match outcome:
        case Advance(to=to, fields=fields):
            return _move(run, to, dict(fields), now)
        case Wait(until=until, back_to=state, fields=fields):
            return _stay_or_move(run, state, {**fields, "due_at": until}, now)
        case Retry() if run.attempt + 1 >= MAX_ATTEMPTS:
            return _failed(run, Fail(failure=outcome.failure, data=outcome.data), now)
        case Retry(back_to=state):
            again_at = now + back_off(run.attempt)
            return _stay_or_move(run, state, {"attempt": run.attempt + 1, "due_at": again_at}, now)
        case Fail():
            return _failed(run, outcome, now)


def back_off(attempt: int) -> int:
    """Milliseconds before the next try: 5 s, 10 s, 20 s ... at most two minutes."""
    return min(5 * SECOND << attempt, 120 * SECOND)


def money_of(state: RunState) -> Money | None:
    """A run that ends is paid for when it is done, and given back otherwise."""
    if state is RunState.DONE:
        return Money.SETTLE
    return Money.RELEASE if state in RUN_ENDED else None


def job_state(runs: list[StageRun], *, cancel_asked: bool) -> JobState:
    """How the whole stands; helpers do not count."""
    if any(run.state not in RUN_ENDED for run in runs):
        return JobState.LIVE
    shown = [run.state for run in runs if run.shown]
    if all(state is RunState.DONE for state in shown):
        return JobState.DONE
    if any(state is RunState.DONE for state in shown):
        return JobState.PARTIAL
    return JobState.CANCELLED if cancel_asked and not _any_failed(runs) else JobState.FAILED


def _any_failed(runs: list[StageRun]) -> bool:
    return any(run.state in {RunState.FAILED, RunState.UNSURE} for run in runs)


def _stay_or_move(run: StageRun, to: RunState | None, fields: dict[str, Any], now: int) -> Change:
    return _move(run, to, fields, now) if to else Change(fields=fields, visible=False)


def _move(run: StageRun, to: RunState, fields: dict[str, Any], now: int) -> Change:
    if to not in ARROWS.get(run.state, frozenset()):
        raise IllegalMove(run.state, to)
    written = {"due_at": None, **fields, "state": to}
    if to in RUN_ENDED:
        written["finished_at"] = now
    return Change(fields=written, money=money_of(to))


def _failed(run: StageRun, outcome: Fail, now: int) -> Change:
    to = RunState.UNSURE if outcome.failure is Failure.UNSURE else RunState.FAILED
    fields = {
        "failure": outcome.failure.value,
        "failure_data": dict(outcome.data),
        "due_at": now + LATE_LOOK if outcome.look_again else None,
    }
    return _move(run, to, fields, now)
