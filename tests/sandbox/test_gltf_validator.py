"""Khronos' own validator looks at models of every kind. It needs Node and ``npm ci``."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox import models
from sandbox.models import PLANS, Design
from sandbox.shapes.weight import weighted

ROOT = Path(__file__).parents[2]
WALKS = {
    "biped": ["walk", "biped:wave_goodbye_01", "biped:flip"],
    "quadruped": ["quadruped:walk"],
    "hexapod": ["hexapod:walk"],
    "octopod": ["octopod:walk"],
    "serpentine": ["serpentine:march"],
    "aquatic": ["aquatic:march"],
}


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found and (ROOT / "node_modules" / "gltf-validator").is_dir():
        return found
    if os.environ.get("REQUIRE_GLTF_VALIDATOR") == "1":
        pytest.fail("Node or node_modules/gltf-validator is missing: run npm ci")
    pytest.skip("Node or node_modules/gltf-validator is missing")


def _models() -> dict[str, bytes]:
    """Every plan with its skeleton and a clip, and the ways a design can differ."""
    files = {
        "low-poly": models.build(Design(prompt="a low poly knight", seed=1)),
        "untextured": models.build(Design(prompt="a teapot", seed=2, textured=False)),
        "few-faces": models.build(Design(prompt="an owl", seed=3, face_limit=60)),
        "from-a-picture": models.build(Design(prompt="", seed=4, colours=((0.9, 0.1, 0.1), (0.1, 0.2, 0.8)))),
        "matte": models.build(Design(prompt="a cartoon owl", seed=7, pbr=False)),
        "many-faces": models.build(Design(prompt="a robot", seed=5, face_limit=20_000)),
    }
    for plan in PLANS:
        word = plan.words.split()[0]
        made = models.build(Design(prompt=f"a brass {word}", seed=6))
        files[word] = made
        files[f"{word}-rigged"] = rigged = models.rig(made, plan.topology or "biped")
        files[f"{word}-animated"] = models.animate(rigged, WALKS[plan.topology or "biped"])
    files["rigged-anew"] = models.rig(files["owl-animated"], "biped")
    files["heavy"] = weighted(files["owl"], 2_000_000)
    files["clip-alone"] = models.animate(files["owl-rigged"], ["biped:dance_01"], with_mesh=False)
    return files


def test_every_kind_of_model_is_without_error_or_warning(node: str, tmp_path: Path) -> None:
    paths = []
    for name, data in _models().items():
        paths.append(tmp_path / f"{name}.glb")
        paths[-1].write_bytes(data)

    command = [node, str(ROOT / "tests" / "sandbox" / "validate.mjs")]
    said = subprocess.run(
        command, input="\n".join(map(str, paths)), cwd=ROOT, capture_output=True, text=True, check=True
    )

    reports = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(reports) == len(paths)
    assert [report for report in reports if report["errors"] or report["warnings"]] == []
