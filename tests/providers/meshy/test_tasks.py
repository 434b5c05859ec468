from typing import Any

import pytest

from providers.base import Cost, Failed, RemoteFile, Running, Succeeded
from providers.errors import ContractChanged
from providers.meshy.tasks import outcome

HOST = "https://assets.meshy.ai/a/tasks/1/output"


def task(status: str, **fields: Any) -> dict[str, Any]:
    return {"id": "1", "type": "text-to-3d-preview", "status": status, **fields}


@pytest.mark.parametrize(
    ("data", "result"),
    [
        (task("PENDING", progress=0, preceding_tasks=3), Running(progress=0, started=False)),
        (task("IN_PROGRESS", progress=99), Running(progress=99)),
        (task("IN_PROGRESS", progress=140.5), Running(progress=100)),
        (task("IN_PROGRESS", progress=None), Running(progress=0)),
    ],
)
def test_a_task_under_way(data: dict[str, Any], result: Running) -> None:
    assert outcome(data) == result


def test_a_model_comes_with_its_picture() -> None:
    done = outcome(
        task(
            "SUCCEEDED",
            model_urls={"glb": f"{HOST}/model.GLB?Expires=1", "fbx": f"{HOST}/model.fbx"},
            thumbnail_url=f"{HOST}/preview.png?Expires=1",
            texture_urls=[{"base_color": f"{HOST}/t.png"}],
            consumed_credits=20,
            prompt="a brass owl",
        )
    )

    assert isinstance(done, Succeeded)
    assert done.files == (
        RemoteFile(url=f"{HOST}/model.GLB?Expires=1", kind="model", extension=".glb"),
        RemoteFile(url=f"{HOST}/model.fbx", kind="model", extension=".fbx"),
        RemoteFile(url=f"{HOST}/preview.png?Expires=1", kind="preview", extension=".png"),
    )
    assert done.cost == Cost(micros=20_000_000, unit="meshy credit")
    assert done.answer["prompt"] == "a brass owl"
    assert "://" not in str(done.answer)


def test_a_rig_comes_with_a_walk_and_a_run() -> None:
    animations = {"walking_glb_url": f"{HOST}/w.glb", "running_glb_url": f"{HOST}/r.glb"}
    result = {"rigged_character_glb_url": f"{HOST}/rig.glb", "basic_animations": animations}

    done = outcome(task("SUCCEEDED", type="rig", result=result))

    assert isinstance(done, Succeeded)
    assert [(file.url, file.kind, file.clip) for file in done.files] == [
        (f"{HOST}/rig.glb", "model", ""),
        (f"{HOST}/w.glb", "clip", "walk"),
        (f"{HOST}/r.glb", "clip", "run"),
    ]
    assert "://" not in str(done.answer)


@pytest.mark.parametrize("kind", ["animate", "animation"])
def test_an_animation_is_a_model(kind: str) -> None:
    done = outcome(task("SUCCEEDED", type=kind, result={"animation_glb_url": f"{HOST}/a.glb"}))

    assert isinstance(done, Succeeded)
    assert [(file.url, file.kind) for file in done.files] == [(f"{HOST}/a.glb", "model")]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"model_urls": {}, "thumbnail_url": "", "texture_urls": []},
        {"model_urls": {"glb": ""}},
        {"result": None},
        {"result": {"basic_animations": None}},
        {"result": {"basic_animations": {"walking_glb_url": ""}}},
        {"task_error": None},
    ],
)
def test_what_is_missing_is_left_out(fields: dict[str, Any]) -> None:
    done = outcome(task("SUCCEEDED", **fields))

    assert isinstance(done, Succeeded)
    assert (done.files, done.cost) == ((), None)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"type": "server_error", "message": "please try again"}, "vendor_failed"),
        ({"type": "invalid_input", "code": "moderation_blocked", "message": ""}, "moderated"),
        ({"type": "invalid_input", "message": "Refused by our safety filters"}, "moderated"),
        ({"type": "invalid_input", "code": "image_too_complex", "message": ""}, "vendor_failed"),
        ({"message": None}, "vendor_failed"),
        (None, "vendor_failed"),
    ],
)
def test_a_failure_has_a_code(error: Any, code: str) -> None:
    failed = outcome(task("FAILED", task_error=error))

    assert isinstance(failed, Failed)
    assert failed.code == code


def test_a_cancelled_task_was_cancelled_there() -> None:
    failed = outcome(task("CANCELED"))

    assert isinstance(failed, Failed)
    assert failed.code == "vendor_cancelled"


def test_a_state_that_nobody_knows_is_left_to_the_caller() -> None:
    assert outcome(task("REHEARSING")) is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"id": "1"},
        task("SUCCEEDED", model_urls=["x"]),
        task("SUCCEEDED", result="done"),
        task("IN_PROGRESS", progress="much"),
    ],
)
def test_something_that_is_no_task_is_a_changed_contract(data: Any) -> None:
    with pytest.raises(ContractChanged):
        outcome(data)
