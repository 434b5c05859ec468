"""How far a job is, from what ComfyUI tells of its nodes. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

ALMOST = 99
"""The end is for the history to tell."""
MANY = 10**9
"""More steps than any node has; JSON from Python may also hold infinity."""


class Tally:
    """Adds up the nodes of one job. ``weights``: how much of the work each is."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        self._weights = weights
        self._done: dict[str, float] = {}  # from 0 to 1
        self._current: Any = None

    @property
    def percent(self) -> int:
        """0 to 99."""
        done = sum(self._weights[node] * part for node, part in self._done.items())
        return min(int(100 * done / max(sum(self._weights.values()), 1)), ALMOST)

    def hear(self, event: str, data: Mapping[str, Any]) -> None:
        """Take in one event; what is of no use is passed over."""
        node = data.get("node")
        match event:
            case "execution_cached":
                self._finish(_listed(data.get("nodes")))
            case "executing":
                self._finish([self._current])
                self._current = node
            case "executed":
                self._finish([node])
            case "progress":
                self._set(node, data)
            case "progress_state":
                self._states(data.get("nodes"))

    def _finish(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            self._set(node, {"value": 1, "max": 1})

    def _states(self, nodes: Any) -> None:
        for node, state in nodes.items() if isinstance(nodes, Mapping) else ():
            if not isinstance(state, Mapping):
                continue
            if state.get("state") == "finished":
                self._finish([node])
            else:
                self._set(node, state)

    def _set(self, node: Any, state: Mapping[str, Any]) -> None:
        part = _part(state.get("value"), state.get("max"))
        if part is not None and isinstance(node, str) and node in self._weights:
            self._done[node] = part


def _part(value: Any, most: Any) -> float | None:
    """How much of a node is done, from 0 to 1; ``None`` where the numbers make no sense."""
    if not (isinstance(value, int | float) and isinstance(most, int | float)):
        return None
    return value / most if 0 <= value <= most and 0 < most < MANY else None


def _listed(nodes: Any) -> Iterable[Any]:
    return nodes if isinstance(nodes, list) else ()
