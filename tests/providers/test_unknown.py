from providers.base import Failed, Running
from providers.unknown import REMEMBERED, TOLERATED, UnknownStates


def test_patience_with_one_task_ends() -> None:
    states = UnknownStates()

    looks = [states.tolerates("t") for _ in range(TOLERATED + 2)]

    assert looks == [True] * TOLERATED + [False, False]


def test_a_known_state_in_between_gives_new_patience() -> None:
    states = UnknownStates()
    for _ in range(TOLERATED):
        states.tolerates("t")

    states.forget("t")
    states.forget("never seen")

    assert states.tolerates("t")


def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    states = UnknownStates()
    for _ in range(TOLERATED):
        states.tolerates("first")
    for number in range(REMEMBERED):
        states.tolerates(str(number))

    assert states.tolerates("first")


def test_an_unknown_state_is_work_until_it_is_a_failure_and_a_known_one_is_what_it_is() -> None:
    states = UnknownStates()
    known = Running(progress=40)

    looks = [states.judged("t", None, answer={"status": "odd"}) for _ in range(TOLERATED + 1)]

    assert looks[:-1] == [Running(progress=0)] * TOLERATED
    assert looks[-1] == Failed(code="contract_changed", answer={"status": "odd"})
    assert states.judged("t", known, answer={}) is known
    assert states.judged("t", None, answer={}) == Running(progress=0)
