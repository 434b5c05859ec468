from pathlib import Path
from typing import Any

import pytest

from providers.comfyui.templates import CENTRAL, OURS, Place, read_templates
from tests.providers.comfyui.building import GRAPH, MANIFEST, write


def problem(folder: Path) -> str:
    templates = read_templates(folder)
    assert templates.by_name == {}
    [only] = templates.problems
    return only


def test_ours_can_be_used_as_they_are() -> None:
    templates = read_templates(OURS)

    assert templates.problems == ()
    assert set(templates.by_name) == {"text_to_3d", "image_to_3d"}
    for template in templates.by_name.values():
        links = [value for node in template.graph.values() for value in node["inputs"].values()]
        assert {link[0] for link in links if isinstance(link, list)} <= set(template.graph)


def test_what_an_owner_exported_and_described_can_be_used(tmp_path: Path) -> None:
    templates = read_templates(write(tmp_path))

    template = templates.by_name["image_to_3d"]
    assert templates.problems == ()
    assert template.manifest.inputs.picture == Place("1", "image")
    assert template.manifest.inputs.seed == (Place("2", "seed"),)
    assert template.manifest.outputs.model == "9:1"
    assert template.graph["9:1"] == {key: GRAPH["9:1"][key] for key in ("class_type", "inputs")}


def test_filling_a_graph_leaves_the_template_as_it_is(tmp_path: Path) -> None:
    template = read_templates(write(tmp_path)).by_name["image_to_3d"]

    graph = template.filled({Place("1", "image"): "owl.png"})

    assert graph["1"]["inputs"] == {"image": "owl.png"}
    assert graph["2"] == template.graph["2"]
    assert template.graph["1"]["inputs"] == {"image": "example.png"}


def test_a_sampler_weighs_as_much_as_its_steps(tmp_path: Path) -> None:
    graph = {**GRAPH, "3": {"class_type": "Odd", "inputs": {"steps": ["2", 0]}}}

    template = read_templates(write(tmp_path, graph=graph)).by_name["image_to_3d"]

    assert template.weights() == {"1": 1, "2": 20, "9:1": 1, "3": 1}


def test_one_bad_template_does_not_spoil_the_others(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "rig")

    templates = read_templates(tmp_path)

    assert set(templates.by_name) == {"image_to_3d"}
    assert templates.problems == ("template rig: manifest.toml names no input for the mesh",)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "is not there" in problem(tmp_path / "workflows")


def test_an_empty_folder_offers_nothing_and_is_no_problem(tmp_path: Path) -> None:
    templates = read_templates(tmp_path)

    assert (templates.by_name, templates.problems) == ({}, ())


@pytest.mark.parametrize(
    "graph",
    [
        [],
        {"nodes": [], "links": [], "version": 0.4},  # the other export, which is for the editor
        {"1": {"class_type": "LoadImage"}},
        {"1": {"class_type": 3, "inputs": {}}},
    ],
)
def test_a_graph_that_is_not_in_api_format_is_told(tmp_path: Path, graph: Any) -> None:
    assert "workflow.json is no graph in API format" in problem(write(tmp_path, graph=graph))


@pytest.mark.parametrize("name", ["workflow.json", "manifest.toml"])
@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"[[["])
def test_files_that_are_missing_or_unreadable_are_told(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = write(tmp_path) / "image_to_3d" / name
    path.unlink() if content is None else path.write_bytes(content)

    told = problem(tmp_path)
    assert told.startswith("template image_to_3d: ")
    assert name in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1.image", "image", "inputs.picture"),
        ("1.image", "1.pictures", "no input 1.pictures"),
        ("1.image", "8.image", "no input 8.image"),
        ('model = "9:1"', 'model = "10"', "no node 10"),
        ('model = "9:1"', 'model = "9:1"\npreview = "10"', "no node 10"),
        ('picture = "1.image"', "", "no input for the picture"),
        ('filename_prefix = "9:1.filename_prefix"', "", "the name of what is saved"),
        ("seconds = 60", "seconds = 0", "seconds"),
        ("seconds = 60", "", "seconds"),
        ("seconds = 60", "seconds = 60\nsecond = 1", "second"),
    ],
)
def test_a_manifest_that_does_not_fit_is_told_by_what_is_wrong(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert told in problem(write(tmp_path, manifest=MANIFEST.replace(old, new)))


@pytest.mark.parametrize(
    "node",
    [
        {"class_type": "UniRigPreviewRiggedMesh", "inputs": {"fbx_output_path": ["2", 0]}},
        {"class_type": "ExportFBX", "inputs": {"mesh": ["2", 0]}},
        {"class_type": "SaveRigged", "inputs": {"mesh": ["2", 0], "format": "fbx"}},
    ],
)
def test_a_rig_that_ends_in_fbx_is_refused(tmp_path: Path, node: dict[str, Any]) -> None:
    node["inputs"]["filename_prefix"] = "rigged"
    manifest = MANIFEST.replace("picture", "mesh")

    told = problem(write(tmp_path, "rig", {**GRAPH, "9:1": node}, manifest))

    assert "FBX" in told
    assert "GLB" in told


def test_every_template_that_there_can_be_is_told_in_the_folders_readme() -> None:
    text = (OURS / "README.md").read_text("utf-8")

    for name, central in CENTRAL.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert f"`{central}`" in row


def test_every_file_that_ours_need_is_told_in_the_folders_readme() -> None:
    text = (OURS / "README.md").read_text("utf-8")
    values = [
        value
        for template in read_templates(OURS).by_name.values()
        for node in template.graph.values()
        for value in node["inputs"].values()
    ]
    files = {value for value in values if isinstance(value, str) and value.endswith(".safetensors")}

    assert len(files) == 6
    assert all(f"`{file}`" in text for file in files)
