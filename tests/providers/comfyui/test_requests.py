from pathlib import Path
from uuid import UUID

import pytest

from providers.base import (
    AnimateRequest,
    DraftRequest,
    FileRef,
    GenerateRequest,
    Request,
    RigCheckRequest,
    RigRequest,
    TaskRef,
)
from providers.comfyui.requests import Submission, prompt_id_of, submission
from providers.comfyui.templates import OURS, Templates, read_templates
from providers.errors import Rejected, SourceUnusable
from providers.styles import WORDS
from tests.providers.comfyui.building import GRAPH, MANIFEST, write

SEED = 1_234_567
OWL = GenerateRequest(prompt="a brass owl")
FRONT, BACK = FileRef(token="maquette/front.png"), FileRef(token="maquette/back.png")
TEMPLATES = read_templates(OURS)


def sent(request: Request, templates: Templates = TEMPLATES) -> Submission:
    return submission(request, templates, seed=SEED)


def value(result: Submission, place: str) -> object:
    node, _, name = place.partition(".")
    return result.graph[node]["inputs"][name]


def test_words_go_into_their_template_with_what_it_adds() -> None:
    result = sent(GenerateRequest(prompt="a brass owl", style="cartoon"))

    text = value(result, "prompt.text")
    assert result.template.name == "text_to_3d"
    assert text == f"a brass owl, {WORDS['cartoon']}, {result.template.manifest.prompt_words}"


def test_what_is_not_wanted_stands_before_what_the_template_never_wants() -> None:
    usual = value(sent(OWL), "negative.text")

    assert value(sent(GenerateRequest(prompt="an owl", negative_prompt="wings")), "negative.text") == (
        f"wings, {usual}"
    )


def test_a_picture_goes_into_its_template() -> None:
    result = sent(GenerateRequest(prompt="a brass owl", pictures=(None, FRONT), negative_prompt="wings"))

    assert result.template.name == "image_to_3d"
    assert value(result, "picture.image") == "maquette/front.png"


def test_every_seed_and_every_file_name_carries_the_mark_of_this_submit() -> None:
    result = sent(OWL)
    inputs = result.template.manifest.inputs

    assert {result.graph[place.node]["inputs"][place.name] for place in inputs.seed} == {SEED}
    assert {result.graph[place.node]["inputs"][place.name] for place in inputs.filename_prefix} == {
        f"maquette/{result.prompt_id}"
    }
    samplers = [key for key, node in result.graph.items() if node["class_type"] == "KSampler"]
    assert {place.node for place in inputs.seed} == set(samplers)


def test_a_seed_that_the_member_chose_is_used_under_an_id_of_its_own() -> None:
    mine, again = sent(GenerateRequest(prompt="an owl", seed=0)), submission(OWL, TEMPLATES, seed=SEED + 1)

    assert value(mine, "structure.seed") == 0
    assert mine.prompt_id == prompt_id_of(SEED) != again.prompt_id


def test_the_id_is_a_canonical_uuid_and_always_the_same_for_a_seed() -> None:
    ids = [prompt_id_of(seed) for seed in range(500)]

    assert len(set(ids)) == 500
    assert all(str(UUID(one)) == one and UUID(one).version == 4 for one in ids)
    assert ids == [prompt_id_of(seed) for seed in range(500)]


@pytest.mark.parametrize(("asked", "given"), [(None, 200_000), (20_000, 20_000), (1, 1_000), (9**9, 500_000)])
def test_a_number_of_faces_is_kept_within_what_the_workflow_is_good_for(
    asked: int | None, given: int
) -> None:
    result = sent(GenerateRequest(prompt="an owl", polycount=asked))

    assert value(result, "fewer_faces.target_face_count") == given


def test_a_whole_name_is_as_good_as_a_prefix(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("filename_prefix =", "file_name =")
    templates = read_templates(write(tmp_path, manifest=manifest))

    result = sent(GenerateRequest(pictures=(FRONT,)), templates)

    assert value(result, "9:1.filename_prefix") == f"maquette-{result.prompt_id}.glb"


def test_a_rig_starts_from_a_file_that_was_handed_over(tmp_path: Path) -> None:
    templates = read_templates(write(tmp_path, "rig", GRAPH, MANIFEST.replace("picture", "mesh")))

    result = sent(RigRequest(source=FileRef(token="3d/owl.glb")), templates)

    assert result.template.name == "rig"
    assert value(result, "1.image") == "3d/owl.glb"
    with pytest.raises(SourceUnusable):
        sent(RigRequest(source=TaskRef(task_id="text_to_3d/0")), templates)


@pytest.mark.parametrize(
    "request_",
    [
        RigRequest(source=FRONT),  # no template for it
        RigCheckRequest(source=FRONT),
        AnimateRequest(source=FRONT, clips=("walk",)),
        DraftRequest(prompt="an owl"),
        GenerateRequest(prompt="an owl", style="cubist"),
        GenerateRequest(pictures=(FRONT, BACK)),
    ],
)
def test_what_no_template_does_is_refused(request_: Request) -> None:
    with pytest.raises(Rejected) as caught:
        sent(request_)

    assert caught.value.code


def test_a_template_takes_only_what_it_has_inputs_for(tmp_path: Path) -> None:
    templates = read_templates(write(tmp_path))

    result = sent(GenerateRequest(prompt="an owl", pictures=(FRONT,), polycount=5_000), templates)

    assert result.graph["1"]["inputs"] == {"image": "maquette/front.png"}
    assert result.graph["2"]["inputs"] == {**GRAPH["2"]["inputs"], "seed": SEED}
