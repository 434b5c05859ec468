"""``python -m bot keys rotate`` as an owner runs it: what it says, and what it leaves."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Database, SecretBox, lock_engine, migrate
from tests.meta.sources import ROOT
from tests.storage.nouns import ACCOUNT
from tests.storage.test_vendor_keys import KEY

pytestmark = pytest.mark.process

OLD, NEW = "the key that was used so far, 32+", "the key that is used from now on"


def rotate(data: Path, **settings: str) -> tuple[int, str]:
    """The exit code, and all that was said."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "keys", "rotate"],
        cwd=ROOT,
        env={"DATA_DIR": str(data), "PYTHONDONTWRITEBYTECODE": "1", **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


async def _seal(data: Path, box: SecretBox) -> None:
    migrate(data / "maquette.db")
    async with Database.open(data / "maquette.db", box) as db, db.begin() as tx:
        await tx.accounts.insert(ACCOUNT)
        await tx.vendor_keys.insert(KEY)


async def _opened(data: Path, box: SecretBox) -> str:
    async with Database.open(data / "maquette.db", box) as db, db.read() as tx:
        (key,) = await tx.vendor_keys.of_account(ACCOUNT.id)
        return key.secret


def seal(data: Path, box: SecretBox) -> None:
    """A database with one member's key."""
    asyncio.run(_seal(data, box))


def opened(data: Path, box: SecretBox) -> str:
    """That key, as this box reads it."""
    return asyncio.run(_opened(data, box))


def test_the_key_of_the_settings_is_changed_and_what_is_left_to_do_is_told(tmp_path: Path) -> None:
    seal(tmp_path, SecretBox(OLD))

    code, said = rotate(tmp_path, SECRET_KEY=NEW, SECRET_KEY_PREVIOUS=OLD)

    assert (code, opened(tmp_path, SecretBox(NEW))) == (0, KEY.secret)
    assert "vendor_keys: 1 sealed anew" in said
    assert "Remove SECRET_KEY_PREVIOUS" in said
    assert not any(secret in said for secret in (OLD, NEW, KEY.secret))
    assert not (tmp_path / "secret.key").exists()


def test_the_key_file_is_changed_by_itself(tmp_path: Path) -> None:
    old = SecretBox.from_file(tmp_path / "secret.key")
    seal(tmp_path, old)

    code, said = rotate(tmp_path)

    assert (code, opened(tmp_path, SecretBox.from_file(tmp_path / "secret.key"))) == (0, KEY.secret)
    assert opened(tmp_path, old) == ""
    assert str(tmp_path / "secret.key") in said


def test_a_key_file_gives_way_to_a_setting(tmp_path: Path) -> None:
    seal(tmp_path, SecretBox.from_file(tmp_path / "secret.key"))

    code, _ = rotate(tmp_path, SECRET_KEY=NEW, SECRET_KEY_PREVIOUS_FILE=str(tmp_path / "secret.key"))

    assert (code, opened(tmp_path, SecretBox(NEW))) == (0, KEY.secret)


def test_without_a_second_key_it_says_what_to_set(tmp_path: Path) -> None:
    code, said = rotate(tmp_path, SECRET_KEY=NEW)

    assert code == 1
    assert "SECRET_KEY_PREVIOUS" in said


def test_a_bot_that_runs_has_to_be_stopped_first(tmp_path: Path) -> None:
    seal(tmp_path, SecretBox(OLD))

    with lock_engine(tmp_path / "maquette.db"):
        code, said = rotate(tmp_path, SECRET_KEY=NEW, SECRET_KEY_PREVIOUS=OLD)

    assert (code, opened(tmp_path, SecretBox(OLD))) == (1, KEY.secret)
    assert "Stop it" in said


def test_a_members_key_that_opens_with_neither_is_told_and_left(tmp_path: Path) -> None:
    seal(tmp_path, SecretBox(OLD + "!"))

    code, said = rotate(tmp_path, SECRET_KEY=NEW, SECRET_KEY_PREVIOUS=OLD)

    assert (code, opened(tmp_path, SecretBox(OLD + "!"))) == (1, KEY.secret)
    assert "1 of members' own keys" in said


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    code, said = rotate(tmp_path)

    assert code == 1
    assert "could not be finished" in said
    assert not (tmp_path / "secret.key").exists()
