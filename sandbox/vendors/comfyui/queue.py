"""The queue, its one worker, and the history: all in memory, and gone after a restart.

Nothing runs in the background: ``advance`` brings everything to where it is by now, and says what happened
on the way, each thing with the time at which it did.
"""

import math
from collections.abc import Callable
from typing import Any

from sandbox.vendors.comfyui.execution import Cache, Died, Execution, Interrupted, Script
from sandbox.vendors.comfyui.library import Library
from sandbox.vendors.comfyui.prompts import ENDS, Prompt
from sandbox.vendors.comfyui.saving import Saving
from sandbox.vendors.pace import Pace

MOST_HISTORY = 10_000
STAMPED = "execution_"
"""What events begin with that carry a time and stand in the history."""

Tell = Callable[[str, Any, str | None], None]
"""``tell(event, data, client)``: to one client's socket, or to all for ``None``."""


class PromptQueue:
    """Every prompt there is, and those that were."""

    def __init__(self, pace: Pace, library: Library, saving: Saving, tell: Tell) -> None:
        self._pace = pace
        self._library = library
        self._saving = saving
        self._tell = tell
        self._pending: list[Prompt] = []
        self._running: Execution | None = None
        self._script: Script | None = None
        self._messages: list[list[Any]] = []
        self._interrupted = False
        self._done = 0.0
        """The pace's time up to which everything happened, as is ``_due`` of what happens next."""
        self._due = 0.0
        self._cache: Cache = {}
        self._failed_before = False
        self.history: dict[str, dict[str, Any]] = {}
        self.accepted: list[Prompt] = []
        """All of them, the oldest first, also those that the server has forgotten."""
        self.restarts = 0
        self.cached_after_failure = False
        """Whether a graph that was cached as a whole is told as an error after one that failed."""

    def put(self, prompt: Prompt) -> None:
        """Queue it, whether or not there is one of its id already."""
        self.accepted.append(prompt)
        self._pending.append(prompt)
        self._updated()
        self.advance()

    def pending(self) -> list[Prompt]:
        """Those that wait, the next one first."""
        return sorted(self._pending, key=lambda prompt: (prompt.number, prompt.prompt_id))

    def running(self) -> list[Prompt]:
        """The one at work, if any."""
        return [self._running.prompt] if self._running else []

    def at_work(self) -> tuple[str | None, str | None]:
        """The client and the node at work, for a socket that comes back."""
        return (self._running.prompt.client_id, self._running.node) if self._running else (None, None)

    def remaining(self) -> int:
        """How many wait or run."""
        return len(self._pending) + len(self.running())

    def due(self) -> float | None:
        """When the next thing happens, in the pace's time; ``None`` where nothing does."""
        return self._due if self._running and self._due < math.inf else None

    def delete(self, prompt_id: str) -> bool:
        """Take one that waits out of the queue; it leaves no trace but in the books."""
        for prompt in self._pending:
            if prompt.prompt_id == prompt_id:
                self._pending.remove(prompt)
                self._close(prompt, "cancelled", self._pace.now())
                self._updated()
                return True
        return False

    def clear(self) -> None:
        """Take all that wait out of the queue."""
        for prompt in list(self._pending):
            self.delete(prompt.prompt_id)

    def interrupt(self) -> None:
        """Stop what runs, before its next step; one that is past its last step comes to its end."""
        if self._running is None:
            return
        self._interrupted = True
        if self._due == math.inf:
            self._due = self._pace.now()
            self.advance()

    def forget(self, prompt_id: str) -> None:
        """Take an ended one out of the history."""
        self.history.pop(prompt_id, None)

    def restart(self) -> None:
        """Begin anew: queue, history and cache are gone."""
        lost = [*self._pending, *self.running()]
        for prompt in lost:
            self._close(prompt, "lost", self._pace.now())
        self._pending.clear()
        self._running = None
        self._cache = {}
        self._failed_before = False
        self.history.clear()
        self.restarts += 1

    def advance(self) -> None:
        """Bring everything to where it is by now."""
        now = self._pace.now()
        while self._running or self._pending:
            if self._running is None:
                self._start()
            if self._due > now:
                return
            self._step()
        self._done = now

    def _start(self) -> None:
        prompt = self.pending()[0]
        self._pending.remove(prompt)
        prompt.status = "in_progress"
        self._done = self._due = max(self._done, prompt.put_at)
        self._messages = []
        self._interrupted = False
        self._running = Execution(prompt, self._library, self._saving, self._cache, self._say)
        self._script = self._running.script()
        self._updated()

    def _step(self) -> None:
        if self._running is None or self._script is None:
            return
        self._done = self._due
        try:
            if self._interrupted and self._running.can_stop:
                self._interrupted = False
                self._due += self._script.throw(Interrupted())
            else:
                self._due += next(self._script)
        except StopIteration:
            self._finish(self._running)
        except Died:
            self.restart()

    def _finish(self, execution: Execution) -> None:
        self._running = None
        prompt, outcome = execution.prompt, execution.outcome
        self._cache = execution.leaves()
        good = outcome.status == "success"
        odd = self.cached_after_failure and self._failed_before and outcome.cached_alone
        self._failed_before = not good or odd
        self._close(prompt, "completed" if good else outcome.status, self._done)
        status = "success" if good and not odd else "error"
        if not prompt.has_fault("forgotten"):
            self._record(prompt, outcome.outputs, status)
        self._updated()
        if prompt.client_id is not None:
            self._tell("executing", {"node": None, "prompt_id": prompt.prompt_id}, prompt.client_id)

    def _record(self, prompt: Prompt, outputs: dict[str, Any], status: str) -> None:
        if prompt.has_fault("unknown_status"):
            status = "paused"
        while len(self.history) > MOST_HISTORY:
            del self.history[next(iter(self.history))]
        meta = {
            one: {"node_id": one, "display_node": one, "parent_node": None, "real_node_id": one}
            for one in outputs
        }
        self.history[prompt.prompt_id] = {
            "prompt": prompt.row(),
            "outputs": outputs,
            "status": {
                "status_str": status,
                "completed": status == "success",
                "messages": self._messages,
            },
            "meta": meta,
        }

    def _close(self, prompt: Prompt, status: str, work: float) -> None:
        if prompt.status not in ENDS:
            prompt.status = status
            prompt.completed_at = self._pace.when(work)

    def _say(self, event: str, data: dict[str, Any], *, broadcast: bool = False) -> None:
        """As the execution says it; what it says of itself as a whole is recorded, with its time."""
        if event.startswith(STAMPED):
            data = data | {"timestamp": self._pace.when(self._done)}
            self._messages.append([event, data])
        client = self._running.prompt.client_id if self._running else None
        if client is not None or broadcast:
            self._tell(event, data, None if broadcast else client)

    def _updated(self) -> None:
        self._tell("status", {"status": {"exec_info": {"queue_remaining": self.remaining()}}}, None)
