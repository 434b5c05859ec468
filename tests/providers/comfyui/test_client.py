import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.files.glb import check_glb, strip_extras
from providers.base import (
    Absent,
    Failed,
    FileRef,
    Found,
    GenerateRequest,
    RigRequest,
    Running,
    Succeeded,
    TaskRef,
)
from providers.comfyui import ComfyUI
from providers.comfyui.requests import prompt_id_of
from providers.comfyui.templates import OURS
from providers.errors import (
    AnswerLost,
    DownloadFailed,
    NotHandedOver,
    ProviderError,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    TooLarge,
    Unauthorised,
    Unavailable,
)
from providers.styles import WORDS
from tests.providers.comfyui.building import GRAPH, MANIFEST, write
from tests.providers.comfyui.conftest import RIG, RIG_MANIFEST, Stage, until
from tests.providers.uploads import upload_of

LIMIT = 50_000_000
OWL = GenerateRequest(prompt="a brass owl")


def picture(colour: str = "red") -> bytes:
    file = io.BytesIO()
    drawn = Image.new("RGB", (256, 256), "white")
    drawn.paste(colour, (64, 64, 192, 192))
    drawn.save(file, "PNG")
    return file.getvalue()


async def made(stage: Stage, comfyui: ComfyUI, request: Any, seed: int = 1) -> Succeeded:
    handle = await comfyui.submit(request, seed=seed)
    outcome = await stage.end_of(comfyui, handle.task_id)
    assert isinstance(outcome, Succeeded)
    return outcome


async def fetched(comfyui: ComfyUI, outcome: Succeeded, number: int = 0, limit: int = LIMIT) -> bytes:
    async with comfyui.fetch(outcome.files[number], limit=limit) as pieces:
        return b"".join([piece async for piece in pieces])


# The main job


async def test_words_become_a_model_and_the_picture_it_was_made_from(stage: Stage, comfyui: ComfyUI) -> None:
    outcome = await made(stage, comfyui, OWL)

    assert [(file.kind, file.extension) for file in outcome.files] == [("model", ".glb"), ("preview", ".png")]
    assert (await fetched(comfyui, outcome)).startswith(b"glTF")
    assert (await fetched(comfyui, outcome, 1)).startswith(b"\x89PNG")
    assert outcome.cost is None


async def test_a_picture_becomes_a_model(stage: Stage, comfyui: ComfyUI) -> None:
    front = await comfyui.upload(upload_of(picture()))

    outcome = await made(stage, comfyui, GenerateRequest(pictures=(front,)))

    assert [file.kind for file in outcome.files] == ["model"]
    assert (await fetched(comfyui, outcome)).startswith(b"glTF")


async def test_a_model_of_any_origin_is_rigged_where_the_owner_has_a_workflow(
    stage: Stage, comfyui: ComfyUI, rigger: ComfyUI, tmp_path: Path
) -> None:
    glb = await fetched(comfyui, await made(stage, comfyui, OWL))

    source = await rigger.upload(upload_of(glb, name="owl.glb"))
    rigged = await made(stage, rigger, RigRequest(source=source), seed=2)

    path = tmp_path / "rigged.glb"
    path.write_bytes(await fetched(rigger, rigged))
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

    one, two = await made(stage, comfyui, wish, seed=1), await made(stage, comfyui, wish, seed=2)

    assert one.files[0].url != two.files[0].url
    assert await fetched(comfyui, two)


async def test_the_graph_that_the_file_tells_is_taken_out_before_it_is_kept(
    stage: Stage, comfyui: ComfyUI, tmp_path: Path
) -> None:
    glb = tmp_path / "model.glb"
    glb.write_bytes(await fetched(comfyui, await made(stage, comfyui, OWL)))
    assert b"a brass owl" in glb.read_bytes()

    bare = strip_extras(glb, tmp_path / "bare.glb", limit=LIMIT)

    assert b"a brass owl" not in bare.read_bytes()
    assert check_glb(bare).triangles == check_glb(glb).triangles > 0


# What is offered


