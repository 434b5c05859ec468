import math
from typing import Any

import pytest

from providers.comfyui.progress import Tally

WEIGHTS = {"load": 1, "sample": 8, "save": 1}
Event = tuple[str, dict[str, Any]]


def heard(*events: Event) -> int:
    tally = Tally(WEIGHTS)
    for event, data in events:
        tally.hear(event, data)
    return tally.percent


def executing(node: str | None) -> Event:
    return "executing", {"node": node}


def step(value: int, node: str = "sample") -> Event:
    return "progress", {"node": node, "value": value, "max": 20}


def test_nothing_heard_is_no_progress() -> None:
    assert heard() == 0


def test_a_node_counts_as_much_as_it_weighs_and_by_its_steps() -> None:
    assert heard(executing("load")) == 0
    assert heard(executing("load"), executing("sample")) == 10
    assert heard(executing("load"), executing("sample"), step(5)) == 30
    assert heard(executing("load"), executing("sample"), step(20), executing("save")) == 90


def test_the_end_is_left_to_the_history() -> None:
    events = [executing("load"), executing("sample"), executing("save"), executing(None)]

    assert heard(*events) == 99


def test_nodes_that_are_done_already_count() -> None:
    assert heard(("execution_cached", {"nodes": ["load", "elsewhere"]})) == 10
    assert heard(("executed", {"node": "save"})) == 10


def test_newer_servers_tell_the_state_of_all_nodes_at_once() -> None:
    nodes = {
        "load": {"state": "finished", "value": 1, "max": 1},
        "sample": {"state": "running", "value": 5, "max": 20},
        "sample.0.1": {"state": "running", "value": 1, "max": 2},
    }

    assert heard(("progress_state", {"nodes": nodes})) == 30


@pytest.mark.parametrize(
    "event",
    [
        ("progress", {}),
        ("progress", {"node": "sample", "value": 3, "max": 0}),
        ("progress", {"node": "sample", "value": "3", "max": 4}),
        ("progress", {"node": ["sample"], "value": 3, "max": 4}),
        ("progress", {"node": "sample", "value": -3, "max": 4}),
        ("progress", {"node": "sample", "value": 5, "max": 4}),
        ("progress", {"node": "sample", "value": math.nan, "max": 4}),
        ("progress", {"node": "sample", "value": math.inf, "max": math.inf}),
        ("progress", {"node": "sample", "value": 10**400, "max": 10**400}),
        ("progress_state", {"nodes": ["sample"]}),
        ("progress_state", {"nodes": {"sample": None}}),
        ("execution_cached", {"nodes": None}),
        ("execution_cached", {"nodes": [None, {}]}),
        ("status", {"status": {"exec_info": {"queue_remaining": 1}}}),
        ("something_new", {"node": "sample"}),
    ],
)
def test_what_makes_no_sense_changes_nothing(event: Event) -> None:
    assert heard(event) == 0
