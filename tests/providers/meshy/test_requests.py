from typing import Any

import pytest

from providers.base import (
    AnimateRequest,
    ConvertRequest,
    DraftRequest,
    FileRef,
    GenerateRequest,
    RemeshRequest,
    Request,
    RetextureRequest,
    RigCheckRequest,
    RigRequest,
    TaskRef,
)
from providers.errors import Rejected, SourceUnusable, TaskNotFound
from providers.meshy.requests import Submission, submission
from providers.styles import WORDS

ID = "0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11"
PREVIEW = TaskRef(task_id=f"text-to-3d/{ID}")
RIG = TaskRef(task_id=f"rigging/{ID}")
LINK = FileRef(token="https://maquette.example/f/1", content_type="image/png")
BYTES = FileRef(token="sha", inline=b"glTF", content_type="application/octet-stream")
OWL = DraftRequest(prompt="a brass owl")


def sent(request: Request, model: str = "latest") -> Submission:
    return submission(request, model=model)


def test_words_become_a_preview_of_a_size_that_people_can_download() -> None:
    result = sent(OWL)

    assert result.resource == "text-to-3d"
    assert result.body == {
        "mode": "preview",
        "prompt": "a brass owl",
        "ai_model": "latest",
        "should_remesh": True,
        "target_polycount": 30_000,
        "moderation": True,
        "target_formats": ["glb"],
    }


def test_a_preview_goes_on_as_a_textured_model_of_the_preview_s_own_kind() -> None:
    result = sent(GenerateRequest(prompt="a brass owl", draft=PREVIEW))

    assert result.resource == "text-to-3d"
    assert result.body == {
        "mode": "refine",
        "preview_task_id": ID,
        "enable_pbr": True,
        "moderation": True,
        "target_formats": ["glb"],
    }


def test_one_picture_becomes_a_model_in_one_step() -> None:
    result = sent(GenerateRequest(pictures=(None, LINK), polycount=9_000))

    assert result.resource == "image-to-3d"
    assert result.body == {
        "image_url": "https://maquette.example/f/1",
        "ai_model": "latest",
        "should_remesh": True,
        "target_polycount": 9_000,
        "should_texture": True,
        "enable_pbr": True,
        "moderation": True,
        "target_formats": ["glb"],
    }


def test_several_pictures_become_a_model_front_first() -> None:
    drawn = FileRef(token="sha", inline=b"PNG", content_type="image/png")

    result = sent(GenerateRequest(pictures=(LINK, None, drawn)))

    assert result.resource == "multi-image-to-3d"
    assert result.body["image_urls"] == ["https://maquette.example/f/1", "data:image/png;base64,UE5H"]
    assert "image_url" not in result.body


def test_words_beside_a_picture_tell_its_colours() -> None:
    result = sent(GenerateRequest(prompt="a brass owl", pictures=(LINK,), style="cartoon"))

    assert result.body["texture_prompt"] == f"a brass owl, {WORDS['cartoon']}"


@pytest.mark.parametrize(
    "request_",
    [OWL, GenerateRequest(draft=PREVIEW), GenerateRequest(pictures=(LINK,)), RigRequest(source=PREVIEW)],
)
def test_what_meshy_no_longer_minds_is_not_sent(request_: Request) -> None:
    gone = {"art_style", "negative_prompt", "symmetry_mode", "seed", "pose_mode", "ultra_mode", "hd_texture"}

    assert not gone & set(sent(request_).body)


# Styles and face counts


def test_every_style_has_words_of_its_own_in_the_prompt() -> None:
    prompts = {sent(DraftRequest(prompt="an owl", style=style)).body["prompt"] for style in WORDS}

    assert prompts == {f"an owl, {words}" for words in WORDS.values()}


def test_a_realistic_model_has_sharper_textures_where_its_maker_knows_them() -> None:
    request = GenerateRequest(draft=PREVIEW, style="realistic")

    assert sent(request).body["texture_resolution"] == "4k"
    assert "texture_resolution" not in sent(request, "meshy-6-lite").body


def test_a_cartoon_has_neither_metal_nor_roughness() -> None:
    assert sent(GenerateRequest(draft=PREVIEW, style="cartoon")).body["enable_pbr"] is False


@pytest.mark.parametrize(
    "request_",
    [
        DraftRequest(prompt="an owl", style="low_poly"),
        GenerateRequest(pictures=(LINK,), style="low_poly"),
    ],
)
def test_low_poly_is_made_by_the_model_that_lays_few_faces(request_: Request) -> None:
    body = sent(request_, "meshy-6").body

    assert (body["model_type"], body["ai_model"]) == ("smart-topology", "meshy-t2")
    assert body["target_polycount"] == 4_000
    assert "should_remesh" not in body