def test_what_is_offered_follows_from_the_templates(stage: Stage, rigger: ComfyUI, tmp_path: Path) -> None:
    ours, rigs = stage.client().capabilities(), rigger.capabilities()
    nothing = stage.client(workflows=tmp_path / "nothing").capabilities()
    pictures = stage.client(workflows=write(tmp_path / "pictures")).capabilities()

    assert (ours.words, ours.max_pictures, ours.rig, ours.rig_files, ours.animate) == (
        True, 1, False, False, False,
    )  # fmt: skip
    assert (rigs.words, rigs.max_pictures, rigs.rig, rigs.rig_files) == (False, 0, True, True)
    assert (pictures.words, pictures.max_pictures, pictures.rig) == (False, 1, False)
    assert (nothing.words, nothing.max_pictures, nothing.rig) == (False, 0, False)
    assert ours.styles == tuple(WORDS)
    assert ours.polycount == range(1_000, 500_001)
    assert (pictures.styles, pictures.polycount, pictures.negative_prompt_max) == ((), range(0), 0)
    assert ours.can_stop


def test_a_stage_is_one_job_that_costs_time_alone(stage: Stage, comfyui: ComfyUI, rigger: ComfyUI) -> None:
    assert comfyui.expand("generate", pictures=1) == ("generate",)
    assert rigger.expand("rig", triangles=10**6) == ("rig",)
    assert (comfyui.estimate("generate").seconds, comfyui.estimate("generate").usd_micros) == (300, 0)
    assert rigger.estimate("rig").seconds == 120
    assert comfyui.estimate("rig").seconds == 0
    assert comfyui.clips({}) == ()
    assert [stage.client(slots=slots).pool("rig").size for slots in (1, 3)] == [1, 3]


def test_a_slow_workflow_gets_more_time(stage: Stage, tmp_path: Path, comfyui: ComfyUI) -> None:
    slow = stage.client(workflows=write(tmp_path, manifest=MANIFEST.replace("60", "3600")))

    assert comfyui.deadline("generate") == 30 * 60_000
    assert slow.deadline("generate") == 4 * 3600_000


# Looking at the owner's set-up


async def test_a_server_with_everything_gives_nothing_to_say(comfyui: ComfyUI, rigger: ComfyUI) -> None:
    assert list(await comfyui.inspect()) == []
    assert list(await rigger.inspect()) == []


async def test_what_a_server_lacks_is_told_by_template_node_and_file(
    stage: Stage, comfyui: ComfyUI, tmp_path: Path
) -> None:
    graph = {
        **GRAPH,
        "2": {"class_type": "KSampler", "inputs": {"seed": 0, "steps": 20, "sampler_name": "magic"}},
        "3": {"class_type": "UNETLoader", "inputs": {"unet_name": "owl.safetensors"}},
        "4": {"class_type": "HatchOwl", "inputs": {}},
    }
    owner = stage.client(workflows=write(tmp_path, graph=graph))
    write(tmp_path, "rig")  # whose manifest names no mesh

    told = await stage.client(workflows=tmp_path).inspect()

    assert list(told) == [
        "template rig: manifest.toml names no input for the mesh",
        "template image_to_3d, node 2 (KSampler): sampler_name cannot be 'magic'",
        "template image_to_3d, node 3 (UNETLoader): the file owl.safetensors for unet_name is not installed",
        "template image_to_3d, node 4 (HatchOwl): ComfyUI has no such node",
    ]
    assert list(await owner.inspect()) == list(told)[1:]


async def test_a_server_too_old_for_a_template_is_told(stage: Stage, comfyui: ComfyUI) -> None:
    stage.vendor.library.version = "0.3.64"

    told = await comfyui.inspect()

    for name in ("text_to_3d", "image_to_3d"):
        assert f"template {name} needs ComfyUI 0.34.0; the server has 0.3.64" in told
        assert any(f"template {name}, node seen (Trellis2Conditioning)" in line for line in told)


async def test_a_rig_that_ends_in_fbx_is_not_offered_and_told(stage: Stage, tmp_path: Path) -> None:
    graph = {**RIG, "show": {"class_type": "UniRigPreviewRiggedMesh", "inputs": {"fbx_output_path": "a.fbx"}}}
    manifest = RIG_MANIFEST.replace('"show.model_file"', '"show.fbx_output_path"')
    owner = stage.client(workflows=write(tmp_path, "rig", graph, manifest))

    [told] = await owner.inspect()

    assert "FBX" in told
    assert not owner.capabilities().rig


