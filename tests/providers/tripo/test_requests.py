from typing import Any

import pytest

from providers.base import (
    AnimateRequest,
    ConvertRequest,
    FileRef,
    GenerateRequest,
    RemeshRequest,
    Request,
    RetextureRequest,
    RigCheckRequest,
    RigRequest,
    TaskRef,
)
from providers.errors import Rejected
from providers.tripo.models import DEFAULT_MODEL, FACES, STYLES
from providers.tripo.requests import Submission, is_ours, submission

SEED = 1_234_567
OWL = GenerateRequest(prompt="a brass owl")
FRONT, BACK = FileRef(token="file_front"), FileRef(token="file_back")
TASK = TaskRef(task_id="0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11")
QUADRUPED = {"rig_model": "v2.5-20260210", "rig_type": "quadruped"}


def sent(request: Request, model: str = DEFAULT_MODEL) -> Submission:
    return submission(request, model=model, seed=SEED)


def test_words_become_a_text_request_with_the_model_always_named() -> None:
    result = sent(GenerateRequest(prompt="a brass owl", negative_prompt="wings", polycount=8_000))

    assert (result.path, result.type) == ("/generation/text-to-model", "text_to_model")
    assert result.body == {
        "model": "v3.1-20260211",
        "prompt": "a brass owl",
        "negative_prompt": "wings",
        "texture": True,
        "pbr": True,
        "face_limit": 8_000,
        "image_seed": SEED,
        "model_seed": SEED,
        "texture_seed": SEED,
    }


def test_a_body_holds_nothing_that_is_not_set() -> None:
    assert set(sent(OWL).body) == {
        "model",
        "prompt",
        "texture",
        "pbr",
        "image_seed",
        "model_seed",
        "texture_seed",
    }


def test_a_seed_that_the_member_chose_stands_everywhere() -> None:
    body = sent(GenerateRequest(prompt="a brass owl", seed=0)).body

    assert [body[name] for name in ("image_seed", "model_seed", "texture_seed")] == [0, 0, 0]


def test_one_picture_becomes_an_image_request() -> None:
    result = sent(GenerateRequest(prompt="ignored", pictures=(FRONT,)))

    assert (result.path, result.type) == ("/generation/image-to-model", "image_to_model")
    assert result.body["input"] == "file_front"
    assert not {"prompt", "image_seed", "negative_prompt", "inputs"} & set(result.body)


def test_several_pictures_become_views_by_their_names() -> None:
    result = sent(GenerateRequest(pictures=(FRONT, None, BACK)))

    assert (result.path, result.type) == ("/generation/multiview-to-model", "multiview_to_model")
    assert result.body["inputs"] == [{"front": "file_front"}, {"back": "file_back"}]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("pictures", [(), (FRONT,), (FRONT, BACK)])
def test_every_style_changes_the_request(style: str, pictures: tuple[FileRef, ...]) -> None:
    plain = sent(GenerateRequest(prompt="an owl", pictures=pictures)).body

    styled = sent(GenerateRequest(prompt="an owl", pictures=pictures, style=style)).body

    assert styled != plain


def test_styles_differ_from_each_other() -> None:
    bodies = [sent(GenerateRequest(prompt="an owl", style=style)).body for style in STYLES]

    assert len({str(body) for body in bodies}) == len(STYLES)


def test_an_unknown_style_is_rejected_before_anything_is_sent() -> None:
    with pytest.raises(Rejected, match="baroque"):
        sent(GenerateRequest(prompt="an owl", style="baroque"))


@pytest.mark.parametrize("model", [model for model in FACES if model.startswith("P")])
@pytest.mark.parametrize("style", [None, *STYLES])
def test_a_p_model_is_never_sent_what_it_refuses(model: str, style: str | None) -> None:
    body = sent(GenerateRequest(prompt="an owl", style=style, polycount=900_000), model).body

    assert not {"quad", "smart_low_poly", "generate_parts", "geometry_quality"} & set(body)
    assert body["model"] == model
    assert body["face_limit"] == FACES[model].stop - 1


@pytest.mark.parametrize(
    ("model", "style", "asked", "limit"),
    [
        ("v3.1-20260211", None, 1, 1_000),
        ("v3.1-20260211", None, 50_000, 50_000),
        ("v3.1-20260211", None, 9_000_000, 1_500_000),
        ("v3.1-20260211", "low_poly", 50_000, 20_000),
        ("v2.5-20250123", None, 9_000_000, 500_000),
        ("P1-20260311", "low_poly", 10, 48),
        ("v9-20300101", None, 9_000_000, 500_000),
    ],
)
def test_a_polycount_is_kept_within_what_model_and_style_take(
    model: str, style: str | None, asked: int, limit: int
) -> None:
    assert sent(GenerateRequest(prompt="x", polycount=asked, style=style), model).body["face_limit"] == limit


def test_a_rig_check_names_its_source() -> None:
    result = sent(RigCheckRequest(source=FRONT))

    assert (result.path, result.type) == ("/animations/rig-check", "animate_prerigcheck")
    assert result.body == {"input": "file_front"}


