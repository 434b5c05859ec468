from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from providers.base import Failed, Outcome, Succeeded
from providers.comfyui.tasks import Line, line_of, outcome
from providers.comfyui.templates import Outputs
from providers.errors import ContractChanged

ID = "0f3a1c9e-1111-4222-8333-444455556666"
URL = "http://gpu.lan:8188"
OUTPUTS = Outputs(model="9", preview="5")
GLB = {"filename": "owl_00001_.glb", "subfolder": "maquette", "type": "output"}
START = ["execution_start", {"prompt_id": ID, "timestamp": 1_000}]
DONE = ["execution_success", {"prompt_id": ID, "timestamp": 61_500}]


def judged(outputs: Any, status: Any = None, *, wanted: Outputs | None = OUTPUTS) -> Outcome | None:
    entry = {"outputs": outputs, "status": status or {"status_str": "success", "messages": [START, DONE]}}
    return outcome({ID: entry}, ID, wanted, base_url=URL)


def links(found: Outcome | None) -> list[tuple[str, str, str]]:
    """Kind, file and folder of each."""
    assert isinstance(found, Succeeded)
    queries = [parse_qs(urlsplit(file.url).query, keep_blank_values=True) for file in found.files]
    places = ["/".join(filter(None, (query["subfolder"][0], query["filename"][0]))) for query in queries]
    kinds = [file.kind for file in found.files]
    return list(zip(kinds, places, [query["type"][0] for query in queries], strict=True))


def test_a_queue_is_read_by_ids_alone() -> None:
    entry = [3, ID, {"1": {}}, {"extra": 1}, ["9"], {"a later": "member"}]

    line = line_of({"queue_running": [entry], "queue_pending": [[4, "other"], "odd", [5], [6, []]]})

    assert line == Line(running=frozenset({ID}), pending=frozenset({"other"}))
    assert ID in line
    assert "other" in line
    assert "third" not in line


@pytest.mark.parametrize("data", [None, [], {}, {"queue_running": [], "queue_pending": None}])
def test_a_queue_that_is_none_is_a_changed_contract(data: Any) -> None:
    with pytest.raises(ContractChanged):
        line_of(data)


@pytest.mark.parametrize("data", [{}, {"another": {}}, {ID: None}, [], None])
def test_a_job_that_is_not_in_the_history_has_not_ended(data: Any) -> None:
    assert outcome(data, ID, OUTPUTS, base_url=URL) is None


def test_a_finished_job_names_its_model_its_picture_and_how_long_it_took() -> None:
    picture = {"filename": "owl_00001_.png", "subfolder": "maquette", "type": "output"}

    found = judged({"5": {"images": [picture, picture]}, "9": {"3d": [GLB]}})

    assert links(found) == [
        ("model", "maquette/owl_00001_.glb", "output"),
        ("preview", "maquette/owl_00001_.png", "output"),
    ]
    assert isinstance(found, Succeeded)
    assert found.files[0].url.startswith(f"{URL}/view?")
    assert [file.extension for file in found.files] == [".glb", ".png"]
    assert found.answer == {"files": ["owl_00001_.glb", "owl_00001_.png"], "seconds": 60.5}
    assert found.cost is None


def test_a_viewer_node_names_a_path() -> None:
    assert links(judged({"9": {"result": ["3d/owl.glb", None]}})) == [("model", "3d/owl.glb", "output")]
    assert links(judged({"9": {"result": ["owl.GLB"]}})) == [("model", "owl.GLB", "output")]
    assert links(judged({"9": {"result": ["3d\\owl.glb"]}})) == [("model", "3d/owl.glb", "output")]


