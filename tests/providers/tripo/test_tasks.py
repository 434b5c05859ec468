import json
from typing import Any

import pytest

from providers.base import Cost, Failed, Outcome, Running, Succeeded
from providers.errors import ContractChanged
from providers.tripo.tasks import outcome

HOST = "https://tripo-data.rg1.data.tripo3d.com"
DONE: dict[str, Any] = {
    "task_id": "t-1",
    "type": "text_to_model",
    "status": "success",
    "progress": 100,
    "input": {"prompt": "a brass owl", "model": "v3.1-20260211"},
    "output": {
        "model_url": f"{HOST}/a/owl.GLB?Signature=s1",
        "rendered_image_url": f"{HOST}/a/owl.webp?Signature=s2",
    },
    "credits_consumed": 20.0,
    "created_at": "2026-11-20T10:00:00Z",
    "completed_at": "2026-11-20T10:01:42Z",
}


def told(**changes: Any) -> Outcome | None:
    return outcome({**DONE, **changes})


def done(**changes: Any) -> Succeeded:
    result = told(**changes)
    assert isinstance(result, Succeeded)
    return result


@pytest.mark.parametrize(
    ("status", "progress", "expected"),
    [
        ("queued", 0, Running(progress=0, started=False)),
        ("queued", None, Running(progress=0, started=False)),
        ("running", 42, Running(progress=42)),
        ("running", 42.7, Running(progress=42)),
        ("running", -1, Running(progress=0)),
        ("running", 250, Running(progress=100)),
    ],
)
def test_a_task_under_way_tells_its_progress(status: str, progress: Any, expected: Running) -> None:
    assert told(status=status, progress=progress, output={}) == expected


def test_a_finished_model_comes_with_files_picture_and_cost() -> None:
    result = done()

    assert [(file.kind, file.extension) for file in result.files] == [("model", ".glb"), ("preview", ".webp")]
    assert result.files[0].url == f"{HOST}/a/owl.GLB?Signature=s1"
    assert result.cost == Cost(micros=20_000_000, unit="tripo credit")


def test_models_in_a_list_are_found_and_none_is_told_twice() -> None:
    urls = [f"{HOST}/1.glb?s", f"{HOST}/2.fbx?s"]

    result = done(output={"model_url": urls[0], "model_urls": urls})
    only_list = done(output={"model_urls": urls, "model_url": None})

    assert [file.url for file in result.files] == urls
    assert [file.extension for file in only_list.files] == [".glb", ".fbx"]


@pytest.mark.parametrize("output", [None, {}, {"model_url": None}, {"model_url": ""}])
def test_success_without_a_model_is_success_without_files(output: Any) -> None:
    assert done(output=output).files == ()


@pytest.mark.parametrize(
    ("credits_", "micros"), [(20, 20_000_000), (0.07, 70_000), ("12.35", 12_350_000), (0, 0)]
)
def test_cost_is_exact(credits_: Any, micros: int) -> None:
    assert done(credits_consumed=credits_).cost == Cost(micros=micros, unit="tripo credit")


def test_a_cost_that_is_not_told_is_not_known() -> None:
    assert done(credits_consumed=None).cost is None


def test_the_answer_is_kept_without_any_link() -> None:
    answer = done().answer

    assert "://" not in json.dumps(answer)
    assert answer["input"] == DONE["input"]
    assert answer["completed_at"] == DONE["completed_at"]


@pytest.mark.parametrize("name", ["rig_type", "topology"])
def test_a_rig_check_names_the_skeleton(name: str) -> None:
    result = done(type="animate_prerigcheck", output={"riggable": True, name: "quadruped"})

    assert result.facts == {"riggable": True, "rig_type": "quadruped"}


def test_a_shape_that_cannot_be_rigged_is_a_successful_check() -> None:
    result = done(type="animate_prerigcheck", output={"riggable": False, "rig_type": "others"})

    assert result.facts == {"riggable": False, "rig_type": "others"}


def test_a_check_that_does_not_answer_its_question_has_failed() -> None:
    result = told(type="animate_prerigcheck", output={})

    assert isinstance(result, Failed)
    assert result.code == "contract_changed"


def test_a_rig_keeps_what_later_clips_depend_on() -> None:
    result = done(type="animate_rig", input={"model": "v2.5-20260210", "rig_type": "avian", "input": "t-0"})

    assert result.facts == {"rig_model": "v2.5-20260210", "rig_type": "avian"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "failed"}, "vendor_failed"),
        ({"status": "failed", "error_code": 1001, "error_message": "fatal"}, "vendor_failed"),
        ({"status": "failed", "error_code": 2008}, "moderated"),
        ({"status": "failed", "error_code": 2018, "type": "animate_rig"}, "too_complex"),
        ({"status": "failed", "error_code": 2018, "type": "multiview_to_model"}, "vendor_expired"),
        (
            {
                "status": "failed",
                "error_code": 2018,
                "error_message": "Task Expired in queue",
                "type": "animate_rig",
            },
            "vendor_expired",
        ),
        ({"status": "failed", "error_code": 2018, "type": ""}, "too_complex"),
        ({"status": "cancelled"}, "vendor_cancelled"),
        ({"status": "banned"}, "moderated"),
        ({"status": "expired"}, "vendor_expired"),
    ],
)
def test_every_end_without_a_result_has_its_code(changes: dict[str, Any], code: str) -> None:
    result = told(output=None, **changes)

    assert isinstance(result, Failed)
    assert result.code == code
    assert result.answer["status"] == changes["status"]


@pytest.mark.parametrize("status", ["unknown", "paused", ""])
def test_a_state_that_nobody_knows_is_left_open(status: str) -> None:
    assert told(status=status) is None


@pytest.mark.parametrize(
    "data",
    [None, [], "done", {}, {"task_id": "t"}, {**DONE, "status": 7}, {**DONE, "output": {"model_url": 5}}],
)
def test_something_that_is_no_task_is_a_changed_contract(data: Any) -> None:
    with pytest.raises(ContractChanged) as caught:
        outcome(data)

    assert "Signature" not in str(caught.value)