def test_low_poly_from_several_pictures_is_a_remesh_because_that_model_takes_one() -> None:
    body = sent(GenerateRequest(pictures=(LINK, LINK), style="low_poly"), "meshy-6").body

    assert "model_type" not in body
    assert (body["ai_model"], body["should_remesh"], body["target_polycount"]) == ("meshy-6", True, 4_000)


@pytest.mark.parametrize(
    ("style", "asked", "sent_"),
    [
        (None, 1, 100),
        (None, 50_000, 50_000),
        (None, 9_000_000, 300_000),
        ("low_poly", 1, 100),
        ("low_poly", 50_000, 15_000),
    ],
)
def test_a_polycount_is_kept_within_what_the_route_takes(style: str | None, asked: int, sent_: int) -> None:
    assert sent(DraftRequest(prompt="x", polycount=asked, style=style)).body["target_polycount"] == sent_


@pytest.mark.parametrize(
    "request_",
    [DraftRequest(prompt="an owl", style="baroque"), GenerateRequest(pictures=(LINK,), style="baroque")],
)
def test_an_unknown_style_is_rejected_before_anything_is_sent(request_: Request) -> None:
    with pytest.raises(Rejected, match="baroque"):
        sent(request_)


def test_words_without_their_preview_are_rejected() -> None:
    with pytest.raises(Rejected, match="preview"):
        sent(GenerateRequest(prompt="an owl"))


# Working on a model


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        (PREVIEW, {"input_task_id": ID}),
        (FileRef(token="https://maquette.example/f/2"), {"model_url": "https://maquette.example/f/2"}),
        (BYTES, {"model_url": "data:application/octet-stream;base64,Z2xURg=="}),
    ],
)
def test_a_model_is_named_by_its_task_or_handed_over(source: Any, fields: dict[str, str]) -> None:
    rig = sent(RigRequest(source=source))
    remesh = sent(RemeshRequest(source=source, polycount=900_000))
    assert (rig.resource, rig.body) == ("rigging", fields)
    assert (remesh.resource, remesh.body) == (
        "remesh",
        {**fields, "target_formats": ["glb"], "target_polycount": 300_000},
    )


@pytest.mark.parametrize(("source", "laid_out"), [(PREVIEW, True), (BYTES, False)])
def test_a_new_surface_keeps_the_layout_of_meshy_s_own_models(source: Any, laid_out: bool) -> None:  # noqa: FBT001
    result = sent(RetextureRequest(source=source, prompt="rusty iron"))

    assert (result.resource, result.prompt) == ("retexture", "rusty iron")
    assert result.body["text_style_prompt"] == "rusty iron"
    assert (result.body["enable_original_uv"], result.body["enable_pbr"]) == (laid_out, True)
    assert result.body["target_formats"] == ["glb"]
    assert {"input_task_id", "model_url"} & set(result.body)


@pytest.mark.parametrize(
    ("clips", "which"),
    [
        (("wave_goodbye_01",), {"action_id": 28}),
        (("walk", "omg_groove", "idle"), {"action_ids": [30, 79, 0]}),
    ],
)
def test_clips_are_asked_for_by_number_in_their_order(clips: tuple[str, ...], which: dict[str, Any]) -> None:
    result = sent(AnimateRequest(source=RIG, clips=clips))

    assert (result.resource, result.body) == ("animations", {"rig_task_id": ID, **which})


@pytest.mark.parametrize("clips", [(), ("walk", "levitate")])
def test_a_clip_that_there_is_not_is_rejected_before_anything_is_sent(clips: tuple[str, ...]) -> None:
    with pytest.raises(Rejected):
        sent(AnimateRequest(source=RIG, clips=clips))


def test_a_clip_needs_the_rig_itself() -> None:
    with pytest.raises(SourceUnusable):
        sent(AnimateRequest(source=BYTES, clips=("walk",)))


@pytest.mark.parametrize("task_id", ["", ID, f"elsewhere/{ID}", "text-to-3d/"])
def test_a_source_that_is_no_task_of_ours_is_not_found(task_id: str) -> None:
    with pytest.raises(TaskNotFound):
        sent(RigRequest(source=TaskRef(task_id=task_id)))


def test_a_step_that_meshy_does_not_have_is_rejected() -> None:
    with pytest.raises(Rejected, match="RigCheckRequest"):
        sent(RigCheckRequest(source=PREVIEW))


# Copies


def test_a_conversion_asks_for_the_one_format() -> None:
    result = sent(ConvertRequest(source=PREVIEW, format="usdz"))

    assert (result.resource, result.body) == ("convert", {"input_task_id": ID, "target_formats": ["usdz"]})


def test_of_a_rig_only_our_own_file_can_be_converted() -> None:
    with pytest.raises(SourceUnusable):
        sent(ConvertRequest(source=RIG, format="fbx"))
    assert sent(ConvertRequest(source=BYTES, format="fbx")).body["model_url"].startswith("data:")
