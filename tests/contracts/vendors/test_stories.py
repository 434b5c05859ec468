"""The same stories at every vendor, from the order to the file, the books and the vendor's books."""

import io
from itertools import permutations

import pytest
from PIL import Image

from bot.jobs.orders import GenerateOrder, Picture, RetryOrder, RigOrder
from storage.models import Artifact, ArtifactKind, JobState, RunState, Stage
from tests.contracts.vendors.conftest import Open
from tests.contracts.vendors.orders import ADA, KNIGHT, whole_plan
from tests.contracts.vendors.stage import Playhouse
from tests.contracts.vendors.table import COMFYUI, HUNYUAN, KEYED, MESHY, ROWS, TRIPO, Row

EVERY = pytest.mark.parametrize("row", ROWS, ids=str)
RIGGERS = [row for row in ROWS if "rig" in row.types]
PAIRS = list(permutations((TRIPO, MESHY, HUNYUAN, COMFYUI), 2))


async def picture(house: Playhouse, colour: str = "red") -> Picture:
    """A square on white, as a member hands it in."""
    file = io.BytesIO()
    drawn = Image.new("RGB", (256, 256), "white")
    drawn.paste(colour, (64, 64, 192, 192))
    drawn.save(file, "PNG")
    return await house.core.jobs.keep_picture(file.getvalue(), f"{colour}.png")


async def model_of(house: Playhouse, job_id: str, stage: Stage) -> Artifact:
    """The model that the run of a stage left with us, which is a GLB."""
    async with house.db.read() as tx:
        (run,) = [run for run in await tx.runs.of_job(job_id) if run.stage is stage]
    found = next(file for file in await house.files(run) if file.kind is ArtifactKind.MODEL)
    assert (await house.read(found)).startswith(b"glTF")
    assert found.facts["triangles"] > 0
    return found


@EVERY
async def test_words_become_a_model_that_is_paid_for_once(open_house: Open, row: Row) -> None:
    house = await open_house(row)

    job = await house.make()

    assert job.state is JobState.DONE
    await model_of(house, job.id, Stage.GENERATE)
    assert len({task["task_id"] for task in await house.vendor.books()}) == len(await house.runs(job))
    assert sum(task["credits"] for task in await house.vendor.books()) > 0 or row is COMFYUI
    await house.balanced(job)


@EVERY
@pytest.mark.parametrize("several", [False, True], ids=["one picture", "as many as it takes"])
async def test_pictures_become_a_model(open_house: Open, row: Row, *, several: bool) -> None:
    house = await open_house(row)
    count = house.vendor.provider.capabilities().max_pictures if several else 1
    pictures = [await picture(house, colour) for colour in ("red", "blue", "green", "gold")[:count]]

    job = await house.make(GenerateOrder(pictures=tuple(pictures)))

    assert job.state is JobState.DONE
    await model_of(house, job.id, Stage.GENERATE)
    assert len(await house.vendor.books()) == 1
    await house.balanced(job)


@pytest.mark.parametrize("row", RIGGERS, ids=str)
async def test_a_rig_and_clips_come_with_one_order(open_house: Open, row: Row) -> None:
    house = await open_house(row)
    can = house.vendor.provider.capabilities()
    clips = ("jump", "idle") if can.animate else ()

    job = await house.make(GenerateOrder(prompt="a wooden knight", rig=True, clips=clips + can.rig_clips))

    assert job.state is JobState.DONE
    assert (await model_of(house, job.id, Stage.RIG)).facts["joints"] > 0
    async with house.db.read() as tx:
        files = await tx.artifacts.of_model(job.model_id)
    played = {clip for file in files for clip in file.facts.get("clips", ())}
    assert played >= set(clips + can.rig_clips)
    prices = sum(run.price for run in await house.runs(job))
    assert prices == 2 + 1 + len(clips)  # what comes with the rig is free
    await house.balanced(job)


