"""Whether a graph may be queued, said as the server says it: per output, with the reasons at each node.

A node's own faults are told at it; a node above which something is wrong is not valid either, but silent.
An output that is not valid is left out, and only where none is left the whole graph is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.vendors.comfyui.classes import Input, NodeClass
from sandbox.vendors.comfyui.graph import Graph, is_link
from sandbox.vendors.comfyui.library import Exists, Library

Error = dict[str, Any]
MANY = 20
"""Longer lists are not told in an error."""
TRACE = ['  File "/srv/ComfyUI/execution.py", line 1021, in validate_prompt\n']
CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {"INT": int, "FLOAT": float, "STRING": str, "BOOLEAN": bool}


@dataclass(slots=True, kw_only=True)
class Verdict:
    """``error`` is set where nothing may be queued; else ``outputs`` are those that may."""

    error: Error | None = None
    outputs: list[str] = field(default_factory=list)
    node_errors: dict[str, Error] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Finding:
    """What is known of one node."""

    valid: bool
    reasons: list[Error]


def error(kind: str, message: str, details: str = "", **extra: Any) -> Error:
    """The shape of every error."""
    return {"type": kind, "message": message, "details": details, "extra_info": extra}


def judged(graph: Graph, library: Library, exists: Exists, targets: Sequence[str] | None = None) -> Verdict:
    """The verdict on a graph; with ``targets`` on these outputs alone.

    Raises what the server does not catch either (it answers 500 then): a graph, or a node, that is no object.
    """
    classes = library.classes()
    outputs: list[str] = []
    for node_id in graph:
        if missing := _unknown(node_id, graph[node_id], classes, library):
            return Verdict(error=missing)
        wanted = targets is None or node_id in targets
        if wanted and classes[graph[node_id]["class_type"]].is_output:
            outputs.append(node_id)
    if not outputs:
        return Verdict(error=error("prompt_no_outputs", "Prompt has no outputs"))
    return _Checks(graph, library, exists).verdict(outputs)


def _unknown(
    node_id: str, node: Mapping[str, Any], classes: Mapping[str, NodeClass], library: Library
) -> Error | None:
    name = node.get("class_type")
    if name in classes:
        return None
    details = f"Node ID '#{node_id}'"
    if not library.at_least(0, 6):
        message = "Cannot execute because a node is missing the class_type property."
        if name is not None:
            message = f"Cannot execute because node {name} does not exist."
        return error("invalid_prompt", message, details)
    title = node.get("_meta", {}).get("title", name)
    message = f"Node '{title or f'ID #{node_id}'}' has no class_type."
    if name is not None:
        message = f"Node '{title}' not found. The custom node may not be installed."
    facts = {"node_id": node_id, "class_type": name, "node_title": title}
    return error("missing_node_type", message, details, **facts)


class _Checks:
    """One graph under examination."""

    def __init__(self, graph: Graph, library: Library, exists: Exists) -> None:
        self._graph = graph
        self._library = library
        self._classes = library.classes()
        self._exists = exists
        self._found: dict[str, Finding] = {}
        self._open: list[str] = []

    def verdict(self, outputs: Sequence[str]) -> Verdict:
        verdict, told = Verdict(), list[str]()
        for node_id in outputs:
            finding = self._output(node_id)
            if finding.valid:
                verdict.outputs.append(node_id)
                continue
            told += [f"{reason['message']}: {reason['details']}" for reason in finding.reasons]
            self._blame(node_id, verdict.node_errors)
        if not verdict.outputs:
            verdict.error = error(
                "prompt_outputs_failed_validation", "Prompt outputs failed validation", "\n".join(told)
            )
        return verdict

    def _output(self, node_id: str) -> Finding:
        try:
            return self._node(node_id)
        except Exception as fault:  # noqa: BLE001 - the server tells any fault of its own checks as the graph's
            facts = {"exception_type": type(fault).__name__, "traceback": TRACE}
            reason = error(
                "exception_during_validation", "Exception when validating node", str(fault), **facts
            )
            self._found[node_id] = Finding(valid=False, reasons=[reason])
            return self._found[node_id]

    def _blame(self, output: str, node_errors: dict[str, Error]) -> None:
        """All that is known to be wrong by now counts for this output, as it does at the server."""
        for node_id, finding in self._found.items():
            if finding.valid or not finding.reasons:
                continue
            entry = node_errors.setdefault(
                node_id,
                {
                    "errors": finding.reasons,
                    "dependent_outputs": [],
                    "class_type": self._graph[node_id]["class_type"],
                },
            )
            entry["dependent_outputs"].append(output)

    def _node(self, node_id: str) -> Finding:
        if node_id in self._found:
            return self._found[node_id]
        if node_id in self._open:
            return self._circle(node_id)
        given = self._graph[node_id]["inputs"]
        owner = self._classes[self._graph[node_id]["class_type"]]
        reasons: list[Error] = []
        sound = True
        self._open.append(node_id)
        try:
            for one in owner.inputs_for(given):
                reason = self._input(owner, one, given)
                sound = sound and reason is not False
                if isinstance(reason, dict):
                    reasons.append(reason)
        finally:
            self._open.pop()
        before = self._found.get(node_id, Finding(valid=True, reasons=[]))
        valid = before.valid and sound and not reasons
        self._found[node_id] = Finding(valid=valid, reasons=before.reasons + reasons)
        return self._found[node_id]

    def _circle(self, node_id: str) -> Finding:
        path = [*self._open[self._open.index(node_id) :], node_id]
        details = " -> ".join(f"{one} ({self._graph[one]['class_type']})" for one in path)
        for one in path[:-1]:
            facts = {"node_id": one, "cycle_nodes": path[:-1]}
            reason = error("dependency_cycle", "Dependency cycle detected", details, **facts)
            self._found[one] = Finding(valid=False, reasons=[reason])
        return self._found[node_id]

    def _input(self, owner: NodeClass, one: Input, given: dict[str, Any]) -> Error | bool:
        """What is wrong with an input, ``False`` where that lies further up, ``True`` where nothing is."""
        if one.name not in given:
            if one.optional:
                return True
            return error("required_input_missing", "Required input is missing", one.name, input_name=one.name)
        value = given[one.name]
        return self._link(owner, one, value) if is_link(value) else self._value(owner, one, given)

    def _link(self, owner: NodeClass, one: Input, value: list[Any]) -> Error | bool:
        told = self._library.input_told(owner, one)
        facts = {"input_name": one.name, "input_config": told}
        if len(value) != 2:
            message = "Bad linked input, must be a length-2 list of [node_id, slot_index]"
            return error("bad_linked_input", message, one.name, **facts, received_value=value)
        source = self._graph[value[0]]
        received = self._classes[source["class_type"]].outputs[value[1]]
        if not set(received.split(",")) <= set(one.type.split(",")):
            message = "Return type mismatch between linked nodes"
            details = f"{one.name}, received_type({received}) mismatch input_type({told[0]})"
            return error(
                "return_type_mismatch", message, details, **facts, received_type=received, linked_node=value
            )
        try:
            return self._node(value[0]).valid
        except Exception as fault:  # noqa: BLE001 - as at an output
            message = "Exception when validating inner node"
            facts |= {
                "exception_message": str(fault),
                "exception_type": type(fault).__name__,
                "traceback": TRACE,
                "linked_node": value,
            }
            reason = error("exception_during_inner_validation", message, str(fault), **facts)
            self._found[value[0]] = Finding(valid=False, reasons=[reason])
            return False

    def _value(self, owner: NodeClass, one: Input, given: dict[str, Any]) -> Error | bool:
        facts = {"input_name": one.name, "input_config": self._library.input_told(owner, one)}
        value = given[one.name]
        if isinstance(value, dict) and "__value__" in value:
            value = given[one.name] = value["__value__"]
        try:
            value = given[one.name] = CONVERSIONS.get(one.type, _as_it_is)(value)
        except (TypeError, ValueError, OverflowError) as fault:
            message = f"Failed to convert an input value to a {one.type} value"
            details = f"{one.name}, {value}, {fault}"
            facts |= {"received_value": value, "exception_message": str(fault)}
            return error("invalid_input_type", message, details, **facts)
        facts["received_value"] = value
        if one.least is not None and value < one.least:
            message = f"Value {value} smaller than min of {one.least}"
            return error("value_smaller_than_min", message, one.name, **facts)
        if one.most is not None and value > one.most:
            message = f"Value {value} bigger than max of {one.most}"
            return error("value_bigger_than_max", message, one.name, **facts)
        return self._chosen(owner, one, value, facts)

    def _chosen(self, owner: NodeClass, one: Input, value: Any, facts: Mapping[str, Any]) -> Error | bool:
        if one.type != "COMBO":
            return True
        if owner.name == "LoadImage":  # which looks for the file itself, in whatever folder
            if isinstance(value, str) and self._exists(value):
                return True
            details = f"{one.name} - Invalid image file: {value}"
            return error(
                "custom_validation_failed", "Custom validation failed for node", details, input_name=one.name
            )
        choices = one.choices(self._library.files)
        if value in choices:
            return True
        listed = f"(list of length {len(choices)})" if len(choices) > MANY else str(choices)
        config = None if len(choices) > MANY else facts["input_config"]
        details = f"{one.name}: {value!r} not in {listed}"
        return error("value_not_in_list", "Value not in list", details, **{**facts, "input_config": config})


def _as_it_is(value: Any) -> Any:
    return value
