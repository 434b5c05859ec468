"""What follows from the owner's templates and server."""

from pathlib import Path

import pytest

from providers.base import (
    FileRef,
    GenerateRequest,
    RigRequest,
    TaskRef,
)
from providers.comfyui import ComfyUI
from providers.comfyui.requests import prompt_id_of
from providers.comfyui.templates import OURS
from providers.errors import (
    NotHandedOver,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    Unauthorised,
)
from providers.styles import WORDS
from tests.providers.comfyui.building import GRAPH, MANIFEST, write
from tests.providers.comfyui.conftest import OWL, RIG, RIG_MANIFEST, Stage
from tests.providers.stage import first_file
from tests.providers.uploads import upload_of


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
    assert comfyui.estimate("generate", pictures=1).seconds == 270
    assert rigger.estimate("rig").seconds == 120
    assert comfyui.estimate("rig").seconds == 0
    assert comfyui.clips({}) == ()
    assert [stage.client(slots=slots).pool("rig").size for slots in (1, 3)] == [1, 3]


def test_a_slow_workflow_gets_more_time(stage: Stage, tmp_path: Path, comfyui: ComfyUI) -> None:
    slow = stage.client(workflows=write(tmp_path, manifest=MANIFEST.replace("60", "3600")))

    assert comfyui.deadline("generate") == 30 * 60_000
    assert slow.deadline("generate") == 4 * 3600_000


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

    known = stage.client(key="Bearer swordfish")
    await known.balance()
    outcome = await stage.result(known, OWL)
    assert (await first_file(known, outcome)).startswith(b"glTF")


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
    assert stage.accepted() == 0


async def test_a_rig_of_a_task_asks_for_the_file_instead(stage: Stage, rigger: ComfyUI) -> None:
    with pytest.raises(SourceUnusable):
        await rigger.submit(RigRequest(source=TaskRef(task_id="text_to_3d/1")), seed=1)

    assert stage.accepted() == 0


async def test_a_file_too_large_for_the_server_is_not_handed_over(stage: Stage, comfyui: ComfyUI) -> None:
    with pytest.raises(NotHandedOver):
        await comfyui.upload(upload_of(bytes(101 * 1024 * 1024)))