async def test_a_gateway_in_front_asks_for_the_key_and_gets_it(stage: Stage) -> None:
    stage.vendor.authorization = "Bearer swordfish"
    with pytest.raises(Unauthorised):
        await stage.client().balance()

    known = stage.client(api_key="Bearer swordfish")
    await known.balance()
    outcome = await made(stage, known, OWL)
    assert (await fetched(known, outcome)).startswith(b"glTF")


# Refusals


async def test_a_missing_model_file_refuses_the_job_although_its_picture_could_be_made(
    stage: Stage, comfyui: ComfyUI, tmp_path: Path
) -> None:
    text = comfyui._templates.by_name["text_to_3d"]
    graph = {key: {**node, "inputs": dict(node["inputs"])} for key, node in text.graph.items()}
    graph["trellis"]["inputs"]["unet_name"] = "gone.safetensors"
    manifest = (OURS / "text_to_3d" / "manifest.toml").read_text("utf-8")
    owner = stage.client(workflows=write(tmp_path, "text_to_3d", graph, manifest))
    await comfyui.submit(OWL, seed=9)

    with pytest.raises(Rejected) as caught:
        await owner.submit(OWL, seed=1)

    assert "gone.safetensors" in caught.value.detail
    assert stage.vendor.queue.pending() == []
    with pytest.raises(TaskNotFound):
        await owner.check(f"text_to_3d/{prompt_id_of(1)}")


async def test_a_graph_that_is_refused_as_a_whole_queues_nothing(stage: Stage, comfyui: ComfyUI) -> None:
    with pytest.raises(Rejected) as caught:
        await comfyui.submit(GenerateRequest(pictures=(FileRef(token="maquette/gone.png"),)), seed=1)

    assert caught.value.status == 400
    assert stage.accepted() == []


async def test_a_rig_of_a_task_asks_for_the_file_instead(stage: Stage, rigger: ComfyUI) -> None:
    with pytest.raises(SourceUnusable):
        await rigger.submit(RigRequest(source=TaskRef(task_id="text_to_3d/1")), seed=1)

    assert stage.accepted() == []


async def test_a_file_too_large_for_the_server_is_not_handed_over(stage: Stage, comfyui: ComfyUI) -> None:
    with pytest.raises(NotHandedOver):
        await comfyui.upload(upload_of(bytes(101 * 1024 * 1024)))


# Ends


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("late_failed", "vendor_failed"),
        ("out_of_memory", "vendor_failed"),
        ("late_cancelled", "vendor_cancelled"),
    ],
)
async def test_each_bad_end_has_its_code(stage: Stage, comfyui: ComfyUI, fault: str, code: str) -> None:
    stage.arm(fault)
    handle = await comfyui.submit(OWL, seed=1)

    outcome = await stage.end_of(comfyui, handle.task_id)

    assert isinstance(outcome, Failed)
    assert outcome.code == code
    assert "brass" not in str(outcome.answer)


async def test_an_end_that_nobody_knows_does_no_harm(stage: Stage, comfyui: ComfyUI) -> None:
    stage.arm("unknown_status")
    handle = await comfyui.submit(OWL, seed=1)

    assert isinstance(await stage.end_of(comfyui, handle.task_id), Succeeded | Failed)


async def test_a_success_without_a_model_names_none(stage: Stage, comfyui: ComfyUI) -> None:
    stage.arm("missing_model_url")

    outcome = await made(stage, comfyui, OWL)

    assert [file.kind for file in outcome.files if file.kind == "model"] == []


async def test_a_file_that_is_gone_or_too_large_is_not_fetched(stage: Stage, comfyui: ComfyUI) -> None:
    outcome = await made(stage, comfyui, OWL)
    with pytest.raises(TooLarge):
        await fetched(comfyui, outcome, limit=100)
    stage.arm("expired_links")
    gone = await made(stage, comfyui, OWL, seed=2)
    with pytest.raises(DownloadFailed):
        await fetched(comfyui, gone)


async def test_a_restart_forgets_what_ran(stage: Stage, comfyui: ComfyUI) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    await stage.vendor.restart()

    with pytest.raises(TaskNotFound):
        await comfyui.check(handle.task_id)


