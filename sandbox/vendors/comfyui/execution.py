"""The one worker's way through a graph: node after node, as a script that says how long each step takes.

``script()`` yields milliseconds of work and goes on when they are done; between two of them the worker may
throw ``Interrupted``. What happens on the way is said (``Say``) as the server says it on its socket.
"""

import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.vendors.comfyui.graph import in_order, literal, signatures
from sandbox.vendors.comfyui.library import Library
from sandbox.vendors.comfyui.making import files_read
from sandbox.vendors.comfyui.prompts import Prompt
from sandbox.vendors.comfyui.saving import Saving

SAMPLER = "KSampler"
GRAPH_MS = 10_000
"""What a graph takes of which nothing is cached."""
TRACEBACK = [
    '  File "/srv/ComfyUI/execution.py", line 518, in execute\n',
    '  File "/srv/ComfyUI/nodes.py", line 1578, in sample\n',
]
OUT_OF_MEMORY = "Allocation on device 0 would exceed allowed memory. (out of memory)\n"

Say = Callable[..., None]
"""``say(event, data, broadcast=False)``."""
Script = Generator[float, None, None]
"""Yields how many milliseconds of work come next."""
Cache = dict[str, dict[str, Any]]
"""What each node of the last graph showed, by its signature."""


class Interrupted(Exception):
    """Somebody wants it to stop."""


class Died(Exception):
    """The server itself came to its end."""


class Failed(Exception):
    """A node raised something: its type, and what it said."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What the history will hold of it."""

    status: str = "success"
    outputs: dict[str, Any] = field(default_factory=dict)
    cached_alone: bool = False
    """Whether there was nothing to be done."""


class Execution:
    """One prompt at work."""

    def __init__(self, prompt: Prompt, library: Library, saving: Saving, cache: Cache, say: Say) -> None:
        self.prompt = prompt
        self.outcome = Outcome()
        self.node: str | None = None
        """The node at work."""
        self._graph = prompt.graph
        self._classes = library.classes()
        self._saving = saving
        self._say = say
        self._order = in_order(self._graph, prompt.outputs)
        marks = saving.marks(files_read(self._graph, self._order))
        self._signatures = signatures(self._graph, self._order, marks)
        self._cached = {one for one in self._order if self._signatures[one] in cache}
        self._shown = {one: cache[self._signatures[one]] for one in self._cached}
        self._done: list[str] = []
        self._states: dict[str, dict[str, Any]] = {}

    def script(self) -> Script:
        """Do it; every yield is a time to wait, in milliseconds of work."""
        self._tell("execution_start")
        self._tell("execution_cached", nodes=[one for one in self._order if one in self._cached])
        self.outcome.cached_alone = self._cached.issuperset(self._order)
        try:
            for node_id in self._order:
                self.node = node_id
                yield from self._node(node_id)
        except Interrupted:
            self._end("cancelled", "execution_interrupted", broadcast=True)
        except Failed as failure:
            self._end("failed", "execution_error", **self._facts(failure))
        else:
            self._tell("execution_success")

    @property
    def can_stop(self) -> bool:
        """Whether the node at work looks if it should; those that save do not."""
        return self.node not in self.prompt.outputs or self.prompt.has_fault("never_finishes")

    def leaves(self) -> Cache:
        """What the next prompt finds in the cache: this graph's nodes and no others."""
        done = self._cached.union(self._done)
        return {self._signatures[one]: self._shown.get(one, {}) for one in self._order if one in done}

    def _node(self, node_id: str) -> Script:
        shown = {"node": node_id, "display_node": node_id, "prompt_id": self.prompt.prompt_id}
        if node_id not in self._cached:
            self._say("executing", shown)
            yield from self._work(node_id)
            wrong = self.prompt.wrongs.get(node_id)
            if wrong is not None:
                raise Failed(wrong.type, wrong.message)
            self._shown[node_id] = self._result(node_id)
            self._done.append(node_id)
        if ui := self._shown[node_id]:
            self.outcome.outputs[node_id] = ui
            self._say("executed", shown | {"output": ui})
        self._state(node_id, 1, 1, "finished")

    def _result(self, node_id: str) -> dict[str, Any]:
        try:
            return self._saving.result(self.prompt, node_id)
        except ValueError as fault:
            raise Failed("ValueError", str(fault)) from fault

    def _work(self, node_id: str) -> Script:
        steps = self._steps(node_id)
        length, weak = self._length(node_id), self._weak()
        self._state(node_id, 0, 1, "running")
        for step in range(1, steps + 1):
            yield length / steps
            if node_id == weak and step > steps // 2:
                yield from self._go_wrong()
            if steps > 1:
                facts = {"value": step, "max": steps, "prompt_id": self.prompt.prompt_id, "node": node_id}
                self._say("progress", facts)
                self._state(node_id, step, steps, "running")
                self._say("preview", {"node_id": node_id, "step": step, **facts})

    def _length(self, node_id: str) -> float:
        work = {one: self._classes[self._graph[one]["class_type"]].work for one in self._order}
        return GRAPH_MS * work[node_id] / (sum(work.values()) or 1.0)

    def _steps(self, node_id: str) -> int:
        node = self._graph[node_id]
        return int(literal(self._graph, node, "steps", 1)) if node["class_type"] == SAMPLER else 1

    def _weak(self) -> str | None:
        """Where things go wrong: at the last sampler, else at the last node before the outputs."""
        left = [one for one in self._order if one not in self._cached]
        samplers = [one for one in left if self._graph[one]["class_type"] == SAMPLER]
        inner = [one for one in left if one not in self.prompt.outputs]
        return next(reversed(samplers or inner or left), None)

    def _go_wrong(self) -> Script:
        if self.prompt.has_fault("never_finishes"):
            yield math.inf
        if self.prompt.has_fault("late_failed"):
            raise Failed("RuntimeError", "A fault was asked for.\n")
        if self.prompt.has_fault("out_of_memory"):
            raise Failed("torch.OutOfMemoryError", OUT_OF_MEMORY)
        if self.prompt.has_fault("late_cancelled"):
            raise Interrupted
        if self.prompt.has_fault("restarts"):
            raise Died

    def _state(self, node_id: str, value: float, most: float, state: str) -> None:
        prompt_id = self.prompt.prompt_id
        self._states[node_id] = {
            "value": float(value),
            "max": float(most),
            "state": state,
            "node_id": node_id,
            "prompt_id": prompt_id,
            "display_node_id": node_id,
            "parent_node_id": None,
            "real_node_id": node_id,
        }
        self._say("progress_state", {"prompt_id": prompt_id, "nodes": dict(self._states)})

    def _end(self, status: str, event: str, *, broadcast: bool = False, **facts: Any) -> None:
        self.outcome.status = status
        where = self._graph[self.node]["class_type"] if self.node else ""
        self._tell(
            event, broadcast=broadcast, node_id=self.node, node_type=where, executed=list(self._done), **facts
        )

    def _facts(self, failure: Failed) -> Mapping[str, Any]:
        inputs = self._graph[self.node]["inputs"] if self.node else {}
        return {
            "exception_message": failure.message,
            "exception_type": failure.kind,
            "traceback": TRACEBACK,
            "current_inputs": {name: [str(value)] for name, value in inputs.items()},
            "current_outputs": list(self._done),
        }

    def _tell(self, event: str, *, broadcast: bool = False, **facts: Any) -> None:
        self._say(event, {"prompt_id": self.prompt.prompt_id, **facts}, broadcast=broadcast)