@pytest.mark.parametrize("linked", [True, False], ids=["by link", "by bytes"])
@pytest.mark.parametrize(("maker", "rigger"), PAIRS, ids=str)
async def test_a_model_of_one_vendor_is_rigged_by_another(
    open_house: Open, maker: Row, rigger: Row, *, linked: bool
) -> None:
    house = await open_house(maker, rigger, linked=linked)
    made = await house.make()

    job = await house.make(RigOrder(model_id=made.model_id, provider=rigger.vendor))

    assert job.state is JobState.DONE
    assert (await model_of(house, job.id, Stage.RIG)).facts["joints"] > 0
    assert len(await house.vendors[rigger.vendor].books("rig")) == 1
    assert len(await house.vendor.books()) == len(await house.runs(made))
    await house.balanced(job)


@EVERY
async def test_what_failed_is_made_at_the_second_try(open_house: Open, row: Row) -> None:
    house = await open_house(row)
    step = list(row.types)[-1]
    house.vendor.arm("late_failed", step=step)
    job = await house.make(whole_plan(row))
    failed = await house.run(job, Stage(step))

    again = await house.make(RetryOrder(run_id=failed.id))

    assert failed.state is RunState.FAILED
    assert again.state is JobState.DONE
    assert len(await house.vendor.books(step)) == 2
    await house.balanced(job)
    await house.balanced(again)


@EVERY
async def test_who_cancels_while_the_vendor_has_it_queued_pays_nothing_where_it_can_be_stopped(
    open_house: Open, row: Row
) -> None:
    house = await open_house(row)
    await house.vendor.control("speed", factor=0)
    job = await house.ask()

    async def queued() -> bool:
        return (await house.runs(job))[0].state is RunState.WAITING

    await house.until(queued)
    await house.core.jobs.cancel(ADA, job.id)
    if not house.vendor.provider.capabilities().can_stop:
        await house.vendor.control("speed", factor=1)
    await house.finish()

    (task,) = await house.vendor.books()
    stopped = (await house.job(job)).state is JobState.CANCELLED
    assert stopped is house.vendor.provider.capabilities().can_stop
    assert (task["credits"] == 0) is (stopped or row is COMFYUI)
    await house.balanced(job)


@pytest.mark.parametrize("row", KEYED, ids=str)
async def test_with_a_key_of_their_own_a_member_pays_at_the_vendor_alone(open_house: Open, row: Row) -> None:
    house = await open_house(row)
    await house.vendor.control("keys", key=row.another_key, account="ada", balance=1000)
    await house.core.keys.set(ADA, row.vendor, row.another_key)

    job = await house.make(whole_plan(row))

    assert job.state is JobState.DONE
    assert {task["key"] for task in await house.vendor.books()} == {row.another_key}
    assert sum(run.price for run in await house.runs(job)) == 0
    await house.balanced(job)


@EVERY
@pytest.mark.parametrize("state", [RunState.SUBMITTING, RunState.WAITING, RunState.COLLECTING])
async def test_a_job_that_was_cut_off_is_taken_up_again(open_house: Open, row: Row, state: RunState) -> None:
    house = await open_house(row)
    job = await house.ask(whole_plan(row))
    for step in row.types:
        if (step, state) != ("rig_check", RunState.COLLECTING):  # it gives no file
            house.when(Stage(step), state, house.cut_off)

    for _ in row.types:
        await house.finish()
        await house.restart()
    await house.finish()

    assert (await house.job(job)).state is JobState.DONE
    assert [len(await house.vendor.books(step)) for step in row.types] == [1] * len(row.types)
    await house.balanced(job)


@EVERY
async def test_a_job_that_nobody_had_begun_is_begun_after_a_restart(open_house: Open, row: Row) -> None:
    house = await open_house(row)
    job = await house.ask(KNIGHT)

    await house.restart()
    await house.finish()

    assert (await house.job(job)).state is JobState.DONE
    await house.balanced(job)
