"""What members get: models from words and pictures, and rigs."""

from pathlib import Path

from bot.files.glb import check_glb, strip_extras
from providers.base import (
    GenerateRequest,
    RigRequest,
    Running,
    Succeeded,
)
from providers.comfyui import ComfyUI
from providers.errors import (
    TaskNotFound,
)
from tests.providers.comfyui.conftest import OWL, Stage, until
from tests.providers.stage import fetched, first_file
from tests.providers.uploads import picture, upload_of

LIMIT = 50_000_000


async def test_words_become_a_model_and_the_picture_it_was_made_from(stage: Stage, comfyui: ComfyUI) -> None:
    outcome = await stage.result(comfyui, OWL)

    assert [(file.kind, file.extension) for file in outcome.files] == [("model", ".glb"), ("preview", ".png")]
    assert (await first_file(comfyui, outcome)).startswith(b"glTF")
    assert (await fetched(comfyui, outcome.files[1])).startswith(b"\x89PNG")
    assert outcome.cost is None


async def test_a_picture_becomes_a_model(stage: Stage, comfyui: ComfyUI) -> None:
    front = await comfyui.upload(upload_of(picture()))

    outcome = await stage.result(comfyui, GenerateRequest(pictures=(front,)))

    assert [file.kind for file in outcome.files] == ["model"]
    assert (await first_file(comfyui, outcome)).startswith(b"glTF")


async def test_a_model_of_any_origin_is_rigged_where_the_owner_has_a_workflow(
    stage: Stage, comfyui: ComfyUI, rigger: ComfyUI, tmp_path: Path
) -> None:
    glb = await first_file(comfyui, await stage.result(comfyui, OWL))

    source = await rigger.upload(upload_of(glb, name="owl.glb"))
    rigged = await stage.result(rigger, RigRequest(source=source), seed=2)

    path = tmp_path / "rigged.glb"
    path.write_bytes(await first_file(rigger, rigged))
    assert check_glb(path).joints > 0


async def test_a_job_waits_then_runs_then_ends(stage: Stage, comfyui: ComfyUI) -> None:
    before = await comfyui.submit(OWL, seed=1)
    after = await comfyui.submit(OWL, seed=2)
    await until(lambda: bool(stage.vendor.sockets))

    assert await comfyui.check(after.task_id) == Running(progress=0, started=False)
    stage.clock.advance(7)
    await until(lambda: comfyui._feed.percent(before.task_id.partition("/")[2]) > 20)
    running = await comfyui.check(before.task_id)

    assert isinstance(running, Running)
    assert running.started
    assert 20 < running.progress < 99
    assert isinstance(await stage.end_of(comfyui, after.task_id), Succeeded)
    await until(lambda: comfyui._feed._listener is not None)
    assert isinstance(await comfyui.check(before.task_id), Succeeded)
    assert comfyui._feed._listener is None


async def test_several_jobs_are_looked_at_together(stage: Stage, comfyui: ComfyUI) -> None:
    ids = [(await comfyui.submit(OWL, seed=seed)).task_id for seed in (1, 2, 3)]
    stage.clock.advance(11)

    found = await comfyui.check_many([*ids, "text_to_3d/nobody"])

    first, second, third = (found[one] for one in ids)
    assert isinstance(first, Succeeded)
    assert isinstance(second, Running)
    assert second.started
    assert third == Running(progress=0, started=False)
    assert isinstance(found["text_to_3d/nobody"], TaskNotFound)


async def test_the_same_wish_twice_gives_two_files_although_nothing_is_computed_again(
    stage: Stage, comfyui: ComfyUI
) -> None:
    wish = GenerateRequest(prompt="a brass owl", seed=5)

    one, two = await stage.result(comfyui, wish, seed=1), await stage.result(comfyui, wish, seed=2)

    assert one.files[0].url != two.files[0].url
    assert await first_file(comfyui, two)


async def test_the_graph_that_the_file_tells_is_taken_out_before_it_is_kept(
    stage: Stage, comfyui: ComfyUI, tmp_path: Path
) -> None:
    glb = tmp_path / "model.glb"
    glb.write_bytes(await first_file(comfyui, await stage.result(comfyui, OWL)))
    assert b"a brass owl" in glb.read_bytes()

    bare = strip_extras(glb, tmp_path / "bare.glb", limit=LIMIT)

    assert b"a brass owl" not in bare.read_bytes()
    assert check_glb(bare).triangles == check_glb(glb).triangles > 0
