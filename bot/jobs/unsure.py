"""Runs of which nobody knows whether the vendor accepted them: the owner looks at the vendor and decides.

The command line writes what was decided into the run's row, and the engine of the running
bot goes on from there. Nothing is charged for an adopted run: its credits went back when
it became unsure.
"""

from dataclasses import dataclass

from bot.jobs.failures import Failure
from bot.jobs.journal import Journal
from bot.jobs.machine import Advance, Change, Fail, decide
from storage.models import RunState, StageRun


class NotUnsure(Exception):
    """There is no such run, or it is not unsure (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """The owner's two verbs."""

    journal: Journal

    async def all(self) -> list[StageRun]:
        """Every unsure run, the oldest first."""
        async with self.journal.db.read() as tx:
            return await tx.runs.unsure()

    async def adopt(self, run_id: str, task_id: str, *, deadline: int) -> None:
        """The vendor has it as ``task_id``; to be waited for at most ``deadline`` milliseconds from now.

        Raises:
            NotUnsure: nothing was done.
        """
        now = self.journal.clock.now()
        fields: dict[str, object] = {
            "task_id": task_id,
            "accepted_at": now,
            "deadline_at": now + deadline,
            "owner": None,
        }
        fields |= {"failure": None, "failure_data": {}, "finished_at": None}
        await self._write(run_id, Advance(to=RunState.WAITING, fields=fields))

    async def close(self, run_id: str) -> None:
        """The vendor does not have it, or the owner does not care.

        Raises:
            NotUnsure: nothing was done.
        """
        await self._write(run_id, Fail(failure=Failure.VENDOR_DOWN))

    async def _write(self, run_id: str, outcome: Advance | Fail) -> None:
        async with self.journal.db.read() as tx:
            run = await tx.runs.get(run_id)
        if run is None or run.state is not RunState.UNSURE:
            raise NotUnsure(run_id)
        change: Change = decide(run, outcome, self.journal.clock.now())
        if await self.journal.write(run, change) is None:
            raise NotUnsure(run_id)
