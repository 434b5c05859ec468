from collections.abc import Sequence

import pytest

from bot.jobs.admission import admit
from storage import Transaction
from storage.models import RUN_AT_VENDOR, QueuedRun, RunState, Stage, StageRun
from tests.storage.nouns import MODEL, add_job, run


def ids(runs: Sequence[StageRun | QueuedRun]) -> list[str]:
    return [found.id for found in runs]


async def test_a_plan_is_read_in_its_order(tx: Transaction) -> None:
    await add_job(tx, run("rig", position=1), run("generate", position=0), run("walk", position=2))

    assert ids(await tx.runs.of_job("job")) == ["generate", "rig", "walk"]
    assert ids(await tx.runs.of_model(MODEL.id)) == ["generate", "rig", "walk"]


async def test_a_save_of_the_present_epoch_changes_what_it_names(tx: Transaction) -> None:
    await add_job(tx, run("run", epoch=3))

    changes = {"state": RunState.WAITING, "task_id": "task", "result": {"riggable": True}}
    saved = await tx.runs.save("run", epoch=3, changes=changes)

    assert saved
    found = await tx.runs.get("run")
    assert found == run("run", epoch=3, state=RunState.WAITING, task_id="task", result={"riggable": True})


async def test_a_save_of_an_earlier_epoch_changes_nothing(tx: Transaction) -> None:
    await add_job(tx, run("run", epoch=3))

    assert not await tx.runs.save("run", epoch=2, changes={"state": RunState.DONE})
    assert not await tx.runs.save("nowhere", epoch=3, changes={"state": RunState.DONE})
    assert await tx.runs.get("run") == run("run", epoch=3)


async def test_a_save_that_expects_another_state_changes_nothing(tx: Transaction) -> None:
    await add_job(tx, run("run", state=RunState.CANCELLED))

    expected = {RunState.QUEUED, RunState.WAITING}
    assert not await tx.runs.save("run", epoch=0, changes={"state": RunState.DONE}, expect=expected)
    assert await tx.runs.save("run", epoch=0, changes={"due_at": 5}, expect={RunState.CANCELLED})


async def test_a_claim_takes_a_queued_run_once_its_time_has_come(tx: Transaction) -> None:
    await add_job(
        tx, run("now"), run("later", due_at=6), run("waiting", state=RunState.WAITING), run("due", due_at=5)
    )

    claimed = await tx.runs.claim("now", owner="me", now=5)

    assert claimed == await tx.runs.get("now") == run("now", owner="me", epoch=1)
    assert await tx.runs.claim("later", owner="me", now=5) is None
    assert await tx.runs.claim("waiting", owner="me", now=5) is None
    assert await tx.runs.claim("nowhere", owner="me", now=5) is None
    assert await tx.runs.claim("due", owner="me", now=5) is not None


async def test_who_lost_a_run_cannot_write_to_it(tx: Transaction) -> None:
    await add_job(tx, run("run", state=RunState.WAITING))
    before = await tx.runs.get("run")

    await tx.runs.claim_live("next life")

    assert before is not None
    assert not await tx.runs.save("run", epoch=before.epoch, changes={"state": RunState.DONE})


async def test_a_new_life_takes_over_all_that_is_at_a_vendor_and_nothing_else(tx: Transaction) -> None:
    runs = [run(state.value, state=state, queued_at=9 - place) for place, state in enumerate(RunState)]
    await add_job(tx, *runs)

    taken = await tx.runs.claim_live("me")

    assert ids(taken) == ["collecting", "waiting", "submitting"]  # the oldest first
    assert {(one.owner, one.epoch) for one in taken} == {("me", 1)}
    untouched = {found.id for found in await tx.runs.of_job("job") if found.epoch == 0}
    assert untouched == {state.value for state in RunState} - RUN_AT_VENDOR


async def test_the_queue_gives_the_first_few_of_each_member_that_are_due(tx: Transaction) -> None:
    await tx.accounts.ensure(2, id="other", now=0)
    await add_job(
        tx,
        run("a1", queued_at=1),
        run("a2", queued_at=2),
        run("a3", queued_at=3),
        run("b1", queued_at=4, account_id="other"),
        run("late", queued_at=0, due_at=101),
        run("due", queued_at=5, due_at=100, account_id="other"),
        run("planned", queued_at=0, state=RunState.PLANNED),
    )

    assert ids(await tx.runs.queued(2, 100)) == ["a1", "a2", "b1", "due"]
    assert ids(await tx.runs.queued(1, 100)) == ["a1", "b1"]
    assert await tx.runs.lines(100) == [("tripo", "owner", Stage.GENERATE)]
    assert await tx.runs.count_queued() == 6


