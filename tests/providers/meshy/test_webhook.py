import json

import pytest

from providers.meshy.webhook import heard


@pytest.mark.parametrize(
    ("type_", "task_id"),
    [
        ("text-to-3d-preview", "text-to-3d/1"),
        ("text-to-3d-refine", "text-to-3d/1"),
        ("image-to-3d", "image-to-3d/1"),
        ("multi-image-to-3d", "multi-image-to-3d/1"),
        ("remesh", "remesh/1"),
        ("retexture", "retexture/1"),
        ("rig", "rigging/1"),
        ("animate", "animations/1"),
        ("animation", "animations/1"),
    ],
)
def test_a_call_names_a_task_as_we_do(type_: str, task_id: str) -> None:
    body = {"id": "1", "type": type_, "status": "SUCCEEDED", "model_urls": {"glb": "https://evil.example"}}

    assert heard(json.dumps(body).encode()) == task_id


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"null",
        b'{"id": "1"}',
        b'{"id": "", "type": "rig"}',
        b'{"id": 1, "type": "rig"}',
        b'{"id": "1", "type": "text-to-image"}',
        b'{"id": "1", "type": ["rig"]}',
        b"[" * 100_000,
    ],
)
def test_anything_else_names_none(body: bytes) -> None:
    assert heard(body) is None
