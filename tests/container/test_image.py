"""The Dockerfile without Docker: its steps in an empty folder, its commands in a bare environment.

Base images, users and volumes are Docker's own, and not tried here.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.web.viewer import missing
from tests.meta.sources import ROOT, tracked
from tests.process import running

IMAGE_ROOT = "/srv/maquette"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
IGNORE = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
ALLOWED = [line[1:] for line in IGNORE if line.startswith("!")]
INSTALL_SECONDS = 300
WITH_NPM = shutil.which("npm") is not None or os.environ.get("REQUIRE_BROWSER") == "1"


def steps() -> list[str]:
    """Our RUN lines, in order; without tables of light, which the tests of films compute.

    Without npm there is no 3D view either; the check of a change has it.
    """
    ours: list[str] = re.findall(r"^RUN (docker/.+)$", DOCKERFILE, re.MULTILINE)
    skipped = {"lights"} if WITH_NPM else {"lights", "view"}
    return [line for line in ours if line.split()[1] not in skipped]


def command(instruction: str) -> list[str]:
    """A command in exec form; there is no shell between Docker's signals and the bot."""
    found = re.search(rf"^{instruction}.*?(\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert found, f"{instruction} is not in exec form"
    return list(json.loads(found[1]))


def in_context(path: Path) -> bool:
    """Whether Docker is given this file."""
    return path.relative_to(ROOT).parts[0] in ALLOWED


def made_in(folder: Path) -> Path:
    """What the build stage leaves under its folder."""
    source, target = folder / "source", folder / "target"
    for path in filter(in_context, tracked()):
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    for step in steps():
        line = step.replace(IMAGE_ROOT, str(target))
        subprocess.run(["sh", "-euc", line], cwd=source, check=True, timeout=INSTALL_SECONDS)
    return target


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_what_docker_is_given_has_no_secrets_no_data_and_no_tests() -> None:
    assert IGNORE[1] == "*"
    installed = {"package.json", "package-lock.json", "requirements-preview.txt"}
    assert set(ALLOWED) == {"LICENSE", *installed, "docker", "bot", "providers", "storage"}


def test_the_base_is_pinned_and_the_bot_is_not_root() -> None:
    stages = re.findall(r" AS (\w+)$", DOCKERFILE, re.MULTILINE)
    bases = {base for base in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) if base not in stages}
    users = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)

    python, node = sorted(bases, reverse=True)
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", python)
    assert re.fullmatch(r"node:\d+\.\d+\.\d+-\w+-slim", node)
    assert users
    assert "0" not in users[-1]


@pytest.mark.process
async def test_the_image_installs_runs_says_it_is_well_and_ends_on_sigterm(tmp_path: Path) -> None:
    target = made_in(tmp_path / "build")
    before = files(target)
    assert not WITH_NPM or missing(target / "node_modules") == []
    (program, *words), health = command("ENTRYPOINT"), command("HEALTHCHECK")
    python = str(target / "venv" / "bin" / program)

    async with running(tmp_path / "data", program=[python, *words], folder=target) as bot:
        assert command("CMD") == ["run"]
        assert await bot.says("✅ gateway", "✅ engine", "✅ database", "✅ store") == 0
        assert (await bot.health(python, *health[1:]))[0] == 0
        assert await bot.stop() == 0

    assert files(target) == before, "the image is read-only where the bot runs"
    assert not any("sandbox" in path.parts for path in before - files(target / "venv"))
