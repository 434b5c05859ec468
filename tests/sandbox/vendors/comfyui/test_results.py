"""What graphs make: real files, of what was asked for, with the graph inside."""

import io
import json

import pytest
from PIL import Image

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import read
from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire, picture


@pytest.mark.parametrize("make", [graphs.text_to_3d, graphs.painted])
async def test_words_become_a_model_that_says_which_graph_made_it(wire: Wire, make: object) -> None:
    entry = await wire.made(graphs.text_to_3d())
    saved = entry["outputs"]["save"]["3d"]

    answer = await wire.view(saved[0])
    document = read(await answer.read()).document

    assert entry["status"]["status_str"] == "success"
    assert saved == [{"filename": "job1_00001_.glb", "subfolder": "mesh", "type": "output"}]
    assert answer.content_type == "model/gltf-binary"
    assert answer.headers["Content-Disposition"] == 'filename="job1_00001_.glb"'
    assert json.loads(document["asset"]["extras"]["prompt"])["pos"]["inputs"]["text"] == "a brass owl"
    assert document["images"]
