from copy import deepcopy
from typing import Any

import pytest

from providers.replicate.models import HUNYUAN, RECORDS, RODIN, TRELLIS, UNIRIG, Record
from providers.replicate.schemas import drift, path


def described(record: Record, schemas: dict[str, Any]) -> Any:
    version = {"id": "0" * 64, "openapi_schema": {"components": {"schemas": schemas}}}
    return version if record.version else {"is_official": True, "latest_version": version}


def hunyuan() -> dict[str, Any]:
    return {
        "Input": {
            "properties": {
                "prompt": {"type": "string"},
                "image": {"type": "string", "format": "uri"},
                "enable_pbr": {"type": "boolean", "default": False},
                "face_count": {"type": "integer", "minimum": 40_000, "maximum": 1_500_000},
                "generate_type": {"allOf": [{"$ref": "#/components/schemas/generate_type"}]},
            }
        },
        "generate_type": {"enum": ["Normal", "Geometry"], "type": "string"},
        "Output": {"type": "string", "format": "uri"},
    }


def changed(*keys: str, to: Any) -> dict[str, Any]:
    schemas = deepcopy(hunyuan())
    *way, last = keys
    place = schemas
    for key in way:
        place = place[key]
    if to is None:
        del place[last]
    else:
        place[last] = to
    return schemas


def test_a_model_that_is_as_recorded_gives_nothing_to_say() -> None:
    assert drift(HUNYUAN, described(HUNYUAN, hunyuan())) == []


@pytest.mark.parametrize(
    ("schemas", "words"),
    [
        (changed("Input", "properties", "face_count", to=None), "has no field face_count any more"),
        (changed("Input", "required", to=["sketch"]), "now requires sketch"),
        (changed("Input", "required", to=["prompt"]), "now requires prompt"),
        (changed("generate_type", "enum", to=["Fine"]), "does not take 'Normal' as generate_type any more"),
        (
            changed("Input", "properties", "generate_type", to={"enum": ["Fine"]}),
            "does not take 'Normal' as generate_type any more",
        ),
        (
            changed("Input", "properties", "face_count", "maximum", to=500_000),
            "now takes 40000 to 500000 faces",
        ),
        (changed("Output", to={"type": "object"}), "now gives object where it gave string"),
    ],
)
def test_every_kind_of_drift_is_told_in_words(schemas: dict[str, Any], words: str) -> None:
    assert drift(HUNYUAN, described(HUNYUAN, schemas)) == [f"tencent/hunyuan-3d-3.1 {words}"]


def test_a_model_that_is_not_official_any_more_cannot_be_run_by_name() -> None:
    data = described(HUNYUAN, hunyuan()) | {"is_official": False}

    assert "not official" in drift(HUNYUAN, data)[0]


@pytest.mark.parametrize("data", [None, {}, [], {"latest_version": None}, {"latest_version": {"id": "x"}}])
def test_a_model_that_says_nothing_of_itself_is_told_once(data: Any) -> None:
    for record in RECORDS.values():
        [said] = drift(record, data)
        assert said.startswith(record.name)


@pytest.mark.parametrize(
    ("record", "required"), [(RODIN, ["prompt"]), (TRELLIS, ["images"]), (UNIRIG, ["input_mesh"])]
)
def test_what_we_always_send_may_be_required(record: Record, required: list[str]) -> None:
    names = [record.prompt, record.picture, record.mesh, record.seed, record.polycount, *record.fixed]
    fields: dict[str, Any] = {name: {} for name in names if name}
    schemas = {"Input": {"properties": fields, "required": required}, "Output": {"type": record.output}}

    assert drift(record, described(record, schemas)) == []


def test_a_published_version_is_read_by_its_hash() -> None:
    assert path(HUNYUAN) == "/models/tencent/hunyuan-3d-3.1"
    assert path(TRELLIS) == f"/models/firtoz/trellis/versions/{TRELLIS.version}"
