from pathlib import Path
from typing import Any

import pytest

from providers.comfyui.inspection import classes_of, misfits, too_old
from providers.comfyui.templates import Template, read_templates
from tests.providers.comfyui.building import GRAPH, write

LOADER = {"class_type": "UNETLoader", "inputs": {"unet_name": "owl.safetensors", "weight_dtype": "default"}}
OLDER = {"required": {"unet_name": [["owl.safetensors"], {}], "weight_dtype": [["default", "fp8"]]}}
NEWER = {"required": {"unet_name": ["COMBO", {"options": ["owl.safetensors"]}]}}
KNOWN: dict[str, Any] = {
    "LoadImage": {"input": {"required": {"image": [["other.png"], {"image_upload": True}]}}},
    "KSampler": {"input": {"required": {"seed": ["INT", {"default": 0}], "latent_image": ["LATENT"]}}},
    "SaveGLB": {"input": {"required": {"mesh": ["MESH"]}}},
    "UNETLoader": {"input": OLDER},
}


@pytest.fixture
def template(tmp_path: Path) -> Template:
    return read_templates(write(tmp_path, graph={**GRAPH, "4": LOADER, "5": LOADER})).by_name["image_to_3d"]


def test_a_server_that_has_everything_gives_nothing_to_say(template: Template) -> None:
    assert classes_of(template) == ["LoadImage", "KSampler", "SaveGLB", "UNETLoader"]
    assert list(misfits(template, KNOWN)) == []
    assert list(misfits(template, {**KNOWN, "UNETLoader": {"input": NEWER}})) == []


def test_a_missing_node_is_told_with_template_and_place(template: Template) -> None:
    assert list(misfits(template, {**KNOWN, "KSampler": None})) == [
        "template image_to_3d, node 2 (KSampler): ComfyUI has no such node"
    ]


@pytest.mark.parametrize(
    "listed",
    [[["a.safetensors"], {}], [[]], ["COMBO", {"options": ["a.safetensors"]}], ["COMBO", {"options": []}]],
)
def test_a_missing_file_is_told_by_its_name(template: Template, listed: list[Any]) -> None:
    known = {**KNOWN, "UNETLoader": {"input": {"optional": {"unet_name": listed}}}}

    assert list(misfits(template, known)) == [
        f"template image_to_3d, node {node} (UNETLoader): "
        "the file owl.safetensors for unet_name is not installed"
        for node in (4, 5)
    ]


def test_a_choice_that_is_gone_is_told(template: Template) -> None:
    known = {**KNOWN, "UNETLoader": {"input": {"required": {"weight_dtype": [["fp8"]]}}}}

    assert next(misfits(template, known)).endswith("weight_dtype cannot be 'default'")


def test_choices_with_inputs_of_their_own_are_understood(template: Template) -> None:
    branches = {"options": [{"key": "default", "inputs": {}}, {"key": "fp8", "inputs": {}}]}
    dynamic = {"required": {"weight_dtype": ["COMFY_DYNAMICCOMBO_V3", branches]}}

    assert list(misfits(template, {**KNOWN, "UNETLoader": {"input": dynamic}})) == []


@pytest.mark.parametrize(
    "odd", [{}, {"input": None}, {"input": {"required": None}}, {"input": {"required": {"unet_name": 3}}}]
)
def test_what_is_not_understood_is_not_complained_about(template: Template, odd: Any) -> None:
    assert list(misfits(template, {**KNOWN, "UNETLoader": odd})) == []


@pytest.mark.parametrize("version", ["0.3.64", "0.3.65", "0.4", "v0.34.1", "1.0.0rc1"])
def test_a_server_new_enough_is_fine(template: Template, version: str) -> None:
    assert too_old(template, version) is None


@pytest.mark.parametrize("version", ["0.3.9", "0.3", "", "unknown"])
def test_a_server_too_old_is_told_with_both_versions(template: Template, version: str) -> None:
    told = too_old(template, version)

    assert told is not None
    assert "0.3.64" in told
    assert version in told
