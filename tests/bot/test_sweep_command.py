"""``python -m bot storage sweep`` as an owner runs it."""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Database, SecretBox, lock_engine, migrate
from tests.meta.sources import ROOT
from tests.storage.nouns import ARTIFACT, RUN, add_job

pytestmark = pytest.mark.process

SECRET = "a secret key of thirty-two letters or more"
OLD, YOUNG = "models/model/gone/old.glb", "models/model/gone/young.glb"


def swept(data: Path, *flags: str) -> tuple[int, str]:
    """The exit code, and all that was said."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "storage", "sweep", *flags],
        cwd=ROOT,
        env={"DATA_DIR": str(data), "SECRET_KEY": SECRET, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


async def _know(data: Path, *keys: str) -> None:
    async with Database.open(data / "maquette.db", SecretBox(SECRET)) as db, db.begin() as tx:
        await add_job(tx, RUN)
        for key in keys:
            await tx.artifacts.insert(replace(ARTIFACT, id=key, key=key))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two objects and a draft that no row knows, and a row whose object is gone."""
    migrate(tmp_path / "maquette.db")
    asyncio.run(_know(tmp_path, ARTIFACT.key))
    for name, days in ((OLD, 3), (YOUNG, 0), (".drafts/tmp1", 3), ("models/né/x.glb", 3)):
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
        then = time.time() - days * 86_400
        os.utime(path, (then, then))
    return tmp_path


def left(data: Path) -> set[str]:
    files = data / "files"
    return {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}


def test_without_a_word_it_is_a_dry_run(data: Path) -> None:
    before = left(data)

    code, said = swept(data)

    assert (code, left(data)) == (0, before)
    assert f"object without a row: '{OLD}', 5 bytes, 72 h old: would be removed" in said
    assert f"object without a row: '{YOUNG}', 5 bytes, 0 h old: too young" in said
    assert f"row without its object: '{ARTIFACT.key}'" in said
    assert "upload left open: '.drafts/tmp1', 5 bytes, 72 h old: would be removed" in said
    assert "With --remove, 2 of them would be removed" in said


def test_it_removes_what_is_old_also_while_a_bot_runs(data: Path) -> None:
    with lock_engine(data / "maquette.db"):
        code, said = swept(data, "--remove")

    assert (code, left(data)) == (0, {YOUNG, "models/né/x.glb"})
    assert "'models/n\\xe9/x.glb', 5 bytes, 72 h old: not the bot's: stays" in said
    assert swept(data)[1].count("row without its object:") == 1


def test_what_is_old_enough_can_be_said_but_not_under_a_day(data: Path) -> None:
    assert swept(data, "--remove", "--older-than", "100")[0] == 0
    assert OLD in left(data)
    code, said = swept(data, "--remove", "--older-than", "1")
    assert code == 2
    assert "at least 24" in said


def test_a_database_that_knows_no_file_removes_none(data: Path) -> None:
    (data / "maquette.db").unlink()
    migrate(data / "maquette.db")
    before = left(data)

    code, said = swept(data, "--remove")

    assert (code, left(data)) == (1, before)
    assert "knows no file at all" in said


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    code, said = swept(tmp_path)

    assert code == 1
    assert "It could not be finished" in said
    assert "Traceback" not in said
