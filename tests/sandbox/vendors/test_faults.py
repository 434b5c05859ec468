"""What every vendor's faults have in common."""

import pytest

from sandbox.vendors.faults import Fault, Faults, in_prompt, spelled
from sandbox.vendors.refusals import Refusal


def test_a_fault_waits_for_its_call_and_type_and_is_used_up() -> None:
    faults = Faults({"html_502", "reject"})
    faults.arm(Fault(name="html_502", on="read", type="rig", times=2))

    assert faults.take({"html_502"}) is None
    assert faults.take({"html_502"}, on="read", kind="text") is None
    assert faults.take({"reject"}, on="read", kind="rig") is None
    assert [faults.take({"html_502"}, on="read", kind="rig") is None for _ in range(3)] == [
        False,
        False,
        True,
    ]
    assert faults.armed() == []


@pytest.mark.parametrize("fault", [Fault(name="earthquake"), Fault(name="reject", on="tuesday")])
def test_what_the_vendor_does_not_play_is_refused(fault: Fault) -> None:
    faults = Faults({"reject"})

    with pytest.raises(Refusal) as refused:
        faults.arm(fault)

    assert refused.value.status == 400
    assert faults.armed() == []


def test_what_is_armed_comes_before_what_a_prompt_asks_for() -> None:
    faults = Faults({"forgotten", "late_failed"})
    faults.arm(Fault(name="forgotten", type="rig"))

    asked = [
        faults.asked({"forgotten", "late_failed"}, "an owl late-failed", kind=kind)
        for kind in ("text", "rig", "rig")
    ]

    assert [fault.name for fault in asked if fault] == ["late_failed", "forgotten", "late_failed"]
    assert faults.asked({"forgotten"}, "an owl late-failed", kind="rig") is None
    assert faults.asked({"forgotten"}, "an owl late-failed", kind="rig", spoken={"late_failed"}) is not None


def test_a_prompt_asks_by_hyphens_and_the_first_of_its_words_counts() -> None:
    names = {"late_failed", "forgotten", "html_502"}

    assert [spelled(name) for name in ("late_failed", "forgotten")] == ["late-failed", "fault-forgotten"]
    asked = in_prompt("An owl, fault-forgotten, LATE-FAILED!", names)
    assert asked is not None
    assert asked.name == "forgotten"
    assert in_prompt("a forgotten temple that failed late", names) is None