@pytest.mark.parametrize(
    ("rig_type", "model"),
    [
        (None, "v1.0-20240301"),
        ("biped", "v1.0-20240301"),
        ("quadruped", "v2.5-20260210"),
        ("others", "v2.5-20260210"),
    ],
)
def test_a_rig_uses_the_model_that_gives_its_skeleton_the_most_clips(
    rig_type: str | None, model: str
) -> None:
    result = sent(RigRequest(source=TASK, rig_type=rig_type))

    assert (result.path, result.type) == ("/animations/rig", "animate_rig")
    assert result.body == {
        "input": TASK.task_id,
        "model": model,
        "rig_type": rig_type or "biped",
        "out_format": "glb",
    }


@pytest.mark.parametrize(
    ("rig", "clip", "preset"),
    [
        ({}, "walk", "preset:biped:walk"),
        ({"rig_model": "v1.0-20240301", "rig_type": "biped"}, "dance_01", "preset:biped:dance_01"),
        ({"rig_model": "v2.5-20260210", "rig_type": "biped"}, "walk", "preset:walk"),
        (QUADRUPED, "walk", "preset:quadruped:walk"),
    ],
)
def test_a_clip_becomes_the_preset_of_its_rig(rig: dict[str, Any], clip: str, preset: str) -> None:
    result = sent(AnimateRequest(source=TASK, clips=(clip,), rig=rig))

    assert (result.path, result.type) == ("/animations/retarget", "animate_retarget")
    assert result.body == {
        "input": TASK.task_id,
        "animation": preset,
        "out_format": "glb",
        "export_with_geometry": True,
        "bake_animation": True,
    }


def test_a_clip_that_the_rig_does_not_play_is_rejected_before_anything_is_sent() -> None:
    with pytest.raises(Rejected, match="dance_01"):
        sent(AnimateRequest(source=TASK, clips=("dance_01",), rig=QUADRUPED))


# Knowing a task again


@pytest.mark.parametrize(
    "request_",
    [
        OWL,
        GenerateRequest(prompt="an owl", seed=7),
        GenerateRequest(pictures=(FRONT, BACK), seed=7),
        RigCheckRequest(source=TASK),
        RigRequest(source=FRONT),
        AnimateRequest(source=TASK, clips=("walk",)),
    ],
)
def test_a_task_that_echoes_all_that_we_sent_is_ours(request_: Request) -> None:
    submit = sent(request_)

    assert is_ours(submit, {**submit.body, "more": "of theirs"}) is True


def test_a_seed_of_ours_is_enough_even_if_the_echo_words_the_rest_differently() -> None:
    assert is_ours(sent(OWL), {"model_seed": str(SEED), "prompt": "A brass owl."}) is True


@pytest.mark.parametrize(
    ("request_", "change"),
    [
        (OWL, {"model_seed": SEED + 1}),
        (RigCheckRequest(source=TASK), {"input": "another"}),
        (AnimateRequest(source=TASK, clips=("walk",)), {"animation": "preset:biped:run"}),
        (AnimateRequest(source=TASK, clips=("walk",)), {"input": "another"}),
    ],
)
def test_a_task_with_another_mark_is_not_ours(request_: Request, change: dict[str, Any]) -> None:
    submit = sent(request_)

    assert is_ours(submit, {**submit.body, **change}) is False


@pytest.mark.parametrize(
    ("request_", "echo"),
    [
        (OWL, {}),
        (OWL, {"prompt": "a brass owl"}),
        (AnimateRequest(source=TASK, clips=("walk",)), {"input": TASK.task_id}),
        (GenerateRequest(prompt="an owl", seed=7), {"model_seed": 7, "prompt": "a crab"}),
        (
            GenerateRequest(pictures=(FRONT,), seed=7),
            {"model_seed": 7, "input": {"file_token": "file_front"}},
        ),
    ],
)
def test_an_echo_that_does_not_say_enough_decides_nothing(request_: Request, echo: dict[str, Any]) -> None:
    assert is_ours(sent(request_), echo) is None


# The same model anew


def test_another_surface_is_known_again_by_its_seed() -> None:
    result = sent(RetextureRequest(source=TASK, prompt="made of moss"))

    assert (result.path, result.type) == ("/models/texture", "texture_model")
    assert result.body == {
        "input": TASK.task_id,
        "texture_prompt": {"text": "made of moss"},
        "texture_seed": SEED,
        "pbr": True,
    }
    assert is_ours(result, {"texture_seed": SEED})
    assert is_ours(result, {"texture_seed": SEED + 1}) is False


def test_fewer_faces_come_from_the_decimator() -> None:
    result = sent(RemeshRequest(source=FRONT, polycount=5_000))

    assert (result.path, result.type) == ("/mesh/decimate", "highpoly_to_lowpoly")
    assert result.body == {"input": "file_front", "model": "v2.0", "face_limit": 5_000}


@pytest.mark.parametrize("kind", ["fbx", "obj", "usdz"])
def test_formats_are_written_large(kind: str) -> None:
    result = sent(ConvertRequest(source=TASK, format=kind))

    assert (result.path, result.type) == ("/models/convert", "convert_model")
    assert result.body == {"input": TASK.task_id, "format": kind.upper()}
