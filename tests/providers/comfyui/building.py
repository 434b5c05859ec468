"""Small templates, on disk as an owner would have them, and a picture."""

import json
from pathlib import Path
from typing import Any

GRAPH: dict[str, Any] = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "example.png"}, "_meta": {"title": "The picture"}},
    "2": {"class_type": "KSampler", "inputs": {"seed": 7, "steps": 20, "latent_image": ["1", 0]}},
    "9:1": {"class_type": "SaveGLB", "inputs": {"mesh": ["2", 0], "filename_prefix": "mesh/ComfyUI"}},
}
MANIFEST = """
seconds = 60
comfyui = "0.3.64"

[inputs]
picture = "1.image"
seed = "2.seed"
filename_prefix = "9:1.filename_prefix"

[outputs]
model = "9:1"
"""


def write(folder: Path, name: str = "image_to_3d", graph: Any = GRAPH, manifest: str = MANIFEST) -> Path:
    """A template in a folder of templates, which is returned."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "workflow.json").write_text(json.dumps(graph), "utf-8")
    (folder / name / "manifest.toml").write_text(manifest, "utf-8")
    return folder
