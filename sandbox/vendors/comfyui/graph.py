"""Graphs in API format, and how to find one's way in them.

``{"<node id>": {"class_type": "KSampler", "inputs": {"<name>": value or ["<node id>", slot]}}}``
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Graph = Mapping[str, Any]


def is_link(value: Any) -> bool:
    """Whether an input takes what another node gives."""
    return isinstance(value, list)


def links(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of the inputs that other nodes give, and those nodes."""
    for name, value in node["inputs"].items():
        if is_link(value):
            yield name, value[0]


def in_order(graph: Graph, outputs: Iterable[str]) -> list[str]:
    """The outputs and all they need, every node after those that it needs itself."""
    found: dict[str, None] = {}

    def add(node_id: str) -> None:
        for _, source in links(graph[node_id]):
            if source not in found:
                add(source)
        found[node_id] = None

    for node_id in outputs:
        add(node_id)
    return list(found)


def upstream(graph: Graph, node_id: str) -> list[Mapping[str, Any]]:
    """A node and all that makes it what it is; what it is *not* to be (``negative``) is left out."""
    found: dict[str, Mapping[str, Any]] = {}
    waiting = [node_id]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found[one] = graph[one]
            waiting += [source for name, source in links(graph[one]) if name != "negative"]
    return list(found.values())


def literal(graph: Graph, node: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """An input's value, also where a primitive node gives it; ``default`` where neither is so."""
    value = node["inputs"].get(name, default)
    for _ in graph:  # no chain of primitives is longer than the graph
        if not is_link(value):
            return value
        value = graph[value[0]]["inputs"].get("value", default)
    return default


def signatures(graph: Graph, order: Iterable[str], marks: Mapping[str, str]) -> dict[str, str]:
    """What tells, of each node, whether it would do the same again; ``marks`` are of the files they read."""
    found: dict[str, str] = {}
    for node_id in order:
        node = graph[node_id]
        inputs = [
            (name, found[value[0]], value[1]) if is_link(value) else (name, repr(value))
            for name, value in sorted(node["inputs"].items())
        ]
        told = repr((node["class_type"], inputs, marks.get(node_id, "")))
        found[node_id] = hashlib.sha256(told.encode()).hexdigest()
    return found


def words(graph: Graph, outputs: Iterable[str]) -> str:
    """The text that reaches these outputs."""
    nodes = {id(node): node for node_id in outputs for node in upstream(graph, node_id)}.values()
    return " ".join(
        str(literal(graph, node, "text", "")) for node in nodes if node["class_type"] == "CLIPTextEncode"
    )