async def test_a_server_that_is_away_is_unavailable_and_nothing_is_lost(
    stage: Stage, comfyui: ComfyUI
) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    stage.clock.advance(20)
    await stage.server.close()

    for call in (comfyui.check(handle.task_id), comfyui.submit(OWL, seed=2), comfyui.balance()):
        with pytest.raises(Unavailable):
            await call


# Stopping


async def test_a_waiting_job_is_taken_back_and_leaves_no_trace(stage: Stage, comfyui: ComfyUI) -> None:
    first = await comfyui.submit(OWL, seed=1)
    second = await comfyui.submit(OWL, seed=2)

    assert await comfyui.cancel(second.task_id) is True

    assert isinstance(await stage.end_of(comfyui, first.task_id), Succeeded)
    with pytest.raises(TaskNotFound):
        await comfyui.check(second.task_id)


async def test_a_running_job_is_stopped(stage: Stage, comfyui: ComfyUI) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    stage.clock.advance(2)

    assert await comfyui.cancel(handle.task_id) is True

    outcome = await stage.end_of(comfyui, handle.task_id)
    assert isinstance(outcome, Failed)
    assert outcome.code == "vendor_cancelled"


async def test_an_old_server_is_not_asked_to_stop_what_runs(stage: Stage, tmp_path: Path) -> None:
    stage.vendor.library.version = "0.3.56"
    graph = {
        "1": GRAPH["1"],
        "9:1": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "a"}},
    }
    manifest = MANIFEST.replace('seed = "2.seed"', "")
    owner = stage.client(workflows=write(tmp_path, graph=graph, manifest=manifest))
    front = await owner.upload(upload_of(picture()))
    handle = await owner.submit(GenerateRequest(pictures=(front,)), seed=1)

    assert await owner.cancel(handle.task_id) is False
    assert isinstance(await stage.end_of(owner, handle.task_id), Succeeded)


async def test_what_has_ended_cannot_be_stopped(stage: Stage, comfyui: ComfyUI) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    stage.clock.advance(60)

    assert await comfyui.cancel(handle.task_id) is False


# Lost answers


async def found(stage: Stage, comfyui: ComfyUI, seed: int = 1) -> Any:
    now = stage.clock.now()
    return await comfyui.find(OWL, seed=seed, since=now - 30_000, now=now, known=())


@pytest.mark.parametrize("fault", ["cut_after_accept", "html_502_after_accept"])
@pytest.mark.parametrize("later", [0, 60])
async def test_a_job_whose_answer_was_lost_is_found_by_its_id(
    stage: Stage, comfyui: ComfyUI, fault: str, later: float
) -> None:
    stage.arm(fault)
    with pytest.raises(AnswerLost):
        await comfyui.submit(OWL, seed=1)
    stage.clock.advance(later)

    answer = await found(stage, comfyui)

    assert isinstance(answer, Found)
    assert isinstance(await stage.end_of(comfyui, answer.handle.task_id), Succeeded)
    assert stage.accepted() == [prompt_id_of(1)]


@pytest.mark.parametrize("fault", ["cut_before_accept", "html_502", "html_page"])
async def test_a_job_that_was_never_accepted_is_absent(stage: Stage, comfyui: ComfyUI, fault: str) -> None:
    stage.arm(fault)
    with pytest.raises(ProviderError):
        await comfyui.submit(OWL, seed=1)

    assert await found(stage, comfyui) == Absent()
    assert stage.accepted() == []


async def test_two_members_who_ask_the_same_in_the_same_second_get_their_own(
    stage: Stage, comfyui: ComfyUI
) -> None:
    stage.arm("cut_after_accept", times=2)
    for seed in (1, 2):
        with pytest.raises(AnswerLost):
            await comfyui.submit(OWL, seed=seed)

    answers = [await found(stage, comfyui, seed) for seed in (1, 2, 3)]

    assert [answer.handle.task_id for answer in answers[:2]] == [
        f"text_to_3d/{prompt_id_of(seed)}" for seed in (1, 2)
    ]
    assert answers[2] == Absent()


async def test_a_submit_that_a_restart_swallowed_is_absent(stage: Stage, comfyui: ComfyUI) -> None:
    stage.arm("cut_after_accept")
    with pytest.raises(AnswerLost):
        await comfyui.submit(OWL, seed=1)
    await stage.vendor.restart()

    assert await found(stage, comfyui) == Absent()
