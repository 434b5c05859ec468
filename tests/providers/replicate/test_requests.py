from typing import Any

import pytest

from providers.base import (
    AnimateRequest,
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
from providers.errors import NotHandedOver, Rejected
from providers.replicate.models import FLUX, HUNYUAN, RODIN, TRELLIS, UNIRIG, Record, steps
from providers.replicate.requests import INLINE_MAX, is_reachable, order, submission

SEED = 2**31 - 2
FRONT = FileRef(token="https://files.example/front.png")
BACK = FileRef(token="https://files.example/back.png")
GLB = FileRef(token="https://files.example/owl.glb")
LINKS = [FRONT.token, BACK.token]


def asked(request: Request, generator: Record = HUNYUAN, addresses: list[str] = LINKS) -> tuple[str, Any]:
    return submission(order(request, generator=generator, seed=SEED), addresses, None)


def test_an_official_model_is_run_by_its_name() -> None:
    path, body = asked(GenerateRequest(prompt="a brass owl", polycount=50_000))

    assert path == "/models/tencent/hunyuan-3d-3.1/predictions"
    assert body == {
        "input": {
            "prompt": "a brass owl",
            "face_count": 50_000,
            "enable_pbr": True,
            "generate_type": "Normal",
        }
    }


def test_hunyuan_takes_words_or_a_picture_and_never_both() -> None:
    _, body = asked(GenerateRequest(prompt="a brass owl", pictures=(FRONT,)))

    assert body["input"]["image"] == FRONT.token
    assert "prompt" not in body["input"]


def test_rodin_wants_words_also_where_there_are_pictures() -> None:
    _, wordless = asked(GenerateRequest(pictures=(FRONT, None, BACK)), RODIN)
    _, both = asked(GenerateRequest(prompt="a brass owl", pictures=(FRONT, None, BACK)), RODIN)

    assert wordless["input"]["images"] == LINKS
    assert wordless["input"]["prompt"]
    assert both["input"]["prompt"] == "a brass owl"


def test_rodins_seeds_are_within_its_range() -> None:
    _, body = asked(GenerateRequest(prompt="an owl"), RODIN)

    assert body["input"]["seed"] == SEED % 65_536


def test_a_published_model_is_run_by_its_version_and_told_to_make_a_model() -> None:
    path, body = asked(GenerateRequest(pictures=(FRONT, BACK)), TRELLIS)

    assert path == "/predictions"
    assert body["version"] == TRELLIS.version
    assert body["input"] == {
        "images": LINKS,
        "seed": SEED,
        "generate_model": True,
        "generate_color": False,
        "randomize_seed": False,
    }


def test_words_for_trellis_become_a_picture_first() -> None:
    path, body = asked(DraftRequest(prompt="a brass owl", style="low_poly"), TRELLIS)

    assert steps(TRELLIS, pictures=0) == ("draft", "generate")
    assert steps(TRELLIS, pictures=1) == ("generate",)
    assert path == f"/models/{FLUX.name}/predictions"
    assert body["input"].pop("prompt").startswith("a brass owl, low poly, faceted, flat shaded, ")
    assert body["input"] == {"aspect_ratio": "1:1", "num_outputs": 1, "output_format": "png", "seed": SEED}


@pytest.mark.parametrize("generator", [HUNYUAN, RODIN])
def test_words_for_others_are_one_step(generator: Record) -> None:
    assert steps(generator, pictures=0) == steps(generator, pictures=2) == ("generate",)


def test_trellis_goes_on_from_the_draft_or_from_its_stored_picture() -> None:
    draft = TaskRef(task_id="d1")

    from_draft = order(GenerateRequest(prompt="an owl", draft=draft), generator=TRELLIS, seed=1)
    from_picture = order(GenerateRequest(prompt="an owl", pictures=(FRONT,)), generator=TRELLIS, seed=1)

    assert from_draft.files == (draft,)
    assert from_picture.files == (FRONT,)
    assert from_draft.input == from_picture.input


def test_a_seed_that_a_member_chose_is_used() -> None:
    _, body = asked(GenerateRequest(pictures=(FRONT,), seed=42), TRELLIS)

    assert body["input"]["seed"] == 42


def test_a_rig_takes_one_mesh_and_nothing_else() -> None:
    path, body = asked(RigRequest(source=GLB, rig_type="biped"), addresses=[GLB.token])

    assert path == "/predictions"
    assert body == {"version": UNIRIG.version, "input": {"input_mesh": GLB.token}}


def test_a_webhook_asks_for_the_start_and_the_end_alone() -> None:
    sent = order(GenerateRequest(prompt="an owl"), generator=HUNYUAN, seed=1)

    _, body = submission(sent, [], "https://bot.example/hooks/replicate")

    assert body["webhook"] == "https://bot.example/hooks/replicate"
    assert body["webhook_events_filter"] == ["start", "completed"]


@pytest.mark.parametrize(("asked_for", "sent"), [(10, 40_000), (9_000_000, 1_500_000), (60_000, 60_000)])
def test_a_face_count_is_the_nearest_that_the_model_takes(asked_for: int, sent: int) -> None:
    _, body = asked(GenerateRequest(prompt="an owl", polycount=asked_for))

    assert body["input"]["face_count"] == sent


@pytest.mark.parametrize(
    "request_",
    [
        RigCheckRequest(source=GLB),
        RemeshRequest(source=GLB, polycount=1_000),
        RetextureRequest(source=GLB, prompt="gold"),
        AnimateRequest(source=GLB, clips=("walk",)),
        GenerateRequest(prompt="trellis takes no words"),
        DraftRequest(prompt="an owl", style="baroque"),
    ],
)
def test_what_no_model_does_is_refused_here(request_: Request) -> None:
    with pytest.raises(Rejected):
        order(request_, generator=TRELLIS, seed=1)


def test_files_that_are_too_much_together_do_not_go_into_a_request() -> None:
    half = FileRef(token="a", inline=bytes(INLINE_MAX // 2), content_type="image/png")
    more = FileRef(token="b", inline=bytes(INLINE_MAX // 2 + 1), content_type="image/png")

    order(GenerateRequest(pictures=(half, half)), generator=TRELLIS, seed=1)
    with pytest.raises(NotHandedOver) as caught:
        order(GenerateRequest(pictures=(half, more)), generator=TRELLIS, seed=1)

    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("url", "api_url", "taken"),
    [
        ("https://bot.example/hook", "https://api.replicate.com/v1", True),
        ("http://bot.example/hook", "https://api.replicate.com/v1", False),
        ("http://127.0.0.1:8080/hook", "http://127.0.0.1:9003/v1", True),
        ("ftp://bot.example/hook", "http://127.0.0.1:9003/v1", False),
        ("", "https://api.replicate.com/v1", False),
    ],
)
def test_our_addresses_are_https_unless_the_api_is_not(url: str, api_url: str, taken: bool) -> None:  # noqa: FBT001
    assert is_reachable(url, api_url=api_url) is taken
