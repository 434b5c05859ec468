"""Our ComfyUI against the sandbox's, over a real socket, with a clock that is moved by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from providers.base import GenerateRequest, Request, Succeeded
from providers.comfyui import ComfyUI
from sandbox.vendors.comfyui.server import ComfyUISandbox
from sandbox.vendors.comfyui.unirig_nodes import PACK
from tests.clock import HandClock
from tests.providers.comfyui.building import write
from tests.providers.stage import VendorStage

OWL = GenerateRequest(prompt="a brass owl")
RIG = {
    "load": {"class_type": "UniRigLoadMesh", "inputs": {"source_folder": "input", "file_path": "3d/owl.glb"}},
    "bones": {"class_type": "UniRigExtractSkeleton", "inputs": {"trimesh": ["load", 0], "seed": 0}},
    "skin": {
        "class_type": "UniRigApplySkinning",
        "inputs": {"trimesh": ["load", 0], "skeleton": ["bones", 0]},
    },
    "save": {
        "class_type": "UniRigSaveRiggedMesh",
        "inputs": {"rigged_mesh": ["skin", 0], "filename": "rigged.glb", "format": "glb"},
    },
    "show": {"class_type": "Preview3D", "inputs": {"model_file": "rigged.glb"}},
}
RIG_MANIFEST = """
seconds = 120

[inputs]
mesh = "load.file_path"
seed = "bones.seed"
file_name = ["save.filename", "show.model_file"]

[outputs]
model = "show"
"""


class Stage(VendorStage[ComfyUISandbox, ComfyUI]):
    """The server, our clients for it, and what a test needs of both."""

    wish = OWL
    nobody = "text_to_3d/nobody"

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock, ComfyUISandbox(clock, custom_nodes=[PACK]), ComfyUI)

    async def sleep(self, seconds: float) -> None:
        """The hands of the clock go on by themselves while our client waits."""
        await asyncio.sleep(0)
        self.clock.advance(seconds)

    def accepted(self) -> int:
        return len(self.vendor.queue.accepted)

    def newest(self) -> str:
        prompt = self.vendor.queue.accepted[-1]
        return f"{prompt.kind}/{prompt.prompt_id}"

    async def result(self, client: ComfyUI, request: Request, seed: int = 1) -> Succeeded:
        """How a job ends well."""
        _, outcome = await self.made(client, request, seed)
        return outcome


async def until(holds: Callable[[], bool]) -> None:
    """Let others work until something holds; it has to within five seconds."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 # what is waited for tells nobody
            await asyncio.sleep(0.002)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage(HandClock()) as stage:
        yield stage


@pytest.fixture
def comfyui(stage: Stage) -> ComfyUI:
    return stage.client()


@pytest.fixture
def rigger(stage: Stage, tmp_path: Path) -> ComfyUI:
    """A client whose owner has a template for rigs, and no other."""
    return stage.client(workflows=write(tmp_path, "rig", RIG, RIG_MANIFEST))
