"""The last lines of a run, and whether it went well."""

from sandbox.chaos.audit import Finding, Wrong
from sandbox.chaos.tally import Tally


def _tally() -> Tally:
    tally = Tally(expected=("kill-submit", "freeze"), rounds=2, jobs=9)
    tally.fallen.update(["kill-submit", "kill-submit", "freeze"])
    return tally


def test_all_fell_and_nothing_is_wrong() -> None:
    tally = _tally()

    assert tally.well
    assert list(tally.lines()) == [
        "kills  submit=2",
        "faults freeze=1",
        "rounds=2 jobs=9 lost=0 paid_twice=0 overcharged=0 orphans=0 frozen=0",
    ]


def test_what_never_fell_fails_the_run_and_is_named() -> None:
    tally = _tally()
    del tally.fallen["freeze"]

    assert not tally.well
    assert "never fell: freeze" in tally.lines()


def test_what_is_wrong_is_counted_by_its_kind() -> None:
    tally = _tally()
    for kind in (Wrong.ORPHAN, Wrong.ORPHAN, Wrong.INTRUDER):
        tally.findings.append(Finding(wrong=kind, detail=""))

    assert not tally.well
    assert "intruders=1" in tally.lines()
    assert list(tally.lines())[-1].endswith("orphans=2 frozen=0")