def test_the_wanted_node_goes_before_all_others_and_a_glb_before_everything() -> None:
    early = {"filename": "early.glb", "subfolder": "", "type": "temp"}
    outputs = {"2": {"3d": [early]}, "3": {"fbx_file": ["rig.fbx"]}, "9": {"3d": [GLB]}}

    assert [place for _, place, _ in links(judged(outputs))] == [
        "maquette/owl_00001_.glb",
        "early.glb",
        "rig.fbx",
    ]
    assert links(judged({"2": {"3d": [early]}}))[0] == ("model", "early.glb", "temp")
    assert links(judged({"9": {"3d": [GLB]}}, wanted=None)) == [
        ("model", "maquette/owl_00001_.glb", "output")
    ]


def test_a_file_of_another_kind_is_told_as_what_it_is() -> None:
    found = judged({"9": {"fbx_file": ["owl.fbx"], "has_skinning": [True]}})

    assert isinstance(found, Succeeded)
    assert [file.extension for file in found.files] == [".fbx"]


@pytest.mark.parametrize(
    "output",
    [
        {"3d": [{**GLB, "subfolder": "../secrets"}]},
        {"3d": [{**GLB, "subfolder": "/etc"}]},
        {"3d": [{**GLB, "filename": "../owl.glb"}]},
        {"3d": [{**GLB, "filename": "/owl.glb"}]},
        {"result": ["/srv/ComfyUI/output/owl.glb"]},
        {"result": ["C:\\ComfyUI\\output\\owl.glb"]},
        {"result": ["../owl.glb"]},
        {"3d": [{"filename": None}], "text": ["a story of an owl"]},
    ],
)
def test_paths_that_lead_elsewhere_are_no_files(output: Any) -> None:
    assert links(judged({"9": output})) == []


def test_an_unknown_folder_is_the_one_for_results() -> None:
    assert links(judged({"9": {"3d": [{**GLB, "type": "secret"}]}}))[0][2] == "output"


def failed(*messages: Any) -> Failed:
    found = judged({"9": {"3d": [GLB]}}, {"status_str": "error", "messages": list(messages)})
    assert isinstance(found, Failed)
    return found


def test_a_job_that_broke_failed_although_it_has_outputs() -> None:
    error = {
        "node_id": "2",
        "node_type": "KSampler",
        "exception_type": "torch.OutOfMemoryError",
        "exception_message": "Allocation on device 0 would exceed https://owner:key@gpu.lan",
        "traceback": ["/home/owner/ComfyUI/execution.py"],
        "current_inputs": {"text": ["a secret owl"]},
    }

    found = failed(START, ["execution_error", error])

    assert found.code == "vendor_failed"
    assert found.answer["exception_type"] == "torch.OutOfMemoryError"
    assert found.answer["node_type"] == "KSampler"
    for private in ("owner", "secret owl", "key"):
        assert private not in str(found.answer)


def test_a_job_that_somebody_interrupted_was_cancelled() -> None:
    assert failed(START, ["execution_interrupted", {"node_id": "2"}]).code == "vendor_cancelled"


@pytest.mark.parametrize("messages", [[], ["odd", ["alone"], [1, 2], ["execution_error", None]]])
def test_an_error_without_words_is_still_one(messages: list[Any]) -> None:
    assert failed(*messages).code == "vendor_failed"


def test_older_servers_have_no_status_and_unknown_ones_are_judged_by_what_was_made() -> None:
    made, nothing = {"9": {"3d": [GLB]}}, {"5": {"text": ["hello"]}}

    for status in (None, {"status_str": "brand_new", "messages": None}):
        assert links(outcome({ID: {"outputs": made, "status": status}}, ID, OUTPUTS, base_url=URL))
        empty = outcome({ID: {"outputs": nothing, "status": status}}, ID, OUTPUTS, base_url=URL)
        assert isinstance(empty, Failed)
        assert empty.code == "contract_changed"


def test_an_entry_that_is_none_is_a_changed_contract() -> None:
    with pytest.raises(ContractChanged):
        outcome({ID: {"outputs": 3}}, ID, OUTPUTS, base_url=URL)
