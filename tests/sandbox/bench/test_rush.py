"""Members in a rush: what is measured of it, with numbers that say nothing about speed."""

import math
from pathlib import Path

import pytest

from sandbox.bench import acknowledge, charges, edits
from sandbox.bench.acknowledge import Load
from sandbox.bench.edits import Lag
from sandbox.bench.figures import Figure
from sandbox.bench.members import Callbacks, Delays


def by_name(figures: list[Figure]) -> dict[str, Figure]:
    return {f"{one.what} ({one.unit})": one for one in figures}


def test_what_was_never_answered_took_for_ever() -> None:
    delays = Delays.between({1: 10.0, 2: 10.5, 3: 11.0}, Callbacks(at={1: 10.2, 2: 10.6}))

    assert delays.p50 == pytest.approx(0.2)
    assert delays.longest == math.inf


def test_one_in_a_hundred_may_exceed_the_ninety_ninth() -> None:
    delays = Delays(seconds=[*range(99), 1000])

    assert (delays.p50, delays.p99, delays.longest) == (49.5, 98, 1000)


def test_a_change_waits_until_its_version_or_a_later_one_is_drawn() -> None:
    lag = Lag()
    lag.look([("card", 1, 0)], 10.0)
    lag.look([("card", 3, 0)], 12.0)
    lag.look([("card", 3, 2)], 15.0)

    assert sorted(lag.drawn) == [3.0, 5.0]
    assert lag.waiting == {("card", 3): 12.0}
    assert lag.oldest(30.0) == 18.0


@pytest.mark.process
async def test_every_command_is_acknowledged_and_stored_while_jobs_are_polled(tmp_path: Path) -> None:
    load = Load(members=6, channels=2, polled=2, rates=(20,))
    with (tmp_path / "bench.log").open("w") as log:
        found = by_name(await acknowledge.figures(log, load=load, folder=tmp_path / "data"))

    assert found["acknowledgement at 20/s, stored (jobs)"].value == 6
    assert 0 < found["acknowledgement at 20/s, p50 (ms)"].value < math.inf
    assert 0 < found["acknowledgement at 20/s, p99 (of a bare bot's)"].value < math.inf


@pytest.mark.process
async def test_charges_are_counted_in_the_ledger_and_nobody_gets_more_than_the_quota(tmp_path: Path) -> None:
    with (tmp_path / "bench.log").open("w") as log:
        rate, over = await charges.figures(log, members=2, folder=tmp_path / "data")

    assert rate.note == "20 of 20 affordable"
    assert rate.value > 0
    assert over.met


@pytest.mark.process
async def test_edits_are_counted_and_none_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "bench.log").open("w") as log:
        refused, made, oldest = await edits.figures(log, jobs=2, seconds=1, folder=tmp_path / "data")

    assert refused.met
    assert made.value > 0
    assert oldest.value >= 0
