import re
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.meta.sources import ROOT
from tests.soak.judging import LARGEST_WAL, LEAST_DAYS, TOLERATED, grown
from tests.soak.reading import MEGABYTE, Reading

STEADY = Reading(
    memory=200 * MEGABYTE, things=1000, handles=40, tasks=30, threads=10, database=1000, wal=1000, rows={}
)


@pytest.mark.process
def test_two_days_leave_nothing_behind_that_should_be_gone() -> None:
    command = [sys.executable, "-m", "tests.soak", "--days", "2", "--jobs", "5"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    jobs = [int(count) for count in re.findall(r" jobs=(\d+)", ran.stdout)]
    assert len(jobs) == 2
    assert 5 <= jobs[0] < jobs[1]


def days(**a_day: int) -> list[Reading]:
    """Days of which each has so much more of something."""
    return [
        replace(STEADY, **{name: getattr(STEADY, name) + day * more for name, more in a_day.items()})
        for day in range(4 * LEAST_DAYS)
    ]


def test_what_stays_as_it_is_has_not_grown() -> None:
    assert grown(days()) == []


@pytest.mark.parametrize(
    ("name", "more"),
    [("memory", 2 * MEGABYTE), ("things", 50), ("handles", 1), ("tasks", 1), ("threads", 1)],
)
def test_what_grows_day_by_day_is_told(name: str, more: int) -> None:
    (complaint,) = grown(days(**{name: more}))

    assert complaint.startswith(name)


def test_what_grows_while_it_warms_up_is_not_told() -> None:
    warm = [replace(STEADY, things=day) for day in range(LEAST_DAYS)]

    assert grown(warm + 4 * [replace(STEADY, things=LEAST_DAYS)] * LEAST_DAYS) == []


def test_a_wal_that_is_never_emptied_is_told() -> None:
    assert grown([replace(STEADY, wal=LARGEST_WAL + 1)]) == [f"the wal grew to {LARGEST_WAL + 1} bytes"]


def test_every_figure_that_is_held_is_judged() -> None:
    assert {name.partition(" ")[0] for name in TOLERATED} == {
        "memory",
        "things",
        "handles",
        "tasks",
        "threads",
    }
