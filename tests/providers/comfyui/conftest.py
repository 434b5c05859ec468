"""Our ComfyUI against the sandbox's, over a real socket, with a clock that is moved by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from providers.base import GenerateRequest, Outcome, Request, Running, Succeeded
from providers.comfyui import ComfyUI
from sandbox.vendors.comfyui.server import ComfyUISandbox
from sandbox.vendors.comfyui.unirig_nodes import PACK
from sandbox.vendors.faults import Fault
from tests.clock import HandClock
from tests.providers.comfyui.building import write

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


class Stage:
    """The server, our client for it, and what a test needs of both."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.vendor = ComfyUISandbox(clock, custom_nodes=[PACK])
        self.server = TestServer(self.vendor.app())
        self.clients: list[ComfyUI] = []

    def client(self, **options: Any) -> ComfyUI:
        address = str(self.server.make_url(""))
        client = ComfyUI(api_url=address, now=self.clock.now, sleep=self._sleep, **options)
        self.clients.append(client)
        return client

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.clock.advance(seconds)

    def arm(self, name: str, **details: Any) -> None:
        self.vendor.faults.arm(Fault(name=name, **details))

    def accepted(self) -> list[str]:
        """Ids of the jobs that the server ever accepted."""
        return [prompt.prompt_id for prompt in self.vendor.queue.accepted]

    async def made(self, comfyui: ComfyUI, request: Request, seed: int = 1) -> Succeeded:
        """How a job ends well."""
        handle = await comfyui.submit(request, seed=seed)
        outcome = await self.end_of(comfyui, handle.task_id)
        assert isinstance(outcome, Succeeded)
        return outcome

    async def end_of(self, comfyui: ComfyUI, task_id: str) -> Outcome:
        """How a job ends, some time later."""
        self.clock.advance(60)
        outcome = await comfyui.check(task_id)
        assert not isinstance(outcome, Running)
        return outcome


async def fetched(comfyui: ComfyUI, outcome: Succeeded, number: int = 0, limit: int = 50_000_000) -> bytes:
    """The bytes of one of the results."""
    async with comfyui.fetch(outcome.files[number], limit=limit) as pieces:
        return b"".join([piece async for piece in pieces])


async def until(holds: Callable[[], bool]) -> None:
    """Let others work until something holds; it has to within five seconds."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 # what is waited for tells nobody
            await asyncio.sleep(0.002)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage(HandClock())
    async with stage.server:
        yield stage
        for client in stage.clients:
            await client.aclose()


@pytest.fixture
def comfyui(stage: Stage) -> ComfyUI:
    return stage.client()


@pytest.fixture
def rigger(stage: Stage, tmp_path: Path) -> ComfyUI:
    """A client whose owner has a template for rigs, and no other."""
    return stage.client(workflows=write(tmp_path, "rig", RIG, RIG_MANIFEST))
