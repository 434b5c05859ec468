"""Figures as they are told; measuring itself is no test."""

import json

from sandbox.bench.figures import Figure, as_json, table
from sandbox.bench.finish import Traffic

QUICK = Figure(what="finish to link", value=0.51, unit="s", goal=1.0)
SLOW = Figure(what="relay", value=0.5, unit="of curl", goal=0.8, at_least=True)
BARE = Figure(what="idle memory", value=90, unit="MB")


def test_a_figure_says_whether_its_goal_was_reached() -> None:
    assert (QUICK.met, SLOW.met, BARE.met) == (True, False, None)


def test_the_table_has_a_line_for_each_with_its_sign() -> None:
    lines = table([QUICK, SLOW, BARE]).splitlines()

    assert len(lines) == 4
    assert "✓" in lines[1]
    assert "✗" in lines[2]
    assert "≥ 0.8" in lines[2]


def test_machines_get_the_same() -> None:
    assert [one["met"] for one in json.loads(as_json([QUICK, SLOW, BARE]))] == [True, False, None]


def test_only_the_time_in_which_a_file_was_on_its_way_does_not_count() -> None:
    traffic = Traffic()
    traffic.transfers["tripo"] = [(0.0, 2.0), (3.0, 3.5), (9.0, 10.0)]

    assert traffic.transferring("tripo", 1.0, 5.0) == 1.5
