from typing import Any

import pytest

from providers.base import Cost, Failed, RemoteFile, Running, Succeeded
from providers.errors import ContractChanged, TaskNotFound
from providers.replicate.models import FLUX, HUNYUAN, TRELLIS
from providers.replicate.predictions import addresses, outcome

GLB = "https://replicate.delivery/xezq/abc/tmp1.glb"
PNG = "https://replicate.delivery/xezq/abc/out-0.png"


def prediction(status: str, **parts: Any) -> dict[str, Any]:
    return {
        "id": "gm3qorzdhgbfurvjtvhg6dckhu",
        "model": HUNYUAN.name,
        "version": "hidden",
        "input": {"prompt": "a brass owl", "image": "data:image/png;base64,AAAA"},
        "logs": "",
        "output": None,
        "data_removed": False,
        "error": None,
        "status": status,
        "created_at": "2026-04-09T10:11:12.345678901Z",
        "urls": {"get": "https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu"},
        **parts,
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (prediction("starting"), Running(progress=0, started=False)),
        (prediction("processing"), Running(progress=0)),
        (prediction("processing", logs=" 12%|#  |\n 42%|####  |\nstill at it"), Running(progress=42)),
        (prediction("processing", logs="100%|##|\n  7%|#|"), Running(progress=7)),
        (prediction("processing", logs="999%"), Running(progress=100)),
        ({"id": "a", "status": "starting"}, Running(progress=0, started=False)),
    ],
)
def test_a_prediction_under_way(data: Any, expected: Running) -> None:
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        ("failed", "CUDA out of memory in /src/predict.py", "vendor_failed"),
        ("failed", None, "vendor_failed"),
        ("failed", {"odd": 1}, "vendor_failed"),
        ("failed", "NSFW content detected. Try running it again, or try a different prompt.", "moderated"),
        ("failed", "The input or output was flagged as sensitive. (E005)", "moderated"),
        ("canceled", None, "vendor_cancelled"),
        ("aborted", None, "vendor_expired"),
    ],
)
def test_a_prediction_that_ended_without_a_result(status: str, error: Any, code: str) -> None:
    ended = outcome(prediction(status, error=error))

    assert isinstance(ended, Failed)
    assert ended.code == code


def test_what_is_kept_of_a_prediction_holds_no_links_and_no_words_of_members() -> None:
    done = outcome(prediction("succeeded", output=GLB, logs="a brass owl"))
    failed = outcome(prediction("failed", error=f"could not load {GLB} with r8_abcdefghijklmnopqrstuv"))

    assert isinstance(done, Succeeded)
    assert isinstance(failed, Failed)
    for answer in (done.answer, failed.answer):
        assert answer["id"] == "gm3qorzdhgbfurvjtvhg6dckhu"
        assert not any(word in str(answer) for word in ("owl", "://", "r8_", "data:"))
    assert failed.answer["error"] == "could not load [secret] with [secret]"


@pytest.mark.parametrize(
    ("output", "links"),
    [
        (GLB, [GLB]),
        ([PNG], [PNG]),
        ([PNG, GLB], [GLB]),
        ([], []),
        ([None, 3], []),
        ({"model_file": GLB, "color_video": "https://x/a.mp4", "no_background_images": None}, [GLB]),
        ({"model_file": None, "mesh": GLB}, [GLB]),
        ({"output": {"glb": GLB}}, [GLB]),
        ({"color_video": "https://x/a.mp4"}, []),
        (None, []),
        (7, []),
    ],
)
def test_outputs_of_every_shape_give_their_links(output: Any, links: list[str]) -> None:
    assert addresses(output) == links


@pytest.mark.parametrize(
    ("model", "link", "file"),
    [
        (HUNYUAN.name, GLB, RemoteFile(url=GLB, kind="model", extension=".glb")),
        (HUNYUAN.name, "https://x/out", RemoteFile(url="https://x/out", kind="model", extension=".glb")),
        (HUNYUAN.name, "https://x/a.zip", RemoteFile(url="https://x/a.zip", kind="model", extension=".zip")),
        (FLUX.name, PNG, RemoteFile(url=PNG, kind="preview", extension=".png")),
        (FLUX.name, "https://x/out", RemoteFile(url="https://x/out", kind="preview", extension=".png")),
        ("somebody/new", GLB, RemoteFile(url=GLB, kind="model", extension=".glb")),
    ],
)
def test_a_file_is_a_model_or_the_drafts_picture(model: str, link: str, file: RemoteFile) -> None:
    done = outcome(prediction("succeeded", model=model, output=link))

    assert isinstance(done, Succeeded)
    assert done.files == (file,)


@pytest.mark.parametrize(
    ("parts", "cost"),
    [
        ({"version": "hidden"}, Cost(micros=1_000_000, unit="replicate run")),
        (
            {"version": TRELLIS.version, "metrics": {"predict_time": 41.5}},
            Cost(micros=41_500_000, unit="replicate second"),
        ),
        ({"version": TRELLIS.version}, None),
    ],
)
def test_official_models_cost_a_run_and_others_their_time(parts: dict[str, Any], cost: Cost | None) -> None:
    done = outcome(prediction("succeeded", output=GLB, **parts))

    assert isinstance(done, Succeeded)
    assert done.cost == cost


def test_a_result_that_was_erased_is_a_task_that_is_no_longer_known() -> None:
    with pytest.raises(TaskNotFound):
        outcome(prediction("succeeded", data_removed=True))


def test_a_success_without_an_output_has_no_files() -> None:
    done = outcome(prediction("succeeded"))

    assert isinstance(done, Succeeded)
    assert done.files == ()


def test_a_state_that_nobody_knows_is_left_to_who_asks_again() -> None:
    assert outcome(prediction("pondering")) is None


@pytest.mark.parametrize("data", [None, [], {}, {"id": "a"}, {"id": 1, "status": "starting"}])
def test_another_shape_is_a_changed_contract(data: Any) -> None:
    with pytest.raises(ContractChanged):
        outcome(data)