async def test_runs_queued_at_the_same_moment_keep_the_order_of_the_plan(tx: Transaction) -> None:
    await add_job(tx, run("a", position=2), run("b", position=1), run("c", position=0))

    assert ids(await tx.runs.queued(2, 0)) == ["c", "b"]


async def test_a_place_in_the_queue_is_the_one_in_which_admission_serves(tx: Transaction) -> None:
    members = [await tx.accounts.ensure(number, id=f"member {number}", now=0) for number in range(2, 7)]
    queue = [
        run(f"q{number:02}", account_id=members[number * number % 5].id, queued_at=number * 5 % 7)
        for number in range(24)
    ]
    busy = [
        run(f"b{number}", account_id=members[number % 2].id, state=RunState.WAITING) for number in range(5)
    ]
    await add_job(tx, *queue, *busy)

    served = admit(queue, busy, per_member=99, slot=lambda _: None)

    places = await tx.runs.places("job", 99, 0)
    assert places == {one.id: place for place, one in enumerate(served, 1)}


async def test_places_are_among_those_for_the_same_vendor_and_key(tx: Transaction) -> None:
    await tx.accounts.ensure(2, id="other", now=0)
    await add_job(
        tx,
        run("a1", queued_at=1),
        run("a2", queued_at=2, provider="meshy"),
        run("a3", queued_at=3),
        run("late", queued_at=0, due_at=101),
        run("at work", state=RunState.WAITING),
    )
    await add_job(tx, run("b1", queued_at=4, account_id="other"), id="theirs", interaction_id=8)

    assert await tx.runs.places("job", 9, 100) == {"a1": 2, "a2": 1, "a3": 3}
    assert await tx.runs.places("job", 2, 100) == {"a1": 2, "a2": 1}
    assert await tx.runs.places("theirs", 9, 100) == {"b1": 1}


async def test_late_looks_are_ended_runs_whose_time_has_come(tx: Transaction) -> None:
    await add_job(
        tx,
        run("second", state=RunState.CANCELLED, due_at=5),
        run("first", state=RunState.FAILED, due_at=4),
        run("later", state=RunState.FAILED, due_at=6),
        run("never", state=RunState.FAILED),
        run("live", state=RunState.WAITING, due_at=1),
    )

    assert ids(await tx.runs.due(5, 9)) == ["first", "second"]
    assert ids(await tx.runs.due(5, 1)) == ["first"]


async def test_the_next_look_is_the_earliest_still_to_come(tx: Transaction) -> None:
    assert await tx.runs.next_due(0) is None
    await add_job(
        tx,
        run("live", state=RunState.WAITING, due_at=1),
        run("late look", state=RunState.FAILED, due_at=8),
        run("back off", due_at=4),
    )

    assert await tx.runs.next_due(0) == 4
    assert await tx.runs.next_due(4) == 8
    assert await tx.runs.next_due(8) is None


async def test_durations_are_those_of_the_latest_that_were_done(tx: Transaction) -> None:
    def done(name: str, accepted: int | None, finished: int, **changes: object) -> StageRun:
        return run(name, state=RunState.DONE, accepted_at=accepted, finished_at=finished, **changes)

    await add_job(
        tx,
        done("1", 0, 10),
        done("2", 0, 20),
        done("3", 5, 30),
        done("adopted", None, 40),
        done("rig", 0, 50, stage=Stage.RIG),
        done("elsewhere", 0, 60, provider="meshy"),
        run("failed", state=RunState.FAILED, accepted_at=0, finished_at=70),
    )

    assert await tx.runs.durations("tripo", Stage.GENERATE) == [25, 20, 10]
    assert await tx.runs.durations("tripo", Stage.GENERATE, 2) == [25, 20]


async def test_known_tasks_are_those_of_this_key_since_then(tx: Transaction) -> None:
    await add_job(
        tx,
        run("old", task_id="t1", accepted_at=4),
        run("known", task_id="t2", accepted_at=5),
        run("own key", task_id="t3", accepted_at=5, credential="own"),
        run("lost", task_id=None, accepted_at=None),
    )

    assert await tx.runs.known_task_ids("tripo", "owner", 5) == {"t2"}


@pytest.mark.parametrize("state", RunState)
async def test_only_unsure_runs_are_listed_for_the_owner(tx: Transaction, state: RunState) -> None:
    await add_job(tx, run("run", state=state))

    assert ids(await tx.runs.unsure()) == (["run"] if state is RunState.UNSURE else [])
