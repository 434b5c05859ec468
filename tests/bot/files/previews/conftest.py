import asyncio
import fcntl
import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.files.previews.rendering import Renderer

REQUIRED = "REQUIRE_F3D"
"""Set where its absence is a failure and no reason to skip."""


@pytest.fixture(scope="session")
def renderer(request: pytest.FixtureRequest) -> Renderer:
    """What really draws; its tables of light are kept from one run of the tests to the next."""
    if find_spec("f3d") is None:
        assert not os.environ.get(REQUIRED), "f3d is not installed"
        pytest.skip("f3d is not installed")
    folder: Path = request.config.cache.mkdir("films")
    with (folder / "lock").open("w") as lock:  # several workers come at the same moment
        fcntl.flock(lock, fcntl.LOCK_EX)
        asyncio.run(Renderer(lights=folder / "lights").prepare())
    return Renderer(lights=folder / "lights")
